"""Documents posted and reversed, the units that they moved, and what of them waits for numbers: from the feed."""

from collections.abc import Iterator, Sequence

from seriatim.documents import feed
from seriatim.documents.feed_models import Happened
from seriatim.documents.models import Document, Line
from seriatim.kernel.amounts import quantity_text
from seriatim.ledger.models import Balance, Movement
from seriatim.webhooks.collecting import Happening
from seriatim.webhooks.sources.units import described, in_parts

EVENTS = ("document.posted", "document.reversed", "unit.disposition_changed", "allocation.waiting")
#: Entries read at a time.
_LIMIT = 200


def read_on(read: int, wanted: frozenset[str]) -> tuple[int, Iterator[Happening]]:
    """The entries of the feed behind a number."""
    if not wanted:
        return feed.last_number(), iter(())
    entries = feed.entries(after=read, limit=_LIMIT)
    return (entries[-1].number if entries else read), _told(entries, wanted)


def _told(entries: Sequence[feed.Entry], wanted: frozenset[str]) -> Iterator[Happening]:
    papers = Document.objects.select_related("party").in_bulk({entry.document for entry in entries})
    for entry in entries:
        paper = papers[entry.document]
        about = {
            "id": str(paper.pk),
            "number": paper.number,
            "kind": paper.kind,
            "state": entry.what.value,
            "party": paper.party.code if paper.party else None,
            "date": paper.happened_at.isoformat() if paper.happened_at else None,
            "reference": paper.reference,
            "feed": entry.number,
        }
        moment = (
            paper.reversed_at if entry.what is Happened.REVERSED else paper.posted_at
        ) or paper.created_at
        if f"document.{entry.what}" in wanted:
            yield Happening(
                name=f"document.{entry.what}",
                key=f"feed:{entry.number}",
                happened_at=moment,
                data={"document": about},
            )
        lines = list(Line.objects.filter(document=paper).values_list("pk", flat=True))
        if "unit.disposition_changed" in wanted:
            keys = (
                Movement.objects.filter(line_id__in=lines)
                .order_by("unit_id")
                .values_list("unit_id", flat=True)
            )
            for part, units in enumerate(in_parts(keys.distinct().iterator(chunk_size=2_000)), start=1):
                yield Happening(
                    name="unit.disposition_changed",
                    key=f"feed:{entry.number}:units:{part}",
                    happened_at=moment,
                    data={"document": about, "units": described(units)},
                )
        if "allocation.waiting" in wanted and entry.what is Happened.POSTED:
            waiting = Balance.objects.filter(source_line__in=lines, quantity__gt=0)
            goods = [
                {"item": item, "location": place, "quantity": quantity_text(quantity)}
                for item, place, quantity in waiting.order_by("item__code", "location__code").values_list(
                    "item__code", "location__code", "quantity"
                )
            ]
            if goods:
                yield Happening(
                    name="allocation.waiting",
                    key=f"feed:{entry.number}:waiting",
                    happened_at=moment,
                    data={"document": about, "waiting": goods},
                )
