"""Beginning, ending and giving up a stocktake. One transaction each; nothing here changes stock."""

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID, uuid4, uuid5

from django.db.models import F, Q
from django.utils import timezone

from seriatim.accounts.models import User
from seriatim.accounts.services import require
from seriatim.catalog.access import require_locations
from seriatim.catalog.models import Item, Location, Tracking
from seriatim.catalog.selectors import site
from seriatim.documents import services as documents
from seriatim.documents.drafts import DocumentDraft, LineDraft
from seriatim.documents.models import Document
from seriatim.documents.numbers import next_number
from seriatim.documents.transactions import one_transaction
from seriatim.kernel import refusals
from seriatim.kernel.places import ON_HAND, LocationType
from seriatim.kernel.refusals import Case
from seriatim.ledger.sql import key_param, write
from seriatim.stocktakes.models import Result, Stage, Stocktake
from seriatim.stocktakes.values import Ended

#: The right to count. Ending a stocktake takes those of the papers that it leads to.
RIGHT = "move"
LONGEST_NOTE = 200
_PREFIX = "ST"

_EXPECT = """
    INSERT INTO stocktakes_counted
           (stocktake_id, item_id, serial, unit_id, expected_id, seq, result, text, device)
    SELECT %s, u.item_id, u.serial, u.key, u.location_id, u.seq, 'missing', '', ''
      FROM ledger_unit u JOIN catalog_location l ON l.id = u.location_id
     WHERE l.path LIKE %s AND l.type = 'storage'
"""

# What was moved by a document meanwhile is not missing: whoever did it knew where it was.
_MOVED = """
    UPDATE stocktakes_counted SET result = 'moved'
     WHERE stocktake_id = %s AND result = 'missing'
       AND EXISTS (SELECT 1 FROM ledger_unit u
                    WHERE u.key = stocktakes_counted.unit_id AND u.seq > stocktakes_counted.seq)
"""


@one_transaction
def begin(
    *, user: User, location: Location, item: Item | None = None, note: str = "", id: UUID | None = None
) -> Stocktake:
    """Begin to count a place and all below it, or one item there; what the records expect is written down.

    The same ``id`` again is the same stocktake. Raises NotPermitted, Invalid (location, item, note).
    """
    require(user, RIGHT)
    require_locations(user, [location.pk])
    if id is not None and (known := Stocktake.objects.filter(pk=id).first()) is not None:
        if (known.location_id, known.item_id) != (location.pk, item.pk if item else None):
            raise refusals.IdConflict([Case(document=known.number)], id=str(id))
        return known
    if location.place is not LocationType.STORAGE:
        raise refusals.Invalid(field="location", value=location.code, reason="not_storage")
    if item is not None and item.tracking != Tracking.SERIAL:
        raise refusals.Invalid(field="item", value=item.code, reason="not_by_serial")
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise refusals.Invalid(field="note", value=note[:40], reason="too_long")
    now = timezone.now()
    made = Stocktake.objects.create(
        pk=id or uuid4(),
        number=next_number("stocktake", _PREFIX, site=site(), now=now),
        location=location,
        item=item,
        note=note,
        begun_by=user,
        begun_at=now,
    )
    made.expected = _expect(made)
    made.save(update_fields=["expected"])
    return made


def _expect(stocktake: Stocktake) -> int:
    query, said = _EXPECT, [key_param(stocktake.pk), f"{stocktake.location.path}%"]
    if stocktake.item_id is not None:
        query, said = f"{query} AND u.item_id = %s", [*said, stocktake.item_id]
    return write(query, said)


@one_transaction
def close(*, user: User, stocktake_id: UUID, papers: bool = True) -> Ended:
    """End it; with ``papers``, drafts are written of what has to change, to be looked at and posted.

    Missing and unknown units (of known items) go onto a count adjustment, units that stand somewhere else onto a
    transfer. What the records have with a customer, or outside in any other way, is for people to settle.
    Ended before, it answers the same. Raises NotFound, NotPermitted, WrongState.
    """
    stocktake = _mine(user, stocktake_id)
    if stocktake.stage == Stage.CLOSED:
        return ended(stocktake)
    _require_open(stocktake, "close")
    write(_MOVED, [key_param(stocktake.pk)])
    _end(stocktake, user, Stage.CLOSED)
    if papers:
        for kind, lines in (("count_adjustment", _differences(stocktake)), ("transfer", _moves(stocktake))):
            if drafts := list(lines):
                documents.create(
                    user=user,
                    draft=DocumentDraft(
                        id=paper_id(stocktake, kind), kind=kind, reference=stocktake.number, lines=drafts
                    ),
                )
    return ended(stocktake)


@one_transaction
def abandon(*, user: User, stocktake_id: UUID) -> Stocktake:
    """Give it up: what was counted stays to be read and leads to nothing. Raises NotFound, NotPermitted, WrongState."""
    stocktake = _mine(user, stocktake_id)
    if stocktake.stage != Stage.ABANDONED:
        _require_open(stocktake, "abandon")
        _end(stocktake, user, Stage.ABANDONED)
    return stocktake


def ended(stocktake: Stocktake) -> Ended:
    """The papers that it led to."""
    ids = {kind: paper_id(stocktake, kind) for kind in ("count_adjustment", "transfer")}
    found = Document.objects.in_bulk(ids.values())
    return Ended(
        adjustment=found.get(ids["count_adjustment"]),
        transfer=found.get(ids["transfer"]),
    )


def paper_id(stocktake: Stocktake, kind: str) -> UUID:
    """The id of the paper of that kind: it follows from the stocktake, so that there is one at the most."""
    return uuid5(stocktake.pk, kind)


def opened(user: User, stocktake_id: UUID, action: str) -> Stocktake:
    """The stocktake, its row taken by this transaction. Raises NotFound, NotPermitted, WrongState."""
    stocktake = _mine(user, stocktake_id)
    _require_open(stocktake, action)
    return stocktake


def _mine(user: User, stocktake_id: UUID) -> Stocktake:
    require(user, RIGHT)
    # Takes the row: two who count at once do so one after the other.
    Stocktake.objects.filter(pk=stocktake_id).update(stage=F("stage"))
    found = Stocktake.objects.select_related("location", "item").filter(pk=stocktake_id).first()
    if found is None:
        raise refusals.NotFound(what="stocktake", name=str(stocktake_id))
    require_locations(user, [found.location_id])
    return found


def _require_open(stocktake: Stocktake, action: str) -> None:
    if stocktake.stage != Stage.OPEN:
        raise refusals.WrongState([Case(document=stocktake.number)], state=stocktake.stage, action=action)


def _end(stocktake: Stocktake, user: User, stage: Stage) -> None:
    stocktake.stage, stocktake.ended_by, stocktake.ended_at = stage, user, timezone.now()
    stocktake.save(update_fields=["stage", "ended_by", "ended_at"])


def _differences(stocktake: Stocktake) -> Iterator[LineDraft]:
    rows = stocktake.rows.order_by("item_id", "serial", "id")
    gone: dict[tuple[int, int], list[str]] = defaultdict(list)
    missing = rows.filter(result=Result.MISSING).values_list("item_id", "expected_id", "serial")
    for item, place, serial in missing.iterator():
        gone[item, place].append(serial)
    for (item, place), serials in gone.items():
        yield LineDraft(item=item, role="loss", source=place, serials=serials)
    more: dict[tuple[int, int], list[str]] = defaultdict(list)
    # A unit that was counted away before, and is back, comes in as an unknown one does.
    counted_away = Q(result=Result.ELSEWHERE, unit__location__type=LocationType.ADJUSTMENT.value)
    unknown = rows.filter(Q(result=Result.UNKNOWN, item__isnull=False) | counted_away)
    for item, place, serial in unknown.values_list("item_id", "place_id", "serial").iterator():
        more[item, place].append(serial)
    for (item, place), serials in more.items():
        yield LineDraft(item=item, role="gain", target=place, serials=serials)


def _moves(stocktake: Stocktake) -> Iterator[LineDraft]:
    ways: dict[tuple[int, int, int], list[str]] = defaultdict(list)
    rows = (
        stocktake.rows.filter(
            result__in=[Result.MISPLACED, Result.ELSEWHERE],
            unit__location__type__in=[type_.value for type_ in ON_HAND],
        )
        # What was moved after it was counted is where a document says.
        .exclude(unit__seq__gt=F("seq"))
        .order_by("item_id", "serial")
    )
    said = rows.values_list("item_id", "unit__location_id", "place_id", "serial")
    for item, source, target, serial in said.iterator():
        ways[item, source, target].append(serial)
    for (item, source, target), serials in ways.items():
        yield LineDraft(item=item, source=source, target=target, serials=serials)
