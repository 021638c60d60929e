"""The description of the door, as JSON for programs and as a page for people: rendered here, nothing from elsewhere."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from ninja import NinjaAPI

from seriatim.accounts.scopes import SCOPES
from seriatim.api import problems
from seriatim.api.frame import finished
from seriatim.api.openapi import described
from seriatim.api.operations import READS
from seriatim.api.people import who_asks
from seriatim.api.problems import Problem
from seriatim.api.statuses import OWN, STATUSES
from seriatim.api.versions import tag_of
from seriatim.exchange.backup_refusals import FileUnusable
from seriatim.exchange.table_refusals import TableRefused
from seriatim.kernel.refusals import BY_CODE
from seriatim.labels.refusals import LABEL_REFUSALS

#: Those that only some doors meet, too.
_REFUSALS = {**BY_CODE, **{one.code: one for one in (*LABEL_REFUSALS, TableRefused, FileUnusable)}}

UNAUTHORIZED = 401
#: Declared first, for the sake of their paths, and not what anybody looks for first.
_LATER = frozenset({"Files", "Labels"})

View = Callable[[HttpRequest], HttpResponseBase]


def openapi(api: NinjaAPI) -> View:
    """The view of the description as JSON."""

    def view(request: HttpRequest) -> HttpResponseBase:
        return _read(request, lambda: _description(api))

    return view


def docs(api: NinjaAPI) -> View:
    """The view of the description as a page."""

    def view(request: HttpRequest) -> HttpResponseBase:
        answer = _read(request, lambda: _page(request, api))
        in_a_browser = "text/html" in request.headers.get("Accept", "")
        if answer.status_code == UNAUTHORIZED and in_a_browser and "Authorization" not in request.headers:
            return redirect_to_login(request.get_full_path())
        return answer

    return view


def _read(request: HttpRequest, make: Callable[[], HttpResponse]) -> HttpResponseBase:
    try:
        if request.method not in READS:
            raise Problem("method_not_allowed").saying("Allow", "GET, HEAD")
        who_asks(request)
        answer = make()
    except Problem as problem:
        answer = problems.answer(request, problem)
    return finished(request, answer)


def _description(api: NinjaAPI) -> HttpResponse:
    described_ = described(api)
    text = json.dumps(described_, ensure_ascii=False, default=str)
    return HttpResponse(text, content_type="application/json", headers={"ETag": tag_of(described_)})


def _page(request: HttpRequest, api: NinjaAPI) -> HttpResponse:
    schema = described(api)
    return render(
        request,
        "api/docs.html",
        {
            "about": schema["info"]["description"].split("\n\n"),
            "groups": _groups(schema),
            "scopes": [(code, scope.words, sorted(scope.rights)) for code, scope in SCOPES.items()],
            "problems": list(_problems()),
        },
    )


def _groups(schema: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Tag → its operations, with everything the page says of them."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            said = {
                "id": operation["operationId"],
                "method": method.upper(),
                "path": path,
                "summary": operation["summary"],
                "description": operation["description"],
                "parameters": [_parameter(one) for one in operation.get("parameters", [])],
                "body": list(_fields(schema, _content(operation.get("requestBody", {})))),
                "answers": [
                    (status, one["description"], sorted(one.get("content", {})))
                    for status, one in operation["responses"].items()
                ],
                "answer": list(_fields(schema, _content(next(iter(operation["responses"].values()))))),
            }
            groups.setdefault(operation["tags"][0], []).append(said)
    return {tag: groups[tag] for tag in sorted(groups, key=_LATER.__contains__)}


def _parameter(one: dict[str, Any]) -> dict[str, Any]:
    schema = one.get("schema", {})
    said = _says(schema, one.get("description") or schema.get("description", ""))
    return {"in": one["in"], "name": one["name"], "required": one.get("required", False), "says": said}


def _content(part: dict[str, Any]) -> dict[str, Any]:
    schema: dict[str, Any] = part.get("content", {}).get("application/json", {}).get("schema", {})
    return schema


def _fields(
    schema: dict[str, Any], part: dict[str, Any], prefix: str = "", depth: int = 0
) -> Iterator[dict[str, Any]]:
    """The fields of an object and of what stands in it, three levels down."""
    part = _resolved(schema, part)
    if part.get("type") == "array":
        yield from _fields(schema, part["items"], f"{prefix}[].", depth)
        return
    required = set(part.get("required", ()))
    for name, field in part.get("properties", {}).items():
        inner = _resolved(schema, field)
        yield {
            "name": f"{prefix}{name}",
            "type": _type(schema, field),
            "required": name in required,
            "says": _says(inner, field.get("description") or inner.get("description", "")),
        }
        below = inner["items"] if inner.get("type") == "array" else inner
        if depth < 2 and _resolved(schema, below).get("properties"):
            mark = "[]." if inner.get("type") == "array" else "."
            yield from _fields(schema, below, f"{prefix}{name}{mark}", depth + 1)


def _says(field: dict[str, Any], said: str) -> str:
    """What is said of a field, with the codes that may stand in it where they are not told already."""
    of = field.get("items", field) if field.get("type") == "array" else field
    codes = [str(code) for code in of.get("enum", ()) if str(code) not in said]
    return f"{said} One of {', '.join(codes)}.".strip() if codes else said


def _resolved(schema: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in part:
        found: dict[str, Any] = schema["components"]["schemas"][part["$ref"].rpartition("/")[2]]
        return found
    choices = [one for one in part.get("anyOf", ()) if one.get("type") != "null"]
    return _resolved(schema, choices[0]) if len(choices) == 1 else part


def _type(schema: dict[str, Any], field: dict[str, Any]) -> str:
    if "anyOf" in field:
        return " or ".join(_type(schema, one) for one in field["anyOf"])
    if "$ref" in field:
        return str(field["$ref"].rpartition("/")[2])
    if field.get("type") == "array":
        return f"list of {_type(schema, field.get('items', {}))}"
    return str(field.get("format") or field.get("type", "anything"))


def _problems() -> Iterator[dict[str, Any]]:
    for code, own in OWN.items():
        yield {"code": code, "status": own.status, "says": own.title}
    for code, status in STATUSES.items():
        refusal = _REFUSALS.get(code)
        yield {
            "code": code,
            "status": status,
            "says": (refusal.__doc__ or "").replace("``", "") if refusal else "",
        }
