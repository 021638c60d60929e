"""Labels are printed: of what was chosen, whole or not at all, and written down on every unit."""

from __future__ import annotations

import io
from typing import Any

import pypdfium2
import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from seriatim.accounts.models import Change
from seriatim.catalog.services.custom_fields import define_field
from seriatim.documents.allocation import allocate
from seriatim.kernel.refusals import Invalid, NotFound, NotPermitted, Refusal, UnknownSerial
from seriatim.labels import selectors, services, things
from seriatim.labels.fields import Subject
from seriatim.labels.making import Made, Order
from seriatim.labels.models import Output, PrintedUnit, PrintJob
from seriatim.labels.things import Chosen
from seriatim.ledger import custom
from seriatim.reports.unit_card import unit_card
from seriatim.series import services as series_services
from seriatim.series.blocks import Holder, reserve_block
from seriatim.web import timeline
from tests.labels import reading
from tests.support.cast import Cast
from tests.support.desk import Desk, first_line, line


def printed(
    cast: Cast, chosen: Chosen, template: str = "unit-57x32", *, user: Any = None, **order: Any
) -> tuple[Made, bytes]:
    file = io.BytesIO()
    made, _ = services.print_labels(
        user=user or cast.operator,
        template=selectors.template(template),
        chosen=chosen,
        order=Order(**order),
        out=file,
    )
    return made, file.getvalue()


def pages(data: bytes) -> list[list[bytes]]:
    count = len(pypdfium2.PdfDocument(data))
    return [reading.read(reading.pdf_pixels(data, dpi=200, page=page)) for page in range(count)]


# --- what was chosen ----------------------------------------------------------------------------------------


def test_a_selection_of_units_in_the_order_of_the_selection(cast: Cast, desk: Desk) -> None:
    desk.receive("SN-1 SN-2 SN-3")
    made, data = printed(cast, things.units(cast.laptop, ["SN-3", "SN-1"]))
    assert pages(data) == [[b"SN-3"], [b"SN-1"]]
    assert (made.things, made.labels, made.pages) == (2, 2, 2)
    assert "Laptop 14”" in reading.pdf_text(data)


def test_units_of_several_items(cast: Cast, desk: Desk) -> None:
    desk.receive("SN-1")
    desk.receive("SN-1 SN-2", item=cast.phone)
    pairs = [(cast.laptop, "SN-1"), (cast.phone, "SN-2"), (cast.phone, "SN-1")]
    _, data = printed(cast, things.of_selection(pairs))
    assert pages(data) == [[b"SN-1"], [b"SN-2"], [b"SN-1"]]


def test_a_document_s_units_each_once(cast: Cast, desk: Desk) -> None:
    receipt = desk.post(
        "purchase_receipt",
        line(cast.laptop, "SN-2 SN-1", target=cast.a01, cost=1),
        line(cast.phone, "P-1", target=cast.a01, cost=1),
        party=cast.nordlink,
    )
    _, data = printed(cast, things.of_document(receipt))
    assert pages(data) == [[b"SN-2"], [b"SN-1"], [b"P-1"]]
    assert PrintJob.objects.get().source == receipt.number


def test_a_pending_document_s_serials_ahead_of_the_goods(cast: Cast, desk: Desk) -> None:
    expected = desk.announce(
        "purchase_receipt",
        line(cast.laptop, "SN-1 SN-2", target=cast.a01, cost=1, lot="L-9"),
        party=cast.nordlink,
    )
    _, data = printed(cast, things.of_document(expected))
    assert pages(data) == [[b"SN-1"], [b"SN-2"]]
    assert "Lot L-9" in reading.pdf_text(data)
    desk.post_it(expected)
    [found] = selectors.prints_of(desk.unit("SN-1").key)
    assert (found.user, found.template, found.output) == ("operator", "unit-57x32", "pdf")


def test_units_that_got_their_numbers_later_belong_to_their_receipt(cast: Cast, desk: Desk) -> None:
    receipt = desk.receive("SN-1", quantity=3, missing="wait", cost=1)
    taken_back = allocate(user=desk.user, line=first_line(receipt).pk, serials=["SN-0"])
    desk.reverse(taken_back)
    allocate(user=desk.user, line=first_line(receipt).pk, serials=["SN-3", "SN-2"])
    chosen = things.of_document(receipt)
    _, data = printed(cast, chosen)
    assert pages(data) == [[b"SN-1"], [b"SN-3"], [b"SN-2"]]
    assert chosen.size == 3


def test_a_series_next_numbers_without_taking_them(cast: Cast, desk: Desk) -> None:
    series = series_services.define(user=cast.manager, code="S", pattern="LT-{seq:4}")
    series_services.attach(user=cast.manager, item=cast.laptop, series=series)
    for _ in range(2):
        _, data = printed(cast, things.of_series(series, 3))
        assert pages(data) == [[b"LT-0001"], [b"LT-0002"], [b"LT-0003"]]
    for wrong in (0, 100_001):
        with pytest.raises(Invalid):
            things.of_series(series, wrong)


def test_a_block_s_numbers(cast: Cast, desk: Desk) -> None:
    series = series_services.define(user=cast.manager, code="S", pattern="LT-{seq:4}")
    series_services.attach(user=cast.manager, item=cast.laptop, series=series)
    block = reserve_block(user=cast.manager, series=series, holder=Holder(name="Line 2"), count=2)
    _, data = printed(cast, things.of_block(block))
    assert pages(data) == [[b"LT-0001"], [b"LT-0002"]]


def test_numbers_of_a_series_of_several_items_need_the_item(cast: Cast) -> None:
    series = series_services.define(user=cast.manager, code="S", pattern="LT-{seq:4}")
    for item in (cast.laptop, cast.phone):
        series_services.attach(user=cast.manager, item=item, series=series)
    with pytest.raises(Invalid) as refusal:
        things.of_series(series, 3)
    assert refusal.value.facts["field"] == "item"
    assert printed(cast, things.of_series(series, 1, item=cast.phone))[0].things == 1


def test_random_numbers_are_not_printed_ahead(cast: Cast) -> None:
    series = series_services.define(user=cast.manager, code="R", pattern="{rand:8:32}")
    series_services.attach(user=cast.manager, item=cast.laptop, series=series)
    with pytest.raises(Invalid) as refusal:
        things.of_series(series, 3)
    assert refusal.value.facts["field"] == "series"


def test_items_and_locations(cast: Cast) -> None:
    _, data = printed(cast, things.of_items(["laptop", "CABLE"]), "item-57x32")
    assert pages(data) == [[b"LAPTOP"], [b"CABLE"]]
    _, data = printed(cast, things.of_locations(["MAIN"], below=True), "location-100x50")
    assert pages(data) == [[b"A-01"], [b"A-02"], [b"MAIN"]]
    assert not PrintedUnit.objects.exists()
    for wrong in (things.of_items, things.of_locations):
        with pytest.raises(NotFound) as refusal:
            wrong(["LAPTOP", "nowhere"])
        assert "nowhere" in [case.note for case in refusal.value.cases]


def test_custom_fields_of_the_unit_and_its_item(cast: Cast, desk: Desk) -> None:
    define_field(user=cast.admin, subject="unit", name="colour", label="Colour", type="text")
    desk.receive("SN-1 SN-2")
    custom.set_values(cast.manager, {desk.unit("SN-1").key: {"colour": "Red"}})
    body = {
        "medium": "roll-57x32",
        "elements": [
            reading.code("qr", at=(1, 1, 20, 20)),
            reading.text("Colour: {custom.colour}", at=(1, 22, 50, 6)),
        ],
    }
    services.create_template(user=cast.manager, code="own", name="Own", body=body)
    _, data = printed(cast, things.units(cast.laptop, ["SN-1", "SN-2"]), "OWN")
    assert reading.pdf_text(data).split("\n") == ["Colour: Red", ""]


# --- how it was printed -------------------------------------------------------------------------------------


def test_a_sheet_begins_at_a_free_place_and_goes_on_on_the_next(cast: Cast, desk: Desk) -> None:
    serials = [f"SN-{number:02}" for number in range(1, 5)]
    desk.receive(serials)
    made, data = printed(cast, things.units(cast.laptop, serials), "unit-l7160", start=20)
    assert made.pages == 2
    assert pages(data) == [[b"SN-01", b"SN-02"], [b"SN-03", b"SN-04"]]
    sheet = reading.pdf_pixels(data, dpi=100)
    # The places before the first label stay white.
    assert sheet.crop((0, 0, sheet.width, int(sheet.height * 0.8))).getextrema() == (255, 255)


def test_copies_and_an_offset(cast: Cast, desk: Desk) -> None:
    desk.receive("SN-1")
    made, data = printed(cast, things.units(cast.laptop, ["SN-1"]), "unit-l7160", copies=3, offset_x_mm=-1.5)
    assert made.labels == 3
    assert pages(data) == [[b"SN-1"] * 3]
    _, zpl = printed(cast, things.units(cast.laptop, ["SN-1"]), output=Output.ZPL, copies=3, dpi=203)
    assert b"^PQ3\n" in zpl


def test_a_zpl_file_holds_every_label(cast: Cast, desk: Desk) -> None:
    desk.receive("SN-1 SN-2")
    made, data = printed(cast, things.units(cast.laptop, ["SN-1", "SN-2"]), output=Output.ZPL, dpi=203)
    labels = [label + "^XZ" for label in data.decode().split("^XZ\n") if label]
    assert made.labels == len(labels) == 2
    # The renderer's own font has no typographic quotes.
    plain = [label.replace("\\E2\\80\\9D", "") for label in labels]
    assert [reading.read(reading.zpl_pixels(label, dpi=203)) for label in plain] == [[b"SN-1"], [b"SN-2"]]


@pytest.mark.parametrize(
    ("template", "order", "field"),
    [
        ("unit-57x32", {"copies": 0}, "copies"),
        ("unit-57x32", {"copies": 1_001}, "copies"),
        ("unit-57x32", {"dpi": 96}, "dpi"),
        ("unit-57x32", {"start": 2}, "start"),
        ("unit-l7160", {"start": 22}, "start"),
        ("unit-l7160", {"start": 0}, "start"),
        ("unit-l7160", {"offset_y_mm": 21.0}, "offset"),
        ("unit-l7160", {"output": Output.ZPL}, "template"),
        ("item-57x32", {}, "template"),
    ],
)
def test_what_cannot_be_printed_so_is_refused(
    cast: Cast, desk: Desk, template: str, order: dict[str, Any], field: str
) -> None:
    desk.receive("SN-1")
    with pytest.raises(Invalid) as refusal:
        printed(cast, things.units(cast.laptop, ["SN-1"]), template, **order)
    assert refusal.value.facts["field"] == field
    assert not PrintJob.objects.exists()


# --- whole or not at all ------------------------------------------------------------------------------------


def said(refusal: Refusal) -> list[tuple[str, list[str]]]:
    return [(one.code, [case.serial for case in one.cases]) for one in refusal.all]


def test_every_serial_that_cannot_be_printed_is_named_by_what_is_wrong(cast: Cast, desk: Desk) -> None:
    good, foreign, long = "SN-1", "Größe-1", "L" * 60
    desk.receive([good, foreign, long])
    with pytest.raises(Refusal) as refusal:
        printed(cast, things.units(cast.laptop, [long, good, foreign]), "unit-100x50")
    assert said(refusal.value) == [("label_content", [foreign]), ("label_code_too_large", [long])]
    assert not PrintJob.objects.exists()
    with pytest.raises(Refusal) as refusal:
        printed(cast, things.units(cast.phone, []), "unit-100x50")
    assert said(refusal.value) == [("label_nothing", [])]


def test_an_item_without_gtin_has_no_gs1_label(cast: Cast, desk: Desk) -> None:
    desk.receive("P-1", item=cast.phone)
    with pytest.raises(Refusal) as refusal:
        printed(cast, things.units(cast.phone, ["P-1"]), "unit-gs1-100x50")
    assert said(refusal.value) == [("label_content", ["P-1"])]
    assert "PHONE has no GTIN" in refusal.value.cases[0].note


def test_units_that_are_not_there_are_refused(cast: Cast, desk: Desk) -> None:
    desk.receive("SN-1")
    with pytest.raises(UnknownSerial) as refusal:
        printed(cast, things.units(cast.laptop, ["SN-1", "SN-2", "SN-3"]))
    assert [case.serial for case in refusal.value.cases] == ["SN-2", "SN-3"]
    assert not PrintJob.objects.exists()


@override_settings(LABEL_FONTS=["/nowhere/x.ttf"])
def test_a_font_of_the_site_that_cannot_be_read_is_named(cast: Cast, desk: Desk) -> None:
    desk.receive("SN-1")
    with pytest.raises(Invalid) as refusal:
        printed(cast, things.units(cast.laptop, ["SN-1"]))
    assert "/nowhere/x.ttf" in str(refusal.value.facts["reason"])


@override_settings(PUBLIC_URL="https://stock.example")
def test_a_label_with_the_address_of_the_unit_s_page(cast: Cast, desk: Desk) -> None:
    desk.receive("SN-1")
    _, data = printed(cast, things.units(cast.laptop, ["SN-1"]), "unit-page-57x32")
    assert pages(data) == [[b"https://stock.example/units/LAPTOP/SN-1"]]


# --- rights, and the register -------------------------------------------------------------------------------


def test_prices_are_printed_by_those_who_may_see_them(cast: Cast, desk: Desk) -> None:
    desk.receive("SN-1")
    body = {"medium": "roll-57x32", "elements": [reading.text("{price} {currency}", at=(1, 1, 50, 6))]}
    services.create_template(user=cast.manager, code="priced", name="Priced", body=body)
    cast.laptop.default_price = 12_990_000
    cast.laptop.save()
    chosen = things.units(cast.laptop, ["SN-1"])
    with pytest.raises(NotPermitted) as refusal:
        printed(cast, chosen, "priced", user=cast.viewer)
    assert refusal.value.facts["right"] == "see_price"
    _, data = printed(cast, chosen, "priced")
    assert "1299.00 EUR" in reading.pdf_text(data)


def test_a_reprint_stands_on_the_unit(cast: Cast, desk: Desk) -> None:
    desk.receive("SN-1 SN-2")
    printed(cast, things.units(cast.laptop, ["SN-1", "SN-2"]))
    printed(cast, things.units(cast.laptop, ["SN-1", "SN-1"]), copies=2, user=cast.manager)
    first, again = selectors.prints_of(desk.unit("SN-1").key)
    assert (first.user, first.copies) == ("operator", 1)
    assert (again.user, again.copies, again.state) == ("manager", 2, "made")
    assert len(selectors.prints_of(desk.unit("SN-2").key)) == 1


def test_a_proof_is_not_registered(cast: Cast, desk: Desk) -> None:
    desk.receive("SN-1")
    _, job = services.print_labels(
        user=cast.viewer,
        template=selectors.template("unit-57x32"),
        chosen=things.units(cast.laptop, ["SN-1"]),
        order=Order(),
        out=io.BytesIO(),
        record=False,
    )
    assert job is None
    assert not PrintJob.objects.exists()


def test_as_many_statements_for_a_hundred_as_for_ten(cast: Cast, desk: Desk) -> None:
    serials = [f"SN-{number:03}" for number in range(100)]
    desk.receive(serials)
    printed(cast, things.units(cast.laptop, serials[:1]))
    counts = []
    for wanted in (serials[:10], serials):
        with CaptureQueriesContext(connection) as queries:
            printed(cast, things.units(cast.laptop, wanted))
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- templates ----------------------------------------------------------------------------------------------

BODY = {"medium": "roll-57x32", "elements": [reading.text("{serial}", at=(1, 1, 50, 6))]}


def test_own_templates_are_made_changed_and_archived_with_every_change_registered(cast: Cast) -> None:
    row = services.create_template(user=cast.manager, code="Own", name="Mine", body=BODY)
    assert [one.code for one in selectors.templates() if one.own] == ["Own"]
    other = {**BODY, "elements": [reading.text("{item}", at=(1, 1, 50, 6))]}
    services.change_template(user=cast.manager, template=row, name="Ours", body=other)
    services.change_template(user=cast.manager, template=row, name="Ours")
    services.archive_template(user=cast.manager, template=row)
    assert not [one for one in selectors.templates() if one.own]
    assert selectors.template("OWN").name == "Ours"
    changes = Change.objects.filter(subject="label_template").order_by("id")
    assert [change.field for change in changes] == ["code", "name", "design", "archived"]
    services.archive_template(user=cast.manager, template=row, archived=False)
    assert [one.code for one in selectors.templates(subject=Subject.UNIT) if one.own] == ["Own"]
    assert not [one for one in selectors.templates(subject=Subject.ITEM) if one.own]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": ""}, "code"),
        ({"code": "unit-57x32"}, "code"),
        ({"code": "UNIT-L7160"}, "code"),
        ({"code": "There"}, "code"),
        ({"name": ""}, "name"),
        ({"body": {}}, "medium"),
        ({"body": {**BODY, "elements": [reading.text("{custom.nothing}")]}}, "width_mm"),
        ({"body": {**BODY, "elements": [reading.text("{custom.nothing}", at=(1, 1, 9, 9))]}}, "text"),
    ],
)
def test_a_wrong_template_is_not_stored(cast: Cast, change: dict[str, Any], field: str) -> None:
    services.create_template(user=cast.manager, code="there", name="There", body=BODY)
    with pytest.raises(Invalid) as refusal:
        services.create_template(user=cast.manager, **{"code": "new", "name": "New", "body": BODY, **change})
    assert refusal.value.facts["field"] == field


def test_templates_are_the_catalog_s_and_printers_the_administrators(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        services.create_template(user=cast.operator, code="x", name="X", body=BODY)
    with pytest.raises(NotPermitted):
        services.create_printer(user=cast.manager, code="x", host="10.0.0.9")
    row = services.create_template(user=cast.manager, code="x", name="X", body=BODY)
    for call in (services.change_template, services.archive_template):
        with pytest.raises(NotPermitted):
            call(user=cast.operator, template=row)


def test_the_unit_s_history_tells_of_it(cast: Cast, desk: Desk) -> None:
    desk.receive("SN-1")
    printed(cast, things.units(cast.laptop, ["SN-1"]), copies=2)
    card = unit_card(item_id=cast.laptop.pk, serial="SN-1", see_cost=True, see_price=True)
    assert card is not None
    *_, last = card.as_dict()["history"]
    assert (last["what"], last["user"], last["field"], last["labels"]) == (
        "printed",
        "operator",
        "unit-57x32",
        2,
    )
    reader = timeline.Reader(serial="SN-1", see_cost=True, see_price=True, currency="EUR", labels={})
    *_, newest = timeline.rows(card.events, reader)
    assert (newest.title, newest.user, list(newest.details)) == (
        "Label printed",
        "operator",
        ["unit-57x32, labels: 2"],
    )
