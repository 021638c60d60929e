"""The client has everything that the API has: each of its methods asks at the path that it is for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest

from seriatim.api.operations import OPERATIONS
from seriatim.api.urls import api
from seriatim.client import Client

pytestmark = pytest.mark.engine_free

assert api is not None, "the paths are declared by now"

#: What is asked of it is seen here; every answer is one that any of its methods can read.
ANSWER = {
    "rows": [{"serial": "S-1"}], "next": None, "numbers": [], "units": 1, "count": 1, "secret": "x", "refusals": [],
    "scans": [],
}  # fmt: skip


class Ear(httpx.BaseTransport):
    def __init__(self) -> None:
        self.asked: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if request.url.path == "/api/v1/movements" and "after" in request.url.params:
            return httpx.Response(200, json={**ANSWER, "rows": []})
        return httpx.Response(
            200, json={**ANSWER, "next": "c" if request.url.path == "/api/v1/movements" else None}
        )


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def client(ear: Ear) -> Iterator[Client]:
    with Client("http://localhost", "srt_x", transport=ear) as made:
        yield made


LINES = [{"item": "I", "serials": ["S"]}]
#: Which method of the client asks at which path.
METHODS: dict[str, Callable[[Client], Any]] = {
    "GET /me": lambda c: c.me(),
    "GET /tokens": lambda c: c.tokens.all(),
    "GET /tokens/{id}": lambda c: c.tokens.get(1),
    "DELETE /tokens/{id}": lambda c: c.tokens.revoke(1),
    "POST /imports/{what}": lambda c: (c.imports.check("items", b"code"), c.imports.run("items", b"code")),
    "GET /documents": lambda c: (c.documents.all(), c.documents.related("D")),
    "POST /documents": lambda c: c.documents.post_new(kind="k", lines=LINES),
    "POST /documents/preview": lambda c: c.documents.preview(kind="k", lines=LINES),
    "GET /documents/{name}": lambda c: c.documents.get("D"),
    "PUT /documents/{name}": lambda c: c.documents.change("D", kind="k", lines=LINES),
    "POST /documents/{name}/lines": lambda c: c.documents.add_line("D", item="I"),
    "PATCH /documents/{name}/lines/{position}": lambda c: c.documents.amend("D", 1, serials=["S"]),
    "DELETE /documents/{name}/lines/{position}": lambda c: c.documents.remove_line("D", 1),
    "POST /documents/{name}/preview": lambda c: c.documents.refusals("D"),
    "POST /documents/{name}/confirm": lambda c: c.documents.confirm("D"),
    "POST /documents/{name}/post": lambda c: c.documents.post("D"),
    "POST /documents/{name}/reverse": lambda c: c.documents.reverse("D"),
    "POST /documents/{name}/cancel": lambda c: c.documents.cancel("D"),
    "GET /documents/{name}/serials": lambda c: c.documents.serials("D"),
    "POST /documents/{name}/scans": lambda c: c.documents.scan("D", "S"),
    "GET /documents/{name}/scans": lambda c: c.documents.scans("D"),
    "POST /documents/{name}/scans/{id}/answer": lambda c: c.documents.answer_scan("D", 1, yes=True),
    "DELETE /documents/{name}/scans/{id}": lambda c: c.documents.take_back("D", 1),
    "GET /units": lambda c: c.units.all(),
    "POST /units": lambda c: c.units.register(item="I", serial="S"),
    "GET /units/{item}/{path:serial}": lambda c: c.units.get("I", "S"),
    "PATCH /units/{item}/{path:serial}": lambda c: c.units.change("I", "S", note="n"),
    "GET /units/{item}/{path:serial}/history": lambda c: c.units.history("I", "S"),
    "GET /units/{item}/{path:serial}/prints": lambda c: c.units.prints("I", "S"),
    "GET /units/{item}/{path:serial}/return": lambda c: c.units.return_verdict("I", "S"),
    "POST /units/{item}/{path:serial}/identifiers": lambda c: c.units.add_identifier("I", "S", "mac", "m"),
    "DELETE /units/{item}/{path:serial}/identifiers/{type}/{path:value}": lambda c: c.units.remove_identifier(
        "I", "S", "mac", "m"
    ),
    "GET /marks": lambda c: c.units.marks(),
    "POST /marks": lambda c: c.units.mark("held", [("I", "S")], reason="r"),
    "POST /marks/clear": lambda c: c.units.mark("held", [("I", "S")], reason="r", clear=True),
    "GET /movements": lambda c: c.movements.follow(),
    "GET /movements/list": lambda c: c.movements.all(from_="A"),
    "GET /stock": lambda c: c.stock(),
    "GET /stock/by-item": lambda c: c.stock_by_item(),
    "GET /stock/by-location": lambda c: c.stock_by_location(),
    "GET /stock/units": lambda c: c.stock_units("A"),
    "GET /reservations": lambda c: c.reservations(),
    "GET /kinds": lambda c: c.kinds(),
    "POST /scan": lambda c: c.scan("S"),
    "GET /scan/stolen": lambda c: c.stolen(),
    "GET /allocations": lambda c: c.allocations.all(),
    "GET /allocations/counts": lambda c: c.allocations.counts(),
    "POST /allocations": lambda c: c.allocations.allocate(1, ["S"]),
    "GET /series": lambda c: c.series.all(),
    "POST /series": lambda c: c.series.create(code="C", pattern="P"),
    "POST /series/preview": lambda c: c.series.preview("P"),
    "GET /series/{path:code}": lambda c: c.series.get("C"),
    "PATCH /series/{path:code}": lambda c: c.series.change("C", name="n"),
    "GET /series/{path:code}/next": lambda c: c.series.next("C"),
    "GET /series/{path:code}/report": lambda c: c.series.report("C"),
    "GET /series/{path:code}/history": lambda c: c.series.history("C"),
    "GET /series/{path:code}/voids": lambda c: c.series.voids("C"),
    "POST /series/{path:code}/voids": lambda c: c.series.void("C", ["N"], reason="r"),
    "PUT /series/{code}/items/{path:item}": lambda c: c.series.attach("C", "I"),
    "DELETE /series/{code}/items/{path:item}": lambda c: c.series.detach("C", "I"),
    "POST /series/{path:code}/archive": lambda c: c.series.archive("C"),
    "POST /series/{path:code}/unarchive": lambda c: c.series.unarchive("C"),
    "GET /blocks": lambda c: c.blocks.all(),
    "POST /blocks": lambda c: c.blocks.reserve("C", count=1, holder="h"),
    "GET /blocks/{id}": lambda c: c.blocks.get(1),
    "GET /blocks/{id}/numbers": lambda c: c.blocks.numbers(1),
    "POST /blocks/{id}/return": lambda c: c.blocks.give_back(1),
    "GET /webhooks": lambda c: c.webhooks.all(),
    "POST /webhooks": lambda c: c.webhooks.create(name="n", url="u", events=[]),
    "GET /webhooks/{id}": lambda c: c.webhooks.get("h"),
    "PATCH /webhooks/{id}": lambda c: c.webhooks.change("h", name="n"),
    "DELETE /webhooks/{id}": lambda c: c.webhooks.delete("h"),
    "POST /webhooks/{id}/pause": lambda c: c.webhooks.pause("h"),
    "POST /webhooks/{id}/resume": lambda c: c.webhooks.resume("h"),
    "POST /webhooks/{id}/secret": lambda c: c.webhooks.renew_secret("h"),
    "POST /webhooks/{id}/ping": lambda c: c.webhooks.ping("h"),
    "GET /webhooks/{id}/deliveries": lambda c: c.webhooks.deliveries("h"),
    "GET /webhooks/{id}/deliveries/{delivery}": lambda c: c.webhooks.delivery("h", 1),
    "POST /webhooks/{id}/deliveries/{delivery}/redeliver": lambda c: c.webhooks.redeliver("h", 1),
    "POST /labels/print": lambda c: (c.labels.file(document="D"), c.labels.print("Z", document="D")),
    "GET /labels/prints": lambda c: c.labels.prints(),
    "GET /labels/prints/{id}": lambda c: c.labels.print_job(1),
    "GET /labels/code": lambda c: c.labels.code("I", "S", as_="png"),
    "GET /labels/templates": lambda c: c.labels.templates(),
    "POST /labels/templates": lambda c: c.labels.create_template(code="T", name="n", design={}),
    "GET /labels/templates/{path:code}": lambda c: c.labels.template("T"),
    "PATCH /labels/templates/{path:code}": lambda c: c.labels.change_template("T", name="n"),
    "DELETE /labels/templates/{path:code}": lambda c: c.labels.delete_template("T"),
    "POST /labels/templates/{path:code}/archive": lambda c: c.labels.archive_template("T"),
    "POST /labels/templates/{path:code}/unarchive": lambda c: c.labels.archive_template("T", archived=False),
    "GET /labels/printers": lambda c: c.labels.printers(),
    "POST /labels/printers": lambda c: c.labels.create_printer(code="Z", host="h"),
    "GET /labels/printers/{path:code}": lambda c: c.labels.printer("Z"),
    "PATCH /labels/printers/{path:code}": lambda c: c.labels.change_printer("Z", port=1),
    "DELETE /labels/printers/{path:code}": lambda c: c.labels.delete_printer("Z"),
    "POST /labels/printers/{path:code}/archive": lambda c: c.labels.archive_printer("Z"),
    "POST /labels/printers/{path:code}/unarchive": lambda c: c.labels.archive_printer("Z", archived=False),
    "GET /files/{id}": lambda c: c.files.get("f"),
    "GET /files/{id}/content": lambda c: c.files.content("f"),
    "DELETE /files/{id}": lambda c: c.files.delete("f"),
    "GET /custom-fields": lambda c: c.custom_fields.all(),
    "POST /custom-fields": lambda c: c.custom_fields.define("item", "f"),
    "PUT /custom-fields/{subject}": lambda c: c.custom_fields.order("item", ["f"]),
    "GET /custom-fields/{subject}/{name}": lambda c: c.custom_fields.get("item", "f"),
    "PATCH /custom-fields/{subject}/{name}": lambda c: c.custom_fields.change("item", "f", label="l"),
    "DELETE /custom-fields/{subject}/{name}": lambda c: c.custom_fields.delete("item", "f"),
    "POST /custom-fields/{subject}/{name}/archive": lambda c: c.custom_fields.archive("item", "f"),
    "POST /custom-fields/{subject}/{name}/unarchive": lambda c: c.custom_fields.unarchive("item", "f"),
    "GET /units/{item}/{path:serial}/components": lambda c: c.units.components("I", "S", which="former"),
    "GET /stocktakes": lambda c: c.stocktakes.all(),
    "POST /stocktakes": lambda c: c.stocktakes.begin("A-01", item="I"),
    "GET /stocktakes/{name}": lambda c: c.stocktakes.get("S"),
    "POST /stocktakes/{name}/scans": lambda c: c.stocktakes.scan("S", "1", device="d"),
    "POST /stocktakes/{name}/undo": lambda c: c.stocktakes.undo("S"),
    "DELETE /stocktakes/{name}/units/{id}": lambda c: c.stocktakes.take_back("S", 1),
    "GET /stocktakes/units": lambda c: c.stocktakes.units("S", result="missing"),
    "POST /stocktakes/{name}/finish": lambda c: c.stocktakes.finish("S", papers=False),
    "POST /stocktakes/{name}/give-up": lambda c: c.stocktakes.give_up("S"),
    "GET /users": lambda c: c.users.all(),
    "POST /users": lambda c: c.users.create("u", roles=[]),
    "GET /users/{name}": lambda c: c.users.get("u"),
    "PATCH /users/{name}": lambda c: c.users.change("u", name="n"),
    **{
        f"POST /users/{{name}}/{what}": lambda c, what=what: c.users.do("u", what)  # type: ignore[misc]
        for what in ("deactivate", "activate", "invite", "log-out")
    },
    "GET /roles": lambda c: c.roles.all(),
    "GET /roles/{name}": lambda c: c.roles.get("r"),
    "PUT /roles/{name}": lambda c: c.roles.save("r", rights=[]),
    "DELETE /roles/{name}": lambda c: c.roles.delete("r"),
    "GET /site": lambda c: c.site.get(),
    "PATCH /site": lambda c: c.site.change(name="n"),
    "GET /changes": lambda c: c.site.changes(),
}
for noun in ("items", "locations", "parties"):
    METHODS |= {
        f"GET /{noun}": lambda c, noun=noun: getattr(c, noun).all(),  # type: ignore[misc]
        f"POST /{noun}": lambda c, noun=noun: getattr(c, noun).create(code="C"),  # type: ignore[misc]
        f"GET /{noun}/{{path:code}}": lambda c, noun=noun: getattr(c, noun).get("C"),  # type: ignore[misc]
        f"PATCH /{noun}/{{path:code}}": lambda c, noun=noun: getattr(c, noun).change("C"),  # type: ignore[misc]
        f"PUT /{noun}/{{path:code}}": lambda c, noun=noun: getattr(c, noun).put("C"),  # type: ignore[misc]
        f"DELETE /{noun}/{{path:code}}": lambda c, noun=noun: getattr(c, noun).delete("C"),  # type: ignore[misc]
        f"POST /{noun}/{{path:code}}/archive": lambda c, noun=noun: getattr(c, noun).archive("C"),  # type: ignore[misc]
        f"POST /{noun}/{{path:code}}/unarchive": lambda c, noun=noun: getattr(c, noun).unarchive("C"),  # type: ignore[misc]
    }
for path, thing in {
    "/items/{path:code}": ("items", "C"),
    "/parties/{path:code}": ("parties", "C"),
    "/documents/{name}": ("documents", "D"),
    "/units/{item}/{path:serial}": ("units", "I", "S"),
}.items():
    METHODS |= {
        f"GET {path}/files": lambda c, thing=thing: c.files.of(*thing),  # type: ignore[misc]
        f"POST {path}/files": lambda c, thing=thing: c.files.add(*thing, name="n", content=b"x"),  # type: ignore[misc]
    }
#: ``POST /scan`` asks the same, and takes what no address can hold.
LEFT_OUT = {"GET /scan"}


@pytest.mark.parametrize("operation", METHODS)
def test_the_method_asks_at_its_path(client: Client, ear: Ear, operation: str) -> None:
    done = METHODS[operation](client)
    for one in done if isinstance(done, tuple) else (done,):
        if isinstance(one, Iterator):
            list(one)
    method, path = operation.split(" ")
    pattern = re.compile("/api/v1" + re.sub(r"\{path:\w+\}", ".+", re.sub(r"\{\w+\}", "[^/]+", path)))
    assert ear.asked
    for request in ear.asked:
        assert request.method == method
        assert pattern.fullmatch(request.url.path), request.url
        known = OPERATIONS[method, path].query
        assert {name for name in request.url.params if name not in known} == set()
        assert ("idempotency-key" in request.headers) is (method != "GET")


def test_there_is_one_for_every_path() -> None:
    assert {f"{method} {path}" for method, path in OPERATIONS} - LEFT_OUT == set(METHODS)


def test_values_of_python_are_sent_as_the_api_reads_them(client: Client, ear: Ear) -> None:
    day, moment = date(2026, 11, 21), datetime(2026, 11, 21, 12, 30, tzinfo=UTC)
    list(client.units.all(moved_at_from=day, disposition=["sold", "on_loan"]))
    client.stock(as_of=moment)
    list(client.items.all(archived=True))
    list(client.movements.all(from_="A-01"))
    assert [{**request.url.params, "limit": ""} for request in ear.asked] == [
        {"limit": "", "moved_at_from": "2026-11-21", "disposition": "sold,on_loan"},
        {"limit": "", "as_of": "2026-11-21T12:30:00+00:00"},
        {"limit": "", "archived": "yes"},
        {"limit": "", "from": "A-01"},
    ]
    line = {"item": "I", "unit_cost": Decimal("12.50"), "serials": (serial for serial in ("A", "ü"))}
    client.documents.create(kind="k", id=UUID(int=7), date=day, lines=[line])
    body = json.loads(ear.asked[-1].content)
    assert (body["id"], body["date"]) == (str(UUID(int=7)), "2026-11-21")
    assert body["lines"] == [{"item": "I", "unit_cost": "12.50", "serials": ["A", "ü"]}]
    with pytest.raises(TypeError, match="object cannot be sent"):
        client.items.create(code=object())


def test_no_code_leads_to_another_path(client: Client, ear: Ear) -> None:
    client.items.get("A/B?c#d é%2F")
    client.units.get("..", "../../tokens/1")
    assert [request.url.raw_path for request in ear.asked] == [
        b"/api/v1/items/A/B%3Fc%23d%20%C3%A9%252F",
        b"/api/v1/units/%2E%2E/%2E%2E/%2E%2E/tokens/1",
    ]
    with pytest.raises(ValueError, match="is empty"):
        client.items.delete("")
    list(client.items.all(custom_rack_="R"))
    assert dict(ear.asked[-1].url.params) == {"limit": "500", "custom_rack_": "R"}
