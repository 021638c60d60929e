"""Addresses of pages from codes and numbers, whatever signs these contain, and back."""

from collections.abc import Iterator
from urllib.parse import quote, urlencode

from django.urls import reverse


def unit_address(item: str, serial: str) -> str:
    """The address of a unit's page.

    ``/units/ITEM/SERIAL`` reads well and fits into a QR code. Servers and browsers rewrite some paths, though
    (``..``, ``//``): a number like that goes behind the question mark, where nobody touches it.
    """
    if any(part in {"", ".", ".."} for part in f"{item}/{serial}".split("/")):
        return f"{reverse('units')}?{urlencode({'item': item, 'serial': serial})}"
    return f"{reverse('units')}{quote(f'{item}/{serial}')}"


def document_address(name: str) -> str:
    """The address of a document's page, by its number or id."""
    return reverse("document", args=[name])


def splits(path: str) -> Iterator[tuple[str, str]]:
    """Every way in which a path may be an item's code and a serial number; both may contain slashes."""
    parts = path.split("/")
    for at in range(1, len(parts)):
        yield "/".join(parts[:at]), "/".join(parts[at:])
