"""Reservations: which units are held for which pending document.

They are made by confirming a document and freed by posting or cancelling it: there is nothing else to write.
"""

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from seriatim.api.accepting import Form, form_of, streamed
from seriatim.api.operations import Resource
from seriatim.api.pages import PARAMETERS, number_said, text_said
from seriatim.api.problems import Problem
from seriatim.api.values import Moment, Shown
from seriatim.catalog.selectors import item_by_code, location_by_code
from seriatim.reports.document_record import document_named
from seriatim.reports.lists import MOST, PAGE
from seriatim.reports.reservations import every_reservation, reservations

held = Resource("Reservations")


class Reservation(Shown):
    """A unit that is held, and the document that it is held for."""

    item: str
    serial: str
    location: str
    document: str
    document_id: UUID
    kind: str
    party: str | None
    since: Moment | None


class ReservationsPage(Shown):
    """Reservations, in an order of their own."""

    rows: list[Reservation]
    next: str | None


@held.get(
    "/reservations",
    takes="look",
    answers=ReservationsPage,
    streams=True,
    query={
        **PARAMETERS,
        "item": {"type": "string", "description": "The code of an item."},
        "location": {"type": "string", "description": "The code of a location, with all below it."},
        "document": {"type": "string", "description": "The number or id of the document that holds them."},
    },
)
def list_(request: HttpRequest) -> Any:
    """Units that are held for pending documents."""
    item, location, document = (text_said(request, name) for name in ("item", "location", "document"))
    wanted: dict[str, Any] = {
        "item": item_by_code(item) if item else None,
        "location": location_by_code(location) if location else None,
        "document": document_named(document).pk if document else None,
    }
    form = form_of(request)
    if form is not Form.JSON:
        return streamed(form, map(_row, every_reservation(**wanted)), tuple(Reservation.model_fields))
    limit = number_said(request, "limit", 1, MOST, PAGE)
    found = reservations(**wanted, after=_cursor(text_said(request, "cursor")), limit=limit + 1)
    more = len(found) > limit
    return {"rows": list(map(_row, found[:limit])), "next": found[limit - 1].key.hex if more else None}


def _row(row: Any) -> dict[str, Any]:
    return {**{name: getattr(row, name) for name in Reservation.model_fields}, "party": row.party or None}


def _cursor(text: str) -> UUID | None:
    try:
        return UUID(hex=text) if text else None
    except ValueError:
        raise Problem("misread", "It is no cursor of this list.", field="cursor") from None
