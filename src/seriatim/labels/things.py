"""What is to be printed: things with the facts that stand on their labels, read a batch at a time. Writes nothing."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.utils import timezone

from seriatim.catalog.custom import values_of_items
from seriatim.catalog.models import Item, Location, Site
from seriatim.catalog.selectors import in_batches, items_by_code, locations_by_code, site
from seriatim.documents.models import Document, Line
from seriatim.documents.received import received_at
from seriatim.kernel.amounts import money_text
from seriatim.kernel.identity import unit_keys
from seriatim.kernel.refusals import Case, Invalid, NotFound, UnknownSerial
from seriatim.kernel.short_keys import short_name
from seriatim.kernel.states import State
from seriatim.labels.fields import Subject
from seriatim.ledger.models import Unit
from seriatim.ledger.sql import fetch, key_value
from seriatim.numbering import Pattern
from seriatim.series.blocks import left_of, numbers_of
from seriatim.series.models import Block, Series, SeriesItem
from seriatim.series.selectors import preview_series
from seriatim.series.taking import current


class Thing(NamedTuple):
    """One thing to label: a unit's key (None for items and locations) and the label's facts."""

    key: bytes | None
    facts: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Units of one item, by serial number. ``lot`` is what is known of units that are not there yet."""

    item: Item
    serials: Iterable[str]
    lot: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What somebody wants labels for. One of the three is filled."""

    subject: Subject
    #: In words, for the register.
    source: str = ""
    runs: Sequence[Run] = ()
    items: Sequence[Item] = ()
    locations: Sequence[Location] = ()
    #: Whether every unit has to be there: not so for numbers that are printed ahead of the goods.
    existing: bool = True
    #: How many things that are.
    size: int = 0


def units(item: Item, serials: Iterable[str]) -> Chosen:
    """A selection of units of one item."""
    wanted = list(dict.fromkeys(serials))
    run = Run(item=item, serials=wanted)
    return Chosen(subject=Subject.UNIT, runs=[run], source=item.code, size=len(wanted))


def of_selection(pairs: Iterable[tuple[Item, str]]) -> Chosen:
    """Units of any items, in the order given."""
    runs: list[tuple[Item, dict[str, None]]] = []
    for item, serial in pairs:
        if not runs or runs[-1][0].pk != item.pk:
            runs.append((item, {}))
        runs[-1][1][serial] = None
    return Chosen(
        subject=Subject.UNIT,
        runs=[Run(item=item, serials=list(serials)) for item, serials in runs],
        size=sum(len(serials) for _, serials in runs),
    )


def of_document(document: Document) -> Chosen:
    """The units that a document names, in its order; of a pending one also those that are expected.

    Units that got their numbers later, by an allocation of its waiting goods, follow: they came with it too.
    """
    own = Line.objects.filter(document=document).select_related("item").order_by("position")
    later = Line.objects.filter(
        source_line__document=document, document__kind="allocation", document__state=State.POSTED
    )
    lines = chain(own, later.select_related("item").order_by("source_line__position", "id"))
    runs = []
    seen: set[tuple[int, str]] = set()
    for line in lines:
        # A line of a posted document has its serials, one of a pending one perhaps only those that are announced.
        named = (line.serials or line.expected_serials).split("\n")
        fresh = [one for one in named if one and (line.item_id, one) not in seen]
        seen.update((line.item_id, one) for one in fresh)
        if fresh:
            runs.append(Run(item=line.item, serials=fresh, lot=line.lot))
    source = document.number or str(document.pk)
    return Chosen(subject=Subject.UNIT, runs=runs, source=source, existing=False, size=len(seen))


def of_series(series: Series, count: int, *, item: Item | None = None) -> Chosen:
    """The numbers that a series will make next, without taking them. Refuses with Invalid, SeriesExhausted.

    Whoever sticks them on goods that come later reserves a block first, so that nobody else gets the numbers.
    """
    if Pattern.parse(current(series).text).is_random:
        raise Invalid(
            field="series", reason="its numbers are random: reserve or receive first", value=series.code
        )
    if not 1 <= count <= 100_000:
        raise Invalid(field="count", reason="a whole number from 1 to 100,000", value=str(count))
    item = item or _item_of(series)
    numbers = preview_series(series, item=item, count=count).numbers
    if len(numbers) < count:
        raise Invalid(field="count", reason=f"the series has {len(numbers)} numbers left", value=str(count))
    run = Run(item=item, serials=numbers)
    return Chosen(subject=Subject.UNIT, runs=[run], source=series.code, existing=False, size=len(numbers))


def of_block(block: Block, *, item: Item | None = None) -> Chosen:
    """The numbers of a block that are left. Refuses with Invalid where nobody says which item they are for."""
    series = block.counter.pattern.series
    item = item or block.item or _item_of(series)
    return Chosen(
        subject=Subject.UNIT,
        runs=[Run(item=item, serials=numbers_of(block))],
        source=f"{series.code}, block {block.pk}",
        existing=False,
        size=left_of(block).size,
    )


def _item_of(series: Series) -> Item:
    rows = SeriesItem.objects.filter(series=series).select_related("item")[:2]
    found = [row.item for row in rows]
    if len(found) != 1:
        raise Invalid(field="item", reason="say which item the numbers are for", value="")
    return found[0]


def of_items(codes: Sequence[str]) -> Chosen:
    """Items by code. Refuses with NotFound."""
    found = items_by_code(codes)
    _refuse_unknown("item", codes, found)
    return Chosen(subject=Subject.ITEM, items=[found[code] for code in codes], size=len(codes))


def of_locations(codes: Sequence[str], *, below: bool = False) -> Chosen:
    """Locations by code; with ``below``, those that stand below them too. Refuses with NotFound."""
    found = locations_by_code(codes)
    _refuse_unknown("location", codes, found)
    places = [found[code] for code in codes]
    if below:
        rows = (
            Location.objects.filter(path__startswith=place.path, archived_at=None).order_by("code")
            for place in places
        )
        places = list({place.pk: place for place in chain.from_iterable(rows)}.values())
    return Chosen(subject=Subject.LOCATION, locations=places, size=len(places))


def _refuse_unknown(what: str, codes: Sequence[str], found: Mapping[str, object]) -> None:
    if unknown := [code for code in codes if code not in found]:
        raise NotFound([Case(note=code) for code in unknown], what=what, name=unknown[0])


# --- facts --------------------------------------------------------------------------------------------------


def things(chosen: Chosen, fields: frozenset[str]) -> Iterator[Thing]:
    """The things with their facts; custom fields and ``public`` (the short name) only where they are asked for.

    Refuses with UnknownSerial, naming every unit that is not there and has to be.
    """
    general = {"site": (here := site()).name, "today": timezone.localdate().isoformat()}
    if chosen.subject is Subject.LOCATION:
        for place in chosen.locations:
            yield Thing(None, {"location": place.code, "location.name": place.name, **general})
        return
    custom = any(field.startswith("item.custom.") for field in fields)
    if chosen.subject is Subject.ITEM:
        values = values_of_items(item.pk for item in chosen.items) if custom else {}
        for item in chosen.items:
            yield Thing(None, {**_item_facts(item, here, values.get(item.pk, {})), **general})
        return
    yield from _unit_things(chosen, fields, here, general, custom=custom)


def first_facts(chosen: Chosen, fields: frozenset[str]) -> dict[str, str] | None:
    """The facts of the first thing, for a preview; None where nothing was chosen."""
    runs = [replace(run, serials=list(islice(run.serials, 1))) for run in chosen.runs[:1]]
    first = replace(chosen, runs=runs, items=chosen.items[:1], locations=chosen.locations[:1], existing=False)
    return next((thing.facts for thing in things(first, fields)), None)


def _item_facts(item: Item, here: Site, values: Mapping[str, str]) -> dict[str, str]:
    priced = item.default_price is not None
    return {
        "item": item.code,
        "item.name": item.name,
        "gtin": item.gtin or "",
        "uom": item.uom,
        "price": money_text(item.default_price or 0) if priced else "",
        "currency": here.currency if priced else "",
        **{f"item.custom.{name}": text for name, text in values.items()},
    }


def _unit_things(
    chosen: Chosen, fields: frozenset[str], here: Site, general: Mapping[str, str], *, custom: bool
) -> Iterator[Thing]:
    values = values_of_items(run.item.pk for run in chosen.runs) if custom else {}
    unknown: list[Case] = []
    secret = bytes.fromhex(here.public_secret) if "public" in fields else b""
    for run in chosen.runs:
        base = {**_item_facts(run.item, here, values.get(run.item.pk, {})), **general}
        for batch in in_batches(run.serials):
            keys = unit_keys(run.item.uid, batch)
            rows = _unit_rows(keys, fields)
            for serial, key in zip(batch, keys, strict=True):
                facts = base | {"serial": serial, "lot": run.lot}
                if secret:
                    facts["public"] = short_name(UUID(bytes=key), secret)
                if (row := rows.get(key)) is not None:
                    facts |= row
                elif chosen.existing:
                    unknown.append(Case(serial=serial, item=run.item.code))
                yield Thing(key, facts)
    if unknown:
        raise UnknownSerial(unknown)


def _unit_rows(keys: Sequence[bytes], fields: frozenset[str]) -> dict[bytes, dict[str, str]]:
    """What stands on the record of the units that are there. One statement, and some more for what is seldom on a label."""
    wanted = _keys_param(keys)
    found = {
        key_value(key).bytes: {
            "lot": lot,
            "reference": reference,
            "warranty_until": str(warranty or ""),
            "end_of_life": str(end or ""),
            "received": "",
        }
        for key, lot, reference, warranty, end in fetch(
            """
            SELECT u.key, u.lot, u.reference, u.warranty_until, u.end_of_life FROM ledger_unit u
             WHERE u.key :IN_LIST
            """,
            [wanted],
        )
    }
    if "received" in fields:
        origins = Unit.objects.filter(pk__in=[UUID(bytes=key) for key in found])
        for unit, at in received_at(dict(origins.values_list("pk", "origin_seq"))).items():
            found[unit.bytes]["received"] = timezone.localdate(at).isoformat()
    if any(field.startswith("custom.") for field in fields):
        for key, name, text in fetch(
            """
            SELECT v.unit_id, f.name, v.text
              FROM ledger_unitvalue v JOIN catalog_customfield f ON f.id = v.field_id
             WHERE v.unit_id :IN_LIST AND f.archived_at IS NULL
            """,
            [wanted],
        ):
            found[key_value(key).bytes][f"custom.{name}"] = text
    return found


def _keys_param(keys: Sequence[bytes]) -> Any:
    """Keys of any number as the one parameter of ``:IN_LIST``."""
    if connection.vendor == "postgresql":
        return [UUID(bytes=key) for key in keys]
    return json.dumps([key.hex() for key in keys])
