"""Documents: written, looked up, previewed, posted, reversed. The shape is that of ``exchange.drafting``.

The document's ``id`` is made by whoever sends it: the same id with the same content is answered alike, however often
it is sent, with other content it is refused. So a document needs no Idempotency-Key, but takes one.
"""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path

from seriatim.accounts.services import may
from seriatim.api.document_shapes import (
    UNITS_OF_DOCUMENT,
    UNITS_OF_LINE,
    Document,
    DocumentPreview,
    SaidAmendment,
    SaidDocument,
    SaidLine,
    SaidPosting,
    SaidReason,
    SaidReversal,
    Tried,
)
from seriatim.api.lists import listed
from seriatim.api.operations import BY_KIND, Resource, Special
from seriatim.api.problems import Problem, told_of
from seriatim.api.records import quantity_said, tagged, unchanged, who
from seriatim.api.values import (
    MOST_32,
)
from seriatim.catalog.selectors import item_by_code, items_by_code, locations_by_code, party_by_code
from seriatim.documents import lines, services
from seriatim.documents.preview import SerialPreview, numbers_refused, preview
from seriatim.exchange.drafting import draft_from, line_from, read_date, typed_serials
from seriatim.kernel.refusals import NotFound, NotPermitted
from seriatim.reports.document_record import document_named, document_record
from seriatim.reports.lists import LISTINGS
from seriatim.series.selectors import base_of_item

documents = Resource("Documents")

Position = Annotated[int, Path(ge=1, le=MOST_32)]


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


_FOLDED = Special(folds=UNITS_OF_DOCUMENT)


@documents.post("/documents", takes=BY_KIND, answers=Document, status=201, special=_FOLDED)
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


@documents.post("/documents/preview", takes="look", answers=DocumentPreview, special=_FOLDED)
def preview_(request: HttpRequest, said: SaidDocument) -> Any:
    """Say what the serials of a document would meet: bad, doubled, in stock, elsewhere, unknown. Writes nothing."""
    items = items_by_code({line.item for line in said.lines})
    places = locations_by_code({code for line in said.lines for code in (line.from_, line.to) if code})
    party = party_by_code(said.party) if said.party else None
    previews, units = [], []
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
        previews.append(_preview(position, line.item, found))
        units.append((items[line.item], _numbers_of(line)))
    wrong = numbers_refused(units)
    named = {(case.line, case.serial) for refusal in wrong for case in refusal.cases}
    return {
        "bad": sum(line["bad"] for line in previews) + len(named),
        "needs_confirmation": any(line["needs_confirmation"] for line in previews),
        "lines": previews,
        "refusals": [told_of(one) for one in wrong],
    }


def _numbers_of(line: SaidLine) -> dict[str, dict[str, str | list[str]]]:
    """The further numbers that a line gives to its units."""
    return {
        unit.serial: {type_: values for type_, values in unit.identifiers.items() if values}
        for unit in line.units or ()
        if unit.identifiers
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


@documents.get("/documents/{name}", takes="look", answers=Document)
def read(request: HttpRequest, response: HttpResponse, name: str) -> Any:
    """One document, by its number or its id."""
    return tagged(response, _shows(request)(document_named(name)))


@documents.put("/documents/{name}", takes=BY_KIND, answers=Document, special=_FOLDED)
def change(request: HttpRequest, response: HttpResponse, name: str, said: SaidDocument) -> Any:
    """Replace what a draft says; its id and kind stay."""
    with unchanged(request, document_named(name), _shows(request)) as document:
        if said.id not in (None, document.pk):
            raise Problem("misread", "The id stays: leave it out, or say the same.", field="id")
        draft = draft_from({**request.said, "id": str(document.pk)})  # type: ignore[attr-defined]  # see create
        changed = services.change(user=who(request), document_id=document.pk, draft=draft)
        return shown_document(request, response, changed)


@documents.post(
    "/documents/{name}/lines",
    takes=BY_KIND,
    answers=Document,
    status=201,
    special=Special(folds=UNITS_OF_LINE),
)
def add_line(request: HttpRequest, response: HttpResponse, name: str, said: SaidLine) -> Any:
    """Put one more line at the end of a draft."""
    with unchanged(request, document_named(name), _shows(request)) as document:
        line = line_from(request.said)  # type: ignore[attr-defined]  # see create
        lines.add_line(user=who(request), document_id=document.pk, line=line)
        return shown_document(request, response, document)


@documents.delete("/documents/{name}/lines/{position}", takes=BY_KIND, answers=None, status=204)
def remove_line(request: HttpRequest, name: str, position: Position) -> None:
    """Take a line off a draft; the others keep their positions."""
    with unchanged(request, document_named(name), _shows(request)) as document:
        lines.remove_line(user=who(request), document_id=document.pk, position=position)


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
            quantity=quantity_said(said.quantity),
        )
        return shown_document(request, response, changed)


def _serials(said: list[str] | str | None, document: Any, position: int) -> list[str] | None:
    """The serials as they are said; in a text, ranges count as the item's series does."""
    if said is None or isinstance(said, list):
        return said
    known = document_record(document, see_cost=False, see_price=False)["lines"]
    item = next((line["item"] for line in known if line["position"] == position), None)
    if item is None:
        raise NotFound(what="line", name=str(position))
    return typed_serials(said, item=item, base=base_of_item(item_by_code(item).pk))


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
    if isinstance(refusal, NotPermitted):
        # Whoever may not post it may not ask either.
        raise refusal
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
