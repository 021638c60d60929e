"""The client against the real API: what it sends arrives, what is refused is told, and nothing is done twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from seriatim.accounts.scopes import SCOPES
from seriatim.accounts.tokens import create_token
from seriatim.api import accepting
from seriatim.client import Client, NoAnswer, Problem
from seriatim.documents.models import Document
from tests.support.cast import Cast
from tests.support.wire import HERE, Way, one_connection


@pytest.fixture
def way() -> Way:
    return Way()


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    with one_connection():
        yield


@pytest.fixture
def client(cast: Cast, way: Way) -> Iterator[Client]:
    token = create_token(
        by=cast.manager,
        user=cast.manager,
        name="client",
        scopes=["read", "money", "documents", "units", "catalog"],
    )
    with Client(HERE, token.secret, transport=way, sleep=lambda _: None) as made:
        yield made


def received(client: Client, serials: str = "S-1..S-5") -> dict[str, object]:
    return client.documents.post_new(
        kind="purchase_receipt",
        party="NORDLINK",
        lines=[{"item": "LAPTOP", "to": "A-01", "serials": serials, "unit_cost": "500"}],
    )


def test_goods_go_through_the_house(client: Client) -> None:
    receipt = received(client)
    assert receipt["state"] == "posted"
    assert [row["serial"] for row in client.documents.serials(str(receipt["number"]))] == [
        f"S-{number}" for number in range(1, 6)
    ]
    draft = client.documents.create(
        kind="delivery_note", party="HAFEN", lines=[{"item": "LAPTOP", "from": "A-01", "serials": ["S-1"]}]
    )
    pending = client.documents.confirm(draft["id"])
    assert client.documents.post(pending["number"])["state"] == "posted"
    unit = client.units.get("LAPTOP", "S-1")
    assert (unit["disposition"], unit["customer"]) == ("sold", "HAFEN")
    assert [row["what"] for row in client.units.history("LAPTOP", "S-1")] == ["moved", "moved"]
    assert client.documents.reverse(pending["number"], reason="wrong customer")["state"] == "reversed"
    assert client.scan("S-1")["hits"][0]["serial"] == "S-1"
    [row] = client.stock(location="A-01")
    assert (row["item"], row["on_hand"]) == ("LAPTOP", "5")
    assert client.stock(as_of="2020-01-01") == []


def test_a_list_comes_page_after_page(client: Client) -> None:
    received(client)
    found = list(client.units.all(location="A-01", sort="serial", limit=2, columns=["serial", "item"]))
    assert [row["serial"] for row in found] == ["S-1", "S-2", "S-3", "S-4", "S-5"]


def test_a_list_comes_whole_or_is_told_to_have_broken_off(client: Client) -> None:
    received(client, "S-1..S-7")
    assert [row["serial"] for row in client.whole("units", item="LAPTOP", columns="serial")] == [
        f"S-{number}" for number in range(1, 8)
    ]
    assert len(list(client.stock_units("MAIN"))) == 7
    assert list(client.whole("units", item="PHONE")) == []
    with pytest.raises(Problem) as refused:
        list(client.whole("units", item="NONE"))
    assert refused.value.code == "not_found"
    # As a server sends it that ended what broke off as a whole.
    text = '{"serial":"S-1"}\n' + accepting._BROKEN_OFF[accepting.Form.NDJSON]
    line = httpx.MockTransport(lambda _request: httpx.Response(200, text=text))
    with Client(HERE, "srt_x", transport=line) as cut:
        rows = cut.whole("units")
        assert next(rows)["serial"] == "S-1"
        with pytest.raises(NoAnswer, match="broke off"):
            next(rows)


def test_the_feed_is_followed_from_where_one_was(client: Client) -> None:
    received(client, "S-1..S-3")
    rows = list(client.movements.follow())
    assert [row["serial"] for row, _ in rows] == ["S-1", "S-2", "S-3"]
    after = rows[-1][1]
    assert list(client.movements.follow(after)) == []
    received(client, "S-4")
    assert [row["serial"] for row, _ in client.movements.follow(after)] == ["S-4"]


def test_a_refusal_names_every_serial(client: Client) -> None:
    received(client, "S-1")
    with pytest.raises(Problem) as refused:
        received(client, "S-1..S-2")
    assert refused.value.status == 409
    assert refused.value.code == "already_in_stock"
    [wrong] = refused.value.serials
    assert (wrong.serial, wrong.place) == ("S-1", "A-01")
    assert wrong.detail
    with pytest.raises(Problem) as unknown:
        client.items.get("NOTHING")
    assert (unknown.value.status, unknown.value.code) == (404, "not_found")


def test_a_write_whose_answer_is_lost_is_done_once(client: Client, way: Way) -> None:
    way.lost = 2
    item = client.items.create(code="RTR-900", name="Router")
    assert item["code"] == "RTR-900"
    assert len(way.keys) == 3
    assert len(set(way.keys)) == 1
    way.lost = 1
    received(client)
    assert Document.objects.count() == 1


def test_where_nobody_answers_that_is_said(client: Client, way: Way) -> None:
    way.closed = 9
    with pytest.raises(NoAnswer, match="nobody there"):
        client.items.get("LAPTOP")
    assert len(way.keys) == 4


def test_a_unit_that_is_brought_back_is_known(client: Client) -> None:
    received(client)
    assert client.units.return_verdict("LAPTOP", "S-1")["standing"] == "back"
    sold = client.documents.post_new(
        kind="delivery_note", party="HAFEN", lines=[{"item": "LAPTOP", "serials": ["S-1"]}]
    )
    verdict = client.units.return_verdict("LAPTOP", "S-1")
    assert (verdict["standing"], verdict["can_return"], verdict["customer"]) == ("sold", True, "HAFEN")
    assert (verdict["sale"], verdict["back"]) == (sold["number"], None)
    client.documents.post_new(
        kind="sales_return", party="HAFEN", lines=[{"item": "LAPTOP", "serials": ["S-1"], "to": "A-01"}]
    )
    again = client.units.return_verdict("LAPTOP", "S-1")
    assert (again["standing"], again["back"] is None, again["can_return"]) == ("back", False, False)
    with pytest.raises(Problem):
        client.units.return_verdict("LAPTOP", "NONE")


def test_units_are_scanned_into_a_draft(client: Client) -> None:
    received(client)
    paper = client.documents.create(
        kind="transfer", lines=[{"item": "LAPTOP", "from": "A-01", "to": "A-02", "quantity": 2}]
    )["id"]
    one, other = client.documents.scan(paper, "S-1", "NONE", device="HH-1")["scans"]
    assert (one["verdict"], other["verdict"]) == ("accepted", "refused")
    assert client.documents.answer_scan(paper, other["id"], yes=False)["open"] == 0
    assert client.documents.take_back(paper, one["id"])["lines"][0]["scanned"] == "0"
    assert [row["text"] for row in client.documents.scans(paper)] == ["NONE", "S-1"]


def test_lines_are_added_to_a_draft_and_taken_off(client: Client) -> None:
    received(client)
    paper = client.documents.create(kind="transfer", lines=[])
    for serial in ("S-1", "S-2"):
        paper = client.documents.add_line(
            paper["id"], item="LAPTOP", from_="A-01", to="A-02", serials=[serial], if_match=paper.etag
        )
    client.documents.remove_line(paper["id"], 1)
    assert [line["position"] for line in client.documents.get(paper["id"])["lines"]] == [2]


def test_records_are_changed_archived_and_deleted(client: Client) -> None:
    client.parties.create(code="NEW", name="New one", roles=["supplier"])
    assert client.parties.change("NEW", phone="123")["phone"] == "123"
    with pytest.raises(Problem) as refused:
        client.parties.change("NEW", if_match='"older"', phone="1")
    assert refused.value.status == 412
    read = client.parties.get("NEW")
    assert client.parties.change("NEW", if_match=read.etag, phone="1").etag not in {"", read.etag}
    assert client.parties.archive("NEW")["archived_at"]
    assert client.parties.unarchive("NEW")["archived_at"] is None
    assert client.parties.change("NEW", code="NEWER", name="Newer")["code"] == "NEWER"
    assert client.parties.put("NEWER", name="New", phone="1")["phone"] == "1"
    assert client.parties.change("NEWER", code="NEW")["name"] == "New"
    client.parties.delete("NEW")
    with pytest.raises(Problem):
        client.parties.get("NEW")


def test_blocks_are_reserved_exported_and_given_back(client: Client) -> None:
    client.series.create(code="CAMS", pattern="CAM-{seq:5}")
    assert client.series.next("CAMS", count=2) == ["CAM-00001", "CAM-00002"]
    block = client.blocks.reserve("CAMS", count=3, holder="Fair")
    assert list(client.blocks.numbers(block["id"])) == ["CAM-00001", "CAM-00002", "CAM-00003"]
    assert [row["left"] for row in client.blocks.all(series="CAMS")] == [3]
    assert client.blocks.give_back(block["id"], void=True, reason="over")["returned"] == 3


def test_waiting_goods_get_their_numbers(client: Client) -> None:
    client.documents.post_new(
        kind="purchase_receipt",
        party="NORDLINK",
        lines=[{"item": "LAPTOP", "to": "A-01", "quantity": 2, "missing": "wait", "unit_cost": "500"}],
    )
    [waiting] = client.allocations.all(list="purchase")
    done = client.allocations.allocate(waiting["line"], "W-1..W-2")
    assert done["state"] == "posted"
    assert list(client.allocations.all()) == []


def test_units_are_registered_changed_and_marked(client: Client) -> None:
    client.units.register(item="LAPTOP", serial="a/b", note="early")
    assert client.units.change("LAPTOP", "a/b", lot="L-1", reason="label")["lot"] == "L-1"
    assert client.units.mark("held", [("LAPTOP", "a/b")], reason="seal") == 1
    assert client.units.mark("held", [("LAPTOP", "a/b")], reason="fine", clear=True) == 1


def test_an_id_of_ones_own_is_kept(client: Client) -> None:
    id = UUID(int=7)
    draft = client.documents.create(kind="transfer", id=id, lines=[{"item": "LAPTOP", "to": "A-02"}])
    assert draft["id"] == str(id)
    assert client.documents.cancel(id, reason="no")["state"] == "cancelled"


def test_a_token_that_is_not_good_is_told(cast: Cast, way: Way) -> None:
    with Client(HERE, "srt_nonsense", transport=way) as stranger, pytest.raises(Problem) as refused:
        stranger.items.get("LAPTOP")
    assert refused.value.code == "unauthorized"


@pytest.fixture
def ruler(cast: Cast, way: Way) -> Iterator[Client]:
    """Whoever may do everything."""
    token = create_token(by=cast.admin, user=cast.admin, name="client", scopes=list(SCOPES))
    with Client(HERE, token.secret, transport=way, sleep=lambda _: None) as made:
        yield made


def test_others_are_told_of_what_happens(ruler: Client) -> None:
    made = ruler.webhooks.create(name="ERP", url="https://93.184.215.14/", events=["document.posted"])
    assert made["secret"] != ruler.webhooks.renew_secret(made["id"])
    assert ruler.webhooks.change(made["id"], name="Shop")["name"] == "Shop"
    assert ruler.webhooks.pause(made["id"])["paused"]
    sent = ruler.webhooks.ping(made["id"])
    assert [row["id"] for row in ruler.webhooks.deliveries(made["id"])] == [sent["id"]]
    assert ruler.webhooks.delivery(made["id"], sent["id"])["data"] == {"by": "admin"}
    with pytest.raises(Problem) as refused:
        ruler.webhooks.redeliver(made["id"], sent["id"])
    assert refused.value.code == "wrong_state"
    assert ruler.webhooks.resume(made["id"])["paused"] == ""
    assert [row["name"] for row in ruler.webhooks.all()] == ["Shop"]
    ruler.webhooks.delete(made["id"])
    with pytest.raises(Problem):
        ruler.webhooks.get(made["id"])


def test_labels_are_files_and_are_registered(client: Client) -> None:
    receipt = received(client)
    pdf = client.labels.file(document=receipt["number"], template="unit-l7160")
    assert pdf.startswith(b"%PDF")
    zpl = client.labels.file(output="zpl", items=["LAPTOP"], template="item-57x32")
    assert zpl.startswith(b"^XA")
    assert [row["output"] for row in client.labels.prints()] == ["zpl", "pdf"]
    assert client.labels.template("unit-57x32")["width_mm"] == 57
    assert "unit-57x32" in [row["code"] for row in client.labels.templates(subject="unit", limit=3)]
    assert client.labels.code("LAPTOP", "S-1", as_="png").startswith(b"\x89PNG")
    with pytest.raises(Problem) as refused:
        client.labels.print("Z9", items=["LAPTOP"], template="item-57x32")
    assert refused.value.code == "not_found"
    with pytest.raises(Problem) as refused:
        client.labels.file(items=["NONE"])
    assert refused.value.code == "not_found"


def test_templates_and_printers_are_set_up(ruler: Client) -> None:
    design = ruler.labels.template("item-57x32")["design"]
    made = ruler.labels.create_template(code="OWN", name="Own", design=design)
    assert ruler.labels.change_template("OWN", name="Ours", if_match=made.etag)["name"] == "Ours"
    assert ruler.labels.archive_template("OWN")["archived"]
    assert not ruler.labels.archive_template("OWN", archived=False)["archived"]
    ruler.labels.delete_template("OWN")
    made = ruler.labels.create_printer(code="DOCK", host="192.0.2.17", width_mm=57)
    assert ruler.labels.change_printer("DOCK", port=6101, if_match=made.etag)["port"] == 6101
    assert ruler.labels.archive_printer("DOCK")["archived"]
    assert list(ruler.labels.printers()) == []
    ruler.labels.archive_printer("DOCK", archived=False)
    assert [row["code"] for row in ruler.labels.printers()] == ["DOCK"]
    assert ruler.labels.printer("DOCK")["host"] == "192.0.2.17"
    ruler.labels.delete_printer("DOCK")


def test_files_are_hung_on_things(client: Client, way: Way, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    way.lost = 1
    made = client.files.add("items", "LAPTOP", name="manual.txt", content=b"Press.")
    assert client.files.content(made["id"]) == b"Press."
    assert client.files.get(made["id"])["name"] == "manual.txt"
    assert [row["id"] for row in client.files.of("items", "LAPTOP")] == [made["id"]]
    client.files.delete(made["id"])
    assert list(client.files.of("items", "LAPTOP")) == []


def test_custom_fields_users_roles_and_settings(ruler: Client) -> None:
    fields = ruler.custom_fields
    assert fields.define("unit", "rack")["type"] == "text"
    assert fields.change("unit", "rack", label="Rack no.")["label"] == "Rack no."
    assert fields.archive("unit", "rack")["archived"]
    assert not fields.unarchive("unit", "rack")["archived"]
    assert [row["name"] for row in fields.order("unit", ["rack"])] == ["rack"]
    assert [row["name"] for row in fields.all(subject="unit")] == [fields.get("unit", "rack")["name"]]
    fields.delete("unit", "rack")
    assert ruler.roles.save("counter", rights=["look"])["own"]
    assert ruler.users.create("pia", roles=["counter"])["can_log_in"] is False
    assert ruler.users.change("pia", roles=["viewer"])["roles"] == ["viewer"]
    assert ruler.users.do("pia", "deactivate")["active"] is False
    assert "pia" in [row["username"] for row in ruler.users.all()]
    assert ruler.users.get("pia")["username"] == "pia"
    ruler.roles.delete("counter")
    assert "counter" not in [row["name"] for row in ruler.roles.all()]
    assert ruler.roles.get("viewer")["users"] == 2
    assert ruler.site.change(reminder_days=45)["reminder_days"] == ruler.site.get()["reminder_days"]
    newest = next(ruler.site.changes(subject="site", columns="new"))
    assert newest["new"] == "45"


def test_a_place_is_counted(client: Client) -> None:
    received(client, "C-1..C-2")
    begun = client.stocktakes.begin("A-01", note="spring")
    counted = client.stocktakes.scan(begun["number"], "C-1", "C-9", device="HH-7")
    assert [one["verdict"] for one in counted["scans"]] == ["found", "unknown"]
    assert client.stocktakes.scan(begun["number"])["tally"] == counted["tally"]
    missing = client.stocktakes.units(begun["number"], result="missing", columns="serial")
    assert [one["serial"] for one in missing] == ["C-2"]
    finished = client.stocktakes.finish(begun["id"])
    assert client.documents.get(finished["adjustment"])["kind"] == "count_adjustment"
