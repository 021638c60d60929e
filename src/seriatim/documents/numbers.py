"""Documents' numbers: per kind and year, without gaps."""

from datetime import datetime

from django.db.models import F

from seriatim.catalog.models import Site
from seriatim.documents.dates import day_of
from seriatim.documents.models import Counter, Document
from seriatim.kernel.kinds import KINDS


def give_number(document: Document, *, site: Site, now: datetime) -> None:
    """Number the document if it has no number yet.

    Called as the last thing before the document is saved: the counter's row stays locked until the commit.
    """
    if document.number is None:
        document.number = next_number(document.kind, KINDS[document.kind].prefix, site=site, now=now)


def next_number(kind: str, prefix: str, *, site: Site, now: datetime) -> str:
    """The next number of a sort of papers in the year; its counter's row stays locked until the commit."""
    year = day_of(now, site=site).year
    counter = Counter.objects.filter(kind=kind, year=year)
    if not counter.update(last=F("last") + 1):
        # The year's first: should somebody else be as fast, there is a counter all the same.
        Counter.objects.bulk_create([Counter(kind=kind, year=year)], ignore_conflicts=True)
        counter.update(last=F("last") + 1)
    last = counter.values_list("last", flat=True).get()
    return f"{prefix}-{year}-{last:05d}"
