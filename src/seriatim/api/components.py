"""What a unit is built of: its components and theirs, now or as of a date; and those that it had before."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from pydantic import Field

from seriatim.api.lists import OtherUnit
from seriatim.api.operations import Resource
from seriatim.api.pages import PARAMETERS, in_memory, paged, text_said
from seriatim.api.problems import Problem
from seriatim.api.values import Moment, Shown
from seriatim.catalog.selectors import item_by_code, site
from seriatim.documents.dates import moment_of
from seriatim.exchange.drafting import read_date
from seriatim.kernel.refusals import NotFound
from seriatim.ledger.selectors import unit as unit_of
from seriatim.reports.assembly import assembly

components = Resource("Units")

_WHICH = ("now", "former")


class Component(Shown):
    """A component, and the unit that it sits in."""

    level: int = Field(description="1: in the unit itself; 2: in a component of it …")
    item: str
    serial: str
    lot: str
    parent: OtherUnit
    installed_at: Moment
    installed_by: str = Field(description="The number of the document.")
    removed_at: Moment | None
    removed_by: str | None


class ComponentsPage(Shown):
    """Components from the top down, each before what it is built of itself."""

    rows: list[Component]
    next: str | None


@components.get(
    "/units/{item}/{path:serial}/components",
    takes="look",
    answers=ComponentsPage,
    streams=True,
    query={
        **PARAMETERS,
        "as_of": {"type": "string", "description": "A day (its end) or a moment: as it was built then."},
        "which": {
            "type": "string",
            "enum": list(_WHICH),
            "default": "now",
            "description": "former: what sat in the unit itself and was taken out, the last one first.",
        },
    },
)
def components_(request: HttpRequest, item: str, serial: str) -> Any:
    """What a unit is built of, down to the last part."""
    which = text_said(request, "which") or "now"
    if which not in _WHICH:
        raise Problem("misread", f"which is one of {', '.join(_WHICH)}.", field="which")
    known = item_by_code(item)
    row = unit_of(known.pk, serial)
    if row is None:
        raise NotFound(what="unit", name=serial)
    as_of = read_date(text_said(request, "as_of"), "as_of")
    at = None if as_of is None else moment_of(as_of, site=site(), now=timezone.now())
    found = assembly(key=row.key, item=known.code, serial=row.serial, at=at)
    placed = list(enumerate(found.components if which == "now" else found.former))
    behind = in_memory(placed, lambda one: (one[0],), lambda one: one[1].as_dict())
    return paged(request, behind, tuple(Component.model_fields))
