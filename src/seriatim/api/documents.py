"""Documents: written, looked up, previewed, posted, reversed. The shape is that of ``exchange.drafting``.

The document's ``id`` is made by whoever sends it: the same id with the same content is answered alike, however often
it is sent, with other content it is refused. So a document needs no Idempotency-Key, but takes one.
"""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Path
from pydantic import Field

from seriatim.accounts.services import may
from seriatim.api.accepting import Form, form_of, streamed
from seriatim.api.lists import listed
from seriatim.api.operations import BY_KIND, Resource
from seriatim.api.problems import OneProblem, Problem, told_of
from seriatim.api.records import tagged, unchanged, who
from seriatim.api.values import (
    MOST_32,
    Day,
    Flag,
    Id,
    Moment,
    Money,
    Quantity,
    Said,
    SaidAmount,
    Shown,
    Text,
    left_out,
)
from seriatim.catalog.selectors import item_by_code, items_by_code, locations_by_code, party_by_code
from seriatim.documents import services
from seriatim.documents.preview import SerialPreview, preview
from seriatim.exchange.drafting import draft_from, read_date, typed_serials
from seriatim.kernel import amounts
from seriatim.kernel.refusals import NotFound
from seriatim.reports.document_record import document_named, document_record, document_serials
from seriatim.reports.lists import LISTINGS, MOST, PAGE
from seriatim.series.selectors import base_of_item

documents = Resource("Documents")

Position = Annotated[int, Path(ge=1, le=MOST_32)]

_DATE = "A day or a moment in ISO 8601; without an offset in the site's time zone; left out: now, when it is posted."


class SaidUnit(Said):
    """What is said of one unit of a line, where it differs from the line's own values."""

    serial: Text
    unit_cost: SaidAmount | None = left_out()
    unit_price: SaidAmount | None = left_out()
    lot: Text | None = left_out()
    warranty_until: Text | None = left_out("A day, as 2028-11-20.")
    identifiers: dict[str, Text | None] | None = left_out("Further numbers by type: imei, mac, asset_tag …")
    custom: dict[str, Any] | None = left_out("Custom fields of the unit by name.")
    right_serial: Text | None = left_out("In a correction: the serial that takes this one's place.")
    parent_serial: Text | None = left_out("In an assembly: the unit that this component goes into.")


class SaidLine(Said):
    """A line: an item, how many, from where to where, and the serials."""

    item: Text = Field(description="The item's code.")
    from_: Text | None = Field(None, alias="from", description="The location that it comes from.")
    to: Text | None = left_out("The location that it goes to.")
    serials: list[Text] | Text | None = left_out(
        "Serial numbers, one each; or a text: one per line, with commas, or ranges as A-001..A-100."
    )
    quantity: SaidAmount | None = left_out("How many; left out: as many as there are serials.")
    unit_cost: SaidAmount | None = left_out("Of each.")
    unit_price: SaidAmount | None = left_out("Of each.")
    role: Text | None = left_out("Where the kind has several sorts of lines: component, output …")
    lot: Text | None = left_out()
    reference: Text | None = left_out("The line's number on the other side: of a purchase order …")
    missing: Text | None = left_out("What to do about missing serials: generate, wait or refuse.")
    source_line: Id | None = left_out("The id of the line that this one is for: billed, returned, allocated.")
    supplier: Text | None = left_out("Who it was bought from, in an opening stock.")
    parent_item: Text | None = left_out()
    parent_serial: Text | None = left_out()
    units: list[SaidUnit] | None = left_out("Units with more to say of each; with or without ``serials``.")


class SaidDocument(Said):
    """A document, as it is sent."""

    id: UUID | None = left_out("Made by whoever sends it; the same again is the same document.")
    kind: Text = Field(description="purchase_receipt, delivery_note, transfer …")
    party: Text | None = left_out("The code of the supplier, customer …")
    date: Text | None = left_out(_DATE)
    reference: Text | None = left_out("Their number, or that of your own system; findable.")
    note: Text | None = left_out()
    due_date: Text | None = left_out("Of a loan: the day on which it is due back.")
    override_reason: Text | None = left_out("Why a proof of sale or supplier is overridden; takes a right.")
    with_stock: Text | None = left_out("Of a bill or invoice: pending or posted, if it moves the goods too.")
    confirm_twins: Flag = left_out("Serials that look like others are meant as they are.")
    block: Id | None = left_out("The block that numbers are drawn from.")
    via: Text | None = left_out("Of a transfer: the transit location by way of which it goes.")
    lines: list[SaidLine]
    post: Flag = left_out("Post it at once.")
    pending: Flag = left_out("Confirm it at once: numbered, its outgoing units reserved.")
    rest: Text | None = left_out("Where less came than was expected: pending or short.")


class Line(Shown):
    """A line, with how many serials it names."""

    id: int
    position: int
    role: str
    item: str
    from_: str | None = Field(alias="from")
    to: str | None
    quantity: Quantity
    expected: Quantity | None = Field(description="What was promised when it was confirmed.")
    serials: int = Field(description="How many; which, is at /documents/{name}/serials.")
    missing: str
    lot: str
    reference: str
    source_line: int | None
    supplier: str | None
    parent_item: str | None
    parent_serial: str
    unit_cost: Money | None = None
    unit_price: Money | None = None


class Document(Shown):
    """A document with its lines. Costs and prices are absent for whoever may not see them."""

    id: UUID
    number: str | None
    kind: str
    state: str
    party: str | None
    date: Moment | None
    reference: str
    note: str
    due_date: Day | None
    override_reason: str
    with_stock: str
    confirm_twins: bool
    block: int | None
    made_by: str | None = Field(description="The document that made this one.")
    continues: str | None = Field(description="The document whose rest this one carries on.")
    reverse_reason: str
    created_by: str | None
    created_at: Moment | None
    confirmed_by: str | None
    confirmed_at: Moment | None
    posted_by: str | None
    posted_at: Moment | None
    reversed_by: str | None
    reversed_at: Moment | None
    cancelled_by: str | None
    cancelled_at: Moment | None
    lines: list[Line]


class SerialOfLine(Shown):
    """A serial number on a line of a document."""

    line: int
    item: str
    serial: str


class SerialsPage(Shown):
    """Serial numbers of a document, in its order."""

    rows: list[SerialOfLine]
    next: str | None


class Misread(Shown):
    """A part of a list of serials that cannot be read, or comes twice."""

    text: str
    detail: str


class There(Shown):
    """A serial that exists, and where it is."""

    serial: str
    place: str
    holder: str


class Twin(Shown):
    """A new serial that looks like another one."""

    serial: str
    twin: str
    place: str


class InBlock(Shown):
    """Serials that belong to a block."""

    block: int
    holder: str
    count: int
    theirs: bool


class LinePreview(Shown):
    """What the serials of a line would meet, if it were posted now."""

    position: int
    item: str
    count: int
    bad: int = Field(description="How many would be refused, as far as can be told without posting.")
    needs_confirmation: bool
    malformed: list[Misread]
    doubled: list[Misread]
    in_stock: list[There]
    elsewhere: list[There]
    outside: list[There]
    registered: list[str]
    unknown: list[str]
    twins: list[Twin]
    blocks: list[InBlock]
    fits_series: int


class DocumentPreview(Shown):
    """What a document would meet. Nothing is written."""

    bad: int
    needs_confirmation: bool
    lines: list[LinePreview]


class Tried(Shown):
    """What posting would be refused for, in the order of precedence; nothing, if it would be posted."""

    refusals: list[OneProblem]


class SaidPosting(Said):
    """How a document is posted."""

    date: Text | None = left_out(_DATE)
    rest: Text | None = left_out("Where less came than was expected: pending or short.")
    confirm_twins: Flag = left_out("Serials that look like others are meant as they are.")


class SaidReversal(Said):
    """How a document is reversed."""

    date: Text | None = left_out(_DATE)
    reason: Text | None = left_out()


class SaidReason(Said):
    """Why."""

    reason: Text | None = left_out()


class SaidAmendment(Said):
    """What really came, or is to go, on a line."""

    serials: list[Text] | Text | None = left_out("In place of those that the line names.")
    quantity: SaidAmount | None = left_out("Left out: as many as there are serials.")


def _shows(request: HttpRequest) -> Any:
    user = who(request)
    see_cost, see_price = may(user, "see_cost"), may(user, "see_price")

    def show(document: Any) -> dict[str, Any]:
        # Read afresh: a service gives back the row, and its lines may be others now.
        return document_record(document_named(str(document.pk)), see_cost=see_cost, see_price=see_price)

    return show


def shown_document(request: HttpRequest, response: HttpResponse, document: Any) -> Any:
    """The document as it is now, with its version and address."""
    shown = _shows(request)(document)
    return tagged(response, shown, address=f"/api/v1/documents/{document.pk}")


listed(documents, "/documents", LISTINGS["documents"])


@documents.post("/documents", takes=BY_KIND, answers=Document, status=201)
def create(request: HttpRequest, response: HttpResponse, said: SaidDocument) -> Any:
    """Write a document; post it or confirm it at once, if it says so."""
    if said.post and said.pending:
        raise Problem("misread", "Either post or pending.", field="pending")
    user = who(request)
    draft = draft_from(request.said)  # type: ignore[attr-defined]  # as it was sent; read by the frame
    if said.post:
        document = services.submit(user=user, draft=draft, rest=said.rest or "")
    elif said.pending:
        document = services.announce(user=user, draft=draft)
    else:
        document = services.create(user=user, draft=draft)
    return shown_document(request, response, document)


@documents.post("/documents/preview", takes="look", answers=DocumentPreview)
def preview_(request: HttpRequest, said: SaidDocument) -> Any:
    """Say what the serials of a document would meet: bad, doubled, in stock, elsewhere, unknown. Writes nothing."""
    items = items_by_code({line.item for line in said.lines})
    places = locations_by_code({code for line in said.lines for code in (line.from_, line.to) if code})
    party = party_by_code(said.party) if said.party else None
    lines = []
    for position, line in enumerate(said.lines, start=1):
        if line.item not in items:
            raise NotFound(what="item", name=line.item)
        for code in (line.from_, line.to):
            if code and code not in places:
                raise NotFound(what="location", name=code)
        found = preview(
            item=items[line.item],
            entry=line.serials or "",
            kind=said.kind,
            location=places.get(line.from_ or "") or places.get(line.to or ""),
            party=party,
            block=said.block,
        )
        lines.append(_preview(position, line.item, found))
    return {
        "bad": sum(line["bad"] for line in lines),
        "needs_confirmation": any(line["needs_confirmation"] for line in lines),
        "lines": lines,
    }


def _preview(position: int, item: str, found: SerialPreview) -> dict[str, Any]:
    def misread(problems: Any) -> list[dict[str, str]]:
        return [{"text": str(one.data.get("text", "")), "detail": one.message} for one in problems]

    def there(rows: Any) -> list[dict[str, str]]:
        return [{"serial": row.serial, "place": row.place, "holder": row.holder} for row in rows]

    return {
        "position": position,
        "item": item,
        "count": found.count,
        "bad": found.bad,
        "needs_confirmation": found.needs_confirmation,
        "malformed": misread(found.malformed),
        "doubled": misread(found.doubled),
        "in_stock": there(found.in_stock),
        "elsewhere": there(found.elsewhere),
        "outside": there(found.outside),
        "registered": found.registered,
        "unknown": found.unknown,
        "twins": [{"serial": one.serial, "twin": one.twin, "place": one.place} for one in found.twins],
        "blocks": [
            {"block": one.block, "holder": one.holder, "count": one.count, "theirs": one.theirs}
            for one in found.blocks
        ],
        "fits_series": found.fits_series,
    }


@documents.get(
    "/documents/{name}/serials",
    takes="look",
    answers=SerialsPage,
    streams=True,
    query={
        "cursor": {"type": "string", "description": "The next of an answer."},
        "limit": {"type": "integer", "minimum": 1, "maximum": MOST, "default": PAGE},
    },
)
def serials(request: HttpRequest, name: str) -> Any:
    """The serial numbers that a document names, those that the series gave it included."""
    form, document = form_of(request), document_named(name)
    if form is not Form.JSON:
        rows = (_serial(row) for row in document_serials(document))
        return streamed(form, rows, ("line", "item", "serial"))
    after = _number(request.GET.get("cursor") or "0", "cursor", 0, MOST_32)
    limit = _number(request.GET.get("limit") or str(PAGE), "limit", 1, MOST)
    found: list[dict[str, Any]] = []
    for row in document_serials(document, after=after):
        if len(found) == limit:
            return {"rows": found, "next": str(after + limit)}
        found.append(_serial(row))
    return {"rows": found, "next": None}


def _serial(row: Any) -> dict[str, Any]:
    return {"line": row.line, "item": row.item, "serial": row.serial}


def _number(text: str, field: str, least: int, most: int) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 10 and least <= int(text) <= most:
        return int(text)
    raise Problem("misread", f"{field} is a number from {least} to {most}.", field=field)


@documents.get("/documents/{name}", takes="look", answers=Document)
def read(request: HttpRequest, response: HttpResponse, name: str) -> Any:
    """One document, by its number or its id."""
    return tagged(response, _shows(request)(document_named(name)))


@documents.put("/documents/{name}", takes=BY_KIND, answers=Document)
def change(request: HttpRequest, response: HttpResponse, name: str, said: SaidDocument) -> Any:
    """Replace what a draft says; its id and kind stay."""
    with unchanged(request, document_named(name), _shows(request)) as document:
        if said.id not in (None, document.pk):
            raise Problem("misread", "The id stays: leave it out, or say the same.", field="id")
        draft = draft_from({**request.said, "id": str(document.pk)})  # type: ignore[attr-defined]  # see create
        changed = services.change(user=who(request), document_id=document.pk, draft=draft)
        return shown_document(request, response, changed)


@documents.patch("/documents/{name}/lines/{position}", takes=BY_KIND, answers=Document)
def amend(
    request: HttpRequest, response: HttpResponse, name: str, position: Position, said: SaidAmendment
) -> Any:
    """Say what really came, or is to go, on a line of a draft or pending document; what it promised stays."""
    with unchanged(request, document_named(name), _shows(request)) as document:
        changed = services.amend(
            user=who(request),
            document_id=document.pk,
            line=position,
            serials=_serials(said.serials, document, position),
            quantity=_quantity(said.quantity),
        )
        return shown_document(request, response, changed)


def _serials(said: list[str] | str | None, document: Any, position: int) -> list[str] | None:
    """The serials as they are said; in a text, ranges count as the item's series does."""
    if said is None or isinstance(said, list):
        return said
    lines = document_record(document, see_cost=False, see_price=False)["lines"]
    item = next((line["item"] for line in lines if line["position"] == position), None)
    if item is None:
        raise NotFound(what="line", name=str(position))
    return typed_serials(said, item=item, base=base_of_item(item_by_code(item).pk))


def _quantity(said: Any) -> int | None:
    if said is None:
        return None
    try:
        found = amounts.quantity(str(said))
    except amounts.AmountInvalid as error:
        raise Problem("misread", f"{error}.", field="quantity") from None
    if found < 0:
        raise Problem("misread", "It is less than nothing.", field="quantity")
    return found


@documents.post("/documents/{name}/preview", takes=BY_KIND, answers=Tried)
def try_(request: HttpRequest, name: str, said: SaidPosting | None = None) -> Any:
    """Say what posting a draft or pending document would be refused for, all of it. Writes nothing."""
    said = said or SaidPosting()
    refusal = services.problems(
        user=who(request),
        document_id=document_named(name).pk,
        rest=said.rest or "",
        confirm_twins=bool(said.confirm_twins),
    )
    return {"refusals": [] if refusal is None else [told_of(one) for one in refusal.all]}


@documents.post("/documents/{name}/confirm", takes=BY_KIND, answers=Document)
def confirm(request: HttpRequest, response: HttpResponse, name: str) -> Any:
    """Confirm a draft: it is numbered, and the units that are to go out are reserved for it."""
    document = services.confirm(user=who(request), document_id=document_named(name).pk)
    return shown_document(request, response, document)


@documents.post("/documents/{name}/post", takes=BY_KIND, answers=Document)
def post(request: HttpRequest, response: HttpResponse, name: str, said: SaidPosting | None = None) -> Any:
    """Post a draft or pending document, whole or not at all. What is posted already is answered alike."""
    said = said or SaidPosting()
    document = services.post(
        user=who(request),
        document_id=document_named(name).pk,
        at=read_date(said.date or "", "date"),
        rest=said.rest or "",
        confirm_twins=bool(said.confirm_twins),
    )
    return shown_document(request, response, document)


@documents.post("/documents/{name}/reverse", takes=BY_KIND, answers=Document)
def reverse(request: HttpRequest, response: HttpResponse, name: str, said: SaidReversal | None = None) -> Any:
    """Reverse a posted document: everything goes back. Later documents in the way are listed in order."""
    said = said or SaidReversal()
    document = services.reverse(
        user=who(request),
        document_id=document_named(name).pk,
        at=read_date(said.date or "", "date"),
        reason=said.reason or "",
    )
    return shown_document(request, response, document)


@documents.post("/documents/{name}/cancel", takes=BY_KIND, answers=Document)
def cancel(request: HttpRequest, response: HttpResponse, name: str, said: SaidReason | None = None) -> Any:
    """Cancel a draft or pending document: what it reserved is free again."""
    reason = (said.reason if said else None) or ""
    document = services.cancel(user=who(request), document_id=document_named(name).pk, reason=reason)
    return shown_document(request, response, document)
