"""Whether pending documents hold what they name, and documents are numbered without gaps."""

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from seriatim.documents.models import Counter, Document, Line
from seriatim.kernel.identity import unit_keys
from seriatim.kernel.kinds import KINDS, Leg
from seriatim.kernel.places import SYSTEM, LocationType
from seriatim.kernel.states import State
from seriatim.ledger.models import Unit
from seriatim.ledger.sql import stream
from seriatim.ledger.verify import Check, Difference
from seriatim.ledger.verify.difference import unit_name

BATCH = 5_000


def _reserved() -> Iterator[Difference]:
    query = """
        SELECT u.key, i.code, u.serial, u.reserved_by, d.number, d.state
          FROM ledger_unit u
          JOIN catalog_item i ON i.id = u.item_id
          LEFT JOIN documents_document d ON d.id = u.reserved_by
         WHERE u.reserved_by IS NOT NULL AND (d.id IS NULL OR d.state <> 'pending')
    """
    for key, item, serial, document, number, state in stream(query):
        found = f"{number}, {state}" if state else f"no document {document}"
        yield Difference("reserved_by_nothing", unit_name(item, serial, key), "a pending document", found)


def _reservations() -> Iterator[Difference]:
    """Document by document: which units one names is said in its lines' text, which no database can read."""
    pending = Document.objects.filter(state=State.PENDING).order_by("number")
    for document in pending.iterator(chunk_size=100):
        must: dict[UUID, str] = {}
        may: dict[UUID, str] = {}
        for line in document.lines.select_related("item", "source", "target"):
            named = _named(line)
            may.update(named)
            if named and _holds(document.kind, line):
                must.update({key: named[key] for key in _known(list(named), document)})
        held = dict(Unit.objects.filter(reserved_by=document.pk).values_list("key", "serial"))
        name = str(document.number)
        for key in must.keys() - held.keys():
            yield Difference("reservation_missing", f"{name} {must[key]}", "held for it", "not held for it")
        for key in held.keys() - may.keys():
            yield Difference("reservation_unnamed", f"{name} {held[key]}", "named by it", "not named by it")


def _named(line: Line) -> dict[UUID, str]:
    # Of a line that is being scanned, the text is empty until it is posted; what it holds is what it was confirmed with.
    text = line.serials if line.scanned is None else line.expected_serials
    serials = text.split("\n") if text else []
    return {
        UUID(bytes=key): serial
        for key, serial in zip(unit_keys(line.item.uid, serials), serials, strict=True)
    }


def _known(keys: list[UUID], document: Document) -> Iterator[UUID]:
    # New serials that a line names against waiting goods were no units when it was confirmed: nothing to hold.
    confirmed = {} if document.confirmed_at is None else {"created_at__lte": document.confirmed_at}
    for start in range(0, len(keys), BATCH):
        rows = Unit.objects.filter(key__in=keys[start : start + BATCH], **confirmed)
        yield from rows.values_list("key", flat=True)


def _holds(kind: str, line: Line) -> bool:
    """Whether every way that the line may mean holds its units."""
    legs = [leg for leg in KINDS[kind].legs if leg.role == line.role and _fits(leg, line)]
    return bool(legs) and all(leg.reserves for leg in legs)


def _fits(leg: Leg, line: Line) -> bool:
    if line.source is not None and LocationType(line.source.type) not in leg.source:
        return False
    if line.target is None:
        return bool(leg.target & SYSTEM)
    return LocationType(line.target.type) in leg.target


def _numbers() -> Iterator[Difference]:
    given: dict[tuple[str, int], list[int]] = defaultdict(list)
    rows = Document.objects.filter(number__isnull=False).values_list("kind", "number")
    for kind, number in rows.iterator(chunk_size=BATCH):
        prefix, _, rest = str(number).partition("-")
        in_year, _, count = rest.partition("-")
        if prefix != KINDS[kind].prefix or not (in_year.isdigit() and count.isdigit()):
            yield Difference("number_wrong", str(number), f"{KINDS[kind].prefix}-year-count", str(number))
            continue
        given[kind, int(in_year)].append(int(count))
    # Others than documents are numbered too.
    counters = Counter.objects.filter(kind__in=list(KINDS)).values_list("kind", "year", "last")
    last = {(kind, year): count for kind, year, count in counters}
    for kind, year in sorted(given.keys() | last.keys()):
        counts, counter = given[kind, year], last.get((kind, year), 0)
        if len(counts) != counter or max(counts, default=0) != counter:
            subject = f"{KINDS[kind].prefix}-{year}"
            found = f"{len(counts)} up to {max(counts, default=0)}"
            yield Difference("number_gap", subject, f"{counter} up to {counter}", found)


CHECKS = (
    Check("units held", ("reserved_by_nothing",), _reserved),
    Check("units held for pending documents", ("reservation_missing", "reservation_unnamed"), _reservations),
    Check("numbers of documents", ("number_wrong", "number_gap"), _numbers),
)
