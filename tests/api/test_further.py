"""Webhooks, labels, files, custom fields, users, roles and the site, through the API."""

from __future__ import annotations

import socket
import threading
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from seriatim.accounts.models import KeptAnswer
from seriatim.labels.models import Printer, PrintJob
from seriatim.series import services as series_services
from seriatim.webhooks.models import Subscription
from seriatim.webhooks.services import secret as secret_of
from tests.api.conftest import Program, Programs, program_of, receipt
from tests.support.cast import Cast
from tests.support.desk import Desk

pytestmark = pytest.mark.engine_free

HOOK = {"name": "ERP", "url": "https://93.184.215.14/", "events": ["document.posted"]}


@pytest.fixture
def admin(programs: Programs) -> Program:
    return programs("admin")


@pytest.fixture
def desk(cast: Cast) -> Desk:
    desk = Desk(cast, cast.manager)
    desk.receive("S-1 S-2 S-3", day=1)
    return desk


# --- secrets ------------------------------------------------------------------------------------------------


def test_a_secret_is_answered_once_and_never_kept(admin: Program, cast: Cast) -> None:
    made = admin.post("/webhooks", HOOK, Idempotency_Key="k")
    again = admin.post("/webhooks", HOOK, Idempotency_Key="k")
    assert (made.status, again.status) == (201, 201)
    assert made.data["secret"] == again.data["secret"]
    id = UUID(made.data["id"])
    assert made.data["secret"] == secret_of(user=cast.admin, id=id)
    assert Subscription.objects.count() == 1
    assert made.data["secret"] not in "".join(KeptAnswer.objects.values_list("body", flat=True))
    for answer in (admin.get(f"/webhooks/{id}"), admin.patch(f"/webhooks/{id}", {"name": "Shop"})):
        assert "secret" not in answer.data
    assert "secret" not in admin.get("/webhooks").data["rows"][0]


def test_a_new_secret_is_made_once_under_a_key(admin: Program) -> None:
    id = admin.post("/webhooks", HOOK).data["id"]
    one, same, other = (
        admin.post(f"/webhooks/{id}/secret", Idempotency_Key=key).data["secret"] for key in ("a", "a", "b")
    )
    assert one == same != other


def test_a_delivery_is_asked_for_by_its_own_webhook_only(admin: Program) -> None:
    first = admin.post("/webhooks", HOOK).data["id"]
    second = admin.post("/webhooks", {**HOOK, "name": "Shop"}).data["id"]
    delivery = admin.post(f"/webhooks/{first}/ping").data["id"]
    assert admin.get(f"/webhooks/{second}/deliveries/{delivery}").status == 404
    assert admin.post(f"/webhooks/{second}/deliveries/{delivery}/redeliver").status == 404
    assert admin.get(f"/webhooks/{first}/deliveries?outcome=given_up").data["rows"] == []


def test_who_edits_what_somebody_else_has_edited_is_told(admin: Program, erp: Program) -> None:
    """The same for whatever is no row of the catalog's."""
    hook = f"/webhooks/{admin.post('/webhooks', HOOK).data['id']}"
    erp.post("/custom-fields", {"subject": "item", "name": "colour"})
    admin.put("/roles/counter", {"rights": ["look"]})
    edits: list[tuple[str, str, dict[str, Any]]] = [
        ("PATCH", hook, {"name": "Shop"}),
        ("PATCH", "/site", {"reminder_days": 7}),
        ("PATCH", "/users/operator", {"name": "Olga"}),
        ("PUT", "/roles/counter", {"rights": ["look", "move"]}),
        ("PATCH", "/custom-fields/item/colour", {"label": "Colour of it"}),
    ]
    for method, path, body in edits:
        seen = admin.get(path).etag
        done = admin.ask(method, path, body, If_Match=seen)
        assert done.status == 200, done.body
        assert admin.ask(method, path, body, If_Match=seen).code == "precondition_failed", path
        assert admin.get(path).etag == done.etag
        assert admin.ask(method, path, body, If_Match=done.etag).status == 200


# --- labels -------------------------------------------------------------------------------------------------


def test_a_pdf_has_a_label_for_each_unit_and_starts_where_it_is_told(desk: Desk, erp: Program) -> None:
    said = {"document": desk.receive("N-1 N-2", day=2).number, "template": "unit-l7160", "start": 21}
    answer = erp.post("/labels/print", said)
    assert (answer.status, answer.response["Content-Type"]) == (200, "application/pdf")
    assert len(pypdfium2.PdfDocument(answer.body)) == 2, "one label on the first sheet's last place"
    job = erp.get(answer.response["Location"].removeprefix("/api/v1")).data
    assert (job["things"], job["output"], job["source"]) == (2, "pdf", said["document"])


def test_a_print_is_entered_once_under_a_key_and_its_file_comes_again(desk: Desk, erp: Program) -> None:
    units = [{"item": "LAPTOP", "serial": serial} for serial in ("S-1", "S-2")]
    said = {"units": units, "template": "unit-57x32", "output": "zpl"}
    first, again = (erp.post("/labels/print", said, Idempotency_Key="k") for _ in range(2))
    assert first.body == again.body
    assert first.body.count(b"^XA") == 2
    assert first.response["Location"] == again.response["Location"]
    assert PrintJob.objects.count() == 1
    assert erp.post("/labels/print", {**said, "copies": 2}, Idempotency_Key="k").code == "key_reused"


def test_a_print_that_would_be_about_other_units_by_now_is_not_made_again(cast: Cast, erp: Program) -> None:
    made = series_services.define(user=cast.manager, code="RUN", pattern="R-{seq:4}")
    series_services.attach(user=cast.manager, item=cast.laptop, series=made)
    said = {"series": "RUN", "count": 2, "template": "unit-57x32", "output": "zpl"}
    assert erp.post("/labels/print", said, Idempotency_Key="k").body
    assert erp.post("/documents", receipt(line={"quantity": 1, "serials": []})).status == 201
    late = erp.post("/labels/print", said, Idempotency_Key="k")
    assert (late.status, late.code) == (409, "changed_meanwhile")
    assert PrintJob.objects.count() == 1


class Paper:
    """A printer that keeps what comes, and can be switched off."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.jobs: list[bytes] = []
        self._thread = threading.Thread(target=self._print, daemon=True)
        self._thread.start()

    def _print(self) -> None:
        while True:
            try:
                wire, _ = self._socket.accept()
            except OSError:
                return
            with wire:
                job = b""
                while piece := wire.recv(65_536):
                    job += piece
                self.jobs.append(job)

    def off(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)


def test_a_printer_gets_it_once_under_a_key(desk: Desk, erp: Program) -> None:
    paper = Paper()
    Printer.objects.create(code="Z1", host="127.0.0.1", port=paper.port, dpi=203)
    said = {"units": [{"item": "LAPTOP", "serial": "S-1"}], "output": "printer", "printer": "Z1"}
    said["template"] = "unit-57x32"
    first, again = (erp.post("/labels/print", said, Idempotency_Key="k") for _ in range(2))
    assert (first.status, first.data["state"], first.data) == (200, "sent", again.data)
    paper.off()
    assert len(paper.jobs) == 1
    failed, told_again = (erp.post("/labels/print", said, Idempotency_Key="off") for _ in range(2))
    assert [failed.code, told_again.code] == ["printer_unreachable"] * 2
    assert [row["state"] for row in erp.get("/labels/prints").data["rows"]] == ["failed", "sent"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, "misread"),
        ({"units": [], "document": ""}, "misread"),
        ({"units": [{"item": "LAPTOP", "serial": "S-1"}], "items": ["LAPTOP"]}, "misread"),
        ({"units": [{"item": "LAPTOP", "serial": "S-1"}], "printer": "Z1"}, "misread"),
        ({"units": [{"item": "LAPTOP", "serial": "NONE"}]}, "unknown_serial"),
        ({"units": [{"item": "LAPTOP", "serial": "S-1"}], "template": "none"}, "not_found"),
        ({"units": [{"item": "LAPTOP", "serial": "S-1"}], "template": "item-57x32"}, "invalid"),
        ({"units": [{"item": "LAPTOP", "serial": "S-1"}], "start": 99}, "invalid"),
        ({"units": [{"item": "LAPTOP", "serial": "S-1"}], "output": "printer"}, "not_found"),
        ({"document": "0b6fd1c2-52c5-4c7e-9f0e-4c1f2ce0a001"}, "not_found"),
        ({"items": ["NONE"]}, "not_found"),
        ({"block": 99}, "not_found"),
        (
            {"locations": ["MAIN"], "below": True, "template": "location-100x50", "output": "printer"},
            "not_found",
        ),
    ],
)
def test_what_cannot_be_printed_is_refused_and_not_entered(
    desk: Desk, erp: Program, said: dict[str, Any], code: str
) -> None:
    answer = erp.post("/labels/print", said, Idempotency_Key="k")
    assert answer.code == code, answer.body
    assert not PrintJob.objects.exists()


def test_one_code_is_a_picture(desk: Desk, erp: Program) -> None:
    answer = erp.get("/labels/code?item=LAPTOP&serial=S-1&type=datamatrix&as=png")
    assert answer.response["Content-Type"] == "image/png"
    [found] = zxingcpp.read_barcodes(Image.open(BytesIO(answer.body)))
    assert found.text == "S-1"
    assert b"<svg" in erp.get("/labels/code?item=LAPTOP").body
    for path, code in (
        ("/labels/code?item=LAPTOP&serial=NONE", "not_found"),
        ("/labels/code?item=LAPTOP&content=page", "label_content"),
        ("/labels/code?item=LAPTOP&type=paper", "misread"),
        ("/labels/code", "not_found"),
    ):
        assert erp.get(path).code == code, path


# --- files --------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def test_a_file_comes_back_as_it_was_and_is_kept_once_under_a_key(
    desk: Desk, erp: Program, folder: Path
) -> None:
    data = bytes(range(256)) * 100
    path = "/units/LAPTOP/S-1/files?name=%C3%BCber%2Fall.bin"
    first, again = (erp.post(path, data, Idempotency_Key="k") for _ in range(2))
    assert (first.status, first.body) == (201, again.body)
    [row] = erp.get("/units/LAPTOP/S-1/files").data["rows"]
    assert (row["name"], row["size"]) == ("all.bin", len(data))
    content = erp.get(f"/files/{row['id']}/content")
    assert content.body == data
    assert content.response["Content-Disposition"].startswith("attachment")
    assert erp.post(path, data).code == "invalid", "the same content once more"
    assert erp.get(f"/files/{row['id']}/content?size=thumb").status == 404, "it is no picture"
    assert erp.delete(f"/files/{row['id']}", If_Match='"other"').status == 412
    assert erp.delete(f"/files/{row['id']}").status == 204
    assert erp.get(f"/files/{row['id']}").status == 404


@pytest.mark.parametrize("data", [b"", b"x" * (1024 * 1024 + 1)], ids=["empty", "too large"])
def test_a_file_that_is_none_or_too_large_is_refused(
    erp: Program, folder: Path, settings: Any, data: bytes
) -> None:
    settings.FILE_LIMIT_MB = 1
    answer = erp.post("/items/LAPTOP/files?name=x", data)
    assert (answer.status, answer.code, answer.data["field"]) == (422, "invalid", "file")


def test_who_may_not_change_a_thing_may_not_change_its_files(
    desk: Desk, programs: Programs, folder: Path
) -> None:
    """Somebody who only looks, at each sort of thing; and a token whose scope is another."""
    paper = desk.receive("S-9", day=2)
    paths = {
        "/items/LAPTOP/files": "operator",
        "/parties/HAFEN/files": "operator",
        "/units/LAPTOP/S-1/files": "viewer",
        f"/documents/{paper.number}/files": "viewer",
    }
    for path, role in paths.items():
        made = programs("manager").post(f"{path}?name=x", b"x").data["id"]
        refused = programs(role)
        assert refused.post(f"{path}?name=y", b"y").status == 403, path
        assert refused.delete(f"/files/{made}").status == 403, path
        assert refused.get(f"/files/{made}/content").body == b"x"
        assert programs("manager", "read").delete(f"/files/{made}").status == 403


# --- people and the site ------------------------------------------------------------------------------------


def test_an_invited_user_gets_a_link_and_nobody_a_password(
    admin: Program, cast: Cast, settings: Any, mailoutbox: list[Any]
) -> None:
    settings.EMAIL_CONFIGURED = False
    said = {"username": "pia", "email": "pia@example.com", "roles": ["operator"], "invite": True}
    assert admin.post("/users", said).status == 422
    assert admin.get("/users/pia").status == 404, "all of it or nothing"
    settings.EMAIL_CONFIGURED = True
    made = admin.post("/users", {**said, "locations": ["A-01"]}, Idempotency_Key="k")
    assert (made.status, made.data["locations"], made.data["can_log_in"]) == (201, ["A-01"], False)
    assert admin.post("/users", {**said, "password": "x"}).data["field"] == "password", (
        "there is no such field"
    )
    assert admin.post("/users", {**said, "locations": ["A-01"]}, Idempotency_Key="k").body == made.body
    assert not {"password"} & set(made.data)


def test_the_last_administrator_cannot_shut_themself_out(admin: Program) -> None:
    assert admin.post("/users/admin/deactivate").status == 422
    assert admin.patch("/users/admin", {"roles": ["viewer"]}).status == 422
    assert admin.get("/users/admin").data["roles"] == ["administrator"]


def test_a_token_of_a_manager_makes_no_administrator_of_anybody(cast: Cast) -> None:
    program = program_of(cast.manager)
    for path in ("/users", "/roles", "/webhooks"):
        assert program.get(path).status == 403
    assert program.patch("/users/manager", {"roles": ["administrator"]}).status == 403
    assert program.put("/roles/mine", {"rights": ["administer"]}).status == 403


def test_changes_of_people_and_of_prices_are_shown_to_who_may_see_them(
    admin: Program, programs: Programs
) -> None:
    admin.patch("/users/operator", {"email": "olga@example.com"})
    admin.patch("/items/LAPTOP", {"default_price": "7.50", "name": "Laptop 2"})
    columns = "columns=record,field,new"
    assert admin.get(f"/changes?subject=user&limit=1&{columns}").data["rows"] == [
        {"record": "operator", "field": "Email", "new": "olga@example.com"}
    ]
    viewer = programs("viewer")
    assert viewer.get(f"/changes?subject=user&{columns}").data["rows"] == []
    fields = [row["new"] for row in viewer.get(f"/changes?subject=item&{columns}").data["rows"]]
    assert "Laptop 2" in fields
    assert "7.50" not in fields
