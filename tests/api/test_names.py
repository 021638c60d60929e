"""One name for one fact: in records, in lists, as a filter and as an order; and texts for people in no answer."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.utils import timezone

from seriatim.accounts.roles import ROLES
from seriatim.api.names import Names
from seriatim.api.openapi import described
from seriatim.api.operations import OPERATIONS
from seriatim.api.urls import api
from seriatim.catalog.services import define_field
from seriatim.kernel.kinds import KINDS
from seriatim.reports.lists import LISTINGS, Asks
from tests.api.conftest import Program, receipt
from tests.support.cast import Cast
from tests.support.desk import Desk, line

pytestmark = pytest.mark.engine_free

#: A list's path, the record of one of its rows, and the columns that say more than the record (counts, what is derived).
RECORDS = {
    "units": ("/units", "/units/LAPTOP/S-1", set()),
    "items": ("/items", "/items/LAPTOP", {"on_hand"}),
    "locations": ("/locations", "/locations/A-01", {"on_hand"}),
    "parties": ("/parties", "/parties/HAFEN", {"city"}),
    "documents": ("/documents", "/documents/{document}", {"quantity"}),
}


@pytest.mark.parametrize("name", RECORDS)
def test_a_row_says_what_its_record_says_and_calls_it_so(cast: Cast, erp: Program, name: str) -> None:
    desk = Desk(cast, cast.manager)
    document = desk.receive("S-1", day=1).number
    path, one, further = RECORDS[name]
    record = erp.get(one.format(document=document)).data
    rows = erp.get(path).data["rows"]
    key = "serial" if name == "units" else "number" if name == "documents" else "code"
    row = next(row for row in rows if row[key] == record[key])
    assert {field: record[field] for field in row if field not in further} == {
        field: value for field, value in row.items() if field not in further
    }


def test_every_column_of_the_movements_is_called_as_in_the_feed(desk: Desk, erp: Program) -> None:
    fed = set(erp.get("/movements?limit=1").data["rows"][0])
    assert set(erp.get("/movements/list?limit=1").data["rows"][0]) - fed == {"reversal"}


@pytest.fixture
def desk(cast: Cast) -> Desk:
    desk = Desk(cast, cast.manager)
    desk.receive("S-1 S-2", day=1)
    return desk


def test_what_has_another_name_is_known_by_no_other(desk: Desk, erp: Program) -> None:
    for path, field in (
        ("/units?columns=warranty", "columns"),
        ("/units?sort=-moved", "sort"),
        ("/units?sort=-", "sort"),
        ("/units?warranty_from=2026-01-01", "warranty_from"),
        ("/documents?happened_from=2026-01-01", "happened_from"),
        ("/documents?date_from=tomorrow", "date_from"),
        ("/movements/list?from=NONE", ""),
        ("/items?columns=id", "columns"),
        ("/units?custom_none=x", "custom_none"),
        ("/documents?custom_none=x", "custom_none"),
    ):
        answer = erp.get(path)
        assert (answer.status, answer.data.get("field", "")) == (404 if not field else 422, field), path
    offered = erp.get("/units?columns=none").data["detail"]
    assert "warranty_until" in offered
    assert "id" not in erp.get("/documents?columns=number").data["rows"][0]
    assert list(erp.get("/documents?columns=id").data["rows"][0]) == ["id"]


def test_whoever_may_not_see_costs_is_offered_none(desk: Desk, programs: Any) -> None:
    viewer = programs("viewer")
    assert "cost" not in re.findall(r"\w+", viewer.get("/units?columns=none").data["detail"])
    assert viewer.get("/units?columns=cost").code == "not_permitted"
    assert viewer.get("/units?sort=cost").code == "not_permitted"


def test_ranges_and_orders_go_by_the_names_of_columns(desk: Desk, erp: Program) -> None:
    desk.receive("S-3", day=5)
    later = erp.get("/units?moved_at_from=2026-01-04&sort=-moved_at&columns=serial,moved_at").data["rows"]
    assert [row["serial"] for row in later] == ["S-3"]
    assert [row["date"][:10] for row in erp.get("/documents?sort=date&columns=date").data["rows"]] == [
        "2026-01-02",
        "2026-01-06",
    ]
    moved = erp.get("/movements/list?to=A-01&happened_at_to=2026-01-03&columns=serial,from,to").data["rows"]
    assert moved == [{"serial": serial, "from": "SUPPLIERS", "to": "A-01"} for serial in ("S-2", "S-1")]


def test_fields_of_the_sites_own_are_columns_and_filters(cast: Cast, desk: Desk, erp: Program) -> None:
    for subject in ("item", "unit"):
        define_field(user=cast.manager, subject=subject, name="rack")
    erp.patch("/items/LAPTOP", {"custom": {"rack": "R1"}})
    erp.patch("/units/LAPTOP/S-2", {"custom": {"rack": "R2"}})
    found = erp.get("/items?custom_rack=R1&columns=code,custom_rack").data["rows"]
    assert found == [{"code": "LAPTOP", "custom_rack": "R1"}]
    path = "/units?columns=serial,custom_rack"
    assert erp.get(f"{path}&custom_rack=R2").data["rows"] == [{"serial": "S-2", "custom_rack": "R2"}]
    assert erp.get(path, Accept="text/csv").body.split() == [
        b"serial,custom_rack",
        b"S-1,",
        b"S-2,R2",
    ]


def test_roles_numbers_and_fields_are_told_by_their_codes(desk: Desk, erp: Program) -> None:
    erp.patch("/parties/HAFEN", {"roles": ["customer", "borrower"]})
    said = "/parties?q=HAFEN&columns=roles"
    assert erp.get(said).data["rows"] == [{"roles": ["borrower", "customer"]}]
    assert erp.get(said, Accept="text/csv").body.decode().splitlines() == ["roles", '"borrower, customer"']
    erp.post("/units/LAPTOP/S-1/identifiers", {"type": "asset_tag", "value": "AT-1"})
    said = "/units?serial=S-1&columns=identifiers"
    assert erp.get(said).data["rows"] == [{"identifiers": [{"type": "asset_tag", "value": "AT-1"}]}]
    assert erp.get(said, Accept="text/csv").body.decode().splitlines() == ["identifiers", "AT-1"]
    erp.patch("/items/LAPTOP", {"warranty_days": 7})
    assert erp.get("/changes?subject=item&limit=1&columns=field").data["rows"] == [{"field": "warranty_days"}]


def test_null_empties_a_text_and_what_is_read_can_be_sent_back(desk: Desk, erp: Program) -> None:
    erp.patch("/units/LAPTOP/S-1", {"note": "n", "lot": "L", "reference": "r"})
    emptied = erp.patch("/units/LAPTOP/S-1", {"note": None, "lot": None, "reference": None}).data
    assert (emptied["note"], emptied["lot"], emptied["reference"]) == ("", "", "")
    party = erp.patch("/parties/HAFEN", {"email": None, "phone": None, "note": None}).data
    assert (party["email"], party["phone"], party["note"]) == ("", "", "")
    for path, left_out in (
        ("/parties/HAFEN", {"archived", "archived_at"}),
        ("/locations/A-01", {"archived", "archived_at"}),
        ("/items/LAPTOP", {"archived", "archived_at", "series"}),
    ):
        read = erp.get(path)
        same = {name: value for name, value in read.data.items() if name not in left_out}
        assert erp.put(path, same, If_Match=read.etag).data == read.data, path


def test_a_unit_says_when_its_goods_came(cast: Cast, erp: Program) -> None:
    """As the list does: a number that was given later came with the goods, not with the number."""
    desk = Desk(cast, cast.manager)
    paper = desk.receive((), quantity=1, missing="wait", day=3)
    desk.post("allocation", line(cast.laptop, "S-1", of=paper.lines.get()))
    assert erp.get("/units/LAPTOP/S-1").data["received_at"] == "2026-01-04T12:00:00+00:00"
    made = erp.post("/units", {"item": "LAPTOP", "serial": "S-2"}).data
    assert made["received_at"] is None


# --- made or changed ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("noun", ["items", "locations", "parties"])
def test_put_makes_what_is_not_there_and_changes_what_is(cast: Cast, erp: Program, noun: str) -> None:
    path = f"/{noun}/NEW/1"
    assert erp.put(path, {}).data["field"] == "name"
    assert erp.put(path, {"name": "New"}, If_Match='"x"').code == "precondition_failed"
    made = erp.put(path, {"name": "New"})
    assert (made.status, made.data["code"], made.response["Location"]) == (201, "NEW/1", f"/api/v1{path}")
    assert erp.put(path, {"name": "Newer"}, If_Match='"x"').code == "precondition_failed"
    changed = erp.put(f"/{noun}/new/1", {"name": "Newer", "code": "NEW/1"}, If_Match=made.etag)
    assert (changed.status, changed.data["name"], changed.data["code"]) == (200, "Newer", "NEW/1")
    assert erp.put(path, {"code": "OTHER"}).data["field"] == "code"
    assert erp.put(path, {"name": ""}).data["field"] == "name"


def test_which_units_stood_somewhere(cast: Cast, erp: Program) -> None:
    desk = Desk(cast, cast.manager)
    desk.receive("S-1 S-2 S-3", day=1)
    desk.move("S-2", cast.shop, day=3)
    then, now = "/stock/units?location=MAIN&as_of=2026-01-03", "/stock/units?location=MAIN"
    assert [row["serial"] for row in erp.get(then).data["rows"]] == ["S-1", "S-2", "S-3"]
    assert [row["serial"] for row in erp.get(now).data["rows"]] == ["S-1", "S-3"]
    page = erp.get(f"{then}&limit=2").data
    assert [row["serial"] for row in erp.get(f"{then}&cursor={page['next']}").data["rows"]] == ["S-3"]
    assert erp.get("/stock/units").data["field"] == "location"
    assert erp.get(f"{then}&item=PHONE").data["rows"] == []


@pytest.mark.parametrize(
    "path", ["/stock", "/stock/by-item", "/stock/by-location", "/stock/units?location=MAIN"]
)
def test_the_future_is_refused_and_today_is_now(desk: Desk, erp: Program, path: str) -> None:
    sign = "&" if "?" in path else "?"
    now = timezone.now()
    for said in (
        now.date() + timedelta(days=2),
        "2999-01-01T00:00:00Z",
        (now + timedelta(hours=1)).isoformat(),
    ):
        assert erp.get(f"{path}{sign}as_of={quote(str(said))}").code == "future_date", said
    today = erp.get(f"{path}{sign}as_of={now.date()}").data["rows"]
    assert len(today) == len(erp.get(path).data["rows"]) > 0


def test_of_what_is_only_counted_nobody_knows_what_is_available(cast: Cast, erp: Program) -> None:
    """In the list and in the sums alike: 0 would say that there is none."""
    desk = Desk(cast, cast.manager)
    desk.receive((), item=cast.cable, quantity=20, day=1)
    desk.receive("S-1", day=1)
    for path in ("/stock", "/stock/by-item"):
        rows = {row["item"]: row for row in erp.get(path).data["rows"]}
        assert (rows["CABLE"]["on_hand"], rows["CABLE"]["available"]) == ("20", None)
        assert (rows["LAPTOP"]["on_hand"], rows["LAPTOP"]["available"]) == ("1", 1)


def test_kinds_are_told_as_they_are_in_their_table(programs: Any) -> None:
    rows = programs("operator").get("/kinds").data["rows"]
    assert [row["code"] for row in rows] == list(KINDS)
    by_code = {row["code"]: row for row in rows}
    assert {code for code, row in by_code.items() if row["permitted"]} == {
        kind.code for kind in KINDS.values() if kind.right in ROLES["operator"]
    }
    assert by_code["vendor_bill"]["bills"] == "purchase_receipt"
    assert (by_code["vendor_bill"]["ways"], by_code["vendor_bill"]["party"]) == ([], ["supplier"])
    [way] = by_code["purchase_return"]["ways"]
    assert (way["from"], way["to"], way["party"], way["creates"]) == (
        ["storage"],
        ["supplier"],
        ["supplier"],
        False,
    )


# --- the description ----------------------------------------------------------------------------------------


def test_every_operation_has_a_name_of_its_own() -> None:
    ids = [one["operationId"] for methods in described(api)["paths"].values() for one in methods.values()]
    assert sorted({name for name in ids if ids.count(name) > 1}) == []


def test_the_codes_of_a_field_are_described() -> None:
    shapes = described(api)["components"]["schemas"]
    assert set(shapes["SaidDocument"]["properties"]["kind"]["enum"]) == set(KINDS)
    assert "storage" in shapes["Location"]["properties"]["type"]["enum"]
    assert shapes["Party"]["properties"]["roles"]["items"]["enum"][:2] == ["supplier", "customer"]
    assert "sold" in shapes["UnitsRow"]["properties"]["disposition"]["anyOf"][0]["enum"]


def test_every_filter_and_order_of_a_list_is_described() -> None:
    for name, listing in LISTINGS.items():
        names = Names(listing)
        of_list = {here for one in listing.filters for here in names.filters(one)}
        assert len(of_list) == sum(2 if one.asks is Asks.DAYS else 1 for one in listing.filters), name
        assert any(of_list <= one.query for one in OPERATIONS.values()), name
        for order in listing.orders:
            assert names.there(names.here(f"-{order.key}")) == f"-{order.key}"


def test_a_receipt_is_found_by_the_reference_of_its_line(erp: Program) -> None:
    made = erp.post("/documents", receipt("S-9", line={"reference": "PO-7/10"})).data
    found = erp.get("/documents?reference=PO-7/10&columns=id").data["rows"]
    assert found == [{"id": made["id"]}]
