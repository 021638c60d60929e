"""The client against the real API: what it sends arrives, what is refused is told, and nothing is done twice."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest

from seriatim.accounts.tokens import create_token
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


def test_records_are_changed_archived_and_deleted(client: Client) -> None:
    client.parties.create(code="NEW", name="New one", roles=["supplier"])
    assert client.parties.change("NEW", phone="123")["phone"] == "123"
    with pytest.raises(Problem) as refused:
        client.parties.change("NEW", if_match='"older"', phone="1")
    assert refused.value.status == 412
    assert client.parties.archive("NEW")["archived_at"]
    assert client.parties.unarchive("NEW")["archived_at"] is None
    client.parties.delete("NEW")
    with pytest.raises(Problem):
        client.parties.get("NEW")


def test_blocks_are_reserved_exported_and_given_back(client: Client) -> None:
    client.send("POST", "series", body={"code": "CAMS", "pattern": "CAM-{seq:5}"})
    assert client.series.next("CAMS", count=2) == ["CAM-00001", "CAM-00002"]
    block = client.series.reserve("CAMS", count=3, holder="Fair")
    assert list(client.series.numbers(block["id"])) == ["CAM-00001", "CAM-00002", "CAM-00003"]
    assert [row["left"] for row in client.series.blocks(series="CAMS")] == [3]
    assert client.series.give_back(block["id"], void=True, reason="over")["returned"] == 3


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
