"""What both engines have to know of the tables' columns."""

from functools import cache

from django.db.models import Field, ForeignKey, Model

from seriatim.ledger.models import Movement, Unit
from seriatim.ledger.state import STATE

UNIT = Unit._meta.db_table
MOVEMENT = Movement._meta.db_table

#: Columns of a new unit, beside those of STATE, with what a step calls them.
CREATED = (
    ("item_id", "create.item"),
    ("serial", "create.serial"),
    ("folded", "create.folded"),
    ("global_serial", "create.global_serial"),
    ("lot", "create.lot"),
    ("end_of_life", "create.end_of_life"),
)
#: Columns of a new unit that are always the same.
CREATED_CONSTANTS: dict[str, object] = {
    "seq": 1,
    "marks": 0,
    "reserved_by": None,
    "reference": "",
    "note": "",
}
#: The movement's columns before those of STATE.
MOVEMENT_HEAD = ("unit_id", "seq", "line_id", "reverses", "happened_at", "source_id")
#: Expressions that may be asked for beside plain columns.
HAS_ORIGIN = "has_origin"


@cache
def field_of(column: str) -> Field:  # type: ignore[type-arg]
    """The field of Unit behind a column."""
    return next(field for field in Unit._meta.concrete_fields if field.column == column)


_SQL_TYPES = {
    "UUIDField": "uuid",
    "CharField": "text",
    "TextField": "text",
    "PositiveIntegerField": "integer",
    "BigIntegerField": "bigint",
    "PositiveSmallIntegerField": "smallint",
    "DateField": "date",
    "DateTimeField": "timestamptz",
}


@cache
def unit_type(column: str) -> str:
    """PostgreSQL's type of a column of the unit."""
    return _sql_type(Unit, column)


@cache
def movement_type(column: str) -> str:
    """PostgreSQL's type of a column of the movement."""
    return _sql_type(Movement, column)


def _sql_type(model: type[Model], column: str) -> str:
    field = next(field for field in model._meta.concrete_fields if field.column == column)
    if isinstance(field, ForeignKey):
        return "uuid" if field.remote_field.model is Unit else "integer"
    return _SQL_TYPES[field.get_internal_type()]


def state_list(alias: str = "") -> str:
    """The columns of STATE for a SELECT."""
    return ", ".join(f"{alias}{name}" for name in STATE)


#: The movement is the last one that still holds: whatever came later was taken back again.
STILL_ON_TOP = (
    f"({UNIT}.seq = m.seq OR NOT EXISTS (SELECT 1 FROM {MOVEMENT} x WHERE x.unit_id = m.unit_id"
    f" AND x.seq > m.seq AND x.reverses IS NULL AND NOT EXISTS (SELECT 1 FROM {MOVEMENT} y"
    f" WHERE y.unit_id = x.unit_id AND y.seq > x.seq AND y.reverses = x.seq)))"
)


def expression(column: str, alias: str = "u.") -> str:
    """The SQL of a column, or of an expression that may be asked for like one."""
    return f"({alias}origin_seq IS NOT NULL)" if column == HAS_ORIGIN else f"{alias}{column}"


def revalued_state() -> tuple[str, str]:
    """A restored cost or price, with what bills and invoices added to the leg that it stems from."""
    since = (
        "(SELECT sum(r.{0}_delta) FROM ledger_revaluation r WHERE r.unit_id = m.unit_id"
        " AND r.of_seq = p.{1} AND r.after_seq >= p.seq)"
    )
    # What cost nothing yet may have been billed since: null and 5 are 5, null and nothing are null.
    added = f"coalesce(p.{{0}} + {since}, {since}, p.{{0}})"
    return added.format("cost", "origin_seq"), added.format("price", "sale_seq")
