"""Taking scans back and answering them. Rows stay, and say who did so; one transaction each."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import BigIntegerField, F, Q
from django.utils import timezone

from seriatim.accounts.models import User
from seriatim.catalog.models import Tracking
from seriatim.documents.lines import open_document
from seriatim.documents.models import Document, Line, LineUnit, Scan
from seriatim.documents.scan_models import Verdict
from seriatim.documents.scans.judging import judge, paper_of
from seriatim.documents.scans.keeping import LOT, NUMBER, Facts, follow, was, without
from seriatim.documents.scans.progress import current_line, lines_of, progress
from seriatim.documents.scans.values import Answer
from seriatim.documents.transactions import one_transaction
from seriatim.kernel import refusals
from seriatim.kernel.amounts import ONE
from seriatim.kernel.refusals import Case

#: Rows of one statement.
_ROWS = 500


@one_transaction
def undo_last(*, user: User, document_id: UUID, device: str = "") -> Answer:
    """Take back what this device scanned last and still counts. With nothing left, nothing happens."""
    document = open_document(user, document_id)
    undone = take_back_last(document, device=device, user=user)
    return Answer(scans=[undone] if undone is not None else [], progress=progress(document, device=device))


@one_transaction
def remove(*, user: User, document_id: UUID, scans: Collection[int], device: str = "") -> Answer:
    """Take scans back, by their ids. Those that are taken back already stay so; a refused one is put away."""
    document = open_document(user, document_id)
    ids = [pk for pk in scans if 0 < pk <= BigIntegerField.MAX_BIGINT]
    rows = list(Scan.objects.filter(document=document, pk__in=ids, undone_at=None).order_by("pk"))
    take_back(rows, user)
    return Answer(scans=rows, progress=progress(document, device=device))


@one_transaction
def forget_lot(*, user: User, document_id: UUID, device: str = "") -> Answer:
    """Put away what was said of the next units that this device scans; what is scanned already keeps it."""
    document = open_document(user, document_id)
    line = current_line(document, lines_of(document), device)
    if line is not None:
        follow(line.pk, device, Facts())
    return Answer(scans=[], progress=progress(document, device=device))


@one_transaction
def answer(*, user: User, document_id: UUID, scan: int, yes: bool, device: str = "") -> Answer:
    """Answer a scan: a near twin is meant (or put away), an alarm was seen.

    A twin is judged again as it is added: somebody may have scanned it elsewhere meanwhile.
    Raises NotFound (scan), DoubledSerial and whatever posting would refuse it for.
    """
    document = open_document(user, document_id)
    row = Scan.objects.filter(document=document, pk=scan).select_related("line__item").first()
    if row is None:
        raise refusals.NotFound(what="scan", name=str(scan))
    if row.answered_at is None and row.undone_at is None:
        if row.verdict == Verdict.ALARM or (row.verdict == Verdict.QUESTION and yes):
            _answered(document, row, user)
        elif row.verdict == Verdict.QUESTION:
            take_back([row], user)
    return Answer(scans=[row], progress=progress(document, device=device))


def take_back_last(document: Document, *, device: str, user: User) -> Scan | None:
    """The undoing itself, in the caller's transaction."""
    kept = Q(verdict=Verdict.TOLD, code__in=[LOT, NUMBER], undone_at__isnull=True)
    rows = Scan.objects.filter(Q(counts=True) | kept, document=document, device=device)
    row = rows.order_by("-id").first()
    if row is not None:
        take_back([row], user)
    return row


def _answered(document: Document, row: Scan, user: User) -> None:
    row.answered_by, row.answered_at = user, timezone.now()
    line = row.line
    if row.verdict == Verdict.QUESTION and line is not None:
        there = Scan.objects.filter(document=document, item=line.item, serial=row.serial, counts=True)
        if there.exists():
            raise refusals.DoubledSerial([Case(serial=row.serial, item=line.item.code, line=line.position)])
        found = judge(paper_of(document, line, user), line, [row.serial])
        if (refused := found.refused.get(row.serial)) is not None:
            raise refusals.BY_CODE[refused.code]([refused.case])
        row.verdict, row.counts, row.quantity = Verdict.ACCEPTED, True, ONE
        row.names_waiting = row.serial in found.names_waiting
        Line.objects.filter(pk=line.pk).update(scanned=F("scanned") + ONE)
    row.save()


def take_back(rows: list[Scan], user: User) -> None:
    """The same for these rows."""
    now = timezone.now()
    less: dict[int, int] = {}
    for row in rows:
        if row.counts and row.line_id is not None:
            less[row.line_id] = less.get(row.line_id, 0) + row.quantity
            row.counts = False
        if row.is_kept:
            _forget(row)
        row.undone_by, row.undone_at = user, now
    Scan.objects.bulk_update(rows, ["counts", "undone_by", "undone_at"], batch_size=500)
    for line, quantity in less.items():
        Line.objects.filter(pk=line).update(scanned=F("scanned") - quantity)
        # What was said of those units alone goes with them.
        serials = [row.serial for row in rows if row.line_id == line and row.serial]
        for start in range(0, len(serials), _ROWS):
            LineUnit.objects.filter(line=line, serial__in=serials[start : start + _ROWS]).delete()


def _forget(row: Scan) -> None:
    """The lot that held before holds again; the further number is the unit's no more."""
    if row.line_id is None:
        return
    if row.code == NUMBER:
        without(row.line_id, row.serial, (row.case or {}).get("identifiers", ()))
    elif row.line is not None and row.line.item.tracking == Tracking.SERIAL:
        follow(row.line_id, row.device, was(row))
    else:
        Line.objects.filter(pk=row.line_id).update(lot="")
