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
from django.utils import timezone
from PIL import Image

from seriatim.accounts.models import Change, KeptAnswer
from seriatim.labels.models import Printer, PrintJob
from seriatim.series import services as series_services
from seriatim.webhooks.models import Subscription
from seriatim.webhooks.services import secret as secret_of
from tests.api.conftest import Program, Programs, program_of, receipt
from tests.support.cast import Cast
from tests.support.desk import Desk

pytestmark = pytest.mark.engine_free

TEMPLATE = {
    "code": "SHELF",
    "name": "Shelf",
    "design": {
        "subject": "item",
        "medium": "roll-57x32",
        "elements": [
            {"element": "text", "text": "{item}", "x_mm": 1, "y_mm": 1, "width_mm": 50, "height_mm": 6}
        ],
    },
}
PRINTER = {"code": "DOCK", "host": "192.0.2.17", "width_mm": 57}
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
    erp.post("/labels/templates", TEMPLATE)
    admin.post("/labels/printers", PRINTER)
    edits: list[tuple[str, str, dict[str, Any]]] = [
        ("PATCH", hook, {"name": "Shop"}),
        ("PATCH", "/site", {"reminder_days": 7}),
        ("PATCH", "/users/operator", {"name": "Olga"}),
        ("PUT", "/roles/counter", {"rights": ["look", "move"]}),
        ("PATCH", "/custom-fields/item/colour", {"label": "Colour of it"}),
        ("PATCH", "/labels/templates/SHELF", {"name": "Shelf front"}),
        ("PATCH", "/labels/printers/DOCK", {"port": 6101}),
    ]
    for method, path, body in edits:
        seen = admin.get(path).etag
        done = admin.ask(method, path, body, If_Match=seen)
        assert done.status == 200, done.body
        assert admin.ask(method, path, body, If_Match=seen).code == "precondition_failed", path
        assert admin.get(path).etag == done.etag
        assert admin.ask(method, path, body, If_Match=done.etag).status == 200


# --- labels -------------------------------------------------------------------------------------------------


def test_a_template_is_made_by_the_design_of_another_and_deleted_while_nothing_was_printed_with_it(
    desk: Desk, erp: Program, cast: Cast
) -> None:
    design = erp.get("/labels/templates/item-57x32").data["design"]
    made = erp.post("/labels/templates", {**TEMPLATE, "design": design}, Idempotency_Key="k")
    assert (made.status, made.data["design"], made.data["own"]) == (201, design, True)
    assert (
        erp.post("/labels/templates", {**TEMPLATE, "design": design}, Idempotency_Key="k").body == made.body
    )
    assert erp.post("/labels/templates", TEMPLATE).data["facts"]["reason"] == "taken"
    assert erp.patch("/labels/templates/shelf", {"design": TEMPLATE["design"]}).data["name"] == "Shelf"
    wrong = erp.patch("/labels/templates/SHELF", {"design": {**design, "elements": [{"element": "text"}]}})
    assert (wrong.status, wrong.data["cases"][0]["line"]) == (422, 1)
    assert erp.delete("/labels/templates/SHELF", If_Match=made.etag).code == "precondition_failed"
    for method, path in (("PATCH", ""), ("POST", "/archive"), ("DELETE", "")):
        answer = erp.ask(method, f"/labels/templates/item-57x32{path}", {} if method == "PATCH" else None)
        assert (answer.status, answer.data["facts"]["reason"]) == (422, "made by the system"), path
    printed = erp.post("/labels/print", {"items": [cast.laptop.code], "template": "SHELF"})
    assert printed.body.startswith(b"%PDF")
    assert erp.delete("/labels/templates/SHELF").code == "in_use"
    assert erp.post("/labels/templates", {**TEMPLATE, "code": "A/B"}).status == 201
    assert erp.delete("/labels/templates/A/B").status == 204
    assert _deleted("label_template") == ["A/B"]


def test_whatever_a_design_says_is_made_or_refused_by_name(erp: Program) -> None:
    erp.post("/labels/templates", TEMPLATE)
    good: dict[str, Any] = TEMPLATE["design"]  # type: ignore[assignment]
    [element] = good["elements"]
    designs: list[Any] = []
    odds: list[Any] = [
        None,
        True,
        -1,
        1e308,
        10**400,
        "",
        "x" * 5_000,
        "{",
        "{}",
        "\u202e",
        [],
        [[]],
        {},
        {"code": []},
    ]
    for odd in odds:
        designs += [{**good, name: odd} for name in (*good, "height_mm", "x")]
        designs += [{**good, "elements": [odd]}]
        designs += [
            {**good, "elements": [{**element, name: odd}]} for name in (*element, "size_pt", "font", "x")
        ]
        designs += [
            {**good, "medium": {"kind": "sheet", "code": "s", "name": "S", name: odd}}
            for name in ("kind", "columns", "rows", "width_mm")
        ]
    for design in designs:
        answer = erp.patch("/labels/templates/SHELF", {"design": design})
        assert answer.status in {200, 422}, (design, answer.body)
        assert answer.status == 200 or answer.data["field"], (design, answer.body)


def test_a_printer_is_shown_with_its_address_to_who_may_administer_alone(
    desk: Desk, erp: Program, admin: Program, cast: Cast
) -> None:
    made = admin.post("/labels/printers", PRINTER, Idempotency_Key="k")
    assert (made.status, made.data["port"], made.data["dpi"]) == (201, 9100, 203)
    assert admin.post("/labels/printers", PRINTER, Idempotency_Key="k").body == made.body
    assert erp.get("/labels/printers/DOCK").status == 403
    assert "host" not in erp.get("/labels/printers").data["rows"][0]
    changed = admin.patch("/labels/printers/dock", {"width_mm": None, "host": "printer.example"}).data
    assert (changed["width_mm"], changed["host"], changed["port"]) == (None, "printer.example", 9100)
    for wrong in ({"host": "http://x/"}, {"host": ""}, {"port": 0}, {"dpi": 96}, {"width_mm": 1e300}):
        assert admin.patch("/labels/printers/DOCK", wrong).status == 422
    admin.post("/labels/printers/DOCK/archive")
    assert erp.get("/labels/printers").data["rows"] == []
    assert [row["archived"] for row in erp.get("/labels/printers?archived=yes").data["rows"]] == [True]
    PrintJob.objects.create(
        user=cast.admin, at=timezone.now(), template="t", subject="unit", output="printer",
        printer=Printer.objects.get(), things=1, state="sent",
    )  # fmt: skip
    assert admin.delete("/labels/printers/DOCK").code == "in_use"
    PrintJob.objects.all().delete()
    assert admin.delete("/labels/printers/DOCK").status == 204
    assert admin.get("/labels/printers/DOCK").status == 404
    assert _deleted("printer") == ["DOCK"]


def _deleted(subject: str) -> list[str]:
    return list(Change.objects.filter(subject=subject, field="code", new="").values_list("old", flat=True))


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
        {"record": "operator", "field": "email", "new": "olga@example.com"}
    ]
    viewer = programs("viewer")
    assert viewer.get(f"/changes?subject=user&{columns}").data["rows"] == []
    fields = [row["new"] for row in viewer.get(f"/changes?subject=item&{columns}").data["rows"]]
    assert "Laptop 2" in fields
    assert "7.50" not in fields
