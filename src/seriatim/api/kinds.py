"""The kinds of document, as data: what each asks for, so that a program need not have them in its own code."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from pydantic import Field

from seriatim.accounts.services import may
from seriatim.api.operations import Resource
from seriatim.api.pages import PARAMETERS, Key, paged
from seriatim.api.records import who
from seriatim.api.values import Shown
from seriatim.kernel.kinds import KINDS, Kind, Leg

kinds = Resource("Kinds")


class WayOfKind(Shown):
    """One way that goods may go under a kind: between locations of these types."""

    role: str = Field(description="The role of its lines; empty where the kind has lines of one sort only.")
    from_: list[str] = Field(alias="from")
    to: list[str]
    party: list[str] = Field(
        description="The roles of which the party has to have one; empty: none is needed."
    )
    creates: bool = Field(description="New serial numbers may be named: their units come into being.")
    waits: bool = Field(description="Goods may come in, or go, without their serial numbers.")


class KindOfDocument(Shown):
    """A kind of document."""

    code: str
    name: str
    prefix: str = Field(description="The beginning of its documents' numbers.")
    right: str = Field(description="The right that it takes to write, post and reverse one.")
    permitted: bool = Field(description="Whether whoever asks has that right.")
    undo: str | None = Field(description="The kind that is the ordinary way back.")
    bills: str | None = Field(
        description="Of a bill or invoice: the kind of document that it is for, or makes."
    )
    party: list[str] = Field(
        description="The roles of which its party has to have one, whichever way goods go."
    )
    due_date: bool = Field(description="It has a day on which things are due back.")
    ways: list[WayOfKind]


class KindsPage(Shown):
    """All kinds, in the order of the page of kinds."""

    rows: list[KindOfDocument]
    next: str | None


@kinds.get("/kinds", takes="look", answers=KindsPage, streams=True, query=PARAMETERS)
def list_(request: HttpRequest) -> Any:
    """The kinds of document: which goods go where under each, and what it asks for."""
    user = who(request)

    def behind(after: Key | None) -> Iterable[tuple[Key, dict[str, Any]]]:
        first = 0 if after is None else after[0] + 1
        rows = enumerate(KINDS.values())
        return (
            ((place,), _row(kind, permitted=may(user, kind.right))) for place, kind in rows if place >= first
        )

    return paged(request, behind, tuple(KindOfDocument.model_fields))


def _row(kind: Kind, *, permitted: bool) -> dict[str, Any]:
    return {
        "code": kind.code,
        "name": kind.name,
        "prefix": kind.prefix,
        "right": kind.right,
        "permitted": permitted,
        "undo": kind.undo or None,
        "bills": kind.bills or None,
        "party": sorted(kind.party),
        "due_date": kind.due_date,
        "ways": [_way(leg, kind) for leg in kind.legs],
    }


def _way(leg: Leg, kind: Kind) -> dict[str, Any]:
    return {
        "role": leg.role,
        "from": sorted(leg.source),
        "to": sorted(leg.target),
        "party": sorted(leg.party or kind.party),
        "creates": leg.creates,
        "waits": leg.waits,
    }
