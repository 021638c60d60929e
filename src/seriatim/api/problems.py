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
        errors = [{"field": _field(one["loc"]), "detail": str(one["msg"])} for one in error.errors]
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


def _is_ours(error: DatabaseError | InterfaceError) -> bool:
    """Whether the statement itself was wrong, and not the server, the disk or the connection."""
    return "no such" in str(error) or "syntax" in str(error)


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
    said = {"status": status_of(lead.code), **_one(lead)}
    if also:
        said["also"] = [_one(other) for other in also]
    return said


def _one(refusal: Refusal) -> dict[str, Any]:
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
