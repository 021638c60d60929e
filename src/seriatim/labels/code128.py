"""Code 128 as ZPL wants it written: with every change of character set said. Pure.

Left to itself a printer of older firmware encodes everything in set B. Said explicitly, digits go two to a symbol
(set C), as in the pictures of the other outputs, so a code has the same width on every one of them.
"""

from collections.abc import Sequence

#: In ``^BC`` a ``>`` begins an order: start with B or C, go to B or C, FNC1; ``>0`` is the sign itself.
_START = {"B": ">:", "C": ">;"}
_GO = {"B": ">6", "C": ">5"}
_FNC1 = ">8"
_GREATER = ">0"
_NEVER = 1 << 30


def invocations(pieces: Sequence[str], *, gs1: bool) -> str:
    """The field data for pieces of printable ASCII between which FNC1 stands; in GS1-128 one stands first too."""
    symbols: list[str] = [_FNC1] if gs1 else []
    for number, piece in enumerate(pieces):
        if number:
            symbols.append(_FNC1)
        symbols += piece
    return _shortest(symbols)


def _shortest(symbols: list[str]) -> str:
    """The shortest way through the two sets, worked out from the end.

    ``best[set][i]`` is how many symbols the rest from ``i`` takes if the set is in force there.
    """
    count = len(symbols)
    best = {"B": [0] * (count + 1), "C": [0] * (count + 1)}
    for at in range(count - 1, -1, -1):
        plain = {name: _step(symbols, at, name, best) for name in "BC"}
        for name, other in (("B", "C"), ("C", "B")):
            best[name][at] = min(plain[name], plain[other] + 1)
    current = "C" if best["C"][0] <= best["B"][0] else "B"
    # Started in a set only to leave it at once would be a symbol too many.
    said, at = [_START[current]], 0
    while at < count:
        if _step(symbols, at, current, best) > best[current][at]:
            current = "B" if current == "C" else "C"
            said.append(_GO[current])
        if symbols[at] == _FNC1:
            said.append(_FNC1)
            at += 1
        elif current == "C":
            said.append(symbols[at] + symbols[at + 1])
            at += 2
        else:
            said.append(_GREATER if symbols[at] == ">" else symbols[at])
            at += 1
    return "".join(said)


def _step(symbols: list[str], at: int, name: str, best: dict[str, list[int]]) -> int:
    """How many symbols the rest takes if the next one is written in this set."""
    if symbols[at] == _FNC1:
        return 1 + best[name][at + 1]
    if name == "B":
        return 1 + best["B"][at + 1]
    pair = symbols[at : at + 2]
    if len(pair) == 2 and all(sign.isdigit() for sign in pair):
        return 1 + best["C"][at + 2]
    return _NEVER
