"""Addresses of our pages as texts: how they are written into codes and links, and how they are read again.

Pure: knows the shape of the addresses and nothing of a server, so that labels may print one and a scan be read
without either. The pages' own ``urls`` follow these shapes, and a test says so.
"""

from collections.abc import Iterator
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

UNITS = "/units/"
DOCUMENTS = "/documents/"
#: Pages of things that are known by a code.
CODED = {"item": "/items/", "location": "/locations/", "party": "/parties/"}
#: The public page of a unit, by the short name that nobody can guess (``kernel.short_keys``).
PUBLIC = "/u/"


def unit_path(item: str, serial: str) -> str:
    """The path of a unit's page.

    ``/units/ITEM/SERIAL`` reads well and fits into a QR code. Servers and browsers rewrite some paths, though
    (``..``, ``//``): a number like that goes behind the question mark, where nobody touches it.
    """
    if any(part in {"", ".", ".."} for part in f"{item}/{serial}".split("/")):
        return f"{UNITS}?{urlencode({'item': item, 'serial': serial})}"
    return f"{UNITS}{quote(f'{item}/{serial}')}"


def public_path(short_name: str) -> str:
    """The path of a unit's public page."""
    return f"{PUBLIC}{short_name}"


def document_path(name: str) -> str:
    """The path of a document's page, by its number or id."""
    return f"{DOCUMENTS}{quote(name, safe='')}"


def splits(path: str) -> Iterator[tuple[str, str]]:
    """Every way in which a path may be an item's code and a serial number; both may contain slashes."""
    parts = path.split("/")
    for at in range(1, len(parts)):
        yield "/".join(parts[:at]), "/".join(parts[at:])


def parts_of(text: str) -> tuple[str, dict[str, str]] | None:
    """The path (still percent-encoded) and the query of an ``http`` or ``https`` address on any host, else None."""
    if text[:8].lower().startswith(("http://", "https://")):
        try:
            address = urlsplit(text)
            query = parse_qs(address.query, keep_blank_values=True, max_num_fields=100)
        except ValueError:
            return None
        if address.netloc:
            return address.path, {name: values[0] for name, values in query.items()}
    return None


def units_named(path: str, query: dict[str, str]) -> list[tuple[str, str]]:
    """The items and serials that a unit's page address may name; none for any other page."""
    if not path.startswith(UNITS):
        return []
    if path == UNITS:
        item, serial = query.get("item", ""), query.get("serial", "")
        return [(item, serial)] if item and serial else []
    rest = unquote(path.removeprefix(UNITS))
    return [(item, serial) for item, serial in splits(rest) if item and serial]


def document_named(path: str) -> str:
    """The number or id that a document's page address names; "" for any other page."""
    if not path.startswith(DOCUMENTS):
        return ""
    name = path.removeprefix(DOCUMENTS)
    return "" if "/" in name else unquote(name)


def coded_named(path: str, query: dict[str, str]) -> tuple[str, str] | None:
    """The kind and code of the item, location or party that a page address names; None for any other page."""
    for kind, base in CODED.items():
        if path == base and query.get("code"):
            return kind, query["code"]
        if path.startswith(base) and path != base:
            return kind, unquote(path.removeprefix(base))
    return None


def public_named(path: str) -> str:
    """The short name that the address of a unit's public page has; "" for any other page."""
    name = path.removeprefix(PUBLIC) if path.startswith(PUBLIC) else ""
    return name if name.isascii() and name.isalnum() else ""
