"""Units: looked up, now or as of a date, with their history; made by hand, edited, marked."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from pydantic import Field

from seriatim.accounts.services import may
from seriatim.api.lists import Identifier, OtherUnit, listed
from seriatim.api.operations import Resource
from seriatim.api.pages import PARAMETERS, in_memory, paged, text_said
from seriatim.api.problems import Problem
from seriatim.api.records import tagged, unchanged, who
from seriatim.api.values import Day, Flag, Moment, Money, Said, SaidDay, Shown, Text, left_out, money
from seriatim.catalog.selectors import item_by_code, items_by_code, site
from seriatim.catalog.texts import tidy
from seriatim.documents.dates import moment_of
from seriatim.documents.selectors import What
from seriatim.exchange.drafting import read_date
from seriatim.kernel.identity import unit_key
from seriatim.kernel.marks import MARKS, Mark, mark_named
from seriatim.kernel.refusals import Case, Invalid, NotFound, Refusal, UnknownSerial, first_of
from seriatim.ledger import marks as marking
from seriatim.ledger import records
from seriatim.ledger.custom import set_values
from seriatim.ledger.selectors import state_at
from seriatim.ledger.selectors import unit as unit_of
from seriatim.reports.lists import LISTINGS
from seriatim.reports.unit_card import UnitCard, unit_card

units = Resource("Units")

#: Units that one request marks.
MOST_MARKED = 100_000
_EVENT = (
    "what", "happened_at", "recorded_at", "user", "reason", "serial", "document", "kind", "party", "reference",
    "from", "to", "field", "old", "new", "cost", "price", "cost_delta", "price_delta", "labels",
)  # fmt: skip


class SaidIdentifier(Said):
    """A further number of a unit."""

    type: Text = Field(description="manufacturer_serial, imei, mac or asset_tag.")
    value: Text


class UnitFields(Said):
    """What may be said of a unit's record."""

    lot: Text | None = left_out()
    reference: Text | None = left_out("An internal reference.")
    note: Text | None = left_out()
    end_of_life: SaidDay | None = left_out()
    custom: dict[str, Text | Flag | float | None] = left_out("Custom fields by name; null empties one.")


class NewUnit(UnitFields):
    """A unit to be made by hand, ahead of any stock."""

    item: Text
    serial: Text
    identifiers: list[SaidIdentifier] = left_out(max_length=100)
    confirm_twins: Flag = left_out("It looks like another one, and is meant.")


class ChangedUnit(UnitFields):
    """What is to change of a unit's record."""

    reason: Text = left_out("Why; it is kept in the history.")


class NamedUnit(Said):
    """A unit."""

    item: Text
    serial: Text


class SaidMarks(Said):
    """A mark on units."""

    mark: Text = Field(description=f"{', '.join(mark.code for mark in MARKS)}.")
    reason: Text
    units: list[NamedUnit] = Field(max_length=MOST_MARKED, min_length=1)


class Marked(Shown):
    """On how many units the mark was set, or from how many it was cleared."""

    mark: str
    units: int


class SetMark(Shown):
    """A mark that is set."""

    mark: str
    reason: str
    by: str
    since: Moment


class Unit(Shown):
    """A unit. As of a date, only what changes with its movements is said. Costs and prices need their rights."""

    item: str
    serial: str
    as_of: Moment | None = Field(None, description="The moment that was asked for.")
    disposition: str | None = None
    location: str | None = None
    holder: str | None = None
    owner: str | None = None
    supplier: str | None = None
    purchase_document: str | None = None
    received_at: Moment | None = Field(
        None, description="When its goods came for the present leg, though it got its number later."
    )
    customer: str | None = None
    delivery_document: str | None = None
    reserved_for: str | None = None
    parent: OtherUnit | None = None
    warranty_until: Day | None = None
    end_of_life: Day | None = None
    lot: str = ""
    reference: str = ""
    note: str = ""
    marks: list[SetMark] = Field(default_factory=list)
    identifiers: list[Identifier] = Field(default_factory=list)
    custom: dict[str, str] = Field(default_factory=dict)
    moved_at: Moment | None = Field(None, description="When it moved last.")
    created_at: Moment | None = Field(None, description="When its record was made.")
    superseded_by: OtherUnit | None = None
    supersedes: OtherUnit | None = None
    cost: Money | None = None
    price: Money | None = None


class UnitEvent(Shown):
    """One event of a unit's life; what does not apply is absent."""

    what: str = Field(description=f"{', '.join(What)}.")
    happened_at: Moment
    recorded_at: Moment | None = None
    user: str
    reason: str | None = None
    serial: str | None = None
    document: str | None = None
    kind: str | None = None
    party: str | None = None
    reference: str | None = None
    from_: str | None = Field(None, alias="from")
    to: str | None = None
    field: str | None = None
    old: str | None = None
    new: str | None = None
    cost: Money | None = None
    price: Money | None = None
    cost_delta: Money | None = None
    price_delta: Money | None = None
    labels: int | None = Field(None, description="How many labels were printed.")


class UnitEventsPage(Shown):
    """Events of a unit, the oldest first."""

    rows: list[UnitEvent]
    next: str | None


def _card(request: HttpRequest, item: str, serial: str, *, whole: bool) -> UnitCard:
    user = who(request)
    found = item_by_code(item)
    card = unit_card(
        item_id=found.pk,
        serial=serial,
        see_cost=may(user, "see_cost"),
        see_price=may(user, "see_price"),
        whole=whole,
    )
    if card is None:
        raise NotFound(what="unit", name=serial)
    return card


def _shown(request: HttpRequest, item: str, serial: str) -> dict[str, Any]:
    said = _card(request, item, serial, whole=False).as_dict()
    said.pop("history")
    return said


def _fields(said: UnitFields) -> dict[str, Any]:
    """What is said; null empties a text."""
    fields = said.model_dump(exclude_unset=True)
    texts = {name: "" for name in ("lot", "reference", "note") if name in fields and fields[name] is None}
    return {**fields, **texts}


def _row(item: str, serial: str) -> Any:
    found = unit_of(item_by_code(item).pk, serial)
    if found is None:
        raise NotFound(what="unit", name=serial)
    return found


listed(units, "/units", LISTINGS["units"])


@units.post("/units", takes="register", answers=Unit, status=201)
def create(request: HttpRequest, response: HttpResponse, said: NewUnit) -> Any:
    """Make a unit by hand, ahead of any stock: it has no place until a document gives it one."""
    fields = _fields(said)
    made = records.register_unit(
        who(request),
        item_by_code(said.item),
        said.serial,
        identifiers=[(one["type"], one["value"]) for one in fields.get("identifiers", [])],
        record={name: fields[name] for name in records.EDITED if name in fields},
        custom=fields.get("custom", {}),
        twin_confirmed=bool(said.confirm_twins),
    )
    address = f"/api/v1/units/{made.item.code}/{made.serial}"
    return tagged(response, _shown(request, made.item.code, made.serial), address=address)


@units.get(
    "/units/{item}/{path:serial}/history",
    takes="look",
    answers=UnitEventsPage,
    streams=True,
    query=PARAMETERS,
)
def history(request: HttpRequest, item: str, serial: str) -> Any:
    """Everything that ever happened to a unit, the oldest first."""
    events = _card(request, item, serial, whole=True).as_dict()["history"]
    behind = in_memory(_placed(events), lambda one: one[0], lambda one: one[1])
    return paged(request, behind, _EVENT)


def _placed(events: Sequence[dict[str, Any]]) -> Iterator[tuple[tuple[str, int], dict[str, Any]]]:
    """Each with its moment, and which of that moment's it is: what is put in before it moves nothing behind it."""
    for at, those in groupby(events, key=lambda event: str(event["happened_at"])):
        yield from (((at, number), event) for number, event in enumerate(those))


@units.post("/units/{item}/{path:serial}/identifiers", takes="register", answers=Unit, status=201)
def add_identifier(
    request: HttpRequest, response: HttpResponse, item: str, serial: str, said: SaidIdentifier
) -> Any:
    """Give a unit a further number."""
    records.add_identifier(who(request), _row(item, serial), said.type, said.value)
    return tagged(response, _shown(request, item, serial))


@units.delete(
    "/units/{item}/{path:serial}/identifiers/{type}/{path:value}", takes="register", answers=None, status=204
)
def remove_identifier(request: HttpRequest, item: str, serial: str, type: str, value: str) -> None:  # noqa: A002
    """Take a further number off a unit."""
    records.remove_identifier(who(request), _row(item, serial), type, value)


@units.get(
    "/units/{item}/{path:serial}",
    takes="look",
    answers=Unit,
    query={
        "as_of": {"type": "string", "description": "A day (its end) or a moment: the unit as it was then."}
    },
)
def read(request: HttpRequest, response: HttpResponse, item: str, serial: str) -> Any:
    """One unit, now or as of a date."""
    as_of = read_date(text_said(request, "as_of"), "as_of")
    if as_of is None:
        return tagged(response, _shown(request, item, serial))
    row = _row(item, serial)
    return tagged(response, _then(request, row, moment_of(as_of, site=site(), now=timezone.now())))


def _then(request: HttpRequest, row: Any, at: datetime) -> dict[str, Any]:
    user, state = who(request), state_at(row.key, at)
    said: dict[str, Any] = {"item": row.item.code, "serial": row.serial, "as_of": at}
    if state is None:
        return said
    named = ("location", "holder", "owner", "supplier", "customer")
    said |= {name: other.code if (other := getattr(state, name)) else None for name in named}
    said["parent"] = None
    if state.parent is not None:
        parent = unit_card(
            item_id=state.parent.item_id,
            serial=state.parent.serial,
            see_cost=False,
            see_price=False,
            whole=False,
        )
        assert parent is not None, "a movement names it"
        said["parent"] = {"item": parent.unit.item.code, "serial": state.parent.serial}
    said["warranty_until"] = state.warranty_until
    if may(user, "see_cost"):
        said["cost"] = money(state.cost)
    if may(user, "see_price"):
        said["price"] = money(state.price)
    return said


@units.patch("/units/{item}/{path:serial}", takes="register", answers=Unit)
def change(request: HttpRequest, response: HttpResponse, item: str, serial: str, said: ChangedUnit) -> Any:
    """Change what is said of a unit's record, and leave the rest; the old values stay in its history."""
    fields = _fields(said)
    reason, custom = fields.pop("reason", ""), fields.pop("custom", None)
    with unchanged(request, _row(item, serial), lambda _row: _shown(request, item, serial)) as row:
        records.change_record(who(request), row, reason=reason, **fields)
        if custom:
            set_values(who(request), {row.key: custom}, reason=reason)
        return tagged(response, _shown(request, item, serial))


listed(units, "/marks", LISTINGS["marks"])


@units.post("/marks", takes="mark", answers=Marked)
def mark(request: HttpRequest, said: SaidMarks) -> Any:
    """Set a mark on units, on all of them or on none: held, lost, stolen …"""
    return _marked(request, said, marking.set_mark)


@units.post("/marks/clear", takes="mark", answers=Marked)
def clear_mark(request: HttpRequest, said: SaidMarks) -> Any:
    """Clear a mark from units, from all of them or from none."""
    return _marked(request, said, marking.clear_mark)


def _marked(request: HttpRequest, said: SaidMarks, do: Callable[..., int]) -> Any:
    keys = _keys(said.units)
    try:
        return {"mark": said.mark, "units": do(who(request), keys, _mark(said.mark), said.reason)}
    except Refusal as refusal:
        raise first_of(_by_serial(one, keys) for one in refusal.all) from None


def _by_serial(refusal: Refusal, keys: Mapping[UUID, NamedUnit]) -> Refusal:
    """Unknown units by what they were called: the ledger was asked by their keys."""
    if not isinstance(refusal, UnknownSerial):
        return type(refusal)(refusal.cases, also=(), **refusal.facts)
    named = (keys[UUID(case.note)] for case in refusal.cases)
    return UnknownSerial(Case(serial=one.serial, item=one.item) for one in named)


def _mark(code: str) -> Mark:
    try:
        return mark_named(code)
    except KeyError:
        raise Invalid(field="mark", reason="unknown", value=code[:40]) from None


def _keys(said: Sequence[NamedUnit]) -> dict[UUID, NamedUnit]:
    """The units by their keys, which follow from item and serial: none is looked up."""
    items = items_by_code({one.item for one in said})
    if unknown := [one for one in said if one.item not in items]:
        raise NotFound(what="item", name=unknown[0].item)
    found = {unit_key(items[one.item].uid, tidy(one.serial)): one for one in said}
    if len(found) == len(said):
        return found
    raise Problem("misread", "A unit is named twice.", field="units")
