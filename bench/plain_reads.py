"""The same questions put to the bare database: the fewest plain statements that bring the rows."""

from __future__ import annotations

from bench.bare import Bare
from seriatim.ledger.bulk.columns import MOVEMENT, UNIT


def look_up(bare: Bare, serial: str) -> None:
    """The unit's row by its number, and its movements in order, without any name of place, party or document."""
    row = bare.target.execute(
        f"SELECT * FROM {UNIT} WHERE serial = {bare.mark} AND item_id = {bare.mark}",
        [serial, bare.work.cast.item],
    ).fetchone()
    bare.target.execute(
        f"SELECT * FROM {MOVEMENT} WHERE unit_id = {bare.mark} ORDER BY seq", [row[0]]
    ).fetchall()


def as_of(bare: Bare, operation: str) -> None:
    """Arrivals at the place less departures from it, without the units' rows; listed, or counted."""
    when = "%s" if bare.mark == "%s" else "?"
    at = bare.work.in_hall
    moment = at if bare.mark == "%s" else at.replace(tzinfo=None).isoformat(" ") if at else None
    moves = (
        f"SELECT unit_id, 1 AS n FROM {MOVEMENT} WHERE location_id = {when} AND happened_at <= {when}"
        f" UNION ALL SELECT unit_id, -1 FROM {MOVEMENT} WHERE source_id = {when} AND happened_at <= {when}"
    )
    there = f"SELECT unit_id FROM ({moves}) m GROUP BY unit_id HAVING sum(n) > 0"
    query = there if operation == "as of, units" else f"SELECT count(*) FROM ({there}) t"
    bare.target.execute(query, [bare.work.cast.hall, moment] * 2).fetchall()
