"""Units that are selected from a list: ticked one by one or all that are listed, and what is done with them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from seriatim.catalog import services as catalog
from seriatim.documents.models import Document, Line
from seriatim.kernel.marks import Mark
from seriatim.ledger.marks import set_mark
from seriatim.ledger.models import Unit, UnitMark
from tests.support import rows
from tests.support.cast import Cast
from tests.support.forms_found import forms_of

# What an engine could change (the lists, marks, drafts) is proved where it is written.
pytestmark = pytest.mark.engine_free

As = Callable[..., Client]


@pytest.fixture
def goods(cast: Cast) -> list[Unit]:
    laptops = rows.received(cast.laptop, cast.main, [f"LT-{n:02}" for n in range(1, 6)], supplier=cast.acme)
    return [*laptops, *rows.received(cast.phone, cast.main, ["PH-1", "PH-2"], supplier=cast.acme)]


def of(client: Client, address: str = "/units/", **more: Any) -> dict[str, Any]:
    """What the form of a list sends beside the ticks, as a browser has it."""
    page = client.get(address)
    form = next(one for one in forms_of(page.text, address) if one.action == "/selection/")
    beside = {
        name: values[-1] for name, values in form.fields.items() if values and name not in ("pick", "every")
    }
    return {name: value for name, value in beside.items() if name in ("of", "query", "back")} | more


def ticks(*units: Unit) -> list[str]:
    return [str(one.key) for one in units]


def words(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.text[:2000]
    return " ".join(answer.text.split())


def table(answer: Any) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


# --- on the list ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "/units/",
        "/items/LAPTOP?view=units",
        "/locations/MAIN?view=units",
        "/parties/ACME?view=supplied",
        "/stock/units?location=MAIN",
    ],
)
def test_every_list_of_units_has_ticks_that_are_called_by_serial_number(
    goods: list[Unit], as_a: As, address: str
) -> None:
    page = as_a("manager").get(address)
    assert f'value="{goods[0].key}" aria-label="LT-01"' in page.text
    found = of(as_a("manager"), address)
    assert found["back"].split("?")[0] == address.split("?", maxsplit=1)[0]
    assert "All " in page.text
    assert 'name="pick"' not in as_a("manager").get("/items/").text


def test_what_is_offered_is_what_the_user_may_do(goods: list[Unit], as_a: As) -> None:
    viewer = as_a("viewer").get("/units/").text
    manager = as_a("manager").get("/units/").text
    for do, all_may in (("labels", True), ("csv", True), ("marks", False), ("document", False)):
        assert f'name="do" value="{do}"' in manager
        assert (f'name="do" value="{do}"' in viewer) == all_may
    for page in ("marks", "document", "document/transfer"):
        said = {**of(as_a("viewer")), "pick": ticks(goods[0])}
        assert as_a("viewer").get(f"/selection/{page}", said).status_code == 403


def test_the_count_is_that_of_the_filters(goods: list[Unit], as_a: As) -> None:
    client = as_a("operator")
    assert "All 7 that are listed" in client.get("/units/").text
    narrowed = client.get("/units/?item=PHONE&q=ph&sort=-serial")
    assert "All 2 that are listed" in narrowed.text
    assert dict(parse_qsl(of(client, "/units/?item=PHONE&q=ph&sort=-serial")["query"])) == {
        "item": "PHONE",
        "q": "ph",
        "sort": "-serial",
    }


# --- bad selections ---------------------------------------------------------------------------------------------


def test_nothing_selected_is_said_on_the_list_again(goods: list[Unit], as_a: As) -> None:
    client = as_a("manager")
    said = of(client, "/units/?item=LAPTOP")
    for address in ("/selection/", "/selection/marks", "/selection/document", "/selection/document/transfer"):
        answer = client.get(address, {**said, "do": "labels"}, follow=True)
        assert answer.redirect_chain[-1][0] == "/units/?item=LAPTOP"
        assert "Nothing is selected." in words(answer)
    # Filters that find nothing any more select nothing either.
    gone = {**said, "query": "item=LAPTOP&q=none", "every": "yes", "do": "csv"}
    assert "Nothing is selected." in words(client.get("/selection/", gone, follow=True))


def test_what_no_page_has_made_is_not_there(goods: list[Unit], as_a: As) -> None:
    client, said = as_a("manager"), of(as_a("manager"))
    assert client.get("/selection/", {**said, "of": "items", "every": "yes"}).status_code == 404
    assert client.get("/selection/", {**said, "pick": "x"}).status_code == 404
    assert client.get("/selection/document/nonsense", {**said, "every": "yes"}).status_code == 404
    unknown = words(client.get("/selection/document", {**said, "pick": str(uuid4())}), 422)
    assert "Back to the list" in unknown
    for query in ("item=NONE", "sort=size", "colour=red", "q=%00"):
        assert client.get("/selection/", {**said, "every": "yes", "query": query}).status_code == 422
    away = {**said, "back": "https://example.org/"}
    assert client.get("/selection/", away)["Location"] == "/units/"


def test_a_filter_by_cost_is_refused_to_who_may_not_see_it(goods: list[Unit], as_a: As) -> None:
    said = {**of(as_a("operator")), "query": "sort=cost", "every": "yes"}
    assert as_a("operator").get("/selection/document", said).status_code == 422


# --- labels and files -------------------------------------------------------------------------------------------


def test_labels_are_printed_of_what_was_ticked_and_of_all(goods: list[Unit], as_a: As) -> None:
    client = as_a("operator")
    few = client.get(
        "/selection/", {**of(client), "do": "labels", "pick": ticks(goods[0], goods[5])}, follow=True
    )
    assert "2 units" in words(few)
    everything = {**of(client, "/units/?item=LAPTOP"), "do": "labels", "every": "yes"}
    page = client.get("/selection/", everything, follow=True)
    assert "5 units" in words(page)
    form = next(one for one in forms_of(page.text, "/labels/print") if one.action == "/labels/print")
    said = {name: values[-1] for name, values in form.fields.items() if values}
    printed = client.post("/labels/print", {**said, "do": "print", "where": "pdf"})
    assert b"".join(printed.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]


def test_a_file_has_what_was_ticked_in_the_lists_columns(goods: list[Unit], as_a: As) -> None:
    client = as_a("operator")
    ticked = table(client.get("/selection/", {**of(client), "do": "csv", "pick": ticks(goods[6], goods[1])}))
    assert [row[0] for row in ticked[1:]] == ["PH-2", "LT-02"]
    assert "Cost" not in ticked[0]
    whole = {**of(client, "/units/?item=LAPTOP&sort=-serial"), "do": "csv", "every": "yes"}
    assert [row[0] for row in table(client.get("/selection/", whole))[1:]][:2] == ["LT-05", "LT-04"]
    book = client.get("/selection/", {**whole, "do": "xlsx"})
    assert book["Content-Disposition"].endswith('.xlsx"')
    book.close()


# --- marks ------------------------------------------------------------------------------------------------------


def test_a_mark_is_set_on_all_with_a_reason_and_cleared_again(goods: list[Unit], as_a: As) -> None:
    client = as_a("operator")
    said = {**of(client, "/units/?q=LT"), "pick": ticks(*goods[:3])}
    page = client.get("/selection/marks", said)
    assert "Mark 3 units" in words(page)
    asked = {**said, "seen": "3", "do": "set", "mark": "held", "reason": "Box wet"}
    assert client.post("/selection/marks", {**asked, "reason": ""}).status_code == 422
    done = client.post("/selection/marks", asked)
    assert done["Location"] == "/units/?q=LT"
    assert set(UnitMark.objects.values_list("unit__serial", "reason")) == {
        (f"LT-0{n}", "Box wet") for n in (1, 2, 3)
    }
    client.post("/selection/marks", {**asked, "do": "clear", "reason": "Dry"})
    assert not Unit.objects.filter(marks__gt=0).exists()


def test_those_that_have_the_mark_already_are_named_and_stay(goods: list[Unit], as_a: As, cast: Cast) -> None:
    set_mark(cast.manager, [goods[0].key], Mark.LOST, "Not on the shelf")
    client = as_a("operator")
    said = {
        **of(client),
        "pick": ticks(*goods[:3]),
        "seen": "3",
        "do": "set",
        "mark": "lost",
        "reason": "Fire",
    }
    told = words(client.post("/selection/marks", said), 422)
    assert "1 of them has the mark “Lost” already." in told
    assert '<li><span class="serial">LT-01</span>' in told
    assert "Set it on the other 2" in told
    assert Unit.objects.filter(marks__gt=0).count() == 1
    assert client.post("/selection/marks", {**said, "confirmed": "yes"}).status_code == 302
    assert Unit.objects.filter(marks=int(Mark.LOST)).count() == 3
    again = words(client.post("/selection/marks", {**said, "confirmed": "yes"}), 422)
    assert "3 of them have the mark “Lost” already. There is nothing to do." in again.replace("</strong>", "")
    none = words(client.post("/selection/marks", {**said, "do": "clear", "mark": "held"}), 422)
    assert "3 of them do not have the mark “On hold”." in none


def test_a_list_that_has_changed_meanwhile_is_asked_about_again(
    goods: list[Unit], as_a: As, cast: Cast
) -> None:
    client = as_a("operator")
    said = {**of(client, "/units/?item=PHONE"), "every": "yes", "do": "set", "mark": "held", "reason": "x"}
    rows.received(cast.phone, cast.main, ["PH-3"])
    told = words(client.post("/selection/marks", {**said, "seen": "2"}), 422)
    assert "It is 3 units now." in told
    assert not Unit.objects.filter(marks__gt=0).exists()
    assert client.post("/selection/marks", {**said, "seen": "3"}).status_code == 302
    draft = {**said, "id": str(uuid4()), "target": "SHOP", "seen": "2"}
    assert client.post("/selection/document/transfer", draft).status_code == 422


def test_a_mark_at_a_place_of_others_is_refused_and_each_unit_named(
    goods: list[Unit], as_a: As, cast: Cast
) -> None:
    rows.moved(goods[:1], cast.shop, at=rows.day(1))
    client = as_a("operator")
    catalog.restrict_to(user=cast.admin, whom=cast.operator, locations=[cast.main])
    said = {**of(client), "pick": ticks(*goods[:2]), "do": "set", "mark": "held", "reason": "Box wet"}
    told = words(client.post("/selection/marks", said), 422)
    assert "LT-01" in told
    assert not Unit.objects.filter(marks__gt=0).exists()


def test_what_stood_somewhere_once_is_what_is_meant_now(goods: list[Unit], as_a: As, cast: Cast) -> None:
    rows.moved(goods[:2], cast.shop, at=rows.day(5))
    client = as_a("manager")
    then = rows.day(3).date().isoformat()
    said = {**of(client, f"/stock/units?location=MAIN&as_of={then}"), "every": "yes"}
    page = words(client.get("/selection/document", said))
    assert "A document with 7 units" in page
    assert '<span class="number">SHOP</span> <span class="quiet">2</span>' in page


# --- documents --------------------------------------------------------------------------------------------------


def test_only_the_kinds_that_take_all_of_them_are_offered(goods: list[Unit], as_a: As, cast: Cast) -> None:
    rows.sold(goods[:1], at=rows.day(2), customer=cast.hafen, price=1)
    client = as_a("manager")
    here = words(client.get("/selection/document", {**of(client), "pick": ticks(*goods[1:])}))
    for kind in ("transfer", "delivery_note", "purchase_return", "scrap", "loan_out", "material_issue"):
        assert f'href="/selection/document/{kind}?' in here, kind
    for kind in ("sales_return", "purchase_receipt", "manufacture", "disassemble", "correction"):
        assert f'href="/selection/document/{kind}?' not in here, kind
    assert "party=ACME" in here, "all of them came from one supplier"
    mixed = words(client.get("/selection/document", {**of(client), "pick": ticks(*goods)}))
    assert "No document that you may write takes all of them." in mixed
    assert "6 of 7 · not: 1 Sold" in mixed
    assert "1 of 7 · not: 6 Available" in mixed
    rows.sold(goods[1:2], at=rows.day(2), customer=cast.lind, price=1)
    two = words(client.get("/selection/document", {**of(client), "pick": ticks(*goods[:2])}))
    assert "They are about 2 parties, and a document has one" in two
    assert "/selection/document/sales_return?" not in two
    back = words(client.get("/selection/document", {**of(client), "pick": ticks(goods[0])}))
    assert "/selection/document/sales_return?" in back
    assert "party=HAFEN" in back


def test_a_draft_has_a_line_for_each_item_and_is_made_once(goods: list[Unit], as_a: As, cast: Cast) -> None:
    client = as_a("operator")
    said = {**of(client), "every": "yes", "seen": "7", "id": str(uuid4())}
    assert "7 units" in words(client.get("/selection/document/transfer", said))
    refused = client.post("/selection/document/transfer", {**said, "target": "NOWHERE"})
    assert refused.status_code == 422
    for _ in range(2):
        done = client.post("/selection/document/transfer", {**said, "source": "MAIN", "target": "SHOP"})
        assert done["Location"] == f"/documents/{said['id']}"
    lines = Line.objects.filter(document_id=said["id"]).order_by("position")
    assert [(one.item_id, one.serials.split("\n"), one.source_id, one.target_id) for one in lines] == [
        (cast.laptop.pk, [f"LT-0{n}" for n in range(1, 6)], cast.main.pk, cast.shop.pk),
        (cast.phone.pk, ["PH-1", "PH-2"], cast.main.pk, cast.shop.pk),
    ]
    assert "A draft with 7 units" in words(client.get(done["Location"]))
    assert client.post(f"/documents/{said['id']}/post", {"id": str(uuid4())}).status_code == 302
    assert Document.objects.get(pk=said["id"]).state == "posted"
    assert set(Unit.objects.values_list("location__code", flat=True)) == {"SHOP"}


def test_what_the_units_are_refused_for_is_said_by_posting(goods: list[Unit], as_a: As, cast: Cast) -> None:
    set_mark(cast.manager, [goods[0].key], Mark.STOLEN, "Seen on a video")
    client = as_a("operator")
    said = {**of(client), "pick": ticks(*goods[:2]), "id": str(uuid4()), "party": "HAFEN", "source": "MAIN"}
    assert client.post("/selection/document/delivery_note", said).status_code == 302
    told = words(client.post(f"/documents/{said['id']}/post", {"id": str(uuid4())}), 422)
    assert "LT-01" in told
    assert "tolen" in told


# --- many -------------------------------------------------------------------------------------------------------


def test_statements_do_not_grow_with_the_units(cast: Cast, as_a: As) -> None:
    client, counts = as_a("manager"), []
    for number in (3, 60):
        rows.received(
            cast.laptop, cast.main, [f"S{number}-{n:04}" for n in range(number)], supplier=cast.acme
        )
        total = Unit.objects.count()
        said = {**of(client), "every": "yes", "seen": str(total)}
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get("/selection/document", said).status_code == 200
            assert client.get("/labels/print", said).status_code == 200
            draft = {**said, "id": str(uuid4()), "target": "SHOP"}
            assert client.post("/selection/document/transfer", draft).status_code == 302
            for do in ("set", "clear"):
                mark = {**said, "do": do, "mark": "held", "reason": "Count"}
                assert client.post("/selection/marks", mark).status_code == 302
        counts.append(len(asked))
    assert counts[0] == counts[1]
