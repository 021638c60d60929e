"""The returns desk: what a unit that somebody brings back is to us."""

from typing import Any

from django.http import HttpRequest
from pydantic import Field

from seriatim.api.operations import Resource
from seriatim.api.values import Day, Shown
from seriatim.catalog.selectors import item_by_code
from seriatim.kernel.refusals import NotFound
from seriatim.reports.return_verdict import verdict_of

returns = Resource("Units")


class Verdict(Shown):
    """What a unit is to us."""

    item: str
    serial: str
    standing: str = Field(description="sold, back (with us already), lent, stolen, lost or not_sold.")
    can_return: bool = Field(description="A sales return can take it back.")
    customer: str | None = Field(description="To whom it was sold last.")
    sale: str | None = Field(description="The number of the document of its last sale.")
    sold_on: Day | None
    back: str | None = Field(description="The number of the document by which it came back since.")
    warranty_until: Day | None
    covered: bool | None = Field(description="null: nothing is known of a warranty.")


@returns.get("/units/{item}/{path:serial}/return", takes="look", answers=Verdict)
def return_verdict(request: HttpRequest, item: str, serial: str) -> Any:
    """Say whether a unit was sold by us, to whom and when, whether it is covered, and back already. Writes nothing."""
    known = item_by_code(item)
    found = verdict_of(known.pk, serial)
    if found is None:
        raise NotFound(what="unit", name=serial)
    return {
        "item": known.code,
        "serial": found.unit.serial,
        "standing": found.standing.value,
        "can_return": found.can_return,
        "customer": found.unit.customer.code if found.unit.customer else None,
        "sale": found.sale.number if found.sale else None,
        "sold_on": found.sold_on,
        "back": found.back.number if found.back else None,
        "warranty_until": found.warranty_until,
        "covered": found.covered,
    }
