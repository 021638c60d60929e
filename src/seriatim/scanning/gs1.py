"""GS1 messages: element strings as a scanner sends them, or typed with their identifiers in brackets. Pure.

A message is read to its end or refused. Where the scanner leaves out separators, one text can be several
messages: the reading that cuts nothing short comes first, the others follow, and all of them say so.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import combinations

from seriatim.kernel.amounts import ONE
from seriatim.numbering.checks import check_is_right
from seriatim.scanning.gs1_elements import (
    Identifier,
    Refused,
    checked,
    day_of,
    identifier,
    identifier_at,
    refuse_unfit,
)
from seriatim.scanning.scans import ENVELOPE, GS, GS1_SYMBOLOGIES, Scan
from seriatim.scanning.values import Doubt, Element, Flaw, Form, Meaning, Wrong

#: What scanners and programs write for the separator; none of it can be a part of a value.
_SUBSTITUTES = ("\u241d", "{GS}", "^]")

#: What commonly follows a value whose separator was lost. With all 540 identifiers there would be a doubt about
#: nearly every number made of digits.
_FOLLOWS = ("10", "11", "13", "15", "16", "17", "21", "7003")
#: Readings that are offered of one text, and places that are tried for them.
_MOST = 8
_TRIES = 2_000

_BRACKET = re.compile(r"(?<!\\)\((\d{2,4})\)", re.ASCII)
_ESCAPED = re.compile(r"\\([()])")
#: More brackets than that are no label.
_BRACKETS = 30

Message = list[Element]


def messages(scan: Scan) -> tuple[Sequence[Meaning], Sequence[Flaw]]:
    """The GS1 messages that the text can be; those that nothing marks as such say so."""
    if _BRACKET.match(scan.text):
        return _told(_bracketed(scan), scan, of_several=Doubt.BRACKETS)
    if scan.text.startswith(ENVELOPE):
        return (), ()
    text = _separated(scan)
    if is_marked(scan):
        return _told(_sent(text, scan), scan)
    if GS in text:
        found, flaws = _told(_sent(text, scan), scan)
        # The sign that a scanner writes for a separator may just as well belong to a plain number.
        return found, flaws if text.startswith("01") else ()
    if scan.symbology or not _may_be_unmarked(text):
        return (), ()
    found, _ = _told(_sent(text, scan), scan, (Doubt.UNMARKED,))
    return [one for one in found if one.gtin and one.serial], ()


def is_marked(scan: Scan) -> bool:
    """Whether the text can be nothing but a GS1 message."""
    return scan.symbology in GS1_SYMBOLOGIES or GS in scan.text.rstrip(GS)


def meant(form: Form, elements: Sequence[Element], *, year: int, doubts: Sequence[Doubt] = ()) -> Meaning:
    """What the elements say of a unit."""
    said = {one.identifier: one.value for one in elements}
    gtin = said.get("01") or said.get("8006", "")[:14] or said.get("02", "") or said.get("03", "")
    count = said.get("30") or said.get("37")
    dated = [said[code][:6] for code in ("17", "7003", "15", "11") if code in said]
    imeis = [said[code] for code in ("8040", "8041") if code in said]
    if "8002" in said and check_is_right("luhn", said["8002"]) and len(said["8002"]) == 15:
        imeis.append(said["8002"])
    assets = [said[code] for code in ("8003", "8004") if code in said]
    others = [
        said[code] for code in ("00", "8002", "8017", "8018", "253", "400", "401", "402") if code in said
    ]
    return Meaning(
        form=form,
        gtin=gtin,
        item_code=said.get("8010", "") if "8011" in said else "",
        serial=said.get("21") or said.get("8011", ""),
        lot=said.get("10", ""),
        expiry=day_of(said, ("17", "7003"), year=year),
        best_before=day_of(said, ("15",), year=year),
        produced=day_of(said, ("11",), year=year),
        quantity=int(count) * ONE if count else None,
        identifiers=(
            *(("imei", imei) for imei in imeis),
            *(("asset_tag", asset) for asset in assets),
            *((("manufacturer_serial", said["250"]),) if "250" in said else ()),
        ),
        numbers=() if gtin else (*assets, *imeis, *others),
        elements=tuple(elements),
        doubts=(*doubts, *((Doubt.DAY,) if any(day.endswith("00") for day in dated) else ())),
    )


def _told(
    readings: Iterator[Message | Refused],
    scan: Scan,
    doubts: Sequence[Doubt] = (),
    *,
    of_several: Doubt = Doubt.SEPARATOR,
) -> tuple[Sequence[Meaning], Sequence[Flaw]]:
    """The readings that hold; if none does, why the first one fails."""
    good: list[Message] = []
    first: Refused | None = None
    cut = False
    for place, reading in enumerate(readings):
        if isinstance(reading, Refused):
            first = first or reading
        elif reading not in good:
            good.append(reading)
            cut = cut or (place > 0 and of_several is Doubt.SEPARATOR)
    if not good:
        return (), [(first or Refused(Wrong.FORMAT)).flaw(Form.GS1)]
    if cut or len(good) > 1:
        doubts = (*doubts, of_several)
    return [meant(Form.GS1, one, year=scan.year, doubts=doubts) for one in good], ()


def _separated(scan: Scan) -> str:
    """The text with the separator itself wherever it is written in another way."""
    text = scan.text
    for sign in (scan.profile.separator, *_SUBSTITUTES):
        if sign:
            text = text.replace(sign, GS)
    return text


def _may_be_unmarked(text: str) -> bool:
    return text.startswith(("01", "8006")) and text.isascii() and text.isprintable()


# --- as a scanner sends it --------------------------------------------------------------------------------


def _sent(text: str, scan: Scan) -> Iterator[Message | Refused]:
    """Every message that the text can be, the one that cuts nothing short first."""
    body = text.removeprefix(GS).removesuffix(GS)
    if not body:
        yield Refused(Wrong.SHORT)
        return
    segments = body.split(GS)
    yield _tried(lambda: [one for part in segments for one in _to_the_end(part, scan.year)], scan)
    if len(segments) > 1 or scan.profile.sends_separators:
        return
    tries = _Tries()
    found = 0
    for reading in _cut(body, (), scan.year, tries):
        result = _tried(partial(list, reading), scan)
        yield result
        found += not isinstance(result, Refused)
        if found == _MOST:
            return


def _tried(elements_of: Callable[[], Message], scan: Scan) -> Message | Refused:
    try:
        elements = elements_of()
        refuse_unfit(elements, item_known=scan.item_known)
    except Refused as refused:
        return refused
    return elements


def _to_the_end(part: str, year: int) -> Iterator[Element]:
    """The elements between two separators: all but the last are of a fixed length."""
    at = 0
    if not part:
        raise Refused(Wrong.FORMAT)
    while at < len(part):
        what = _what(part, at)
        at += len(what.code)
        value = part[at : at + what.length] if what.fixed else part[at:]
        yield checked(what, value, year=year)
        at += len(value)


def _what(part: str, at: int) -> Identifier:
    found = identifier_at(part, at)
    if found is None:
        raise Refused(Wrong.UNKNOWN, value=part[at : at + 4])
    return found


class _Tries:
    """How often a value was ended somewhere: a long text of digits could be cut in millions of ways."""

    def __init__(self) -> None:
        self.left = _TRIES


def _cut(text: str, before: tuple[Element, ...], year: int, tries: _Tries) -> Iterator[tuple[Element, ...]]:
    """The messages without separators that the text can be: values end where a further element may begin."""
    what = identifier_at(text, 0)
    if what is None or any(one.identifier == what.code for one in before):
        return
    rest = text[len(what.code) :]
    for end in _ends(what, rest):
        if tries.left <= 0:
            return
        tries.left -= 1
        try:
            elements = (*before, checked(what, rest[:end], year=year))
        except Refused:
            continue
        if end == len(rest):
            yield elements
        else:
            yield from _cut(rest[end:], elements, year, tries)


def _ends(what: Identifier, rest: str) -> Iterator[int]:
    """Where the value may end: where its length says so, at the end, or before what may follow it."""
    if what.length:
        yield what.length
        return
    yield len(rest)
    for end in range(1, len(rest)):
        if rest.startswith(_FOLLOWS, end):
            yield end


# --- with brackets ----------------------------------------------------------------------------------------


def _bracketed(scan: Scan) -> Iterator[Message | Refused]:
    """The message whose identifiers stand in brackets; a value may contain brackets too.

    A bracket with an identifier in it is one. Only where that cannot be, brackets are taken for a part of a value,
    as few as it takes.
    """
    found = [one for one in _BRACKET.finditer(scan.text) if identifier(one[1])]
    if not found or found[0].start() != 0 or len(found) > _BRACKETS:
        yield Refused(Wrong.UNKNOWN, value=scan.text[:6])
        return
    tries = 0
    for fewer in range(len(found)):
        good = False
        for literal in combinations(range(1, len(found)), fewer):
            tries += 1
            kept = [one for place, one in enumerate(found) if place not in literal]
            reading = _tried(partial(_between, scan.text, kept, scan.year), scan)
            yield reading
            good = good or not isinstance(reading, Refused)
            if tries >= _MOST * _BRACKETS:
                return
        if good:
            return


def _between(text: str, found: Sequence[re.Match[str]], year: int) -> Message:
    ends = [*(one.start() for one in found[1:]), len(text)]
    elements = []
    for one, end in zip(found, ends, strict=True):
        what = identifier(one[1])
        assert what is not None
        value = _ESCAPED.sub(r"\1", text[one.end() : end].strip(f" {GS}"))
        elements.append(checked(what, value, year=year))
    return elements
