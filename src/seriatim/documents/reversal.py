"""Reversal: the opposite of what a document did, or the list of what stands in the way."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils import timezone

from seriatim.accounts.models import User
from seriatim.accounts.services import require
from seriatim.catalog.models import Site
from seriatim.documents import feed, serializing
from seriatim.documents.access import require_document
from seriatim.documents.dates import moment_of
from seriatim.documents.feed_models import Happened
from seriatim.documents.models import Document, Line
from seriatim.documents.paper import Paper
from seriatim.documents.posting import refuse_state
from seriatim.documents.transactions import undated
from seriatim.kernel import refusals
from seriatim.kernel.kinds import KINDS
from seriatim.kernel.refusals import Case
from seriatim.kernel.states import Action, State
from seriatim.ledger import reversal as ledger
from seriatim.ledger.bulk.later import lines_in_the_way


def reverse_document(
    document: Document, *, user: User, at: datetime | date | None = None, reason: str = ""
) -> None:
    """Write the opposite movements and mark the document. Raises LaterDocuments, naming them in order."""
    refuse_state(document, Action.REVERSE)
    require(user, "reverse")
    require(user, KINDS[document.kind].right)
    now = timezone.now()
    moment = moment_of(at, site=Site.objects.get(), now=now)
    lines = list(document.lines.values_list("pk", flat=True))
    _refuse_later(document, lines)
    paper = Paper.read(document, user=user)
    require_document(user, document)
    with undated(at is None):
        ledger.put_back(lines, moment)
    if KINDS[document.kind].serializes:
        serializing.switch_back(paper)
    document.state = State.REVERSED
    document.reversed_by, document.reversed_at, document.reverse_reason = user, now, reason
    document.save()
    feed.tell(document, Happened.REVERSED)


def _refuse_later(document: Document, lines: Sequence[int]) -> None:
    later = [*lines_in_the_way(lines), *ledger.quantities_in_the_way(lines)]
    # Papers without movements of their own that build on this one: its bill, its pending rest.
    later += Line.objects.filter(source_line__in=lines, document__state=State.POSTED).values_list(
        "pk", flat=True
    )
    rows = Line.objects.filter(pk__in=later).exclude(document=document).select_related("document")
    documents = {row.pk: row.document for row in rows}
    in_order = dict.fromkeys(documents[pk] for pk in later if pk in documents)
    if in_order:
        ordered = sorted(
            in_order, key=lambda other: (other.happened_at or other.created_at, other.number or "")
        )
        raise refusals.LaterDocuments(
            [
                Case(
                    document=other.number or str(other.id),
                    note=(other.happened_at or other.created_at).isoformat(),
                )
                for other in ordered
            ],
            number=document.number or "",
        )
