"""What a stranger who scans a unit's public code is told: what the site chose to tell, and nothing else.

A unit that there is not, one that is not told of, and a code that was made up get the same answer, after the same
number of statements.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from seriatim.catalog.models import Item, Site
from seriatim.kernel.identity import unit_keys
from seriatim.kernel.short_keys import key_named, short_name
from seriatim.ledger.models import Supersession, Unit
from seriatim.numbering.serials import malformed_reason
from seriatim.scanning.numbers import gtin as read_gtin

#: Where a path may be divided between a lot and a serial number, no more ways than these are looked at.
MOST_SERIALS = 4
_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Shown:
    """What is told: that it is genuine; and its model and the end of its warranty, where the site tells them."""

    model: str
    warranty_until: date | None
    tells_warranty: bool


@dataclass(frozen=True, slots=True)
class Named:
    """The unit that a public code names, for those who work here; and what strangers are told, if anything."""

    item_code: str
    serial: str
    shown: Shown | None


def by_short_name(name: str) -> Named | None:
    """The unit of a short public name. Three statements, whatever the name."""
    site = Site.objects.get()
    key = key_named(name, bytes.fromhex(site.public_secret))
    return _named([key or _NOBODY], site)


def by_link(gtin: str, serials: Sequence[str]) -> Named | None:
    """The first unit that an item's GTIN and one of these serial numbers name. Four statements, whatever they are."""
    site = Site.objects.get()
    read = read_gtin(gtin)
    item = Item.objects.filter(gtin=read.gtin if read else "").first()
    kept = [serial for serial in serials[:MOST_SERIALS] if malformed_reason(serial) is None]
    keys = [UUID(bytes=key) for key in unit_keys(item.uid, kept)] if item else []
    return _named([*keys, _NOBODY], site)


def short_names(keys: Sequence[UUID]) -> list[str]:
    """The short public names of units, to be printed on their labels."""
    secret = bytes.fromhex(Site.objects.get().public_secret)
    return [short_name(key, secret) for key in keys]


def _named(keys: Sequence[UUID], site: Site) -> Named | None:
    rows = {row.key: row for row in Unit.objects.filter(key__in=keys).select_related("item")}
    # A number that was corrected is on no unit any more.
    wrong = set(
        Supersession.objects.filter(wrong_id__in=keys, reversed=False).values_list("wrong_id", flat=True)
    )
    row = next((rows[key] for key in keys if key in rows), None)
    if row is None:
        return None
    told = site.public_units and row.key not in wrong
    shown = Shown(
        model=row.item.name if site.public_model else "",
        warranty_until=row.warranty_until if site.public_warranty else None,
        tells_warranty=site.public_warranty,
    )
    return Named(row.item.code, row.serial, shown if told else None)
