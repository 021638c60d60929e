"""Addresses of pages from codes and numbers, whatever signs these contain, and back.

Their shape is told in ``words.addresses``, which labels and scans know too; a test holds the urls to it.
"""

from urllib.parse import quote, urlencode

from django.urls import reverse

from seriatim.words.addresses import document_path as document_address
from seriatim.words.addresses import splits
from seriatim.words.addresses import unit_path as unit_address

__all__ = ["coded_address", "document_address", "splits", "thing_address", "unit_address"]

#: Kinds of things that are known by a code → the page of their list, below which each has its own.
CODED = {"item": "items", "location": "locations", "party": "parties"}


def coded_address(kind: str, code: str) -> str:
    """The address of the page of an item, a location or a party.

    As with units, a code that servers and browsers would rewrite in a path goes behind the question mark.
    """
    base = reverse(CODED[kind])
    if any(part in {"", ".", ".."} for part in code.split("/")):
        return f"{base}?{urlencode({'code': code})}"
    return f"{base}{quote(code)}"


def thing_address(kind: str, code: str, of: str = "") -> str:
    """The address of anything that has a page: ``of`` is a unit's item."""
    if kind == "unit":
        return unit_address(of, code)
    if kind == "stocktake":
        return reverse("stocktake", args=[code])
    return document_address(code) if kind == "document" else coded_address(kind, code)
