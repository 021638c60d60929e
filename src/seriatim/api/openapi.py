"""The description of the door for programs: OpenAPI 3.1, made of the declared operations.

ninja describes parameters, bodies and answers by their types; what is the same for every path is added here.
"""

import re
from functools import cache
from typing import Any

from ninja import NinjaAPI

from seriatim.api.operations import ANYBODY, BINARY, BY_KIND, BY_THING
from seriatim.api.problems import CONTENT_TYPE, ProblemDetails
from seriatim.api.statuses import OWN, STATUSES
from seriatim.reports.lists.vocabularies import choices

ABOUT = """
Items, units, documents, stock and every movement of the site, over the same services as its pages.

Authenticate with a token: `Authorization: Bearer srt_…`. A token acts for its user, within its scopes.

Every write may be sent with an `Idempotency-Key`: sent again under it, it is answered again and done once.
A document's `id` is made by whoever sends it, to the same end. Refusals are problem details (RFC 9457) with a
stable `code`, and list every offending serial with where it really is.
"""


#: status → what it means here
_MEANS = {
    400: "The request cannot be read.",
    401: "No good token.",
    403: "Not permitted.",
    404: "There is no such thing.",
    406: "It cannot be answered in a form that is accepted.",
    409: "The state of stock or documents stands against it.",
    411: "The length of the body is not said.",
    412: "It has been changed since it was read.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "It can be taken in no state; the field is named.",
    503: "Others were in the way, or the database does not answer: try again.",
}
#: vocabulary → the fields that hold one of its codes, or a list of them, by shape.
_CODES: dict[str, tuple[tuple[str, str], ...]] = {
    "kind": (
        ("SaidDocument", "kind"),
        ("Document", "kind"),
        ("DocumentsRow", "kind"),
        ("Movement", "kind"),
        ("MovementsRow", "kind"),
        ("Reservation", "kind"),
        ("Waiting", "kind"),
        ("UnitEvent", "kind"),
    ),
    "state": (("Document", "state"), ("DocumentsRow", "state")),
    "disposition": (("Unit", "disposition"), ("UnitsRow", "disposition"), ("Hit", "disposition")),
    "tracking": (
        ("NewItem", "tracking"),
        ("ChangedItem", "tracking"),
        ("Item", "tracking"),
        ("ItemsRow", "tracking"),
    ),
    "location_type": (("Location", "type"), ("LocationsRow", "type")),
    "role": (("NewParty", "roles"), ("ChangedParty", "roles"), ("Party", "roles"), ("PartiesRow", "roles")),
    "mark": (("SaidMarks", "mark"), ("Marked", "mark"), ("SetMark", "mark"), ("MarksRow", "mark")),
}
_ALWAYS = (400, 401, 403, 404, 422, 503)
_WRITES = (409, 411, 412, 413, 415)
_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[ -~]+$"},
    "description": "A key of your own for this request: sent again, it is answered again and done once.",
}
_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": False,
    "schema": {"type": "string"},
    "description": "The ETag of what was read: refused with 412 if it has been changed since.",
}


@cache
def described(api: NinjaAPI) -> dict[str, Any]:
    """The whole description."""
    schema = dict(api.get_openapi_schema(path_prefix="/api/v1/"))
    schema["info"] = {"title": "Seriatim", "version": api.version, "description": ABOUT.strip()}
    schema["servers"] = [{"url": "/"}]
    schemas = schema["components"]["schemas"]
    made = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(made.pop("$defs"))
    schemas["Problem"] = made
    _tell_codes(schemas)
    made["properties"]["code"]["examples"] = ["not_at_source"]
    made["properties"]["code"]["enum"] = sorted({*STATUSES, *OWN})
    schema["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "A token of a user."},
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "The pages' log-in.",
        },
    }
    schema["security"] = [{"token": []}, {"session": []}]
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            _complete(path, method, operation)
    return schema


def _tell_codes(schemas: dict[str, Any]) -> None:
    """Say which codes there are, so that what is generated from the description knows them."""
    for vocabulary, fields in _CODES.items():
        codes = [code for code, _words in choices(vocabulary)()]
        for shape, field in fields:
            found = schemas[shape]["properties"][field]
            for one in (found, found.get("items", {}), *found.get("anyOf", ())):
                if one.get("type") == "string":
                    one["enum"] = codes


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    takes, streams = operation.pop("x-takes"), operation.pop("x-streams")
    gives = operation.pop("x-gives")
    operation["x-takes"] = takes
    operation["description"] = " ".join(filter(None, (operation.get("description", ""), _right(takes))))
    responses = operation["responses"] = {str(status): one for status, one in operation["responses"].items()}
    writes = method != "get"
    statuses = {*_ALWAYS, *(_WRITES if writes else ()), *((406,) if streams else ())}
    for status in sorted(statuses):
        responses[str(status)] = {
            "description": _MEANS[status],
            "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    for form in gives:
        responses["200"].setdefault("content", {})[form] = {"schema": BINARY}
    if streams:
        content = responses["200"]["content"]
        for form in ("text/csv", "application/x-ndjson"):
            content[form] = {"schema": {"type": "string", "description": "All rows, streamed."}}
    if writes:
        parameters = operation.setdefault("parameters", [])
        parameters.append(_KEY)
        if _edits(path, method):
            parameters.append(_MATCH)


def _edits(path: str, method: str) -> bool:
    return method in {"patch", "put", "delete"} or bool(re.search(r"/(un)?archive$", path))


def _right(takes: str) -> str:
    if takes == ANYBODY:
        return "Takes no right."
    if takes == BY_THING:
        return "Takes the right to change the thing that it is about."
    if takes == BY_KIND:
        return "Takes the right of the document’s kind."
    return f"Takes the right “{takes}”."
