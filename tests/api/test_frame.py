"""The frame around every path: who asks, what may be sent, and that whatever goes wrong is a problem with a code."""

from __future__ import annotations

import inspect
import io
import json
import sys
from typing import Any

import pytest
from django.test import Client
from pydantic import BaseModel

from seriatim.accounts.backend import BACKEND
from seriatim.accounts.people import set_active
from seriatim.accounts.tokens import revoke_token, tokens_of
from seriatim.api.bodies import LARGEST_BYTES
from seriatim.api.door import addresses
from seriatim.api.frame import Framed
from seriatim.api.operations import OPERATIONS, UNASKED
from seriatim.api.statuses import OWN, STATUSES
from seriatim.api.urls import api
from seriatim.config.whole_bodies import whole
from seriatim.exchange.backup_refusals import FileUnusable
from seriatim.exchange.table_refusals import TableRefused
from seriatim.kernel.refusals import PRECEDENCE, Refusal
from seriatim.labels.refusals import LABEL_REFUSALS
from tests.api.conftest import V1, Answer, Program, Programs, receipt
from tests.support.cast import Cast

# What is refused here never gets as far as a database.
pytestmark = pytest.mark.engine_free


def test_every_refusal_of_the_core_has_a_status_and_nothing_else_has() -> None:
    kinds: list[type[Refusal]] = [*PRECEDENCE, *LABEL_REFUSALS, TableRefused, FileUnusable]
    assert set(STATUSES) == {refusal.code for refusal in kinds}
    assert not set(STATUSES) & set(OWN)
    assert {*STATUSES.values(), *(own.status for own in OWN.values())} <= {*range(400, 418), 422, 500, 503}


def test_every_path_declares_a_right_that_there_is() -> None:
    from seriatim.accounts.roles import RIGHTS

    declared = {(one.method, one.path) for one in OPERATIONS.values()}
    served = {
        (method, path)
        for router in api._get_bound_routers()
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    }
    assert served == declared
    for one in OPERATIONS.values():
        assert one.takes in {*RIGHTS, *UNASKED}, one.path


def test_no_address_of_the_door_is_outside_its_frame() -> None:
    views: list[Any] = [inspect.unwrap(pattern.callback) for pattern in addresses(api)]
    assert all(isinstance(view, Framed) for view in views)
    assert {view.path for view in views} == {path for _, path in OPERATIONS}


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The problem, which has the shape of one."""
    assert (answer.status, answer.code) == (status, code), answer.body
    assert answer.response["Content-Type"] == "application/problem+json"
    said: dict[str, Any] = answer.data
    assert said["status"] == status
    assert {"type", "title", "detail", "instance"} <= set(said)
    return said


# --- who asks ---------------------------------------------------------------------------------------------


def test_nobody_is_let_in_without_a_token_or_with_a_bad_one(stranger: Program, cast: Cast) -> None:
    problem(stranger.get("/items"), 401, "unauthorized")
    for header in ("Bearer nonsense", "Bearer ", "Basic YTpi", "Bearer srt_" + "x" * 500, "nonsense", ""):
        answer = stranger.get("/items", Authorization=header)
        problem(answer, 401, "unauthorized")
        assert answer.response["WWW-Authenticate"].startswith("Bearer")


def test_a_revoked_token_and_one_of_somebody_shut_out_open_nothing(cast: Cast, programs: Programs) -> None:
    program = programs("operator")
    assert program.get("/items").status == 200
    [token] = tokens_of(by=cast.operator, user=cast.operator)
    revoke_token(by=cast.operator, token_id=token.id)
    problem(program.get("/items"), 401, "unauthorized")
    other = programs("viewer")
    set_active(by=cast.admin, user=cast.viewer, active=False)
    problem(other.get("/items"), 401, "unauthorized")


def test_a_session_is_taken_for_looking_and_for_writing_with_the_csrf_token_only(cast: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.manager, backend=BACKEND)
    page = Program("", browser)
    assert page.get("/items/LAPTOP").status == 200
    problem(page.post("/items", {"code": "X", "name": "x"}), 403, "forged")
    browser.cookies["csrftoken"] = "a" * 32
    assert page.post("/items", {"code": "X", "name": "x"}, X_CSRFToken="a" * 32).status == 201


def test_a_token_goes_before_a_session_and_a_bad_one_is_not_made_good_by_it(cast: Cast) -> None:
    browser = Client()
    browser.force_login(cast.manager, backend=BACKEND)
    problem(Program("nonsense", browser).get("/items"), 401, "unauthorized")


def test_a_scope_that_is_missing_is_named(programs: Programs) -> None:
    said = problem(
        programs("manager", "read").post("/items", {"code": "X", "name": "x"}), 403, "not_permitted"
    )
    assert said["facts"]["scope"] == "catalog"
    said = problem(programs("viewer").post("/items", {"code": "X", "name": "x"}), 403, "not_permitted")
    assert said["facts"]["right"] == "catalog"


def test_money_is_absent_for_whoever_may_not_see_it(cast: Cast, programs: Programs, erp: Program) -> None:
    assert erp.post("/documents", receipt("SN-1")).status == 201
    everything = erp.get("/units/LAPTOP/SN-1").data
    assert everything["cost"] == "500.00"
    for program in (programs("operator"), programs("manager", "read")):
        for path in (
            "/units/LAPTOP/SN-1",
            "/units/LAPTOP/SN-1/history",
            "/units",
            "/movements",
            "/movements/list",
        ):
            text = program.get(path).body.decode()
            assert '"cost' not in text, path
            assert "500.00" not in text, path
        document = program.get("/documents/PR-2026-00001").data
        assert "unit_cost" not in document["lines"][0]
    problem(programs("operator").get("/units?sort=cost"), 403, "not_permitted")


# --- what may be sent -------------------------------------------------------------------------------------

_BAD_BODIES: list[tuple[bytes, str, int]] = [
    (b"{", "bad_json", 400),
    (b"\xff\xfe{}", "bad_json", 400),
    (b'{"code": "a\x00b"}', "bad_json", 400),
    (b'{"code": "a\\u0000b", "name": "x"}', "bad_json", 400),
    (b'{"code": "\\ud800", "name": "x"}', "bad_json", 400),
    (b'{"code": NaN}', "bad_json", 400),
    (b'{"code": 1e400}', "bad_json", 400),
    (b'{"code": ' + b"9" * 5_000 + b"}", "bad_json", 400),
    (b"[" * 200_000, "bad_json", 400),
    (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "bad_json", 400),
    (b"null", "misread", 422),
    (b"[]", "misread", 422),
    (b'"text"', "misread", 422),
    (b"", "misread", 422),
    (b'{"code": "X", "name": "x", "nmae": "y"}', "misread", 422),
    (b'{"code": 7, "name": "x"}', "misread", 422),
    (b'{"code": true, "name": "x"}', "misread", 422),
    (b'{"code": "X", "name": "x", "warranty_days": 99999999999999999999}', "misread", 422),
    (b'{"code": "X", "name": "x", "warranty_days": "12"}', "misread", 422),
    (b'{"code": "X", "name": "x", "warranty_date": 20261120}', "misread", 422),
    (b'{"code": "X", "name": "x", "warranty_date": "2026-02-30"}', "misread", 422),
    (b'{"code": "X", "name": "x", "default_price": "1e999999999"}', "invalid", 422),
    (b'{"code": "X", "name": "x", "default_price": "\xc2\xbd"}', "invalid", 422),
    (b'{"code": "", "name": "x"}', "invalid", 422),
    (b'{"code": "\xe2\x80\xae", "name": "x"}', "invalid", 422),
]


@pytest.mark.parametrize(("body", "code", "status"), _BAD_BODIES, ids=lambda value: str(value)[:40])
def test_no_body_breaks_the_door(erp: Program, body: bytes, code: str, status: int) -> None:
    problem(erp.post("/items", body), status, code)


def test_a_field_that_cannot_be_read_is_named_as_on_paper(erp: Program) -> None:
    paper = receipt("SN-1")
    paper["lines"].append({"item": "LAPTOP", "quantity": []})
    said = problem(erp.post("/documents", paper), 422, "misread")
    assert said["field"] == "lines[2].quantity"
    assert said["errors"][0]["detail"].count("; or ") == 2
    paper["lines"][1] = {"item": "LAPTOP", "quantity": "-3"}
    assert problem(erp.post("/documents", paper), 422, "misread")["field"] == "lines[2].quantity"


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Content_Type": "text/plain"}, 415, "unsupported_media_type"),
        ({"Content_Type": "application/x-www-form-urlencoded"}, 415, "unsupported_media_type"),
        ({"Content_Type": "application/json; charset=utf-16"}, 415, "unsupported_media_type"),
        ({"Content_Type": ""}, 415, "unsupported_media_type"),
        ({"Content_Encoding": "gzip"}, 415, "unsupported_media_type"),
        ({"Idempotency_Key": ""}, 422, "invalid"),
        ({"Idempotency_Key": "x" * 101}, 422, "invalid"),
        ({"Idempotency_Key": "ü"}, 422, "invalid"),
    ],
)
def test_headers_that_cannot_be_meant_are_refused(
    erp: Program, headers: dict[str, str], status: int, code: str
) -> None:
    problem(erp.post("/items", {"code": "X", "name": "x"}, **headers), status, code)


def test_a_body_that_is_too_large_is_refused_by_its_length_before_it_is_read(erp: Program) -> None:
    answer = erp.ask("POST", "/items", b"{}", Content_Length=str(LARGEST_BYTES + 1))
    said = problem(answer, 413, "body_too_large")
    assert said["limit"] == LARGEST_BYTES
    problem(erp.ask("POST", "/items", b"{}", Content_Length="many"), 400, "bad_request")


CHUNKED: dict[str, Any] = {
    "CONTENT_LENGTH": "",
    "HTTP_TRANSFER_ENCODING": "chunked",
    "wsgi.input_terminated": True,
}


def sent(program: Program, path: str, came: bytes, type_: str = "application/json", **environ: Any) -> Answer:
    """A request as a server hands it over: with what came of its body, and what it says of it."""
    return Answer(
        program.client.generic(
            "POST",
            f"{V1}{path}",
            b"",
            content_type=type_,
            headers={"Authorization": f"Bearer {program.secret}"},
            **{"CONTENT_TYPE": type_, "wsgi.input": io.BytesIO(came), **environ},
        )
    )


def test_a_body_may_come_in_chunks_without_a_length(erp: Program) -> None:
    assert sent(erp, "/items", b'{"code": "X", "name": "caf\xc3\xa9"}', **CHUNKED).data["name"] == "café"
    # Where the server does not find the end of the chunks, nobody does.
    problem(sent(erp, "/items", b"{}", **{**CHUNKED, "wsgi.input_terminated": False}), 411, "length_required")
    said = problem(sent(erp, "/items", b" " * (LARGEST_BYTES + 1), **CHUNKED), 413, "body_too_large")
    assert said["limit"] == LARGEST_BYTES


def test_a_body_that_breaks_off_does_nothing(erp: Program) -> None:
    body = json.dumps({"code": "CUT", "name": "x"}).encode()
    length = len(body) + 1
    cut: dict[str, Any] = {"CONTENT_LENGTH": str(length), "wsgi.input": whole(io.BytesIO(body), length)}
    answer = sent(erp, "/items", body, **cut)
    problem(answer, 400, "bad_request")
    problem(sent(erp, "/items", b"", **CHUNKED), 400, "bad_request")
    problem(sent(erp, "/items", body[:-1], **CHUNKED), 400, "bad_json")
    # A file has no end that could be missed.
    problem(
        sent(erp, "/items/LAPTOP/files?name=a.txt", b"half", "text/plain", **CHUNKED), 411, "length_required"
    )
    problem(erp.get("/items/CUT"), 404, "not_found")
    assert not erp.get("/items/LAPTOP/files").data["rows"]


def test_letters_may_begin_in_one_piece_and_end_in_the_next(
    erp: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seriatim.api.bodies._PIECE_BYTES", 1)
    body = json.dumps({"code": "X", "name": "größer 中"}, ensure_ascii=False).encode("utf-8-sig")
    assert erp.post("/items", body).data["name"] == "größer 中"
    wrong = b'{"code": "X2", "name": "\xc3("}'
    assert "byte 25)" in problem(erp.post("/items", wrong), 400, "bad_json")["detail"]


def test_unknown_addresses_methods_and_parameters_are_problems_too(erp: Program) -> None:
    problem(erp.get("/nothing"), 404, "no_such_path")
    problem(erp.get("/items/A%00B"), 404, "no_such_path")
    problem(erp.get("/items/%ff"), 404, "not_found")
    problem(erp.get("/items?cloud=1"), 422, "misread")
    problem(erp.get("/items?q=a%00b"), 422, "misread")
    problem(erp.get("/items?limit=10&limit=20"), 422, "misread")
    problem(erp.get("/items?limit=9999999999999999999999"), 422, "misread")
    problem(erp.get("/blocks/99999999999999999999"), 422, "misread")
    answer = erp.ask("BREW", "/items")
    problem(answer, 405, "method_not_allowed")
    assert answer.response["Allow"] == "GET, HEAD, OPTIONS, POST"
    assert erp.ask("OPTIONS", "/items").response["Allow"] == "GET, HEAD, OPTIONS, POST"


def test_head_answers_as_get_does_without_the_body(erp: Program) -> None:
    got, head = erp.get("/items/LAPTOP"), erp.ask("HEAD", "/items/LAPTOP")
    assert (head.status, head.body, head.etag) == (200, b"", got.etag)


def test_our_own_mistakes_are_answered_without_telling_what_broke(
    erp: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_code: str) -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr("seriatim.api.items.item_by_code", broken)
    answer = erp.get("/items/LAPTOP")
    problem(answer, 500, "internal")
    assert b"secret" not in answer.body


def test_a_database_that_does_not_answer_is_said_to_be_that(
    erp: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    def gone(_code: str) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr("seriatim.api.items.item_by_code", gone)
    answer = erp.get("/items/LAPTOP")
    problem(answer, 503, "unavailable")
    assert answer.response["Retry-After"]


def test_answers_are_compressed_for_whoever_takes_that(erp: Program) -> None:
    import gzip

    answer = erp.get("/items", Accept_Encoding="gzip")
    assert answer.response["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(answer.body))["rows"]


# --- refusals ---------------------------------------------------------------------------------------------


def test_a_refusal_names_every_serial_with_where_it_is(erp: Program, cast: Cast) -> None:
    assert erp.post("/documents", receipt("SN-1", "SN-2")).status == 201
    paper = {
        "kind": "delivery_note",
        "party": "HAFEN",
        "lines": [{"item": "LAPTOP", "from": "SHOP", "serials": ["SN-1", "SN-2", "SN-3"]}],
        "post": True,
    }
    said = problem(erp.post("/documents", paper), 409, "unknown_serial")
    assert [one["serial"] for one in said["serials"]] == ["SN-3"]
    [also] = said["also"]
    assert also["code"] == "not_at_source"
    assert {(one["serial"], one["place"], one["line"]) for one in also["serials"]} == {
        ("SN-1", "A-01", 1),
        ("SN-2", "A-01", 1),
    }
    assert all(one["detail"] for one in also["serials"])


def test_documents_in_the_way_stand_in_cases(erp: Program) -> None:
    first = erp.post("/documents", receipt("SN-1")).data["number"]
    moved = {
        "kind": "transfer",
        "lines": [{"item": "LAPTOP", "to": "A-02", "serials": ["SN-1"]}],
        "post": True,
    }
    second = erp.post("/documents", moved).data["number"]
    said = problem(erp.post(f"/documents/{first}/reverse", {}), 409, "later_documents")
    assert [case["document"] for case in said["cases"]] == [second]


def test_no_two_shapes_have_one_name() -> None:
    """The description knows them by name: of two, one would be described as the other."""
    from seriatim.api import urls

    assert urls.api is api
    modules = [module for name, module in sys.modules.items() if name.startswith("seriatim.api.")]
    shapes = {
        shape
        for module in modules
        for shape in vars(module).values()
        if isinstance(shape, type) and issubclass(shape, BaseModel) and shape.__module__ == module.__name__
    }
    names = [shape.__name__ for shape in shapes]
    assert sorted(names) == sorted(set(names))
