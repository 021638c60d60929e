"""Serial numbers from a table: one column of it, and what stands beside them of single units.

Any CSV file or spreadsheet will do; columns that mean nothing here are passed over.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from seriatim.catalog.custom import custom_fields
from seriatim.catalog.texts import clean_line
from seriatim.exchange.imports.rows import Reader, amount, custom_readers, day
from seriatim.exchange.table_refusals import Problems
from seriatim.exchange.tables import Row, Source, column_name, open_table
from seriatim.kernel.identifiers import IDENTIFIER_TYPES
from seriatim.kernel.refusals import Invalid
from seriatim.ledger import identifiers
from seriatim.numbering import SerialMalformed, normalise


def _serial(text: str) -> str:
    try:
        return normalise(text)
    except SerialMalformed as refused:
        reason = str(refused.data["reason"]).replace("_", " ")
        raise Invalid(field="serial", reason=reason, value=text) from None


def _lot(text: str) -> str:
    return clean_line(text, field="lot", limit=60)


#: Column → the field of a unit in the doors' shape (see ``drafting``).
_FIELDS = {"cost": "unit_cost", "price": "unit_price", "lot": "lot", "warranty_until": "warranty_until"}
_READERS: Mapping[str, Reader] = {
    "cost": amount("cost"),
    "price": amount("price"),
    "lot": _lot,
    "warranty_until": day("warranty_until"),
    **{type_: partial(identifiers.read_several, type_) for type_ in IDENTIFIER_TYPES},
}


@dataclass(slots=True)
class Listed:
    """The serials in the order of the file, and rows for those of which more is said, in the doors' shape."""

    serials: list[str] = field(default_factory=list)
    units: list[dict[str, Any]] = field(default_factory=list)


def read_list_of(source: Source, *, column: str = "serial", name: str = "") -> Listed:
    """Read the serials in a column, with cost, price, lot, warranty_until, identifiers and custom values.

    Refuses with FileUnusable, and with TableRefused, which lists every mistake by line and column.
    """
    wanted = column_name(column)
    fields = custom_readers(custom_fields("unit"))
    readers = {name: read for name, read in {**_READERS, **fields}.items() if name != wanted}
    listed = Listed()
    first: dict[str, int] = {}
    with open_table(source, columns=(wanted, *readers), required=(wanted,), name=name, others=True) as table:
        for row in table.rows:
            if not row[wanted]:
                if any(row[other] for other in readers):
                    table.problems.add(row.line, wanted, "required")
                continue
            with table.problems.at(row.line, wanted, row[wanted]):
                serial = _serial(row[wanted])
                line = first.setdefault(serial, row.line)
                if line != row.line:
                    table.problems.add(row.line, wanted, f"stands in line {line} already", serial)
                listed.serials.append(serial)
                said = _unit(row, readers, table.problems)
                if said:
                    listed.units.append({"serial": serial, **said})
        table.problems.refuse()
    return listed


def _unit(row: Row, readers: Mapping[str, Reader], problems: Problems) -> dict[str, Any]:
    said: dict[str, Any] = {}
    further: dict[str, str | list[str]] = {}
    custom: dict[str, str] = {}
    for column, read in readers.items():
        text = row[column]
        if not text:
            continue
        with problems.at(row.line, column, text):
            value = read(text)
            if column in _FIELDS:
                said[_FIELDS[column]] = text
            elif column in IDENTIFIER_TYPES:
                further[column] = value
            else:
                custom[column] = value
    more = {"identifiers": further, "custom": custom}
    return {**said, **{name: values for name, values in more.items() if values}}
