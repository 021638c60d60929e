"""Scanning into a draft or pending document, for handhelds: what became of each scan, answered, taken back, listed."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Path
from pydantic import Field

from seriatim.api.operations import BY_KIND, Resource
from seriatim.api.pages import PARAMETERS, Key, paged, text_said
from seriatim.api.problems import Problem
from seriatim.api.records import quantity_said, who
from seriatim.api.values import (
    MOST_32,
    MOST_64,
    Flag,
    Moment,
    Quantity,
    Said,
    SaidAmount,
    Shown,
    Text,
    left_out,
)
from seriatim.api.values import quantity as quantity_text
from seriatim.documents.scans import adding, selectors, undoing
from seriatim.documents.scans.values import Answer, Sent
from seriatim.kernel.refusals import BY_CODE, Case
from seriatim.reports.document_record import document_named
from seriatim.scanning.into_documents import reader
from seriatim.scanning.profiles import profile_of
from seriatim.words.telling import told

document_scans = Resource("Documents")

ScanId = Annotated[int, Path(ge=1, le=MOST_64)]
#: Scans in one request: a queue that grew while there was no net sends the next ones after it.
MOST = 200
_SHOWN = ("all", "on_it", "open", "refused")
_CASE = frozenset(("serial", "item", "line", "place", "holder", "document", "note"))


class SaidOne(Said):
    """One scan."""

    id: UUID | None = left_out("Made where it was scanned: sent again, it is the same scan.")
    text: Text = Field(max_length=4_000, description="As the scanner sent it, with its control characters.")
    line: Annotated[int, Field(ge=1, le=MOST_32)] | None = left_out(
        "Go on with this line, before it is read."
    )
    quantity: SaidAmount | None = left_out("How many one scan of an item without serial numbers is.")
    beside: list[Text] = left_out(
        "The other codes of the same label: item, lot, further numbers.", max_length=12
    )


class SaidScans(Said):
    """Scans, in the order in which they were made."""

    scans: list[SaidOne] = Field(min_length=1, max_length=MOST)
    device: Text = left_out("The handheld: each goes on with the line that it scanned last.", max_length=36)


class SaidAnswer(Said):
    """The answer to a scan that waits for one."""

    yes: Flag = Field(description="A serial number that looks like another is meant; an alarm was seen.")


class DocumentScan(Shown):
    """One scan, and what became of it."""

    id: int
    sent_as: UUID | None = Field(description="The id that it was sent with.")
    text: str
    verdict: str = Field(description="accepted, doubled, refused, question, alarm or told.")
    code: str = Field(description="The code of the refusal, or of what was told.")
    detail: str = Field(description="Why it was refused, in words.")
    serial: str
    line: int | None
    item: str | None
    counts: bool = Field(description="It is on the line now.")
    undone: bool
    user: str
    at: Moment


class ScannedLine(Shown):
    """How far a line is."""

    position: int
    item: str
    scanned: Quantity
    wanted: Quantity | None = Field(description="null: as many as come.")


class Scanned(Shown):
    """What became of scans, in the order in which they were sent, and how far the document is."""

    scans: list[DocumentScan]
    lines: list[ScannedLine]
    current: int | None = Field(description="The position of the line that the next scan goes to.")
    open: int = Field(
        description="Scans that wait for an answer: until then nothing is posted. Counted up to 1,000."
    )
    refused: int


class DocumentScansPage(Shown):
    """Scans, the newest first."""

    rows: list[DocumentScan]
    next: str | None


@document_scans.post("/documents/{name}/scans", takes=BY_KIND, answers=Scanned)
def scan(request: HttpRequest, name: str, said: SaidScans) -> Any:
    """Scan into a draft or pending document. A refused scan is an answer, not a problem: the others count."""
    user = who(request)
    sent = [
        Sent(
            id=one.id,
            text=one.text,
            line=one.line,
            quantity=quantity_said(one.quantity),
            beside=one.beside or (),
        )
        for one in said.scans
    ]
    answer = adding.add(
        user=user,
        document_id=document_named(name).pk,
        scans=sent,
        device=said.device or "",
        reader=reader(profile_of(user)),
    )
    return _told(answer)


@document_scans.get(
    "/documents/{name}/scans",
    takes="look",
    answers=DocumentScansPage,
    streams=True,
    query={**PARAMETERS, "shown": {"type": "string", "enum": list(_SHOWN), "default": "all"}},
)
def scans(request: HttpRequest, name: str) -> Any:
    """What was scanned into a document, the newest first."""
    document, shown = document_named(name).pk, text_said(request, "shown") or "all"
    if shown not in _SHOWN:
        raise Problem("misread", f"shown is one of {', '.join(_SHOWN)}.", field="shown")

    def behind(after: Key | None) -> Iterator[tuple[Key, dict[str, Any]]]:
        before = after[0] if after else None
        while True:
            page = selectors.scans_of(document, shown=shown, before=before)
            yield from (((row.pk,), _scan(row)) for row in page.scans)
            if (before := page.older) is None:
                return

    return paged(request, behind, tuple(DocumentScan.model_fields))


@document_scans.post("/documents/{name}/scans/{id}/answer", takes=BY_KIND, answers=Scanned)
def answer_scan(request: HttpRequest, name: str, id: ScanId, said: SaidAnswer) -> Any:
    """Say that a near twin is meant (or is not), or that an alarm was seen."""
    document = document_named(name).pk
    return _told(undoing.answer(user=who(request), document_id=document, scan=id, yes=said.yes))


@document_scans.delete("/documents/{name}/scans/{id}", takes=BY_KIND, answers=Scanned)
def take_back(request: HttpRequest, name: str, id: ScanId) -> Any:
    """Take a scan back; a refused one is put away. It stays in the list, as undone."""
    document = document_named(name).pk
    return _told(undoing.remove(user=who(request), document_id=document, scans=[id]))


def _told(answer: Answer) -> dict[str, Any]:
    progress = answer.progress
    return {
        "scans": _scans(answer.scans),
        "lines": [
            {
                "position": line.position,
                "item": line.item_code,
                "scanned": quantity_text(line.scanned),
                "wanted": quantity_text(line.wanted),
            }
            for line in progress.lines
        ],
        "current": progress.current,
        "open": progress.open,
        "refused": progress.refused,
    }


def _scans(rows: Sequence[Any]) -> list[dict[str, Any]]:
    return [_scan(row) for row in rows]


def _scan(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk,
        "sent_as": row.client,
        "text": row.text,
        "verdict": row.verdict,
        "code": row.code,
        "detail": _detail(row),
        "serial": row.serial,
        "line": row.line.position if row.line else None,
        "item": row.line.item.code if row.line else None,
        "counts": row.counts,
        "undone": row.undone_at is not None,
        "user": row.user.get_username(),
        "at": row.at,
    }


def _detail(row: Any) -> str:
    cls = BY_CODE.get(row.code)
    if cls is None:
        return ""
    known = {name: value for name, value in (row.case or {}).items() if name in _CASE}
    words = told(cls([Case(**known)]))
    return words.cases[0] if words.cases else words.headline
