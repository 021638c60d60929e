"""What a code says: the thing's number, a GS1 element string, a Digital Link, or our page's address. Pure.

GS1 General Specifications: serial number (AI 21) and lot (AI 10) are 1 to 20 characters of character set 82.
"""

import string
from collections.abc import Mapping
from datetime import date
from urllib.parse import quote

from seriatim.labels.fields import NUMBER, Subject
from seriatim.labels.templates import CodeType, Content
from seriatim.words.addresses import public_path, unit_path

#: Character set 82 of the GS1 General Specifications.
CSET_82 = frozenset(string.ascii_letters + string.digits + "!\"%&'()*+,-./:;<=>?_")
GS1_LONGEST = 20
#: Characters of a GS1-128, with identifiers and separators (General Specifications 5.4.3).
GS1_128_LONGEST = 48
#: Identifiers of a fixed length need no separator behind them (General Specifications, figure 7.8.5-2).
FIXED = frozenset({"01", "17"})
#: Where a Digital Link leads while the site has no public address: GS1's own resolver.
GS1_RESOLVER = "https://id.gs1.org"


class NotEncodable(ValueError):
    """The reason why a code cannot say it, as a sentence without its full stop."""


def content_of(
    content: Content, type_: CodeType, subject: Subject, facts: Mapping[str, str], address: str
) -> str:
    """What the code says; GS1 element strings with their identifiers in brackets. Raises NotEncodable.

    ``address`` is the site's public one, without a slash at its end; "" while it has none.
    """
    if content.is_gs1:
        said = _element_string(content, subject, facts)
        if type_ is CodeType.GS1_128 and (length := _length(said)) > GS1_128_LONGEST:
            raise NotEncodable(f"a GS1-128 has at most {GS1_128_LONGEST} characters, not {length}")
        return said
    number = facts[NUMBER[subject]]
    if content in {Content.LINK, Content.LINK_FULL}:
        return _link(content, subject, facts, address or GS1_RESOLVER)
    if content in {Content.PAGE, Content.PUBLIC}:
        if not address:
            raise NotEncodable("the site’s public address is not set (SERIATIM_PUBLIC_URL)")
        if content is Content.PUBLIC:
            return address + public_path(facts["public"])
        return address + unit_path(facts["item"], number)
    if type_ is not CodeType.QR and not number.isascii():
        raise NotEncodable(f"{_sort(type_)} carries ASCII characters only: {_foreign(number)}")
    return number


def _element_string(content: Content, subject: Subject, facts: Mapping[str, str]) -> str:
    said = f"(01){_gtin(facts)}"
    if subject is Subject.ITEM:
        return said
    if content is Content.GS1_FULL and (end := _expiry(facts)):
        said += f"(17){end}"
    if content is not Content.GS1 and (lot := facts.get("lot", "")):
        said += f"(10){_escaped(_in_set_82(lot, 'lot'))}"
    return f"{said}(21){_escaped(_in_set_82(facts['serial'], 'serial number'))}"


def _length(element_string: str) -> int:
    """How many characters it is as a message: identifiers, values, and a separator behind each that may vary."""
    pairs = unescaped(element_string)
    varying = sum(ai not in FIXED for ai, _ in pairs[:-1])
    return varying + sum(len(ai) + len(value) for ai, value in pairs)


def _expiry(facts: Mapping[str, str]) -> str:
    """The unit's end of life as GS1 writes a day: a year of two digits, which is the nearest one."""
    end = facts.get("end_of_life", "")
    if not end:
        return ""
    day, today = date.fromisoformat(end), date.fromisoformat(facts["today"])
    if not -50 <= day.year - today.year <= 49:
        raise NotEncodable(f"two digits cannot say the year of {end}, more than 49 years off")
    return f"{day:%y%m%d}"


def _link(content: Content, subject: Subject, facts: Mapping[str, str], address: str) -> str:
    said = f"{address}/01/{_gtin(facts)}"
    if subject is Subject.ITEM:
        return said
    full = content is Content.LINK_FULL
    if full and (lot := facts.get("lot", "")):
        said += f"/10/{quote(_in_set_82(lot, 'lot'), safe='')}"
    said += f"/21/{quote(_in_set_82(facts['serial'], 'serial number'), safe='')}"
    return f"{said}?17={end}" if full and (end := _expiry(facts)) else said


def _gtin(facts: Mapping[str, str]) -> str:
    gtin = facts.get("gtin", "")
    if not gtin:
        raise NotEncodable(f"the item {facts.get('item', '')} has no GTIN")
    return gtin.zfill(14)


def _in_set_82(text: str, what: str) -> str:
    if outside := sorted(set(text) - CSET_82):
        shown = " ".join("space" if sign == " " else sign for sign in outside)
        raise NotEncodable(f"GS1 codes cannot carry these characters of the {what}: {shown}")
    if len(text) > GS1_LONGEST:
        raise NotEncodable(f"a {what} in a GS1 code has at most {GS1_LONGEST} characters, not {len(text)}")
    return text


def _escaped(text: str) -> str:
    """Brackets of a value, told from those of the identifiers."""
    return text.replace("(", "\\(").replace(")", "\\)")


def unescaped(element_string: str) -> list[tuple[str, str]]:
    """A bracketed element string as pairs of identifier and value."""
    marked = element_string.replace("\\(", "\0").replace("\\)", "\1")
    pairs = [part.split(")", 1) for part in marked.split("(")[1:]]
    return [(ai, value.replace("\0", "(").replace("\1", ")")) for ai, value in pairs]


def _foreign(text: str) -> str:
    return " ".join(sorted({sign for sign in text if not sign.isascii()}))


def _sort(type_: CodeType) -> str:
    return "Code 128" if type_ is CodeType.CODE128 else "a DataMatrix"
