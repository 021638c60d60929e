"""A write is done once and answered alike, however often it is sent, at the same moment or after a lost connection."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from functools import partial
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from seriatim.accounts import kept
from seriatim.accounts.models import KeptAnswer, User
from seriatim.accounts.scopes import SCOPES
from seriatim.accounts.tokens import create_token
from seriatim.catalog.models import Item, Location, Party
from seriatim.documents.models import Document
from seriatim.files.models import Attachment
from seriatim.labels.models import PrintJob
from seriatim.ledger.models import Movement, UnitMark
from seriatim.ledger.models import Unit as UnitRow
from tests.api.conftest import V1, Program, Programs, receipt
from tests.support.cast import Cast
from tests.support.threads import in_threads

ITEM = {"code": "RTR-1", "name": "Router"}


# --- one after the other ----------------------------------------------------------------------------------


def test_the_same_request_under_one_key_is_answered_again_and_done_once(erp: Program) -> None:
    first = erp.post("/items", ITEM, Idempotency_Key="k")
    again = erp.post("/items", ITEM, Idempotency_Key="k")
    assert first.status == 201
    assert (again.status, again.body, again.etag) == (first.status, first.body, first.etag)
    assert again.response["Location"] == first.response["Location"]
    assert Item.objects.filter(code="RTR-1").count() == 1
    assert erp.post("/items", ITEM).code == "invalid", "without the key it is another request"


def test_the_first_answer_comes_again_even_if_the_thing_has_changed_since(erp: Program) -> None:
    first = erp.post("/items", ITEM, Idempotency_Key="k")
    erp.patch("/items/RTR-1", {"name": "Other"})
    assert erp.post("/items", ITEM, Idempotency_Key="k").body == first.body


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/items", {**ITEM, "name": "Another"}),
        ("POST", "/parties", ITEM),
        ("POST", "/items/LAPTOP/archive", None),
    ],
)
def test_another_request_under_a_used_key_is_refused(erp: Program, method: str, path: str, body: Any) -> None:
    erp.post("/items", ITEM, Idempotency_Key="k")
    answer = erp.ask(method, path, body, Idempotency_Key="k")
    assert (answer.status, answer.code) == (422, "key_reused")


def test_a_key_is_its_users_own(programs: Programs) -> None:
    assert programs("manager").post("/items", ITEM, Idempotency_Key="k").status == 201
    assert programs("admin").post("/items", {**ITEM, "code": "X"}, Idempotency_Key="k").status == 201


def test_a_refusal_is_not_kept_and_leaves_nothing(erp: Program) -> None:
    assert erp.post("/items", {**ITEM, "uom": ""}, Idempotency_Key="k").code == "invalid"
    assert not KeptAnswer.objects.exists()
    assert erp.post("/items", ITEM, Idempotency_Key="k").status == 201


def test_a_mistake_of_ours_keeps_nothing_and_takes_the_effect_back(
    erp: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer fails after the item was written: neither is there, so sending it again does it."""

    def broken(*_args: Any, **_more: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr("seriatim.api.items.tagged", broken)
        assert erp.post("/items", ITEM, Idempotency_Key="k").status == 500
    assert not Item.objects.filter(code="RTR-1").exists()
    assert erp.post("/items", ITEM, Idempotency_Key="k").status == 201


def test_old_answers_are_forgotten(erp: Program) -> None:
    erp.post("/items", ITEM, Idempotency_Key="old")
    KeptAnswer.objects.update(at=KeptAnswer.objects.get().at - kept.KEPT_FOR * 2)
    erp.post("/parties", ITEM, Idempotency_Key="new")
    assert kept.forget_old() == 1
    assert KeptAnswer.objects.get().key == "new"


def test_a_document_is_once_by_its_id_whatever_the_key(erp: Program) -> None:
    paper = receipt("SN-1", id=str(uuid4()))
    answers = [erp.post("/documents", paper, Idempotency_Key=key) for key in ("a", "b")]
    answers.append(erp.post("/documents", paper))
    assert {answer.status for answer in answers} == {201}
    assert len({answer.data["number"] for answer in answers}) == 1
    other = erp.post("/documents", {**paper, "reference": "other"})
    assert (other.status, other.code) == (409, "id_conflict")


def test_an_allocation_is_once_by_its_id(erp: Program) -> None:
    line = {"item": "LAPTOP", "to": "A-01", "quantity": 2, "missing": "wait"}
    waiting = erp.post(
        "/documents", {"kind": "purchase_receipt", "party": "NORDLINK", "lines": [line], "post": True}
    )
    said = {"id": str(uuid4()), "line": waiting.data["lines"][0]["id"], "serials": "X-1, X-2"}
    first, again = erp.post("/allocations", said), erp.post("/allocations", said)
    assert (first.status, again.status) == (201, 201), again.body
    assert first.data["number"] == again.data["number"]


def test_two_who_edit_one_record_do_not_overwrite_each_other(erp: Program) -> None:
    seen = erp.get("/items/LAPTOP").etag
    assert erp.patch("/items/LAPTOP", {"name": "Mine"}, If_Match=seen).status == 200
    late = erp.patch("/items/LAPTOP", {"name": "Yours"}, If_Match=seen)
    assert (late.status, late.code) == (412, "precondition_failed")
    assert erp.delete("/items/LAPTOP", If_Match=seen).status == 412
    now = erp.get("/items/LAPTOP")
    assert now.data["name"] == "Mine"
    assert erp.patch("/items/LAPTOP", {"name": "Yours"}, If_Match=f'"x", W/{now.etag}').status == 200
    assert erp.get("/items/LAPTOP", If_None_Match=erp.get("/items/LAPTOP").etag).status == 304


# --- at the same moment, over a real server ---------------------------------------------------------------


class Wire:
    """Connections to a real server, each of its own."""

    def __init__(self, url: str, user: User) -> None:
        parts = urlsplit(url)
        self.host, self.port = parts.hostname or "", parts.port or 0
        self.secret = create_token(by=user, user=user, name="x", scopes=list(SCOPES)).secret

    def send(self, path: str, said: Any, *, method: str = "POST", key: str = "") -> tuple[int, bytes]:
        wire = HTTPConnection(self.host, self.port, timeout=60)
        wire.request(method, f"{V1}{path}", json.dumps(said), self._headers(key))
        answer = wire.getresponse()
        try:
            return answer.status, answer.read()
        finally:
            wire.close()

    def cut(self, path: str, said: Any, *, key: str = "") -> None:
        """Send the whole request and hang up without reading the answer."""
        body = json.dumps(said).encode()
        head = [
            f"POST {V1}{path} HTTP/1.1",
            f"Host: {self.host}",
            f"Content-Length: {len(body)}",
            "Connection: close",
        ]
        head += [f"{name}: {value}" for name, value in self._headers(key).items()]
        with socket.create_connection((self.host, self.port), timeout=60) as wire:
            wire.sendall("\r\n".join(head).encode() + b"\r\n\r\n" + body)

    def _headers(self, key: str) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {self.secret}", "Content-Type": "application/json"}
        return {**headers, "Idempotency-Key": key} if key else headers


@pytest.fixture
def wire(real_cast: Cast, real_server: str) -> Wire:
    return Wire(real_server, real_cast.manager)


def _received(wire: Wire, *serials: str) -> dict[str, Any]:
    status, body = wire.send("/documents", receipt(*serials))
    assert status == 201, body
    return json.loads(body)


def _transfer(*serials: str, **more: Any) -> dict[str, Any]:
    return {"kind": "transfer", "lines": [{"item": "LAPTOP", "to": "A-02", "serials": [*serials]}], **more}


def _moved() -> int:
    return Movement.objects.filter(unit__serial="S-1").count()


#: what is sent → (what has to be there first, the request, how often its effect is there)
Made = tuple[str, Any]
WRITES: dict[str, tuple[Callable[[Wire], Made], Callable[[], int], int]] = {
    "make an item": (lambda _w: ("/items", ITEM), lambda: Item.objects.filter(code="RTR-1").count(), 1),
    "post a document by its id": (
        lambda w: (_received(w, "S-1"), ("/documents", _transfer("S-1", id=str(uuid4()), post=True)))[1],
        _moved,
        2,
    ),
    "post a document that got its id here": (
        lambda w: (_received(w, "S-1"), ("/documents", _transfer("S-1", post=True)))[1],
        _moved,
        2,
    ),
    "post a draft": (
        lambda w: (
            _received(w, "S-1"),
            (f"/documents/{json.loads(w.send('/documents', _transfer('S-1'))[1])['id']}/post", {}),
        )[1],
        _moved,
        2,
    ),
    "reverse a document": (
        lambda w: (f"/documents/{_received(w, 'S-1')['number']}/reverse", {"reason": "x"}),
        _moved,
        2,
    ),
    "make a unit by hand": (
        lambda _w: ("/units", {"item": "LAPTOP", "serial": "HAND-1"}),
        lambda: UnitRow.objects.filter(serial="HAND-1").count(),
        1,
    ),
    "hang a file on an item": (
        lambda _w: ("/items/LAPTOP/files?name=x.json", {"a": "file"}),
        Attachment.objects.count,
        1,
    ),
    "print a label": (
        lambda _w: ("/labels/print", {"items": ["LAPTOP"], "template": "item-57x32", "output": "zpl"}),
        PrintJob.objects.count,
        1,
    ),
    "set a mark": (
        lambda w: (
            _received(w, "S-1"),
            ("/marks", {"mark": "held", "reason": "x", "units": [{"item": "LAPTOP", "serial": "S-1"}]}),
        )[1],
        UnitMark.objects.count,
        1,
    ),
}


@pytest.mark.parametrize("name", WRITES)
def test_five_at_the_same_moment_have_one_effect_and_one_answer(wire: Wire, name: str) -> None:
    prepare, effect, wanted = WRITES[name]
    path, said = prepare(wire)
    answers = in_threads(5, lambda _index: wire.send(path, said, key="the-key"))
    assert all(isinstance(answer, tuple) for answer in answers), answers
    assert len(set(answers)) == 1, answers
    assert answers[0][0] in {200, 201}, answers[0]  # type: ignore[index]  # as above
    assert effect() == wanted


@pytest.mark.parametrize("name", WRITES)
def test_a_connection_that_is_lost_is_made_good_by_sending_it_again(wire: Wire, name: str) -> None:
    """The client hangs up as soon as it has sent the request, twice, and only then asks again and listens."""
    prepare, effect, wanted = WRITES[name]
    path, said = prepare(wire)
    wire.cut(path, said, key="the-key")
    wire.cut(path, said, key="the-key")
    status, body = wire.send(path, said, key="the-key")
    assert status in {200, 201}, body
    assert effect() == wanted
    assert wire.send(path, said, key="the-key") == (status, body)


def test_of_two_requests_under_one_key_at_one_moment_one_is_refused(wire: Wire) -> None:
    bodies = [{**ITEM, "code": f"R-{number}"} for number in range(4)]
    answers: list[Any] = in_threads(4, lambda index: wire.send("/items", bodies[index], key="one"))
    assert sorted(status for status, _ in answers) == [201, 422, 422, 422]
    assert Item.objects.filter(code__startswith="R-").count() == 1


def test_parallel_edits_with_one_version_let_one_through(wire: Wire) -> None:
    """Each sends the version that all of them have read: exactly one is taken."""
    reader = HTTPConnection(wire.host, wire.port, timeout=60)
    reader.request("GET", f"{V1}/items/LAPTOP", headers=wire._headers(""))
    version = reader.getresponse().headers["ETag"]
    reader.close()

    def edit(index: int) -> int:
        connection_ = HTTPConnection(wire.host, wire.port, timeout=60)
        headers = {**wire._headers(""), "If-Match": version}
        connection_.request("PATCH", f"{V1}/items/LAPTOP", json.dumps({"name": f"Name {index}"}), headers)
        status = connection_.getresponse().status
        connection_.close()
        return status

    statuses: list[Any] = in_threads(4, edit)
    assert sorted(statuses) == [200, 412, 412, 412]


def test_the_same_document_without_a_key_many_times_at_once_is_one_document(wire: Wire) -> None:
    paper = receipt("S-1", "S-2", id=str(uuid4()))
    answers: list[Any] = in_threads(5, lambda _index: wire.send("/documents", paper))
    assert {status for status, _ in answers} == {201}
    assert len({json.loads(body)["number"] for _, body in answers}) == 1
    assert Document.objects.count() == 1
    assert Movement.objects.count() == 2


@pytest.mark.parametrize(
    ("method", "path", "said"),
    [
        ("POST", "/users", {"username": "pia", "roles": ["viewer"]}),
        ("PUT", "/roles/counter", {"rights": ["look"]}),
        (
            "POST",
            "/webhooks",
            {"name": "ERP", "url": "https://93.184.215.14/", "events": ["document.posted"]},
        ),
        ("POST", "/custom-fields", {"subject": "item", "name": "colour"}),
    ],
)
def test_who_makes_what_somebody_else_makes_at_the_same_moment_is_told(
    real_cast: Cast, real_server: str, method: str, path: str, said: Any
) -> None:
    wire = Wire(real_server, real_cast.admin)
    answers: list[Any] = in_threads(4, lambda _index: wire.send(path, said, method=method))
    statuses = [status for status, _ in answers]
    assert statuses.count(201) == 1 or method == "PUT", answers
    assert set(statuses) <= {200, 201, 422, 503}, answers


def test_a_record_that_many_put_at_one_moment_is_made_once(wire: Wire) -> None:
    """Whoever comes later changes it: nobody is refused."""
    rows: dict[str, Any] = {"items": Item, "locations": Location, "parties": Party}
    for noun, model in rows.items():
        put = partial(wire.send, f"/{noun}/NEW", method="PUT")
        answers: list[Any] = in_threads(4, lambda index, put=put: put({"name": f"N {index}"}))  # type: ignore[misc]
        assert sorted(status for status, _ in answers) == [200, 200, 200, 201], answers
        assert model.objects.filter(code="NEW").count() == 1
