"""Between a line's scans and its text: the rows while somebody scans, the text when the document is posted."""

import json
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

#: Rows of one statement.
_ROWS = 10_000


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
    like = Scan(
        document_id=line.document_id,
        line_id=line.pk,
        item_id=line.item_id,
        quantity=ONE,
        origin=Origin.TEXT,
        verdict=Verdict.ACCEPTED,
        counts=True,
        user=user,
        at=timezone.now(),
    )
    write_units(like, list(zip(serials, fold_many(serials), strict=True)))
    line.scanned, line.serials = len(serials) * ONE, ""
    line.save(update_fields=["scanned", "serials"])


def open_announced(document: Document) -> None:
    """Begin to check a pending document: of all its lines, only what is scanned from now on came or goes."""
    document.lines.filter(scanned=None).update(scanned=0, serials="")


def write(scans: Sequence[Scan]) -> None:
    """Insert scans."""
    Scan.objects.bulk_create(scans, batch_size=_ROWS)


def write_units(like: Scan, units: Sequence[tuple[str, str]]) -> None:
    """Insert a row for each (serial, folded form), alike in everything else. Their ids nobody asks for.

    One statement for many rows: Django would make some 2,500 of them for 100,000 on SQLite.
    """
    fields = [field for field in Scan._meta.concrete_fields if not field.primary_key]
    shared = [field for field in fields if field.attname not in _OWN]
    values = [field.get_db_prep_save(getattr(like, field.attname), connection) for field in shared]
    own = ", ".join(_OWN)
    columns = ", ".join(connection.ops.quote_name(field.column) for field in shared)
    marks = ", ".join(["%s"] * len(shared))
    rows: str
    given: list[Any]
    with connection.cursor() as cursor:
        for start in range(0, len(units), _ROWS):
            part = units[start : start + _ROWS]
            serials, forms = [one[0] for one in part], [one[1] for one in part]
            if connection.vendor == "postgresql":
                rows, given = "unnest(%s::text[], %s::text[]) AS u(serial, folded)", [serials, forms]
                picked = "u.serial, u.serial, u.folded"
            else:
                rows, given = "json_each(%s) AS u", [json.dumps(list(zip(serials, forms, strict=True)))]
                picked = "u.value->>0, u.value->>0, u.value->>1"
            insert = f"INSERT INTO documents_scan ({own}, {columns}) SELECT {picked}, {marks} FROM {rows}"  # noqa: S608  (names of our own columns)
            cursor.execute(insert, [*values, *given])


#: What differs between the rows of one list.
_OWN = ("text", "serial", "folded")
