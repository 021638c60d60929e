"""Which units a document names, with what it says of each."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from pydantic import Field

from seriatim.accounts.services import may
from seriatim.api.document_shapes import SerialOfLine, SerialsPage
from seriatim.api.lists import Identifier
from seriatim.api.operations import Resource
from seriatim.api.pages import PARAMETERS, Key, paged
from seriatim.api.records import who
from seriatim.api.values import Day, Money
from seriatim.reports.document_record import SaidSerial, document_named, document_serials

document_units = Resource("Documents")

_COLUMNS = (
    "line", "item", "serial", "unit_cost", "unit_price", "lot", "warranty_until", "identifiers", "custom",
    "right_serial", "parent_serial",
)  # fmt: skip


class UnitOfLine(SerialOfLine):
    """A unit on a line, with what the document says of it beside the line's own values; the rest is absent."""

    unit_cost: Money | None = None
    unit_price: Money | None = None
    lot: str = ""
    warranty_until: Day | None = None
    identifiers: list[Identifier] = Field(default_factory=list)
    custom: dict[str, str] = Field(default_factory=dict)
    right_serial: str = Field("", description="In a correction: the serial that takes this one's place.")
    parent_serial: str = Field("", description="In an assembly: the unit that this component goes into.")


class UnitsOfDocumentPage(SerialsPage):
    """The units that a document names, in its order."""

    rows: list[UnitOfLine]  # type: ignore[assignment]  # each says more


@document_units.get(
    "/documents/{name}/serials", takes="look", answers=UnitsOfDocumentPage, streams=True, query=PARAMETERS
)
def serials(request: HttpRequest, name: str) -> Any:
    """The serial numbers that a document names, those that the series gave it included, with what it says of each."""
    user, document = who(request), document_named(name)
    see_cost, see_price = may(user, "see_cost"), may(user, "see_price")

    def told(row: SaidSerial) -> dict[str, Any]:
        further = row.further(see_cost=see_cost, see_price=see_price)
        return {"line": row.line, "item": row.item, "serial": row.serial, **further}

    def behind(after: Key | None) -> Iterator[tuple[Key, dict[str, Any]]]:
        rows = document_serials(document, after=(after[0], after[1]) if after else (0, 0))
        return (((row.line, row.place), told(row)) for row in rows)

    return paged(request, behind, _COLUMNS)
