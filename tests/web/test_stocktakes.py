"""The pages of stocktakes: begun, counted on with and without scripts, finished, read."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from seriatim.accounts.models import User
from seriatim.catalog.models import LocationGrant
from seriatim.documents.models import Document
from seriatim.kernel.marks import Mark
from seriatim.ledger.marks import set_mark
from seriatim.stocktakes import counting, services
from seriatim.stocktakes.models import Counted, Stocktake
from seriatim.stocktakes.selectors import outlook, progress
from seriatim.stocktakes.values import Sent
from tests.support.cast import Cast
from tests.support.desk import Desk, line

pytestmark = pytest.mark.engine_free

As = Callable[..., Client]


@pytest.fixture
def desk(cast: Cast) -> Desk:
    """Three laptops in A-01, two in A-02, one in the shop, one sold to the clinic."""
    desk = Desk(cast, cast.manager)
    desk.receive("L-1 L-2 L-3 L-9")
    desk.receive("L-4 L-5", to=cast.a02)
    desk.receive("L-6", to=cast.shop)
    desk.post("delivery_note", line(cast.laptop, "L-9", source=cast.a01), party=cast.hafen)
    return desk


@pytest.fixture
def stocktake(desk: Desk) -> Stocktake:
    return services.begin(user=desk.cast.operator, location=desk.cast.main)


def address(stocktake: Stocktake, page: str = "") -> str:
    return f"/stocktakes/{stocktake.number}{page}"


def send(client: Client, stocktake: Stocktake, *texts: str, device: str = "d1", **more: Any) -> Any:
    """As the script sends it."""
    scans = [{"id": str(uuid4()), "text": text} for text in texts]
    body = json.dumps({"device": device, "scans": scans} | more)
    return client.post(
        address(stocktake, "/scan"),
        body,
        content_type="application/json",
        headers={"accept": "application/json"},
    )


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def count(stocktake: Stocktake, *texts: str) -> None:
    counting.count(
        user=stocktake.begun_by,
        stocktake_id=stocktake.pk,
        scans=[Sent(id=uuid4(), text=text) for text in texts],
        device="d9",
    )


def test_it_is_begun_at_a_place_and_sent_twice_it_is_one(desk: Desk, as_a: As) -> None:
    client = as_a("operator")
    page = client.get("/stocktakes/new?location=MAIN").text
    assert "5 units" in words(page)
    made_here = UUID(page.split('name="id" value="')[1][:36])
    said = {"id": str(made_here), "location": "main", "note": "in spring"}
    answer = client.post("/stocktakes/new", said, follow=True)
    assert "5 units are expected" in words(answer.text)
    assert "Anywhere in MAIN" in words(answer.text)
    assert client.post("/stocktakes/new", said).status_code == 302
    # Whoever goes back and names another place is told, and the next press makes another.
    other = client.post("/stocktakes/new", {**said, "location": "SHOP"})
    assert other.status_code == 422
    assert "was begun with this form. Press again" in words(other.text)
    assert str(made_here) not in other.text.split('name="id" value="')[1][:36]
    made = Stocktake.objects.get()
    assert (made.pk, made.note, made.location.code) == (made_here, "in spring", "MAIN")


def test_what_cannot_be_counted_is_said_beside_the_field(desk: Desk, as_a: As) -> None:
    for said, wrong in (
        ({"location": "BENCH"}, "goods are counted in storage locations"),
        ({"location": "MAIN", "item": "CABLE"}, "its units have no serial numbers"),
        ({"location": "NOWHERE"}, "There is no location NOWHERE"),
        ({}, "This field is required"),
    ):
        answer = as_a("operator").post("/stocktakes/new", {"id": str(uuid4()), **said})
        assert answer.status_code == 422
        assert wrong in words(answer.text)
    assert not Stocktake.objects.exists()


def test_who_may_only_look_reads_it_and_counts_nothing(stocktake: Stocktake, as_a: As) -> None:
    viewer = as_a("viewer")
    page = viewer.get(address(stocktake))
    assert page.status_code == 200
    assert 'id="scan-form"' not in page.text
    assert (
        viewer.get("/stocktakes/").status_code == viewer.get(address(stocktake, "/units")).status_code == 200
    )
    assert viewer.get("/stocktakes/new").status_code == send(viewer, stocktake, "L-1").status_code == 403
    assert "Count this place" not in viewer.get("/locations/MAIN").text
    assert "/stocktakes/new?location=MAIN" in as_a("operator").get("/locations/MAIN").text
    assert "Count this place" not in as_a("operator").get("/locations/BENCH").text


def test_where_one_may_not_work_one_looks_on(stocktake: Stocktake, desk: Desk, as_a: As) -> None:
    client = as_a("operator")
    LocationGrant.objects.create(user=User.objects.get(username="operator"), location=desk.cast.shop)
    page = client.get(address(stocktake)).text
    assert "You may not work at MAIN" in words(page)
    assert 'id="scan-form"' not in page
    refused = send(client, stocktake, "L-1")
    assert refused.status_code == 409
    assert "MAIN" in refused.json()["refused"]
    assert client.post(address(stocktake, "/undo")).status_code == 422
    assert client.post(address(stocktake, "/finish"), {"papers": "0"}).status_code == 422
    assert not Counted.objects.exclude(at=None).exists()


#: What is scanned → the tone of the last of it, and a part of its words.
SAID = [
    (["L-1"], "good", "Counted"),
    (["A-01", "L-4"], "warn", "Recorded in A-02, counted in A-01"),
    (["L-6"], "warn", "Recorded in SHOP, counted in MAIN"),
    (["L-9"], "warn", "Recorded at Hafen Clinic (customer)"),
    (["l-1"], "warn", "It is like L-1 (LAPTOP)"),
    (["L-77"], "warn", "No unit has this number"),
    (["L-1", "L-1"], "warn", "By operator, in MAIN. It counts once."),
    (["A-01"], "info", "Now in A-01"),
    (["SHOP"], "bad", "SHOP is no bin of MAIN"),
    (["4006381333931"], "bad", "It is the item LAPTOP"),
    (["L\x07"], "bad", "Not counted"),
    (["L-1", "SERIATIM UNDO"], "info", "It is not counted any more"),
    (["SERIATIM UNDO"], "info", "There is nothing left to take back"),
]


def test_each_scan_says_what_became_of_it(desk: Desk, as_a: As) -> None:
    client = as_a("operator")
    for number, (texts, tone, told) in enumerate(SAID):
        stocktake = services.begin(user=desk.cast.operator, location=desk.cast.main)
        answer = send(client, stocktake, *texts, device=f"d{number}").json()
        assert len(answer["results"]) == len(texts)
        last = answer["results"][-1]
        assert (last["tone"], last["open"]) == (tone, False), texts
        assert told in words(last["html"]), texts
        assert set(answer["parts"]) == {"progress", "post", "bins", "list"}


def test_a_marked_unit_is_an_alarm_and_counts(stocktake: Stocktake, desk: Desk, as_a: As) -> None:
    set_mark(desk.cast.manager, [desk.unit("L-2").key], Mark.STOLEN, "Taken")
    answer = send(as_a("operator"), stocktake, "L-2").json()
    assert answer["results"][0]["tone"] == "alarm"
    assert "Stolen: counted" in words(answer["results"][0]["html"])
    said = {"id": str(uuid4()), "entry": "L-1\nL-2"}
    page = words(as_a("operator").post(address(stocktake, "/list"), said).text)
    assert "1 unit is marked: put it aside and tell who is in charge. L-2 Stolen: counted already" in page
    assert "1 of 5 counted" in words(answer["parts"]["progress"])


def test_of_one_item_others_are_put_aside(desk: Desk, as_a: As) -> None:
    desk.receive("P-1", item=desk.cast.phone)
    made = services.begin(user=desk.cast.operator, location=desk.cast.main, item=desk.cast.laptop)
    answer = send(as_a("operator"), made, "P-1", "L-1").json()
    assert [one["verdict"] for one in answer["results"]] == ["other_item", "found"]
    assert "only LAPTOP is counted" in words(answer["results"][0]["html"])
    desk.receive("L-1", item=desk.cast.phone)
    made = services.begin(user=desk.cast.operator, location=desk.cast.main)
    answer = send(as_a("operator"), made, "L-1").json()
    assert "Units of several items have this number: LAPTOP, PHONE." in words(answer["results"][0]["html"])


def test_a_scan_that_is_sent_again_counts_once_and_an_old_page_is_told(
    stocktake: Stocktake, as_a: As
) -> None:
    client, scans = as_a("operator"), [{"id": str(uuid4()), "text": "L-1"}]
    for _ in range(2):
        answer = send(client, stocktake, scans=scans)
        assert answer.json()["results"][0]["verdict"] == "found"
    assert send(client, stocktake, scans="x").status_code == 400
    services.abandon(user=stocktake.begun_by, stocktake_id=stocktake.pk)
    closed = send(client, stocktake, "L-2")
    assert (closed.status_code, closed.json()["code"]) == (409, "wrong_state")


def test_the_parts_ask_no_more_the_more_is_scanned(stocktake: Stocktake, as_a: As) -> None:
    client = as_a("operator")
    send(client, stocktake, "L-1")
    with CaptureQueriesContext(connection) as few:
        send(client, stocktake, "L-2")
    with CaptureQueriesContext(connection) as many:
        send(client, stocktake, "L-3", "L-4", "L-5")
    assert len(many) == len(few)
    assert len(few) < 36


def test_without_scripts_each_scan_is_a_page(stocktake: Stocktake, as_a: As) -> None:
    client = as_a("operator")
    for text, told in (("A-02", "Now in A-02"), ("L-4", "L-4 Counted"), ("SHOP", "Not within")):
        answer = client.post(address(stocktake, "/scan"), {"text": text}, follow=True)
        assert answer.redirect_chain == [(address(stocktake), 302)]
        told_now = words(answer.text.split('id="scan-result"')[1].split('id="scan-post"')[0])
        assert told_now.startswith(f"> {text}") or told in told_now
    assert "Counting in A-02" in words(client.get(address(stocktake)).text)
    assert "Scan, or type a number" in client.get(address(stocktake)).text
    assert "Taken back" in client.post(address(stocktake, "/undo"), follow=True).text
    client.post(address(stocktake, "/scan"), {"text": "L-5"})
    row = Counted.objects.get(serial="L-5")
    client.post(address(stocktake, f"/rows/{row.pk}/remove"))
    assert progress(stocktake).counted == 0
    assert client.post(address(stocktake, f"/rows/{row.pk + 10**6}/remove")).status_code == 422
    assert client.post(address(stocktake, "/scan"), {"text": " "}).status_code == 302


def test_another_who_scans_without_scripts_has_a_bin_of_their_own(stocktake: Stocktake, as_a: As) -> None:
    as_a("operator").post(address(stocktake, "/place"), {"place": "A-01"})
    assert "Counting in A-01" in words(as_a("operator").get(address(stocktake)).text)
    assert "Anywhere in MAIN" in words(as_a("manager").get(address(stocktake)).text)


def test_the_bin_is_chosen_and_what_is_none_is_refused(stocktake: Stocktake, as_a: As) -> None:
    client = as_a("operator")
    for place, wrong in (("SHOP", "it is not within what is counted"), ("NO-SUCH", "NO-SUCH")):
        answer = client.post(address(stocktake, "/place"), {"place": place})
        assert answer.status_code == 422
        assert wrong in words(answer.text)
    headers = {"accept": "application/json"}
    said = {"place": "a-02", "device": "d1"}
    answer = client.post(address(stocktake, "/place"), said, headers=headers)
    assert "Counting in A-02" in words(answer.json()["parts"]["progress"])
    assert answer.json()["label"] == "Scan what stands in A-02"
    said["place"] = ""
    answer = client.post(address(stocktake, "/place"), said, headers=headers)
    assert "Anywhere in MAIN" in words(answer.json()["parts"]["progress"])


def test_a_list_of_a_handheld_is_counted_in_order(stocktake: Stocktake, as_a: As) -> None:
    client = as_a("operator")
    said = {"id": str(uuid4()), "place": "A-01", "entry": "L-1\r\nL-4\n\nA-02\nL-5\nL-5\nSHOP\nL-99\n"}
    answer = client.post(address(stocktake, "/list"), said)
    told = words(answer.text)
    assert "4 units counted" in told
    for part in ("Found 2", "In another bin 1", "Unknown 1", "Counted already 1", "Codes of bins 1"):
        assert part in told, part
    assert "Row 6 SHOP" in told
    assert '<textarea name="entry"' in answer.text
    assert answer.text.split('<textarea name="entry"')[1].split(">")[1].startswith("\nSHOP<")
    client.post(address(stocktake, "/list"), said)
    assert Counted.objects.exclude(at=None).count() == 4
    # The list had bins of its own: whoever scans counts where they did.
    assert "Anywhere in MAIN" in words(client.get(address(stocktake)).text)


def test_a_file_is_read_or_said_to_be_none(stocktake: Stocktake, as_a: As) -> None:
    for name, data, column, told in (
        ("codes.txt", b"\xef\xbb\xbfL-1\r\nL-2\r\n", "", "2 units counted"),
        ("codes.csv", b"time;code\n10:00;L-3\n10:01;L-3\n", "code", "1 unit counted"),
        ("codes.csv", b"time;code\n10:00;L-1\n", "", "serial"),
        ("codes.xlsx", b"PK\x03\x04 nothing", "", "codes.xlsx"),
        ("codes.txt", b"\n", "", "it has to be given"),
    ):
        file = io.BytesIO(data)
        file.name = name
        said = {"id": str(uuid4()), "entry": "", "column": column, "file": file}
        answer = as_a("operator").post(address(stocktake, "/list"), said)
        assert answer.status_code == (200 if "counted" in told else 422), name
        assert told in words(answer.text), name


def test_finishing_says_what_it_writes_and_writes_it(stocktake: Stocktake, desk: Desk, as_a: As) -> None:
    count(stocktake, "A-01", "L-1", "L-4", "L-6", "L-9", "L-77", "L-78")
    Counted.objects.filter(serial="L-77").update(item=desk.cast.laptop)
    seen = outlook(stocktake)
    manager = as_a("manager")
    page = words(manager.get(address(stocktake, "/finish")).text)
    assert f"{seen.losses} units leave the books as missing" in page
    assert "Recorded at Hafen Clinic (customer) · counted in A-01" in page
    assert "Take back L-9" in page
    answer = manager.post(address(stocktake, "/finish"), {"papers": "1"}, follow=True)
    assert "What it led to" in words(answer.text)
    written = {paper.kind: paper for paper in Document.objects.filter(reference=stocktake.number)}
    assert set(written) == {"count_adjustment", "transfer"}
    lines = list(written["count_adjustment"].lines.all())
    assert sum(line.quantity for line in lines if line.role == "loss") == seen.losses * 1000
    assert sum(line.quantity for line in lines if line.role == "gain") == seen.gains * 1000
    assert sum(line.quantity for line in written["transfer"].lines.all()) == seen.moves * 1000
    for paper in written.values():
        assert f"/documents/{paper.pk}" in answer.text
        assert f'<a href="{address(stocktake)}">' in manager.get(f"/documents/{paper.pk}").text
    assert manager.get(address(stocktake, "/finish")).status_code == 302
    assert manager.get(address(stocktake, "/list")).status_code == 302


def test_what_was_moved_meanwhile_is_not_written(stocktake: Stocktake, desk: Desk, as_a: As) -> None:
    count(stocktake, "A-01", "L-1", "L-4")
    desk.post("transfer", line(desk.cast.laptop, "L-2 L-4", target=desk.cast.shop))
    seen = outlook(stocktake)
    assert (seen.losses, seen.moves, seen.newer) == (2, 0, 2)
    page = words(as_a("manager").get(address(stocktake, "/finish")).text)
    assert "2 units were moved by documents meanwhile" in page


def test_who_may_not_adjust_is_told_before_and_may_finish_without_drafts(
    stocktake: Stocktake, as_a: As
) -> None:
    operator = as_a("operator")
    page = operator.get(address(stocktake, "/finish")).text
    assert "somebody who may adjust stock finishes it" in words(page)
    assert "Finish and write the drafts" not in page
    refused = operator.post(address(stocktake, "/finish"), {"papers": "1"})
    assert refused.status_code == 422
    assert "it takes the right" in words(refused.text)
    answer = operator.post(address(stocktake, "/finish"), {"papers": "0"}, follow=True)
    assert "It was finished without drafts" in words(answer.text)
    assert not Document.objects.filter(reference=stocktake.number).exists()


def test_giving_up_asks_first(stocktake: Stocktake, as_a: As) -> None:
    operator = as_a("operator")
    assert "leads to nothing" in words(operator.get(address(stocktake, "/give-up")).text).replace(
        "lead to", "leads to"
    )
    answer = operator.post(address(stocktake, "/give-up"), follow=True)
    assert "Given up. Nothing was written." in words(answer.text)
    assert operator.post(address(stocktake, "/finish"), {"papers": "1"}).status_code == 422
    late = operator.post(address(stocktake, "/scan"), {"text": "L-1"})
    assert late.status_code == 422
    assert 'id="scan-form"' not in late.text
    assert "is given up, so it cannot be counted on" in words(late.text)
    again = "/stocktakes/new?location=MAIN"
    assert again in answer.text


def test_it_is_found_by_its_number_and_told_at_home(stocktake: Stocktake, as_a: As) -> None:
    viewer = as_a("viewer")
    assert viewer.get("/find", {"q": stocktake.number.lower()}).headers["Location"] == address(stocktake)
    assert address(stocktake) in viewer.get("/find/part", {"q": stocktake.number[:-2]}).text
    assert "/stocktakes/?stage=open" in viewer.get("/").text
    services.abandon(user=stocktake.begun_by, stocktake_id=stocktake.pk)
    assert "/stocktakes/?stage=open" not in viewer.get("/").text


def test_its_units_are_a_list_of_its_own_with_files(stocktake: Stocktake, desk: Desk, as_a: As) -> None:
    other = services.begin(user=desk.cast.operator, location=desk.cast.shop)
    count(stocktake, "L-1")
    client = as_a("viewer")
    page = client.get(address(stocktake, "/units?result=missing")).text
    assert "4 rows" in words(page)
    assert "L-1<" not in page.split('id="list"')[1]
    assert f"stocktake={other.number}" not in page
    file: Any = client.get(address(stocktake, "/units?export=csv"))
    text = b"".join(file.streaming_content)
    assert b"L-5" in text
    assert b"L-6" not in text
    assert client.get("/stocktakes/ST-9/units").status_code == 404
    assert client.get("/stocktakes/ST-9").status_code == 404
    assert client.get(f"/stocktakes/{stocktake.pk}").status_code == 200
    rows = words(client.get("/stocktakes/").text)
    assert stocktake.number in rows
    assert "Open" in rows
