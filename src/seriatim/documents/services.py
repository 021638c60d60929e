"""What can be done with documents, from every door. Keyword-only, one transaction each, all or nothing."""

from datetime import date, datetime
from uuid import UUID, uuid5

from django.db.models import F, Q
from django.utils import timezone

from seriatim.accounts.models import User
from seriatim.accounts.services import require
from seriatim.catalog.models import Site
from seriatim.documents import serializing
from seriatim.documents.access import require_document
from seriatim.documents.dates import moment_of
from seriatim.documents.drafts import DocumentDraft
from seriatim.documents.generating import leaves_numbers_ahead, take_ahead, wants_numbers_ahead
from seriatim.documents.models import Document, Line, Scan
from seriatim.documents.paper import Paper, get, serials_of
from seriatim.documents.planning import routes_of
from seriatim.documents.posting import confirm_document, post_document, refuse_state
from seriatim.documents.reversal import reverse_document
from seriatim.documents.scans.folding import forget, take_up
from seriatim.documents.transactions import one_transaction
from seriatim.documents.writing import normalised, write_document, write_lines
from seriatim.kernel import refusals
from seriatim.kernel.amounts import ONE
from seriatim.kernel.kinds import KINDS
from seriatim.kernel.refusals import Case
from seriatim.kernel.states import Action, State, allowed
from seriatim.ledger import posting as ledger
from seriatim.series.taking import give_up


@one_transaction
def create(*, user: User, draft: DocumentDraft) -> Document:
    """Write a draft. The same id with the same content answers the same document again.

    Raises NotPermitted, Invalid, NotFound, IdConflict, MalformedSerial, DoubledSerial.
    """
    return _create(user, draft)


def submit(*, user: User, draft: DocumentDraft, rest: str = "") -> Document:
    """Create and post, all or nothing; sent twice, it answers the same and does nothing twice."""
    if not wants_numbers_ahead(draft):
        return _submit(user=user, draft=draft, rest=rest)
    known = Document.objects.filter(pk=draft.id).exists()
    document = create(user=user, draft=draft)
    if document.state in (State.POSTED, State.REVERSED):
        return document
    try:
        return post(user=user, document_id=document.id, rest=rest)
    except refusals.Refusal:
        if not known:
            _discard(document.id)
        raise


@one_transaction
def _submit(*, user: User, draft: DocumentDraft, rest: str) -> Document:
    document = _create(user, draft)
    if document.state not in (State.POSTED, State.REVERSED):
        post_document(document, Paper.read(document, user=user), rest_to=rest)
    return document


@one_transaction
def _discard(document_id: UUID) -> None:
    """Take away a draft that was written only to be posted, and was refused."""
    Document.objects.filter(pk=document_id, state=State.DRAFT).delete()


@one_transaction
def announce(*, user: User, draft: DocumentDraft) -> Document:
    """Create and confirm in one transaction: a pending document."""
    document = _create(user, draft)
    if document.state == State.DRAFT:
        confirm_document(document, Paper.read(document, user=user))
    return document


@one_transaction
def change(*, user: User, document_id: UUID, draft: DocumentDraft) -> Document:
    """Replace what a draft says; the id and the kind stay."""
    document = _locked(document_id)
    if document.state != State.DRAFT:
        raise refusals.WrongState(state=document.state, action=Action.CHANGE, number=document.number or "")
    require(user, KINDS[document.kind].right)
    if draft.kind != document.kind:
        raise refusals.Invalid(field="kind", value=draft.kind, reason="cannot change")
    document.lines.all().delete()
    give_up(document.id)
    write_document(document, draft, now=timezone.now(), new=False)
    write_lines(document, draft)
    return document


@one_transaction
def amend(
    *, user: User, document_id: UUID, line: int, serials: list[str] | None = None, quantity: int | None = None
) -> Document:
    """Say what really came, or is to go, on a line (by position) of a draft or pending document.

    The line's expectation stays. Units that a pending document names are held for it afresh. ``quantity`` None
    counts the serials.
    """
    document = _locked(document_id)
    refuse_state(document, Action.CHANGE)
    require(user, KINDS[document.kind].right)
    require_document(user, document)
    row = document.lines.filter(position=line).first()
    if row is None:
        raise refusals.NotFound(what="line", name=str(line))
    if serials is not None:
        row.serials = "\n".join(normalised(serials, position=line))
        forget([row])
        row.scanned = None
    elif row.scanned is not None:
        take_up([row])
    row.quantity = quantity if quantity is not None else len(serials_of(row)) * ONE
    row.save(update_fields=["serials", "quantity", "scanned"])
    if document.state == State.PENDING:
        ledger.release(document.id)
        document.state = State.DRAFT
        paper = Paper.read(document, user=user)
        promised = {one.pk: (one.expected, one.expected_serials) for one in paper.lines}
        confirm_document(document, paper)
        for one in paper.lines:
            one.expected, one.expected_serials = promised[one.pk]
        Line.objects.bulk_update(paper.lines, ["expected", "expected_serials"], batch_size=500)
    return document


@one_transaction
def confirm(*, user: User, document_id: UUID) -> Document:
    """Draft → pending: numbered, its named outgoing units held for it."""
    document = _locked(document_id)
    confirm_document(document, Paper.read(document, user=user))
    return document


def post(
    *,
    user: User,
    document_id: UUID,
    at: datetime | date | None = None,
    rest: str = "",
    confirm_twins: bool = False,
) -> Document:
    """Post a draft or pending document. ``rest``: "pending" or "short" where less came than was expected.

    ``confirm_twins``: serials that look like others are meant as they are.
    ``at`` says when it happened, where that was neither when the document says nor now. Posting what is posted
    already answers the same: an answer that was lost may be asked for again.
    """
    if leaves_numbers_ahead(document_id):
        _take_ahead(user=user, document_id=document_id)
    return _post(user=user, document_id=document_id, rest=rest, at=at, confirm_twins=confirm_twins)


@one_transaction
def _take_ahead(*, user: User, document_id: UUID) -> None:
    document = _locked(document_id)
    if allowed(Action.POST, document.state):
        require(user, KINDS[document.kind].right)
        paper = Paper.read(document, user=user)
        take_ahead(paper, routes_of(paper))


@one_transaction
def _post(
    *, user: User, document_id: UUID, rest: str, at: datetime | date | None, confirm_twins: bool
) -> Document:
    document = _locked(document_id)
    if document.state != State.POSTED:
        if confirm_twins:
            _confirm_twins(document)
        if at is not None:
            document.happened_at = moment_of(at, site=Site.objects.get(), now=timezone.now())
        _settle(document, rest)
        post_document(document, Paper.read(document, user=user), rest_to=rest)
    return document


def problems(
    *, user: User, document_id: UUID, rest: str = "", confirm_twins: bool = False
) -> refusals.Refusal | None:
    """Everything that posting would refuse now, or None: it is posted for a try, and taken back."""
    try:
        _try(user=user, document_id=document_id, rest=rest, confirm_twins=confirm_twins)
    except _Tried:
        return None
    except refusals.Refusal as refusal:
        return refusal
    raise AssertionError("a try was kept")


class _Tried(Exception):
    """Takes a posting back that was only tried."""


@one_transaction
def _try(*, user: User, document_id: UUID, rest: str, confirm_twins: bool) -> None:
    document = _locked(document_id)
    document.confirm_twins = document.confirm_twins or confirm_twins
    _settle(document, rest)
    post_document(document, Paper.read(document, user=user), rest_to=rest)
    raise _Tried


@one_transaction
def cancel(*, user: User, document_id: UUID, reason: str = "") -> Document:
    """Draft or pending → cancelled; frees what it held."""
    document = _locked(document_id)
    if document.state == State.CANCELLED:
        return document
    refuse_state(document, Action.CANCEL)
    require(user, KINDS[document.kind].right)
    require_document(user, document)
    ledger.release(document.id)
    document.state = State.CANCELLED
    document.cancelled_by, document.cancelled_at = user, timezone.now()
    document.note = f"{document.note}\n{reason}".strip()
    document.save()
    return document


@one_transaction
def reverse(
    *, user: User, document_id: UUID, at: datetime | date | None = None, reason: str = ""
) -> Document:
    """Posted → reversed: the opposite movements, if nothing later stands in the way (LaterDocuments lists it)."""
    document = _locked(document_id)
    if document.state != State.REVERSED:
        reverse_document(document, user=user, at=at, reason=reason)
    return document


def _settle(document: Document, rest: str) -> None:
    """What lines come to that were left to scanning: of a draft, those on which nothing was scanned are left out."""
    if rest:
        # What was promised and not scanned has not come, whatever the line still says.
        document.lines.filter(scanned__lt=F("quantity"), expected__isnull=False).update(quantity=F("scanned"))
    if document.state != State.DRAFT:
        return
    nothing = Q(quantity=0, serials="", expected__isnull=True) & (Q(scanned=0) | Q(scanned__isnull=True))
    empty = document.lines.filter(nothing)
    if empty.exists() and document.lines.exclude(nothing).exists():
        Scan.objects.filter(line__in=empty).update(line=None)
        empty.delete()


def _confirm_twins(document: Document) -> None:
    """Remember that near twins are meant; of a posted document nothing is changed any more."""
    if document.state in (State.DRAFT, State.PENDING) and not document.confirm_twins:
        document.confirm_twins = True
        document.save(update_fields=["confirm_twins"])


def _locked(document_id: UUID) -> Document:
    """The document, with its row taken by this transaction: two who post it at once do so one after the other."""
    Document.objects.filter(pk=document_id).update(state=F("state"))
    return get(document_id)


def _create(user: User, draft: DocumentDraft) -> Document:
    if draft.kind not in KINDS:
        raise refusals.NotFound(what="kind", name=draft.kind)
    require(user, KINDS[draft.kind].right)
    said = draft.content_hash()
    known = Document.objects.filter(pk=draft.id).first()
    if known is not None:
        if known.content_hash != said:
            raise refusals.IdConflict([Case(document=known.number or str(known.id))], id=str(draft.id))
        if draft.confirm_twins:
            _confirm_twins(known)
        return known
    now = timezone.now()
    document = Document(id=draft.id, kind=draft.kind, created_by=user, created_at=now, content_hash=said)
    write_document(document, draft, now=now, new=True)
    write_lines(document, draft)
    if draft.via is not None:
        _second_half(document, draft, user)
    if KINDS[draft.kind].serializes:
        _all_places(document, user)
    return document


def _second_half(document: Document, draft: DocumentDraft, user: User) -> None:
    """A transfer by way of transit: the second one waits as a draft until the first is posted."""
    if draft.kind != "transfer":
        raise refusals.Invalid(field="via", reason="only transfers", value=str(draft.via))
    second = Document(
        id=uuid5(document.id, "arrival"),
        kind=draft.kind,
        created_by=user,
        created_at=document.created_at,
        content_hash="",
        made_by=document,
        reference=draft.reference,
    )
    second.save(force_insert=True)
    lines = list(document.lines.order_by("position"))
    for line in lines:
        line.pk, line.document = None, second
        line.source_id = draft.via
    Line.objects.bulk_create(lines)
    document.lines.update(target_id=draft.via)


def _all_places(document: Document, user: User) -> None:
    """A serialize stock document that names items only is for all of their stock."""
    if document.lines.filter(source__isnull=False).exists():
        return
    paper = Paper.read(document, user=user)
    lines = serializing.lines_for(paper)
    document.lines.all().delete()
    Line.objects.bulk_create(lines)
