"""Messages in envelopes of ISO/IEC 15434: formats 05 (GS1), 06 (data identifiers), 12 (text elements). Pure.

Formats 06 and 12 carry the unique item identifier of MIL-STD-130, and what makers of electronics and medicines
print on their boxes. Identifiers after ANSI MH10.8.2, text elements after the DoD's guide to the identifier.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from seriatim.kernel.amounts import ONE
from seriatim.scanning.dates import yymmdd, yyyymmdd
from seriatim.scanning.gs1 import meant
from seriatim.scanning.gs1_elements import Refused, checked, identifier_at, refuse_unfit
from seriatim.scanning.numbers import mod10_is_right
from seriatim.scanning.scans import ENVELOPE, EOT, GS, RS, Scan
from seriatim.scanning.values import Element, Flaw, Form, Meaning, Wrong

#: What scanners write for the control characters.
_SUBSTITUTES = (("\u241d", GS), ("{GS}", GS), ("\u241e", RS), ("{RS}", RS), ("\u2404", EOT), ("{EOT}", EOT))
_ENVELOPE = re.compile(rf"\[\)>{RS}(\d\d){GS}([^{RS}{EOT}]*)(?:{RS}{EOT}?|{EOT})?", re.DOTALL)
_DATA = re.compile(r"(\d{0,3}[A-Z])(.*)", re.ASCII | re.DOTALL)
_TEXT = re.compile(r"([A-Z]{3}) ?(.*)", re.ASCII | re.DOTALL)

#: Data identifiers that we understand; others are kept as they stand.
_TITLES = {
    "17V": "Enterprise (CAGE)",
    "12V": "Enterprise (DUNS)",
    "18V": "Enterprise",
    "1P": "Part number",
    "P": "Customer’s part number",
    "8P": "GTIN",
    "9N": "PPN",
    "S": "Serial number",
    "18S": "Enterprise and serial number",
    "25S": "Unique item identifier",
    "23S": "MAC address",
    "1T": "Lot",
    "Q": "Quantity",
    "D": "Expiry",
    "14D": "Expiry",
    "16D": "Production",
    "CAG": "Enterprise (CAGE)",
    "MFR": "Enterprise (CAGE)",
    "SPL": "Supplier (CAGE)",
    "DUN": "Enterprise (DUNS)",
    "EUC": "Enterprise (GS1)",
    "UID": "Unique item identifier",
    "SER": "Serial number",
    "SEQ": "Serial number within the part",
    "UCN": "Serial number",
    "PNO": "Part number",
    "PNR": "Current part number",
    "LOT": "Lot",
}
#: Who gives an enterprise its code, as the unique item identifier begins (ISO/IEC 15459).
_AGENCIES = {"17V": "D", "CAG": "D", "MFR": "D", "SPL": "D", "12V": "UN", "DUN": "UN", "18V": "", "EUC": ""}


def envelopes(scan: Scan) -> tuple[Sequence[Meaning], Sequence[Flaw]]:
    """What the envelope says; a text that begins like one is nothing else."""
    text = scan.text
    for sign, control in ((scan.profile.separator, GS), *_SUBSTITUTES):
        if sign:
            text = text.replace(sign, control)
    if not text.startswith(ENVELOPE):
        return (), ()
    found = _ENVELOPE.fullmatch(text)
    if found is None:
        return (), [Flaw(Form.IUID, Wrong.FORMAT)]
    try:
        return [_read(found[1], found[2], scan)], ()
    except Refused as refused:
        return (), [refused.flaw(Form.IUID)]


def is_enveloped(text: str) -> bool:
    """Whether the text can be nothing but such a message."""
    return text.startswith(ENVELOPE)


def _read(format_: str, body: str, scan: Scan) -> Meaning:
    parts = body.removesuffix(GS).split(GS)
    if format_ == "05":
        return meant(Form.IUID, _gs1(parts, scan), year=scan.year)
    if format_ not in ("06", "12"):
        raise Refused(Wrong.UNKNOWN, value=format_)
    pattern = _DATA if format_ == "06" else _TEXT
    elements = list(_elements(parts, pattern))
    codes = [one.identifier for one in elements]
    for code in codes:
        if codes.count(code) > 1:
            raise Refused(Wrong.DOUBLED, code)
    return _meaning(elements, scan)


def _elements(parts: Sequence[str], pattern: re.Pattern[str]) -> Iterator[Element]:
    for part in parts:
        found = pattern.fullmatch(part)
        if found is None:
            raise Refused(Wrong.UNKNOWN, value=part[:8])
        code, value = found[1], found[2]
        if not value or not value.isprintable():
            raise Refused(Wrong.VALUE, code, value)
        yield Element(code, value, _TITLES.get(code, ""))


def _gs1(parts: Sequence[str], scan: Scan) -> Sequence[Element]:
    """Format 05: GS1's elements, one between two separators, or several where their length is fixed."""
    elements = []
    for part in parts:
        at = 0
        while at < len(part):
            what = identifier_at(part, at)
            if what is None:
                raise Refused(Wrong.UNKNOWN, value=part[at : at + 4])
            at += len(what.code)
            value = part[at : at + what.length] if what.fixed else part[at:]
            elements.append(checked(what, value, year=scan.year))
            at += len(value)
    if not elements:
        raise Refused(Wrong.SHORT)
    refuse_unfit(elements, item_known=scan.item_known)
    return elements


def _meaning(elements: Sequence[Element], scan: Scan) -> Meaning:
    said = {one.identifier: one.value for one in elements}
    serial = _first(said, ("S", "SEQ", "SER", "UCN"))
    part = _first(said, ("1P", "PNO", "PNR", "P", "9N"))
    whole = _first(said, ("25S", "UID"))
    if not serial and "18S" in said:
        # The enterprise's five characters, then its serial number.
        whole, serial = f"D{said['18S']}", said["18S"][5:]
    enterprise = next((code for code in _AGENCIES if code in said), None)
    if not whole and enterprise and serial:
        # Unique within the part where the part stands there, within the enterprise else (MIL-STD-130, construct 2, 1).
        original = _first(said, ("1P", "PNO")) if "UCN" not in said and "SER" not in said else ""
        whole = f"{_AGENCIES[enterprise]}{said[enterprise]}{original}{serial}"
    if "8P" in said and not (len(said["8P"]) == 14 and mod10_is_right(said["8P"])):
        raise Refused(Wrong.CHECK, "8P", said["8P"])
    return Meaning(
        form=Form.IUID,
        item_code="" if "8P" in said else part,
        gtin=said.get("8P", ""),
        serial=serial or whole,
        lot=_first(said, ("1T", "LOT")),
        expiry=_day(said, "14D", scan) or _day(said, "D", scan),
        produced=_day(said, "16D", scan),
        quantity=_quantity(said.get("Q", "")),
        identifiers=(("mac", said["23S"]),) if "23S" in said else (),
        numbers=(whole,) if whole else (),
        elements=tuple(elements),
    )


def _first(said: dict[str, str], codes: Sequence[str]) -> str:
    return next((said[code] for code in codes if code in said), "")


def _day(said: dict[str, str], code: str, scan: Scan) -> date | None:
    if code not in said:
        return None
    value = said[code]
    day = yyyymmdd(value) if len(value) == 8 else yymmdd(value, year=scan.year)
    if day is None:
        raise Refused(Wrong.DATE, code, value)
    return day


def _quantity(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Refused(Wrong.VALUE, "Q", text)
    return int(text) * ONE
