"""Between a line's scans and its text: the rows while somebody scans, the text when the document is posted."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.utils import timezone

from seriatim.accounts.models import User
from seriatim.documents.models import Document, Line, Scan
from seriatim.documents.scan_models import Origin, Verdict
from seriatim.kernel.amounts import ONE
from seriatim.numbering.serials import fold_many

#: Rows of one statement; and as many as one needs no other way for.
_ROWS = 2_000
_FEW = 40


def take_up(lines: Iterable[Line]) -> dict[int, frozenset[str]]:
    """Give scanned lines the serials and quantities of their scans, in the order scanned. One query for all.

    Returns, for each line, the serials that nobody need be asked about again: near twins that were confirmed.
    """
    scanned = {line.pk: line for line in lines if line.scanned is not None}
    if not scanned:
        return {}
    serials: dict[int, list[str]] = defaultdict(list)
    meant: dict[int, set[str]] = defaultdict(set)
    rows = Scan.objects.filter(line__in=list(scanned), counts=True).exclude(serial="").order_by("line", "id")
    for line_id, serial, answered in rows.values_list("line_id", "serial", "answered_at"):
        if line_id is not None:
            serials[line_id].append(serial)
            if answered is not None:
                meant[line_id].add(serial)
    for line in scanned.values():
        line.serials = "\n".join(serials[line.pk])
        line.quantity = effective(line)
    return {pk: frozenset(found) for pk, found in meant.items()}


def effective(line: Line) -> int:
    """The quantity that a scanned line stands for: what was said, or what came where that is more or was left open."""
    return max(line.quantity, line.scanned or 0)


def keep(lines: Iterable[Line]) -> None:
    """Write down what scanned lines came to; their scans stay as the record of how."""
    scanned = [line for line in lines if line.scanned is not None]
    for line in scanned:
        line.scanned = None
    Line.objects.bulk_update(scanned, ["serials", "quantity", "scanned"], batch_size=100)


def forget(lines: Sequence[Line]) -> None:
    """What was scanned into these lines counts no more: somebody has said otherwise."""
    Scan.objects.filter(line__in=[line.pk for line in lines], counts=True).update(counts=False)


def open_line(line: Line, *, user: User) -> None:
    """Begin to scan into a draft's line: the serials that it names already become scans."""
    if line.scanned is not None:
        return
    serials = line.serials.split("\n") if line.serials else []
    now = timezone.now()
    write(
        [
            Scan(
                document_id=line.document_id,
                line_id=line.pk,
                item_id=line.item_id,
                text=serial,
                serial=serial,
                folded=folded,
                quantity=ONE,
                origin=Origin.TEXT,
                verdict=Verdict.ACCEPTED,
                counts=True,
                user=user,
                at=now,
            )
            for serial, folded in zip(serials, fold_many(serials), strict=True)
        ]
    )
    line.scanned, line.serials = len(serials) * ONE, ""
    line.save(update_fields=["scanned", "serials"])


def open_announced(document: Document) -> None:
    """Begin to check a pending document: of all its lines, only what is scanned from now on came or goes."""
    document.lines.filter(scanned=None).update(scanned=0, serials="")


def write(scans: Sequence[Scan]) -> None:
    """Insert scans, however many. Few get their ids; of many nobody asks for them."""
    if len(scans) <= _FEW or connection.vendor != "sqlite":
        Scan.objects.bulk_create(scans, batch_size=_ROWS)
        return
    # Django makes statements of some forty rows there: a list of 100,000 would take 2,500 of them.
    fields = [field for field in Scan._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    own = {field: field.attname in _OWN for field in fields}
    shared = {field: _prepared(field, scans[0]) for field in fields if not own[field]}
    rows = [[_prepared(field, row) if own[field] else shared[field] for field in fields] for row in scans]
    insert = f"INSERT INTO documents_scan ({columns}) VALUES ({marks})"  # noqa: S608  (names of our own columns)
    with connection.cursor() as cursor:
        cursor.executemany(insert, rows)


#: What differs between the rows of one list.
_OWN = frozenset(
    ["client", "text", "serial", "folded", "quantity", "verdict", "counts", "code", "case", "names_waiting"]
)


def _prepared(field: Any, row: Scan) -> Any:
    return field.get_db_prep_save(getattr(row, field.attname), connection)
