"""GS1 Digital Link addresses, on any host, in their uncompressed form; a compressed one is told as what it is. Pure.

``https://host/any/path/01/GTIN/21/SERIAL?17=EXPIRY``: a key, its qualifiers in order, further elements behind
the question mark. Values are percent-encoded; a plus is a plus, since no value has a blank. (GS1 Digital Link
Standard: URI Syntax.)
"""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote, urlsplit

from seriatim.scanning.gs1 import meant
from seriatim.scanning.gs1_elements import Refused, checked, identifier, refuse_unfit
from seriatim.scanning.numbers import mod10_is_right
from seriatim.scanning.scans import Scan
from seriatim.scanning.values import Element, Flaw, Form, Meaning, Wrong

#: Key → the qualifiers that may follow it in the path, in their order.
_KEYS: dict[str, tuple[str, ...]] = {
    "01": ("22", "10", "21", "235"),
    "8006": ("22", "10", "21"),
    "8010": ("8011",),
    "414": ("254", "7040"),
    "415": ("8020",),
    "417": ("7040",),
    "8017": ("8019",),
    "8018": ("8019",),
    "8004": ("7040",),
    **dict.fromkeys(("00", "253", "255", "401", "402", "8003", "8013"), ()),
}
#: The words that older addresses have in the place of the numbers.
_WORDS = {
    "gtin": "01",
    "itip": "8006",
    "cpid": "8010",
    "gln": "414",
    "sscc": "00",
    "gdti": "253",
    "gcn": "255",
    "ginc": "401",
    "gsin": "402",
    "grai": "8003",
    "giai": "8004",
    "gmn": "8013",
    "gsrnp": "8017",
    "gsrn": "8018",
    "cpv": "22",
    "lot": "10",
    "ser": "21",
    "cpsn": "8011",
    "exp": "17",
}
_GTIN_LENGTHS = (8, 12, 13, 14)
#: A key with all its qualifiers has eight; the rest is the path of the host before it.
_MOST_PARTS = 40
_NUMBER = re.compile(r"[0-9]{4}")
_PACKED = re.compile(r"[A-Za-z0-9_-]{10,}")
_BASE_64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_GS1_HOSTS = frozenset({"id.gs1.org"})
#: Short for the GTIN with a serial number, a lot, a date … behind it.
_GTIN_AND_MORE = frozenset(f"{code:08b}" for code in (*range(0x0A, 0x10), *range(0x1A, 0x20)))


def links(scan: Scan) -> tuple[Sequence[Meaning], Sequence[Flaw]]:
    """What the address says, if it is a Digital Link; an address that begins like one and fails is refused."""
    if not scan.text[:8].lower().startswith(("http://", "https://")):
        return (), ()
    try:
        address = urlsplit(scan.text)
    except ValueError:
        return (), ()
    if not address.netloc:
        return (), ()
    found, first = [], None
    for key, pairs in _divisions(address.path):
        try:
            found.append(_read(key, pairs, address.query, scan.year))
        except Refused as refused:
            first = first or refused
    if found:
        return found, ()
    if first is None:
        if _is_compressed(address.netloc, address.path):
            return (), [Flaw(Form.DIGITAL_LINK, Wrong.COMPRESSED)]
        return (), ()
    return (), [first.flaw(Form.DIGITAL_LINK)]


def elements_of(path: str, query: str, *, year: int) -> Sequence[Element] | None:
    """The elements of a Digital Link's path and query; None for what is none."""
    for key, pairs in _divisions(path):
        try:
            return _read(key, pairs, query, year).elements
        except Refused:
            continue
    return None


def _divisions(path: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Every place of the path where a key with its qualifiers may begin and run to the end."""
    parts = path.rstrip("/").split("/")
    if len(parts) > _MOST_PARTS:
        return
    for at in range(1, len(parts) - 1):
        rest = parts[at:]
        key = _code(rest[0])
        if key not in _KEYS or len(rest) % 2:
            continue
        codes = [_code(part) for part in rest[2::2]]
        order = [code for code in _KEYS[key] if code in codes]
        if codes != order:
            continue
        # Every key begins with digits; "/01/" alone may be a folder of any site.
        if not _NUMBER.match(rest[1]):
            continue
        values = [unquote(part) for part in rest[1::2]]
        yield key, list(zip([key, *codes], values, strict=True))


def _is_compressed(host: str, path: str) -> bool:
    """Whether the path's last part is a message packed into base 64 (GS1 Digital Link Standard: Compression).

    Told by what it begins with: eight bits for the identifiers, then a GTIN in 47 bits or an SSCC in 60, whose check
    digit is right; of other addresses one in some hundreds looks like that. GS1's own host has nothing else.
    """
    last = path.rpartition("/")[2]
    if not _PACKED.fullmatch(last):
        return False
    if host.lower() in _GS1_HOSTS and path.count("/") == 1:
        return True
    bits = "".join(f"{_BASE_64.index(sign):06b}" for sign in last)
    size = {"01": (47, 14), "00": (60, 18)}.get(f"{int(bits[:8], 2):02x}")
    if size is None and bits[:8] in _GTIN_AND_MORE:
        size = (47, 14)
    if size is None or len(bits) < 8 + size[0]:
        return False
    number = str(int(bits[8 : 8 + size[0]], 2)).zfill(size[1])
    return len(number) == size[1] and int(number) > 0 and mod10_is_right(number)


def _code(part: str) -> str:
    return _WORDS.get(part, part)


def _read(key: str, pairs: Sequence[tuple[str, str]], query: str, year: int) -> Meaning:
    elements = []
    for code, value in [*pairs, *_queried(query)]:
        what = identifier(code)
        if what is None:
            raise Refused(Wrong.UNKNOWN, value=code)
        elements.append(checked(what, _full(code, value), year=year))
    refuse_unfit(elements, item_known=False)
    return meant(Form.DIGITAL_LINK, elements, year=year)


def _queried(query: str) -> Iterator[tuple[str, str]]:
    """The elements behind the question mark; what is none of GS1's (``linkType`` …) is the address's own."""
    for part in query.replace(";", "&").split("&"):
        name, _, value = part.partition("=")
        code = _code(unquote(name))
        if identifier(code) is not None:
            yield code, unquote(value)


def _full(code: str, value: str) -> str:
    """A GTIN of 8, 12 or 13 digits as 14: older addresses may have the short ones."""
    if code == "01" and len(value) in _GTIN_LENGTHS:
        return value.rjust(14, "0")
    return value
