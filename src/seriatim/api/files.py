"""Files on units, items, documents and parties: listed, brought, fetched, taken away."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from pydantic import Field

from seriatim.api.operations import BY_KIND, BY_THING, FILE, Resource, Special
from seriatim.api.pages import PARAMETERS, in_memory, paged, text_said
from seriatim.api.problems import Problem
from seriatim.api.records import tagged, who
from seriatim.api.values import Moment, Shown
from seriatim.api.versions import require_match
from seriatim.catalog.selectors import item_by_code, party_by_code
from seriatim.files import selectors, services
from seriatim.kernel.refusals import NotFound
from seriatim.ledger.selectors import unit as unit_of
from seriatim.reports.document_record import document_named

files = Resource("Files")

_RAW = Special(raw=True)
_NAME = {"name": {"type": "string", "minLength": 1, "description": "What the file is called."}}
#: What a stranger wrote is never a page of ours: nothing in it runs, and nobody guesses at its type.
_SAVED = {"Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff"}


class File(Shown):
    """A file of a thing."""

    id: UUID
    name: str
    content_type: str = Field(description="As its first bytes say.")
    size: int = Field(description="In bytes.")
    sha256: str
    width: int | None = Field(description="In pixels, of a picture.")
    height: int | None
    user: str
    at: Moment


class FilesPage(Shown):
    """Files of a thing, pictures first, then the newest first."""

    rows: list[File]
    next: str | None


_COLUMNS = tuple(File.model_fields)


def _said(file: selectors.File) -> dict[str, Any]:
    return {name: getattr(file, name) for name in _COLUMNS}


def _listed(request: HttpRequest, subject: str, subject_id: object) -> Any:
    rows = selectors.files_of(subject, subject_id)

    def order(row: selectors.File) -> tuple[bool, float, str]:
        return (not row.picture, -row.at.timestamp(), str(row.id))

    return paged(request, in_memory(rows, order, _said), _COLUMNS)


def _added(request: HttpRequest, response: HttpResponse, subject: str, subject_id: object) -> Any:
    name = text_said(request, "name")
    if not name:
        raise Problem("misread", "Say what the file is called: ?name=…", field="name")
    # It is a whole in memory anyway, since it is what an Idempotency-Key stands for.
    brought = services.Incoming(name, [request.said])  # type: ignore[attr-defined]  # set by the frame
    row = services.add(user=who(request), subject=subject, subject_id=str(subject_id), file=brought)
    made = selectors.file(user=who(request), id=row.pk)
    return tagged(response, _said(made), address=f"/api/v1/files/{row.pk}")


def _unit(item: str, serial: str) -> UUID:
    found = unit_of(item_by_code(item).pk, serial)
    if found is None:
        raise NotFound(what="unit", name=serial)
    return found.key


@files.get("/items/{path:code}/files", takes="look", answers=FilesPage, streams=True, query=PARAMETERS)
def of_item(request: HttpRequest, code: str) -> Any:
    """Files of an item."""
    return _listed(request, "item", item_by_code(code).pk)


@files.post("/items/{path:code}/files", takes="catalog", answers=File, status=201, special=_RAW, query=_NAME)
def add_to_item(request: HttpRequest, response: HttpResponse, code: str) -> Any:
    """Hang a file on an item: the body is the file as it is, whatever it is.

    At most SERIATIM_FILE_LIMIT_MB and 32 MiB; at most 200 files on one thing, each content once.
    """
    return _added(request, response, "item", item_by_code(code).pk)


@files.get("/parties/{path:code}/files", takes="look", answers=FilesPage, streams=True, query=PARAMETERS)
def of_party(request: HttpRequest, code: str) -> Any:
    """Files of a party."""
    return _listed(request, "party", party_by_code(code).pk)


@files.post(
    "/parties/{path:code}/files", takes="catalog", answers=File, status=201, special=_RAW, query=_NAME
)
def add_to_party(request: HttpRequest, response: HttpResponse, code: str) -> Any:
    """Hang a file on a party: the body is the file as it is, whatever it is.

    At most SERIATIM_FILE_LIMIT_MB and 32 MiB; at most 200 files on one thing, each content once.
    """
    return _added(request, response, "party", party_by_code(code).pk)


@files.get(
    "/units/{item}/{path:serial}/files", takes="look", answers=FilesPage, streams=True, query=PARAMETERS
)
def of_unit(request: HttpRequest, item: str, serial: str) -> Any:
    """Files of a unit."""
    return _listed(request, "unit", _unit(item, serial))


@files.post(
    "/units/{item}/{path:serial}/files",
    takes="register",
    answers=File,
    status=201,
    special=_RAW,
    query=_NAME,
)
def add_to_unit(request: HttpRequest, response: HttpResponse, item: str, serial: str) -> Any:
    """Hang a file on a unit: the body is the file as it is, whatever it is.

    At most SERIATIM_FILE_LIMIT_MB and 32 MiB; at most 200 files on one thing, each content once.
    """
    return _added(request, response, "unit", _unit(item, serial))


@files.get("/documents/{name}/files", takes="look", answers=FilesPage, streams=True, query=PARAMETERS)
def of_document(request: HttpRequest, name: str) -> Any:
    """Files of a document."""
    return _listed(request, "document", document_named(name).pk)


@files.post("/documents/{name}/files", takes=BY_KIND, answers=File, status=201, special=_RAW, query=_NAME)
def add_to_document(request: HttpRequest, response: HttpResponse, name: str) -> Any:
    """Hang a file on a document: the body is the file as it is, whatever it is.

    At most SERIATIM_FILE_LIMIT_MB and 32 MiB; at most 200 files on one thing, each content once.
    """
    return _added(request, response, "document", document_named(name).pk)


@files.get("/files/{id}", takes="look", answers=File)
def read(request: HttpRequest, response: HttpResponse, id: UUID) -> Any:
    """What is known of a file."""
    return tagged(response, _said(selectors.file(user=who(request), id=id)))


@files.get(
    "/files/{id}/content",
    takes="look",
    answers=None,
    special=Special(gives=(FILE,)),
    query={
        "size": {
            "type": "string",
            "enum": ["thumb", "view"],
            "description": "A small or a larger JPEG of a picture; left out: the file as it was brought.",
        }
    },
)
def content(request: HttpRequest, id: UUID) -> Any:
    """The file itself. It is sent as a file to be saved, whatever is in it."""
    size = text_said(request, "size")
    if size not in {"", "thumb", "view"}:
        raise Problem("misread", "size is thumb or view.", field="size")
    found = selectors.file(user=who(request), id=id)
    opened = selectors.content_of(found, size).open("rb")
    answer = FileResponse(opened, as_attachment=True, filename=found.name, content_type=FILE)
    for header, value in _SAVED.items():
        answer[header] = value
    return answer


@files.delete(
    "/files/{id}",
    takes=BY_THING,
    answers=None,
    status=204,
    query={"reason": {"type": "string", "description": "Why; it is kept."}},
)
def remove(request: HttpRequest, id: UUID) -> None:
    """Take a file away for good; its name and hash stay in the register of changes."""
    require_match(request, _said(selectors.file(user=who(request), id=id)))
    services.remove(user=who(request), id=id, reason=text_said(request, "reason"))
