"""One unit: found by any of its numbers, its record, its whole past, its state at a date."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from unicodedata import normalize
from uuid import UUID

from django.db.models import Expression, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from seriatim.ledger.models import Identifier, Movement, Revaluation, Unit
from seriatim.ledger.sql import fetch, key_param, key_value
from seriatim.numbering.checks import read_imei, read_mac
from seriatim.numbering.errors import NumberingError
from seriatim.numbering.serials import fold

#: What a unit's page names: one query with the unit.
_RECORD = ("item", "location", "holder", "owner", "supplier", "customer", "parent__item")
#: The same for each movement.
_NAMES = ("unit", "source", "location", "holder", "owner", "supplier", "customer", "parent")


class Match(StrEnum):
    """How a text fits a unit."""

    SERIAL = "serial"
    IDENTIFIER = "identifier"
    #: Looks like its serial, or one of its identifiers.
    TWIN = "twin"


@dataclass(frozen=True, slots=True)
class Hit:
    """A unit that a text was found on."""

    key: UUID
    item_id: int
    item_code: str
    serial: str
    match: Match
    #: The number that fits, and its type where it is an identifier.
    text: str
    type: str = ""


def find(text: str, *, limit: int = 20) -> list[Hit]:
    """Units that carry this number: exactly as serial, exactly as identifier, then those that look like it.

    Each unit comes once, with its best match. At most four index look-ups, fewer once the limit is reached.
    """
    typed = normalize("NFC", text.strip())
    if not typed:
        return []
    hits: dict[UUID, Hit] = {}
    for hit in _candidates(typed, limit):
        hits.setdefault(hit.key, hit)
        if len(hits) == limit:
            break
    return list(hits.values())


def _candidates(typed: str, limit: int) -> Iterator[Hit]:
    folded = fold(typed)
    yield from _by_serial(Q(serial=typed), Match.SERIAL, limit)
    yield from _by_identifier(Q(value__in=_exact_forms(typed)), Match.IDENTIFIER, limit)
    # The exact ones are among these again, so their number is added to the limit.
    yield from _by_serial(Q(folded=folded), Match.TWIN, 2 * limit)
    yield from _by_identifier(Q(folded=folded), Match.TWIN, 2 * limit)


def _by_serial(condition: Q, match: Match, limit: int) -> Iterator[Hit]:
    rows = Unit.objects.filter(condition).order_by("serial", "item_id")
    for key, item_id, code, serial in rows.values_list("key", "item_id", "item__code", "serial")[:limit]:
        yield Hit(key, item_id, code, serial, match, serial)


def _by_identifier(condition: Q, match: Match, limit: int) -> Iterator[Hit]:
    rows = Identifier.objects.filter(condition).order_by("value", "id")
    for row in rows.values_list(
        "unit_id", "unit__item_id", "unit__item__code", "unit__serial", "value", "type"
    )[:limit]:
        yield Hit(*row[:4], match, *row[4:])


def _exact_forms(typed: str) -> set[str]:
    """The text, and what it is kept as where it is an IMEI or a MAC address written in another way."""
    forms = {typed}
    for read in (read_imei, read_mac):
        try:
            forms.add(read(typed))
        except NumberingError:
            continue
    return forms


def unit(item_id: int, serial: str) -> Unit | None:
    """The unit of this item and serial, with the names of everything its record speaks of."""
    return Unit.objects.select_related(*_RECORD).filter(serial=serial, item_id=item_id).first()


def unit_by_key(key: UUID) -> Unit | None:
    """The same by the unit's key."""
    return Unit.objects.select_related(*_RECORD).filter(key=key).first()


def history(key: UUID) -> list[Movement]:
    """Every movement in order, with the names of places and parties. Two queries, however long the past is.

    Where the unit superseded another one, that one's past up to the correction belongs to it: those rows have
    the other's ``unit``.
    """
    wanted = Q(unit_id=key)
    depths = {key: 0}
    for wrong, upto, depth in _superseded(key):
        wanted |= Q(unit_id=wrong, seq__lte=upto)
        depths[wrong] = max(depth, depths.get(wrong, 0))
    rows = Movement.objects.filter(wanted).select_related(*_NAMES)
    # At the moment of the correction the wrong one goes before the right one comes.
    return sorted(rows, key=lambda row: (row.happened_at, -depths[row.unit_id], row.seq))


def _superseded(key: UUID) -> list[tuple[UUID, int, int]]:
    """What the unit superseded, and what that had superseded by then: key, last movement that counts, distance."""
    # The right one may have superseded others later, and in a swap each supersedes the other: only what it
    # superseded before the movement that counts is its past. The bound on the distance is against a damaged
    # table, which must not hang a page.
    rows = fetch(
        """
        WITH RECURSIVE past(unit_id, upto, depth) AS (
            SELECT s.wrong_id, s.wrong_seq, 1 FROM ledger_supersession s
             WHERE s.right_id = %s AND NOT s.reversed
            UNION
            SELECT s.wrong_id, s.wrong_seq, past.depth + 1
              FROM past JOIN ledger_supersession s
                ON s.right_id = past.unit_id AND s.right_seq < past.upto AND NOT s.reversed
             WHERE past.depth < 100
        )
        SELECT unit_id, max(upto), max(depth) FROM past GROUP BY unit_id
        """,
        [key_param(key)],
    )
    return [(unit_id, upto, depth) for value, upto, depth in rows if (unit_id := key_value(value)) != key]


def state_at(key: UUID, at: datetime) -> Movement | None:
    """The last movement up to a moment, which is the state then; None before the first.

    Its ``cost`` and ``price`` are what they were at that moment: bills and invoices of that time included.
    """
    row = (
        Movement.objects.filter(unit_id=key, happened_at__lte=at)
        .select_related(*_NAMES)
        .annotate(
            added_cost=_added("cost_delta", "origin_seq", at),
            added_price=_added("price_delta", "sale_seq", at),
        )
        .order_by("-seq")
        .first()
    )
    if row is None:
        return None
    if row.added_cost:
        row.cost = (row.cost or 0) + row.added_cost
    if row.added_price:
        row.price = (row.price or 0) + row.added_price
    return row


def _added(delta: str, of: str, at: datetime) -> Expression:
    rows = Revaluation.objects.filter(
        unit_id=OuterRef("unit_id"), of_seq=OuterRef(of), after_seq=OuterRef("seq"), happened_at__lte=at
    )
    return Coalesce(Subquery(rows.values("unit_id").annotate(total=Sum(delta)).values("total")), 0)
