"""What documents say of the custom fields of their units: read when it is written, kept when the units are there."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from seriatim.catalog.custom import Definition, chosen, custom_fields
from seriatim.catalog.models import Subject
from seriatim.documents.drafts import LineDraft
from seriatim.documents.models import Line
from seriatim.documents.paper import Paper
from seriatim.kernel import refusals
from seriatim.kernel.identity import unit_keys
from seriatim.kernel.refusals import Case
from seriatim.ledger import custom


def read_values(lines: Sequence[Line], said: Sequence[LineDraft]) -> list[dict[str, dict[str, str]]]:
    """For each line: serial, as it was said, → field → value. Raises Invalid, which says the line and the serial."""
    if not any(unit.custom for line in said for unit in line.units):
        return [{} for _ in lines]
    fields = custom_fields(Subject.UNIT)
    return [
        {unit.serial: _read(fields, line, unit.serial, unit.custom) for unit in one.units if unit.custom}
        for line, one in zip(lines, said, strict=True)
    ]


def _read(
    fields: Iterable[Definition], line: Line, serial: str, values: Mapping[str, object]
) -> dict[str, str]:
    try:
        found = chosen(fields, values, item=line.item_id)
    except refusals.Invalid as refusal:
        refusal.cases = (Case(serial=serial, line=line.position),)
        raise
    return {field.name: text for field, text in found.items()}


def keep(paper: Paper) -> None:
    """Write what the document says of its units into their records; who posts it is who said so."""
    if not any(row.custom for rows in paper.units.values() for row in rows.values()):
        return
    fields = {field.name: field for field in custom_fields(Subject.UNIT)}
    wanted: dict[UUID, dict[Definition, str]] = {}
    for line in paper.lines:
        rows = [row for row in paper.units.get(line.pk, {}).values() if row.custom]
        serials = [row.right_serial or row.serial for row in rows]
        keys = unit_keys(paper.item(line).uid, serials)
        for key, row in zip(keys, rows, strict=True):
            # A field that was archived since the draft was written has nothing to hold it any more.
            wanted[UUID(bytes=key)] = {
                field: row.custom[name] for name, field in fields.items() if name in row.custom
            }
    custom.write(paper.user, wanted, reason=paper.document.number or "")
