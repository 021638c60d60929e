"""The change feed: every posting and reversal, in an order that never changes, none missed.

Posting writes an entry without a number, so that it waits for nobody. Whoever reads gives numbers to the entries
that are committed and have none yet, one reader after the other: what a reader has seen stays before whatever it
sees later, and an entry that commits late comes late, but comes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import F

from seriatim.documents.feed_models import FeedEnd, FeedEntry, Happened
from seriatim.documents.models import Document

#: Entries numbered in one transaction: after an upgrade there may be a million of them.
BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, with its place in the feed."""

    number: int
    document: UUID
    what: Happened


def tell(document: Document, what: Happened) -> None:
    """Write down what happens to a document, in the transaction in which it happens."""
    FeedEntry.objects.create(document=document, what=what)


def entries(*, after: int = 0, limit: int = 1_000) -> Sequence[Entry]:
    """The entries behind a number, in order; fewer than ``limit`` only at the present end of the feed."""
    give_numbers()
    rows = FeedEntry.objects.filter(number__gt=after).order_by("number")
    return [
        Entry(number, document, Happened(what))
        for number, document, what in rows.values_list("number", "document_id", "what")[:limit]
        if number is not None
    ]


def last_number() -> int:
    """The number of the last entry."""
    give_numbers()
    return FeedEnd.objects.values_list("last", flat=True).get()


def give_numbers() -> int:
    """Give every committed entry that has none its number. Returns how many those were."""
    given = 0
    # Looked at first without any lock: mostly there is nothing to do.
    while FeedEntry.objects.filter(number__isnull=True).exists():
        batch = _give_batch()
        given += batch
        if batch == 0:
            # Another reader was faster.
            break
    return given


@transaction.atomic
def _give_batch() -> int:
    # The row is held until this commits: no other reader numbers meanwhile, and none sees a number whose
    # predecessors it cannot see.
    FeedEnd.objects.filter(pk=1).update(last=F("last"))
    last = FeedEnd.objects.values_list("last", flat=True).get()
    fresh = list(FeedEntry.objects.filter(number__isnull=True).order_by("id")[:BATCH])
    for number, entry in enumerate(fresh, start=last + 1):
        entry.number = number
    FeedEntry.objects.bulk_update(fresh, ["number"], batch_size=500)
    FeedEnd.objects.filter(pk=1).update(last=last + len(fresh))
    return len(fresh)
