"""Whatever goes wrong, as an answer: problem details (RFC 9457) with a stable ``code``, the field, and the serials.

A refusal of the core lists every offending unit in ``serials``, each with what is wrong (``detail``) and where it
really is; what is about no unit (a place, a document in the way) stands in ``cases``. Further refusals of the same
request follow in ``also``, in the order of precedence.
"""

import json
import logging
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import asdict
from http.client import responses
from typing import Any
from zoneinfo import ZoneInfo

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja.errors import HttpError, ValidationError
from pydantic import BaseModel, Field

from seriatim.accounts.kept import KeyReused
from seriatim.api.statuses import OWN, status_of
from seriatim.catalog.selectors import site
from seriatim.exchange.misread import MisreadError
from seriatim.kernel.refusals import Busy, Refusal
from seriatim.words.telling import told

log = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
#: After how many seconds it is worth another try, where somebody else was in the way.
RETRY_S = 1


class CaseOfProblem(BaseModel):
    """One offending thing, with where it really is."""

    serial: str = ""
    item: str = ""
    line: int = Field(0, description="The line's position in the document, from 1.")
    place: str = Field("", description="The location where it is.")
    holder: str = Field("", description="The party with whom it is.")
    document: str = ""
    note: str = ""
    column: str = Field("", description="Of a table: the column; ``line`` is that of the file.")
    value: str = ""
    reason: str = ""
    detail: str = Field("", description="What is wrong with it, in a sentence.")


class FieldOfProblem(BaseModel):
    """One field that cannot be read."""

    field: str
    detail: str


class OneProblem(BaseModel):
    """One refusal of a request."""

    code: str = Field(description="Stable: programs go by it.")
    title: str
    detail: str
    todo: str = Field("", description="What to do about it.")
    field: str = Field("", description="The field of the request that it is about, as lines[2].serials.")
    facts: dict[str, Any] = Field({}, description="Whatever else there is to say, by name.")
    serials: list[CaseOfProblem] = Field([], description="Every offending unit.")
    cases: list[CaseOfProblem] = Field([], description="Every other offending thing.")


class ProblemDetails(OneProblem):
    """Problem details (RFC 9457)."""

    type: str
    status: int
    instance: str
    errors: list[FieldOfProblem] = Field([], description="All fields that cannot be read.")
    also: list[OneProblem] = Field([], description="Further refusals, in the order of precedence.")
    limit: int = Field(0, description="The limit that was passed.")


class Problem(Exception):
    """A problem of the door's own (``statuses.OWN``); ``detail`` says what it is in this case."""

    def __init__(self, code: str, detail: str = "", *, field: str = "", **more: Any) -> None:
        self.code, self.detail, self.field = code, detail, field
        self.more = more
        self.headers: dict[str, str] = {}
        super().__init__(code)

    def saying(self, header: str, value: str) -> "Problem":
        """The same with a header."""
        self.headers[header] = value
        return self


def answer(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    """The answer to a request that came to this."""
    said, headers = _told(error)
    status = said["status"]
    body = {
        "type": f"/api/v1/docs#{said['code']}",
        "title": said.pop("title", "") or responses[status],
        **said,
        "instance": request.path,
    }
    # Words and numbers of whoever sent it are told back: one that no encoding has must not fail here.
    text = json.dumps(body, ensure_ascii=False, default=str).encode("utf-8", "backslashreplace")
    return HttpResponse(text, status=status, content_type=CONTENT_TYPE, headers=headers)


def _told(error: Exception | type[Exception]) -> tuple[dict[str, Any], Mapping[str, str]]:
    if isinstance(error, Refusal):
        headers = {"Retry-After": str(RETRY_S)} if isinstance(error, Busy) else {}
        return _refused(error), headers
    problem = error if isinstance(error, Problem) else _problem(error)
    own = OWN[problem.code]
    said = {
        "status": own.status,
        "code": problem.code,
        "title": str(own.title),
        "detail": problem.detail or str(own.title),
        "todo": str(own.todo),
        **({"field": problem.field} if problem.field else {}),
        **problem.more,
    }
    return said, problem.headers


def _problem(error: Exception | type[Exception]) -> Problem:
    if isinstance(error, MisreadError):
        return Problem("misread", f"{error.field}: {error.reason}.", field=error.field)
    if isinstance(error, ValidationError):
        errors = _errors(error)
        first = errors[0] if errors else {"field": "", "detail": ""}
        detail = ": ".join(filter(None, first.values()))
        return Problem("misread", f"{detail}.", field=first["field"], errors=errors)
    if isinstance(error, KeyReused):
        return Problem("key_reused", field="Idempotency-Key")
    if isinstance(error, Http404):
        return Problem("no_such_path")
    if isinstance(error, HttpError):
        return Problem("bad_request", str(error))
    if isinstance(error, OperationalError | InterfaceError) and not _is_ours(error):
        log.error("The database does not answer: %s", error)
        return Problem("unavailable").saying("Retry-After", str(RETRY_S))
    log.error("A request failed", exc_info=error if isinstance(error, Exception) else None)
    return Problem("internal")


#: Why a value does not fit its type, in our words.
_WRONG = {
    "missing": "it has to be said",
    "extra_forbidden": "there is no such field",
    "string_type": "a text is wanted",
    "int_type": "a whole number is wanted",
    "float_type": "a number is wanted",
    "bool_type": "true or false is wanted",
    "list_type": "a list is wanted",
    "dict_type": "an object is wanted",
    "model_attributes_type": "an object is wanted",
    "uuid_parsing": "a UUID is wanted",
    "uuid_type": "a UUID is wanted",
}


def _errors(error: ValidationError) -> list[dict[str, str]]:
    """Each field once, with everything that would do."""
    found: dict[str, dict[str, None]] = {}
    for one in error.errors:
        words = _WRONG.get(one["type"]) or str(one["msg"]).removeprefix("Value error, ")
        found.setdefault(_field(one["loc"]), {})[words] = None
    return [{"field": field, "detail": "; or ".join(words)} for field, words in found.items()]


def _is_ours(error: DatabaseError | InterfaceError) -> bool:
    """Whether the statement itself was wrong, and not the server, the disk or the connection."""
    return any(words in str(error) for words in ("no such", "syntax", "too large", "too many"))


def _field(loc: tuple[Any, ...]) -> str:
    """``lines[2].quantity`` for ("body", "data", "lines", 1, "quantity"): lines are counted from 1, as on paper."""
    name = ""
    for part in loc[1:]:
        if isinstance(part, int):
            name += f"[{part + 1}]"
        elif not _is_branch(part):
            name += f".{part}" if name else str(part)
    return name.removeprefix("said.").removeprefix("said")


def _is_branch(part: str) -> bool:
    """Whether it is only the name by which a choice of types is told apart."""
    return part in {"str", "int", "float", "bool"} or "[" in part or "-" in part


def _refused(refusal: Refusal) -> dict[str, Any]:
    lead, *also = refusal.all
    said = {"status": status_of(lead.code), **told_of(lead)}
    if also:
        said["also"] = [told_of(other) for other in also]
    return said


def told_of(refusal: Refusal) -> dict[str, Any]:
    """One refusal, without those that follow it."""
    # Moments in the cases are written as people of the site write them.
    with timezone.override(ZoneInfo(site().time_zone)) if refusal.cases else nullcontext():
        words = told(refusal)
    serials: list[dict[str, Any]] = []
    cases: list[dict[str, Any]] = []
    # Where a case says nothing beside the whole, the sentences are fewer than the cases.
    sentences = words.cases if len(words.cases) == len(refusal.cases) else ("",) * len(refusal.cases)
    for case, sentence in zip(refusal.cases, sentences, strict=True):
        facts = {name: value for name, value in asdict(case).items() if value}
        if sentence:
            facts["detail"] = sentence
        (serials if case.serial else cases).append(facts)
    facts = {name: value for name, value in refusal.facts.items() if name not in {"status", "code"}}
    said = {"code": refusal.code, "title": words.headline, "detail": words.headline, "todo": words.todo}
    if "field" in facts:
        said["field"] = str(facts.pop("field"))
    return {
        **said,
        **({"facts": facts} if facts else {}),
        **({"serials": serials} if serials else {}),
        **({"cases": cases} if cases else {}),
    }
