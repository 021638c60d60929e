"""A pattern's text → its parts, and back.

Grammar: literal text with fields in braces; a literal brace is doubled (`{{`, `}}`).

    {item} {location}                        codes of the item and of the location
    {yyyy} {yy} {mm} {dd} {doy}              calendar year, month, day, day of the year (001-366)
    {isoyear} {ww}                           ISO 8601 week-numbering year and week (01-53)
    {seq:WIDTH[:BASE[:RESET]]}               the counter; BASE 10, 16, 32 or 36; RESET never, yearly, monthly,
                                             daily or location (BASE may be left out before a RESET)
    {rand:WIDTH[:BASE]}                      random characters
    {check:ALGORITHM}                        luhn, damm, verhoeff, mod37-2 or mod11-2

Names are read in any letter case and written in small letters.

Knows: the notation. Must not know: whether a pattern makes sense (`pattern_check`).
"""

import re
from collections.abc import Callable
from typing import Final

from .alphabets import DIGITS, MAX_BYTES
from .checks import ALGORITHMS
from .errors import PatternRefused, Problem
from .pattern_parts import CODES, DATE_WIDTHS, Part, Reset
from .serials import shortened

MAX_PATTERN_LENGTH: Final = 400
"""Longest pattern text; 80 bytes of output never need more."""

_TOKEN: Final = re.compile(r"\{\{|\}\}|\{[^{}]*\}|[{}]|[^{}]+")
_NUMBER: Final = re.compile(r"[0-9]{1,4}")


def parse(text: str) -> tuple[Part, ...]:
    """Read a pattern, or raise PatternRefused with every malformed place."""
    if len(text) > MAX_PATTERN_LENGTH:
        message = f"a pattern has at most {MAX_PATTERN_LENGTH} characters"
        raise PatternRefused([Problem("pattern_too_long", message)], pattern=shortened(text))
    parts: list[Part] = []
    problems: list[Problem] = []
    literal = ""
    for piece in _TOKEN.findall(text):
        if piece in ("{", "}"):
            message = f"a single {piece}; write {piece * 2} for the character itself"
            problems.append(Problem("brace_alone", message, data={"brace": piece}))
        elif len(piece) > 1 and piece[0] == "{" and piece != "{{":
            if literal:
                parts.append(Part("text", literal))
                literal = ""
            part = _field(piece, problems)
            if part is not None:
                parts.append(part)
        else:
            literal += piece[0] if piece in ("{{", "}}") else piece
    if literal:
        parts.append(Part("text", literal))
    if problems:
        raise PatternRefused(problems, pattern=text)
    return tuple(parts)


def write(parts: tuple[Part, ...]) -> str:
    """The canonical text of parts; `parse(write(parts)) == parts`."""
    return "".join(map(_write_part, parts))


def _write_part(part: Part) -> str:
    if part.field == "text":
        return part.text.replace("{", "{{").replace("}", "}}")
    if part.field == "check":
        return f"{{check:{part.algorithm}}}"
    if part.field == "seq" and part.reset is not Reset.NEVER:
        return f"{{seq:{part.width}:{part.base}:{part.reset}}}"
    if part.field in ("seq", "rand"):
        return (
            f"{{{part.field}:{part.width}}}"
            if part.base == 10
            else f"{{{part.field}:{part.width}:{part.base}}}"
        )
    return f"{{{part.field}}}"


def _field(piece: str, problems: list[Problem]) -> Part | None:
    """Read one `{...}`; what is wrong goes to `problems`."""
    name, *arguments = [word.strip().lower() for word in piece[1:-1].split(":")]

    def refuse(code: str, message: str) -> None:
        problems.append(
            Problem(code, f"{shortened(piece, 40)}: {message}", data={"field": shortened(piece, 40)})
        )

    if name in DATE_WIDTHS or name in CODES:
        if arguments:
            refuse("field_arguments", f"{{{name}}} takes nothing after a colon")
            return None
        return Part(name, width=DATE_WIDTHS.get(name, 0))
    if name == "check":
        if len(arguments) != 1 or arguments[0] not in ALGORITHMS:
            refuse("check_unknown", "the check is one of " + ", ".join(ALGORITHMS))
            return None
        return Part("check", width=1, algorithm=arguments[0])
    if name in ("seq", "rand"):
        return _counted(name, arguments, refuse)
    refuse("field_unknown", "there is no such field")
    return None


def _counted(name: str, arguments: list[str], refuse: Callable[[str, str], None]) -> Part | None:
    """Read the width, base and reset of a sequence or random field."""
    width_text, *rest = arguments or [""]
    width = int(width_text) if _NUMBER.fullmatch(width_text) else 0
    if not 1 <= width <= MAX_BYTES:
        refuse("field_width", f"the width is a number from 1 to {MAX_BYTES}")
        return None
    base, reset = 10, Reset.NEVER
    if rest and _NUMBER.fullmatch(rest[0]):
        base = int(rest.pop(0))
        if base not in DIGITS:
            refuse("field_base", "the base is one of " + ", ".join(map(str, DIGITS)))
            return None
    if rest and name == "seq":
        word = rest.pop(0)
        if word not in list(Reset):
            refuse("field_reset", "the reset is one of " + ", ".join(Reset))
            return None
        reset = Reset(word)
    if rest:
        refuse("field_arguments", "too many colons, or not in the order width, base, reset")
        return None
    return Part(name, width=width, base=base, reset=reset)
