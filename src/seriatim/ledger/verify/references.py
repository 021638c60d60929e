"""References that no foreign key keeps: those that all units of a leg share, and the two keys of a movement."""

from collections.abc import Iterator

from seriatim.ledger.sql import stream
from seriatim.ledger.verify.difference import Check, Difference, text, unit_name

_PLACES = ("location_id",)
_PARTIES = ("holder_id", "owner_id", "supplier_id", "customer_id")


def _missing(column: str) -> str:
    """The condition under which a column names nothing. A null is no name, but NOT IN of no rows holds for it."""
    table = "catalog_party" if column in _PARTIES else "catalog_location"
    if column == "parent_id":
        return (
            "x.parent_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ledger_unit p WHERE p.key = x.parent_id)"
        )
    return "x.:COLUMN IS NOT NULL AND x.:COLUMN NOT IN (SELECT id FROM :TABLE)".replace(
        ":COLUMN", column
    ).replace(":TABLE", table)


def _references(query: str, columns: tuple[str, ...]) -> Iterator[Difference]:
    conditions = [_missing(column) for column in columns]
    named = ", ".join(
        f"x.{column}, CASE WHEN {one} THEN 1 ELSE 0 END"
        for column, one in zip(columns, conditions, strict=True)
    )
    query = query.replace(":NAMED", named).replace(
        ":CONDITION", " OR ".join(f"({one})" for one in conditions)
    )
    for key, item, serial, seq, *facts in stream(query):
        for place, column in enumerate(columns):
            value, missing = facts[2 * place], facts[2 * place + 1]
            if missing:
                subject = unit_name(item, serial, key, seq)
                yield Difference(
                    "reference_missing", f"{subject} {column}", "something that exists", text(value)
                )


def _of_movements() -> Iterator[Difference]:
    query = """
        SELECT x.unit_id, i.code, u.serial, x.seq, :NAMED
          FROM ledger_movement x
          LEFT JOIN ledger_unit u ON u.key = x.unit_id
          LEFT JOIN catalog_item i ON i.id = u.item_id
         WHERE :CONDITION
    """
    return _references(query, ("source_id", *_PLACES, *_PARTIES, "parent_id"))


def _of_units() -> Iterator[Difference]:
    query = """
        SELECT x.key, i.code, x.serial, NULL, :NAMED
          FROM ledger_unit x
          LEFT JOIN catalog_item i ON i.id = x.item_id
         WHERE :CONDITION
    """
    return _references(query, (*_PLACES, *_PARTIES, "parent_id"))


def _to_units() -> Iterator[Difference]:
    """Movements and revaluations of units that are not there, and revaluations of movements that are not."""
    for key, seq in stream(
        """
        SELECT m.unit_id, m.seq FROM ledger_movement m
         WHERE NOT EXISTS (SELECT 1 FROM ledger_unit u WHERE u.key = m.unit_id)
        """
    ):
        yield Difference("reference_missing", f"{unit_name(None, None, key, seq)} unit_id", "a unit", "none")
    for pk, key, of_seq, after_seq, item, serial in stream(
        """
        SELECT r.id, r.unit_id, r.of_seq, r.after_seq, i.code, u.serial
          FROM ledger_revaluation r
          LEFT JOIN ledger_unit u ON u.key = r.unit_id
          LEFT JOIN catalog_item i ON i.id = u.item_id
         WHERE NOT EXISTS (SELECT 1 FROM ledger_movement m WHERE m.unit_id = r.unit_id AND m.seq = r.of_seq)
            OR NOT EXISTS (SELECT 1 FROM ledger_movement m WHERE m.unit_id = r.unit_id AND m.seq = r.after_seq)
        """
    ):
        subject = f"revaluation {pk} of {unit_name(item, serial, key)}"
        yield Difference("reference_missing", subject, f"movements {of_seq} and {after_seq}", "not both")


CHECKS = (
    Check("references of movements", ("reference_missing",), _of_movements),
    Check("references of units", ("reference_missing",), _of_units),
    Check("references to units", ("reference_missing",), _to_units),
)
