"""Whether balances are the sums of their movements, now and at every moment before."""

from collections.abc import Iterator

from seriatim.kernel.amounts import quantity_text
from seriatim.ledger.sql import stream
from seriatim.ledger.verify.difference import Check, Difference

#: One row per end of a quantity's movement that is inside: what arrived is positive, what left negative.
ENDS = """
    SELECT q.item_id, q.target_id AS location_id, q.lot, q.target_waiting AS source_line,
           q.quantity, q.value, q.happened_at
      FROM ledger_quantitymovement q JOIN catalog_location l ON l.id = q.target_id
     WHERE l.type IN (:INSIDE)
    UNION ALL
    SELECT q.item_id, q.source_id, q.lot, q.source_waiting, -q.quantity, -q.value, q.happened_at
      FROM ledger_quantitymovement q JOIN catalog_location l ON l.id = q.source_id
     WHERE l.type IN (:INSIDE)
"""


def _balances() -> Iterator[Difference]:
    query = """
        SELECT i.code, l.code, s.lot, s.source_line, sum(s.moved), sum(s.moved_value), sum(s.kept), sum(s.kept_value)
          FROM (SELECT e.item_id, e.location_id, e.lot, e.source_line, e.quantity AS moved, e.value AS moved_value,
                       0 AS kept, 0 AS kept_value
                  FROM (:ENDS) e
                UNION ALL
                SELECT b.item_id, b.location_id, b.lot, b.source_line, 0, 0, b.quantity, b.value
                  FROM ledger_balance b JOIN catalog_location l ON l.id = b.location_id
                 WHERE l.type IN (:INSIDE)) s
          LEFT JOIN catalog_item i ON i.id = s.item_id
          LEFT JOIN catalog_location l ON l.id = s.location_id
         GROUP BY s.item_id, i.code, s.location_id, l.code, s.lot, s.source_line
        HAVING sum(s.moved) <> sum(s.kept) OR sum(s.moved_value) <> sum(s.kept_value)
    """
    for item, place, lot, line, moved, moved_value, kept, kept_value in stream(query.replace(":ENDS", ENDS)):
        yield Difference(
            "balance_wrong",
            balance_name(item, place, lot, line),
            f"{quantity_text(int(moved))}, worth {moved_value}",
            f"{quantity_text(int(kept))}, worth {kept_value}",
        )


def _never_negative() -> Iterator[Difference]:
    # All movements of one moment count together: the window's frame ends with the last row of the same time.
    query = """
        SELECT i.code, l.code, r.lot, r.source_line, r.happened_at, r.running
          FROM (SELECT e.item_id, e.location_id, e.lot, e.source_line, e.happened_at,
                       sum(e.quantity) OVER (PARTITION BY e.item_id, e.location_id, e.lot, e.source_line
                                                 ORDER BY e.happened_at) AS running
                  FROM (:ENDS) e) r
          LEFT JOIN catalog_item i ON i.id = r.item_id
          LEFT JOIN catalog_location l ON l.id = r.location_id
         WHERE r.running < 0
         GROUP BY i.code, l.code, r.lot, r.source_line, r.happened_at, r.running
    """
    for item, place, lot, line, at, running in stream(query.replace(":ENDS", ENDS)):
        subject = f"{balance_name(item, place, lot, line)} at {at}"
        yield Difference("balance_negative", subject, "0 or more", quantity_text(int(running)))


def _outside() -> Iterator[Difference]:
    query = """
        SELECT i.code, l.code, b.lot, b.source_line, l.type, b.quantity
          FROM ledger_balance b
          JOIN catalog_item i ON i.id = b.item_id
          JOIN catalog_location l ON l.id = b.location_id
         WHERE l.type NOT IN (:INSIDE)
    """
    for item, place, lot, line, type_, quantity in stream(query):
        subject = balance_name(item, place, lot, line)
        yield Difference("balance_outside", subject, f"none of {type_}", quantity_text(quantity))


def _reversals() -> Iterator[Difference]:
    # Of the value no more than is left can go back, so it is not compared.
    query = """
        SELECT r.id, k.id, i.code
          FROM ledger_quantitymovement r
          JOIN ledger_quantitymovement k ON k.id = r.reverses_id
          LEFT JOIN catalog_item i ON i.id = r.item_id
         WHERE r.item_id <> k.item_id OR r.lot <> k.lot OR r.quantity <> k.quantity OR r.line_id <> k.line_id
            OR r.source_id <> k.target_id OR r.target_id <> k.source_id
            OR r.source_waiting <> k.target_waiting OR r.target_waiting <> k.source_waiting
            OR k.reverses_id IS NOT NULL
    """
    for pk, taken, item in stream(query):
        subject = f"movement {pk} of a quantity of {item}"
        yield Difference("quantity_reversal", subject, f"the opposite of movement {taken}", "something else")


def balance_name(item: str, place: str, lot: str, line: int) -> str:
    """A balance in words."""
    return (
        f"{item} at {place}" + (f", lot {lot}" if lot else "") + (f", waiting of line {line}" if line else "")
    )


CHECKS = (
    Check("balances", ("balance_wrong",), _balances),
    Check("balances at any time", ("balance_negative",), _never_negative),
    Check("balances outside", ("balance_outside",), _outside),
    Check("reversals of quantities", ("quantity_reversal",), _reversals),
)
