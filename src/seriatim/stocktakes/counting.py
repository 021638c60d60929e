"""Counting: scans, lists and taking back. Idempotent and in order; statements do not grow with the scans of one call.

A scan says that a unit is here. What it says is read as in the scan box; a location's code says in which bin the
device counts from now on.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from seriatim.accounts.models import User
from seriatim.catalog.models import Item, Location
from seriatim.catalog.selectors import items_by_code
from seriatim.documents.transactions import one_transaction
from seriatim.kernel import refusals
from seriatim.kernel.marks import codes_in
from seriatim.kernel.places import LocationType
from seriatim.ledger.bulk.rows import insert
from seriatim.ledger.models import Unit
from seriatim.numbering.errors import SerialMalformed
from seriatim.numbering.serials import normalise
from seriatim.scanning.hits import Hit, Thing
from seriatim.scanning.looking import Reading, read_all
from seriatim.scanning.values import ANY_SCANNER, Profile
from seriatim.stocktakes.models import Counted, DevicePlace, Result, Stocktake
from seriatim.stocktakes.selectors import progress
from seriatim.stocktakes.services import opened
from seriatim.stocktakes.values import LONGEST_TEXT, Answer, Sent, Told

#: Scans that are looked up together.
BATCH = 500
_DOOR = "stocktake"


@one_transaction
def count(
    *,
    user: User,
    stocktake_id: UUID,
    scans: Sequence[Sent],
    device: str = "",
    profile: Profile = ANY_SCANNER,
) -> Answer:
    """Count what was scanned, in the order given. One that is known by its id is answered as it was.

    Raises NotFound, NotPermitted, WrongState. What a scan itself cannot count for stands in its answer.
    """
    stocktake = opened(user, stocktake_id, "count")
    told: list[Told] = []
    for start in range(0, len(scans), BATCH):
        told += _Desk(stocktake, user, device[:36], profile).take(scans[start : start + BATCH])
    return Answer(told=told, progress=progress(stocktake))


@one_transaction
def undo(*, user: User, stocktake_id: UUID, device: str = "") -> Answer:
    """Take back what this device counted last. With nothing left, nothing happens."""
    stocktake = opened(user, stocktake_id, "count")
    row = _last(stocktake, device[:36])
    told = [] if row is None else [_taken_back(row)]
    return Answer(told=told, progress=progress(stocktake))


@one_transaction
def remove(*, user: User, stocktake_id: UUID, row: int) -> Answer:
    """Take one counted unit back, by its row; one that is taken back already stays so. Raises NotFound (scan)."""
    stocktake = opened(user, stocktake_id, "count")
    found = _rows(stocktake).filter(pk=row).first()
    if found is None:
        raise refusals.NotFound(what="scan", name=str(row))
    told = [_taken_back(found)] if found.is_counted else []
    return Answer(told=told, progress=progress(stocktake))


@one_transaction
def set_place(*, user: User, stocktake_id: UUID, location: Location, device: str = "") -> Answer:
    """The device counts in this bin from now on. Raises Invalid (location) where it is not within the stocktake."""
    stocktake = opened(user, stocktake_id, "count")
    if not _within(stocktake, location):
        raise refusals.Invalid(field="location", value=location.code, reason="not_here")
    _remember(stocktake, device[:36], location)
    return Answer(told=[], progress=progress(stocktake))


def place_of(stocktake: Stocktake, device: str) -> Location:
    """The bin in which a device counts; the whole place until it says more."""
    found = (
        DevicePlace.objects.filter(stocktake=stocktake, device=device[:36]).select_related("location").first()
    )
    return found.location if found is not None else stocktake.location


def _remember(stocktake: Stocktake, device: str, location: Location) -> None:
    DevicePlace.objects.update_or_create(stocktake=stocktake, device=device, defaults={"location": location})


def _within(stocktake: Stocktake, location: Location) -> bool:
    return location.path.startswith(stocktake.location.path) and location.place is LocationType.STORAGE


def _rows(stocktake: Stocktake) -> QuerySet[Counted]:
    return Counted.objects.filter(stocktake=stocktake).select_related("item", "expected", "place", "by")


def _last(stocktake: Stocktake, device: str) -> Counted | None:
    return _rows(stocktake).filter(device=device, at__isnull=False).order_by("-at", "-id").first()


def _taken_back(row: Counted) -> Told:
    told = Told(
        id=None,
        text=row.text,
        verdict="undone",
        serial=row.serial,
        item=row.item.code if row.item is not None else "",
        item_name=row.item.name if row.item is not None else "",
    )
    _take_back(row)
    return told


def _take_back(row: Counted) -> bool:
    """It is not counted any more. False if it was not expected either: then there is no row of it."""
    if row.expected_id is None:
        row.delete()
        return False
    row.result = Result.MISSING
    row.place = row.client = row.by = row.at = None
    row.text = row.device = ""
    row.save()
    return True


@dataclass(slots=True)
class _Outcome:
    """What becomes of one scan, until its row is written and has its number."""

    sent: Sent
    verdict: str
    row: Counted | None = None
    unit: Unit | None = None
    serial: str = ""
    item: Item | None = None
    place: str = ""
    note: str = ""


class _Desk:
    """One batch's work on a stocktake whose row is locked."""

    def __init__(self, stocktake: Stocktake, user: User, device: str, profile: Profile) -> None:
        self._stocktake, self._user, self._device, self._profile = stocktake, user, device, profile
        self._now = timezone.now()
        self._place = place_of(stocktake, device)
        #: What is to be written: rows that were there, and new ones.
        self._changed: dict[int, Counted] = {}
        self._new: list[Counted] = []

    def take(self, scans: Sequence[Sent]) -> list[Told]:
        """The scans in order."""
        begun_in = self._place
        self._look(scans)
        outcomes = [self._one(one, reading) for one, reading in zip(scans, self._readings, strict=True)]
        self._write()
        if self._place.pk != begun_in.pk:
            _remember(self._stocktake, self._device, self._place)
        return [_told(one) for one in outcomes]

    def _look(self, scans: Sequence[Sent]) -> None:
        """Everything that the scans may be about."""
        texts = [one.text.strip() for one in scans]
        self._readings = read_all(texts, user=self._user, profile=self._profile, door=_DOOR)
        exact = [hit for reading in self._readings for hit in reading.exact]
        keys = {hit.key for hit in exact if hit.thing is Thing.UNIT and hit.key is not None}
        places = {hit.pk for hit in exact if hit.thing is Thing.LOCATION}
        serials = {serial for reading in self._readings for serial in _serials(reading)}
        rows = _rows(self._stocktake)
        self._items = items_by_code({code for reading in self._readings if (code := _item_code(reading))})
        self._units = Unit.objects.select_related("item", "location", "holder").in_bulk(keys)
        self._places = Location.objects.in_bulk(places)
        self._sent = {row.client: row for row in rows.filter(client__in=[one.id for one in scans if one.id])}
        self._rows = {row.unit_id: row for row in rows.filter(unit__in=keys)}
        self._unknown = {row.serial: row for row in rows.filter(unit=None, serial__in=serials)}

    def _one(self, sent: Sent, reading: Reading) -> _Outcome:
        if sent.id is not None and (row := self._sent.get(sent.id)) is not None:
            return _Outcome(sent, row.result, row, self._units.get(row.unit_id))
        if any(one.command == "undo" for one in reading.meanings):
            return self._undo(sent)
        units = self._meant([hit for hit in reading.exact if hit.thing is Thing.UNIT])
        if len(units) > 1:
            return _Outcome(sent, "unclear", note=", ".join(sorted({unit.item.code for unit in units})))
        if units:
            return self._unit(sent, units[0])
        for hit in reading.exact:
            if hit.thing is Thing.LOCATION:
                return self._bin(sent, self._places[hit.pk])
        if reading.exact:
            hit = reading.exact[0]
            return _Outcome(sent, "not_a_unit", serial=hit.code, note=hit.thing.value)
        return self._no_unit(sent, reading)

    def _meant(self, hits: Sequence[Hit]) -> list[Unit]:
        """The units that may be meant: where several have the number, the one that is expected or counted here."""
        units = [self._units[hit.key] for hit in hits if hit.key in self._units]
        if len(units) > 1 and self._stocktake.item_id is not None:
            units = [unit for unit in units if unit.item_id == self._stocktake.item_id] or units
        here = [unit for unit in units if unit.key in self._rows]
        return here if len(units) > 1 and len(here) == 1 else units

    def _unit(self, sent: Sent, unit: Unit) -> _Outcome:
        row = self._rows.get(unit.key)
        if row is not None and row.is_counted:
            return _Outcome(sent, "doubled", row, unit, note=_counted_before(row))
        if self._stocktake.item_id not in (None, unit.item_id):
            return _Outcome(sent, "other_item", None, unit)
        if row is None:
            row = Counted(stocktake=self._stocktake, item=unit.item, serial=unit.serial, unit=unit)
            self._rows[unit.key] = row
            self._new.append(row)
        else:
            self._changed[row.pk] = row
        return self._counted(sent, row, self._result(unit), unit)

    def _result(self, unit: Unit) -> Result:
        """Where the records have it now, beside where it was scanned."""
        there = unit.location
        if there is None or not _within(self._stocktake, there):
            return Result.ELSEWHERE
        # Where no bin was named, anywhere within the place is right.
        exactly = self._place.pk != self._stocktake.location_id
        return Result.MISPLACED if exactly and there.pk != self._place.pk else Result.FOUND

    def _no_unit(self, sent: Sent, reading: Reading) -> _Outcome:
        """A number that no unit has: it counts as unknown, of the item that the code names."""
        meant = next((one for one in reading.meanings if one.serial), None)
        if meant is None:
            why = "malformed" if reading.flaws or not reading.meanings else "not_a_unit"
            return _Outcome(sent, why, serial=reading.text[:80])
        try:
            serial = normalise(meant.serial)
        except SerialMalformed as error:
            return _Outcome(sent, "malformed", serial=meant.serial[:80], note=str(error.data["reason"]))
        alike = ", ".join(f"{hit.serial} ({hit.code})" for hit in reading.alike if hit.thing is Thing.UNIT)
        if (row := self._unknown.get(serial)) is not None:
            return _Outcome(sent, "doubled", row, note=_counted_before(row))
        item = self._item(reading) or self._stocktake.item
        row = Counted(stocktake=self._stocktake, item=item, serial=serial)
        self._unknown[serial] = row
        self._new.append(row)
        outcome = self._counted(sent, row, Result.UNKNOWN, None)
        outcome.note = alike
        return outcome

    def _item(self, reading: Reading) -> Item | None:
        return self._items.get(_item_code(reading))

    def _counted(self, sent: Sent, row: Counted, result: Result, unit: Unit | None) -> _Outcome:
        row.result, row.place, row.text = result, self._place, sent.text.strip()[:LONGEST_TEXT]
        row.client, row.device, row.by, row.at = sent.id, self._device, self._user, self._now
        row.seq = unit.seq if unit is not None else 0
        if sent.id is not None:
            self._sent[sent.id] = row
        return _Outcome(sent, result, row, unit)

    def _bin(self, sent: Sent, location: Location) -> _Outcome:
        if not _within(self._stocktake, location):
            return _Outcome(sent, "not_here", serial=location.code, place=self._stocktake.location.code)
        self._place = location
        return _Outcome(sent, "place", serial=location.code, place=location.code, note=location.name)

    def _undo(self, sent: Sent) -> _Outcome:
        self._write()
        row = _last(self._stocktake, self._device)
        if row is None:
            return _Outcome(sent, "nothing_to_undo")
        self._sent.pop(row.client, None)
        if row.unit_id is None:
            self._unknown.pop(row.serial, None)
        else:
            self._rows.pop(row.unit_id, None)
        outcome = _Outcome(sent, "undone", None, self._units.get(row.unit_id), row.serial, row.item)
        if _take_back(row) and row.unit_id is not None:
            self._rows[row.unit_id] = row
        return outcome

    def _write(self) -> None:
        if self._changed:
            # Put in place of what they were: Django's own update of many rows takes four fifths of the whole time.
            Counted.objects.filter(pk__in=list(self._changed)).delete()
            insert(Counted, _COLUMNS, (_values(row) for row in self._changed.values()))
        Counted.objects.bulk_create(self._new)
        self._changed, self._new = {}, []


_COLUMNS = [column.attname for column in Counted._meta.concrete_fields]


def _values(row: Counted) -> list[Any]:
    return [getattr(row, name) for name in _COLUMNS]


def _item_code(reading: Reading) -> str:
    """The item that a code names though no unit of it has the number; "" for none."""
    return next((step.item for step in reading.steps if step.item), "")


def _serials(reading: Reading) -> Iterator[str]:
    for one in reading.meanings:
        if one.serial:
            with suppress(SerialMalformed):
                yield normalise(one.serial)


def _counted_before(row: Counted) -> str:
    return row.by.get_username() if row.by is not None else ""


def _told(one: _Outcome) -> Told:
    row, unit = one.row, one.unit
    item = unit.item if unit is not None else one.item if row is None else row.item
    place = row.place.code if row is not None and row.place is not None else one.place
    return Told(
        id=one.sent.id,
        text=one.sent.text,
        verdict=str(one.verdict),
        row=row.pk if row is not None else None,
        serial=row.serial if row is not None else one.serial or (unit.serial if unit is not None else ""),
        item=item.code if item is not None else "",
        item_name=item.name if item is not None else "",
        recorded=unit.location.code if unit is not None and unit.location is not None else "",
        holder=unit.holder.name if unit is not None and unit.holder is not None else "",
        place=place,
        marks=codes_in(unit.marks) if unit is not None else (),
        note=one.note,
    )
