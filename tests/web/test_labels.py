"""The pages of labels: templates seen, copied, arranged; labels printed from whatever can have one; printers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from seriatim.labels.models import LabelTemplate, Printer, PrintJob
from seriatim.labels.selectors import template
from seriatim.web.label_forms import TemplateForm
from tests.labels import reading
from tests.labels.test_printers import FakePrinter, zebra
from tests.support import rows
from tests.web.conftest import Shop

__all__ = ["zebra"]

# Pages ask services that are tried on both engines.
pytestmark = pytest.mark.engine_free

As = Callable[..., Client]


def typed(form: TemplateForm, **more: str) -> dict[str, Any]:
    """What a browser sends of the form of a template."""
    said: dict[str, Any] = {
        "code": form.code,
        "name": form.name,
        "subject": form.subject,
        "medium": form.medium,
        "element": [str(number) for number in range(len(form.elements))],
        **{f"medium-{name}": value for name, value in form.measures.items()},
    }
    for number, row in enumerate(form.elements):
        said[f"e{number}-element"] = row.element
        said |= {f"e{number}-{name}": value for name, value in row.values.items()}
    return said | more


def printed(answer: Any) -> bytes:
    assert "attachment" in answer["Content-Disposition"]
    return b"".join(answer.streaming_content)


# --- templates ----------------------------------------------------------------------------------------------


def test_what_was_printed_is_paged_and_not_cut(shop: Shop, as_a: As) -> None:
    client = as_a("viewer")
    user = rows.a_user("packer")
    for number in range(1, 42):
        PrintJob.objects.create(
            user=user,
            at=rows.day(number),
            template="T",
            subject="unit",
            output="pdf",
            things=number,
            source=f"job-{number};",
        )
    seen: list[str] = []
    address = "/labels/"
    while address:
        page = client.get(address)
        seen += re.findall(r"job-(\d+);", page.text)
        older = re.search(r'rel="next" href="(\?before=\d+)#jobs"', page.text)
        assert ("Newest" in page.text) is ("before" in address)
        address = f"/labels/{older[1]}" if older else ""
    assert seen == [str(number) for number in range(41, 0, -1)]
    for nonsense in ("x", "-1", "9" * 30, "²"):
        assert client.get("/labels/", {"before": nonsense}).status_code == 200


def test_the_list_shows_own_and_ready_made_templates_with_pictures(shop: Shop, as_a: As) -> None:
    page = as_a("viewer").get(reverse("labels"))
    assert page.status_code == 200
    assert "Unit, Avery L7160" in page.text
    assert reverse("label_new") not in page.text
    picture = as_a("viewer").get(reverse("label_picture", args=["unit-57x32"]))
    assert picture["Content-Type"] == "image/png"
    assert reading.read(reading.png_pixels(picture.content)) == [b"SN-000123"]


@pytest.mark.parametrize("font", ["sans", "mono"])
def test_the_preview_is_set_in_the_label_s_own_faces(as_a: As, font: str) -> None:
    answer: Any = as_a("viewer").get(reverse("label_font", args=[font]))
    assert b"".join(answer.streaming_content)[:4] == b"\x00\x01\x00\x00"
    assert as_a("viewer").get(reverse("label_font", args=["comic"])).status_code == 404


def test_a_ready_made_template_is_shown_copied_and_changed(as_a: As) -> None:
    client = as_a("manager")
    assert "Copy and change" in client.get(reverse("label", args=["unit-57x32"])).text
    page = client.get(reverse("label_new") + "?from=unit-57x32")
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="label-picture"' in page.text
    form = TemplateForm.of(template("unit-57x32"))
    answer = client.post(reverse("label_new"), typed(form, code="mine", name="Mine", do="save"))
    assert answer.status_code == 302
    assert LabelTemplate.objects.get().body == template("unit-57x32").as_dict()
    changed = typed(form, code="other", name="Ours", do="save") | {
        "e1-text": "No. {serial}",
        "e1-x_mm": "26,5",
    }
    assert client.post(reverse("label", args=["mine"]), changed).status_code == 302
    row = LabelTemplate.objects.get()
    assert (row.code, row.name, row.body["elements"][1]["text"]) == ("mine", "Ours", "No. {serial}")
    assert row.body["elements"][1]["x_mm"] == 26.5


def test_every_ready_made_template_comes_through_the_form_as_it_is() -> None:
    from seriatim.labels.ready import READY

    for code in READY:
        assert TemplateForm.of(template(code)).body()["elements"] == template(code).as_dict()["elements"]


def test_own_measures_come_through_the_form(as_a: As) -> None:
    sheet = {
        "kind": "sheet",
        "name": "Ours",
        "width_mm": "60",
        "height_mm": "30",
        "page_width_mm": "210",
        "page_height_mm": "297",
        "columns": "3",
        "rows": "9",
        "left_mm": "10",
        "top_mm": "10",
        "pitch_x_mm": "65",
        "pitch_y_mm": "31",
    }
    form = TemplateForm(medium="own", measures=sheet)
    form.add("text")
    client = as_a("manager")
    answer = client.post(reverse("label_new"), typed(form, code="mine", name="Mine", do="save"))
    assert answer.status_code == 302
    assert template("mine").medium.per_page == 27
    assert TemplateForm.of(template("mine")).measures["columns"] == "3"
    assert client.get(reverse("label", args=["mine"])).status_code == 200
    roll = TemplateForm(medium="roll-62", measures={"label_height_mm": "29"})
    roll.add("code")
    assert (
        client.post(reverse("label_new"), typed(roll, code="roll", name="Roll", do="save")).status_code == 302
    )
    assert template("roll").height_mm == 29


def test_elements_are_added_and_removed_without_a_script(as_a: As) -> None:
    client, form = as_a("manager"), TemplateForm.of(template("unit-57x32"))
    for sort in ("text", "code", "rule", "frame"):
        page = client.post(reverse("label_new"), typed(form, do=f"add-{sort}"))
        assert page.status_code == 200
        assert page.text.count("data-row=") == 6
    assert client.post(reverse("label_new"), typed(form, do="remove-0")).text.count("data-row=") == 4
    assert client.post(reverse("label_new"), typed(form, do="remove-77")).text.count("data-row=") == 5
    assert client.post(reverse("label_new"), typed(form, do="preview")).text.count("data-row=") == 5


def test_what_is_wrong_stands_beside_its_element_with_everything_kept(as_a: As) -> None:
    client, form = as_a("manager"), TemplateForm.of(template("unit-57x32"))
    said = typed(form, code="mine", name="Mine", do="save") | {"e2-width_mm": "a lot"}
    page = client.post(reverse("label_new"), said)
    assert page.status_code == 422
    assert 'value="a lot"' in page.text
    assert (
        page.text.index('id="element-3"')
        < page.text.index('class="wrong"')
        < page.text.index('id="element-4"')
    )
    taken = client.post(reverse("label_new"), typed(form, code="unit-57x32", name="Mine", do="save"))
    assert taken.status_code == 422
    assert 'data-code="invalid"' in taken.text


def test_the_preview_follows_and_says_what_cannot_be_drawn(as_a: As) -> None:
    client, form = as_a("manager"), TemplateForm.of(template("unit-57x32"))
    picture = client.post(reverse("label_preview"), typed(form))
    assert picture.text.count("data-element=") == 5
    small = client.post(reverse("label_preview"), typed(form) | {"e0-width_mm": "3"})
    assert 'class="box bad"' in small.text
    assert "Element 1" in small.text
    evil = client.post(reverse("label_preview"), typed(form) | {"e1-text": "</text><script>x</script>"})
    assert "<script" not in evil.text
    assert "&lt;script&gt;" in evil.text
    broken = client.post(reverse("label_preview"), {})
    assert broken.status_code == 200
    assert "<svg" not in broken.text.split("label-paper")[1].split("</div>")[0]


def test_own_templates_are_archived_and_brought_back(as_a: As) -> None:
    client, form = as_a("manager"), TemplateForm.of(template("unit-57x32"))
    client.post(reverse("label_new"), typed(form, code="mine", name="Mine", do="save"))
    for done, archived in (("archive", True), ("back", False)):
        assert client.post(reverse("label", args=["mine"]), typed(form, do=done)).status_code == 302
        assert (LabelTemplate.objects.get().archived_at is not None) is archived


def test_who_may_not_edit_looks_only(as_a: As) -> None:
    manager, form = as_a("manager"), TemplateForm.of(template("unit-57x32"))
    manager.post(reverse("label_new"), typed(form, code="mine", name="Mine", do="save"))
    viewer = as_a("viewer")
    assert "data-row" not in viewer.get(reverse("label", args=["mine"])).text
    assert viewer.post(reverse("label", args=["mine"]), typed(form, do="save")).status_code == 404
    assert viewer.get(reverse("label_new")).status_code == 403
    assert viewer.get(reverse("label", args=["nothing"])).status_code == 404


# --- printing -----------------------------------------------------------------------------------------------


def test_a_unit_s_label_is_printed_from_its_page(shop: Shop, as_a: As) -> None:
    client = as_a("operator")
    unit = client.get(f"/units/RTR-900/{shop.stocked.serial}").text
    address = "/labels/print?item=RTR-900&amp;serial=SN-104882"
    assert address in unit
    page = client.get(address.replace("&amp;", "&"))
    assert "1 unit" in page.text
    data = printed(
        client.post(
            reverse("label_print"),
            {
                "item": "RTR-900",
                "serial": "SN-104882",
                "template": "unit-57x32",
                "where": "pdf",
                "do": "print",
            },
        )
    )
    assert reading.read(reading.pdf_pixels(data, dpi=200)) == [b"SN-104882"]
    assert "Label printed" in client.get(f"/units/RTR-900/{shop.stocked.serial}").text


def test_a_document_s_labels_begin_at_the_place_that_was_pressed(shop: Shop, as_a: As) -> None:
    client = as_a("operator")
    shop.receipt.lines.update(serials="SN-104881\nSN-104882")
    asked = f"{reverse('label_print')}?document={shop.receipt.number}&template=unit-l7160"
    page = client.get(asked)
    assert page.text.count('type="radio" name="start"') == 21
    said = {
        "document": shop.receipt.number,
        "template": "unit-l7160",
        "start": "20",
        "where": "pdf",
        "do": "print",
    }
    data = printed(client.post(reverse("label_print"), said))
    assert reading.read(reading.pdf_pixels(data, dpi=200)) == [b"SN-104881", b"SN-104882"]
    part = client.post(
        reverse("label_print"), {**said, "do": "", "template": "unit-57x32"}, headers={"HX-Request": "true"}
    )
    assert "<html" not in part.text
    assert 'name="start"' not in part.text
    assert PrintJob.objects.count() == 1


def test_what_cannot_be_printed_is_said_in_the_dialog_with_everything_kept(shop: Shop, as_a: As) -> None:
    said = {"item": "RTR-900", "serial": ["SN-104882"], "copies": "3", "do": "print", "where": "pdf"}
    page = as_a("operator").post(reverse("label_print"), said | {"template": "unit-gs1-100x50"})
    assert page.status_code == 422
    assert 'data-code="label_content"' in page.text
    assert "has no GTIN" in page.text
    assert 'name="copies" type="number" min="1" max="1000" value="3"' in page.text
    for wrong in (
        {"copies": "many"},
        {"template": "unit-l7160", "start": "77"},
        {"template": "unit-l7160", "offset_x": "far"},
        {"where": "printer:NONE"},
        {"template": "nothing"},
        {"template": "location-100x50"},
    ):
        answer = as_a("operator").post(reverse("label_print"), said | wrong)
        assert answer.status_code == 422, wrong
    assert not PrintJob.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        "",
        "item=%00",
        "item=RTR-900&serial=%00",
        "item=NONE&serial=1",
        "document=NONE",
        "series=NONE",
        "block=7",
        "block=x",
        "items=NONE",
    ],
)
def test_labels_of_nothing_are_not_found(shop: Shop, as_a: As, query: str) -> None:
    assert as_a("operator").get(f"{reverse('label_print')}?{query}").status_code == 404


def test_a_document_without_serials_says_so(shop: Shop, as_a: As) -> None:
    shop.receipt.lines.update(serials="")
    page = as_a("operator").get(f"{reverse('label_print')}?document={shop.receipt.number}")
    assert "Nothing to print" in page.text


def test_items_and_locations(shop: Shop, as_a: As) -> None:
    client = as_a("operator")
    page = client.get(f"{reverse('label_print')}?items=RTR-900")
    assert "Item, 57 × 32 mm" in page.text
    assert "Unit, " not in page.text
    said = {"locations": "DOCK-1", "template": "location-100x50", "where": "zpl", "dpi": "300", "do": "print"}
    assert b"DOCK-1" in printed(client.post(reverse("label_print"), said))


def test_labels_go_to_a_printer(shop: Shop, as_a: As, zebra: FakePrinter) -> None:
    Printer.objects.create(code="ZEBRA", name="Dock", host="127.0.0.1", port=zebra.port)
    client = as_a("operator")
    page = client.get(f"{reverse('label_print')}?item=RTR-900&serial=SN-104882&template=unit-57x32")
    assert 'value="printer:ZEBRA"' in page.text
    said = {"item": "RTR-900", "serial": "SN-104882", "template": "unit-57x32", "do": "print"}
    answer = client.post(reverse("label_print"), said | {"where": "printer:ZEBRA"}, follow=True)
    assert "1 label is on its way to ZEBRA." in answer.text
    assert b"SN-104882" in zebra.taken()
    Printer.objects.update(port=1)
    failed = client.post(reverse("label_print"), said | {"where": "printer:ZEBRA"})
    assert failed.status_code == 422
    assert 'data-code="printer_unreachable"' in failed.text
    assert "not taken" in client.get(reverse("labels")).text


# --- printers -----------------------------------------------------------------------------------------------


def test_printers_are_set_up_by_administrators(shop: Shop, as_a: As) -> None:
    admin = as_a("administrator")
    said = {"code": "Z1", "name": "Dock", "host": "10.0.0.9", "port": "9100", "dpi": "300", "width": "57.5"}
    assert admin.post(reverse("label_printer_new"), said).status_code == 302
    row = Printer.objects.get()
    assert (row.code, row.dpi, row.width) == ("Z1", 300, 5_750)
    assert "10.0.0.9:9100" in as_a("viewer").get(reverse("label_printers")).text
    again = admin.post(reverse("label_printer_new"), said)
    assert again.status_code == 422
    assert 'aria-invalid="true"' in again.text
    address = reverse("label_printer", args=["Z1"])
    assert 'value="57.5"' in admin.get(address).text
    assert admin.post(address, {**said, "host": "http://x", "width": ""}).status_code == 422
    assert admin.post(address, {**said, "host": "z1.lan", "width": ""}).status_code == 302
    row.refresh_from_db()
    assert (row.host, row.width) == ("z1.lan", None)
    admin.post(address, {"do": "archive"})
    assert "z1.lan" not in as_a("viewer").get(reverse("label_printers")).text
    admin.post(address, {"do": "back"})
    assert "z1.lan" in as_a("viewer").get(reverse("label_printers")).text
    assert as_a("manager").get(address).status_code == 403


def test_things_lead_to_their_labels(shop: Shop, as_a: As) -> None:
    client = as_a("operator")
    assert "/labels/print?items=RTR-900" in client.get("/items/RTR-900").text
    assert "/labels/print?locations=DOCK-1" in client.get("/locations/DOCK-1").text
    assert (
        f"/labels/print?document={shop.receipt.number}"
        in client.get(f"/documents/{shop.receipt.number}").text
    )
