"""Templates and media as data: what is taken, what is refused, and how texts and codes fit their boxes."""

from __future__ import annotations

from typing import Any

import pytest

from seriatim.kernel.refusals import Invalid
from seriatim.labels.code128 import invocations
from seriatim.labels.codes import matrix
from seriatim.labels.contents import NotEncodable, unescaped
from seriatim.labels.fields import FIELDS, Subject, filled
from seriatim.labels.fonts import Faces, FontUnreadable, faces, packaged
from seriatim.labels.layout import DrawnCode, DrawnText, LabelProblem, Surroundings, example, lay_out
from seriatim.labels.media import MEDIA, MediumKind, read_medium
from seriatim.labels.pictures import code_png, code_svg, label_png
from seriatim.labels.ready import READY, ready
from seriatim.labels.templates import CodeType, Font, read_template
from tests.labels import reading

pytestmark = pytest.mark.engine_free

AROUND = Surroundings(faces(), 203, "https://site.example")


def drawn(
    made: reading.Template, facts: dict[str, str] | None = None, *, around: Surroundings = AROUND
) -> list[Any]:
    return list(lay_out(made, example(made.subject) | (facts or {}), around))


def problem(made: reading.Template, facts: dict[str, str]) -> LabelProblem:
    with pytest.raises(LabelProblem) as caught:
        drawn(made, facts)
    return caught.value


# --- what is shipped ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", sorted(READY))
def test_every_ready_made_template_can_be_printed_and_reads_back_as_it_is(code: str) -> None:
    made = ready(code)
    assert made is not None
    assert read_template(made.code, made.name, made.as_dict()) == made
    assert made.medium.code in MEDIA
    for dpi in (203, 300):
        around = Surroundings(faces(), dpi, "https://s.example")
        shapes = drawn(made, around=around)
        assert sum(isinstance(shape, DrawnCode) for shape in shapes) >= 1
        assert label_png(made, shapes, around.faces, dpi=dpi).startswith(b"\x89PNG")


@pytest.mark.parametrize("medium", MEDIA.values(), ids=lambda medium: medium.code)
def test_every_ready_made_medium_is_one_that_would_be_taken(medium: Any) -> None:
    assert read_medium(medium.as_dict()) == medium
    if medium.kind is MediumKind.SHEET:
        x, y = medium.place(medium.per_page - 1)
        # What is left on the right and at the bottom is what is left on the left and at the top, nearly.
        assert medium.page_width_mm - x - medium.width_mm == pytest.approx(medium.left_mm, abs=0.6)
        assert medium.page_height_mm - y - medium.height_mm == pytest.approx(medium.top_mm, abs=0.6)


# --- what is refused ----------------------------------------------------------------------------------------

_TEXT = {"element": "text", "text": "x", **reading.box((1, 1, 10, 5))}
_CODE = {"element": "code", "type": "qr", **reading.box((1, 1, 20, 20))}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ([], "template"),
        ({"medium": "roll-100x50"}, "elements"),
        ({"medium": "roll-100x50", "elements": [_TEXT] * 51}, "elements"),
        ({"medium": "roll-100x50", "elements": [_TEXT], "colour": 1}, "template"),
        ({"medium": "none", "elements": [_TEXT]}, "medium"),
        ({"medium": 7, "elements": [_TEXT]}, "medium"),
        ({"medium": "roll-62", "elements": [_TEXT]}, "height_mm"),
        ({"medium": "roll-100x50", "elements": [_TEXT], "subject": "dog"}, "subject"),
        ({"medium": "roll-100x50", "elements": ["text"]}, "element"),
        ({"medium": "roll-100x50", "elements": [{"element": "star"}]}, "element"),
        ({"medium": "roll-100x50", "elements": [{**_TEXT, "bold": True}]}, "element"),
        ({"medium": "roll-100x50", "elements": [{**_TEXT, "x_mm": -1}]}, "x_mm"),
        ({"medium": "roll-100x50", "elements": [{**_TEXT, "x_mm": "1"}]}, "x_mm"),
        ({"medium": "roll-100x50", "elements": [{**_TEXT, "x_mm": True}]}, "x_mm"),
        ({"medium": "roll-100x50", "elements": [{**_TEXT, "x_mm": float("nan")}]}, "x_mm"),
        ({"medium": "roll-100x50", "elements": [{**_TEXT, "width_mm": 0}]}, "width_mm"),
        ({"medium": "roll-100x50", "elements": [{**_TEXT, "width_mm": 99.5}]}, "width_mm"),
        ({"medium": "roll-100x50", "elements": [{**_TEXT, "height_mm": 49.5}]}, "height_mm"),
        ({"medium": "roll-100x50", "elements": [{**_TEXT, "text": " "}]}, "text"),
        ({"medium": "roll-100x50", "elements": [{**_TEXT, "text": "a\nb"}]}, "text"),
        ({"medium": "roll-100x50", "elements": [{**_TEXT, "text": "{"}]}, "text"),
        ({"medium": "roll-100x50", "elements": [{**_TEXT, "text": "{nothing}"}]}, "text"),
        ({"medium": "roll-100x50", "elements": [{**_TEXT, "text": "{location}"}]}, "text"),
        ({"medium": "roll-100x50", "elements": [{**_TEXT, "size_pt": 3}]}, "size_pt"),
        ({"medium": "roll-100x50", "elements": [{**_TEXT, "font": "comic"}]}, "font"),
        ({"medium": "roll-100x50", "elements": [{**_CODE, "type": "pdf417"}]}, "type"),
        ({"medium": "roll-100x50", "elements": [{**_CODE, "content": "gs1"}]}, "content"),
        ({"medium": "roll-100x50", "elements": [{**_CODE, "type": "gs1_128"}]}, "content"),
        ({"medium": "roll-100x50", "elements": [{**_CODE, "content": "page"}], "subject": "item"}, "content"),
        (
            {"medium": "roll-100x50", "elements": [{**_CODE, "content": "link"}], "subject": "location"},
            "content",
        ),
    ],
)
def test_a_wrong_template_is_refused_by_the_field_that_is_wrong(body: Any, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_template("t", "T", body)
    assert refusal.value.facts["field"] == field


def test_a_refusal_names_the_element() -> None:
    with pytest.raises(Invalid) as refusal:
        reading.template(_TEXT, {**_TEXT, "size_pt": 1_000})
    assert refusal.value.cases[0].line == 2


_SHEET = {
    "kind": "sheet",
    "width_mm": 60,
    "height_mm": 30,
    "page_width_mm": 210,
    "page_height_mm": 297,
    "columns": 3,
    "rows": 9,
    "left_mm": 10,
    "top_mm": 10,
    "pitch_x_mm": 65,
    "pitch_y_mm": 31,
}


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": "tape", "width_mm": 60, "height_mm": 30}, "medium"),
        ({"kind": "roll", "width_mm": 60}, "medium"),
        ({"kind": "roll", "width_mm": 2, "height_mm": 30}, "medium"),
        ({"kind": "continuous", "width_mm": 60, "height_mm": 30}, "medium"),
        ({**_SHEET, "colour": 1}, "medium"),
        ({**_SHEET, "name": "a\x00b"}, "medium"),
        ({**_SHEET, "columns": 0}, "columns"),
        ({**_SHEET, "columns": 2.5}, "columns"),
        ({**_SHEET, "left_mm": -1}, "left_mm"),
        ({**_SHEET, "pitch_x_mm": 59}, "medium"),
        ({**_SHEET, "pitch_y_mm": 29}, "medium"),
        ({**_SHEET, "columns": 4}, "medium"),
        ({**_SHEET, "rows": 10}, "medium"),
    ],
)
def test_a_medium_that_cannot_be_is_refused(said: Any, field: str) -> None:
    assert read_medium(_SHEET).per_page == 27
    with pytest.raises(Invalid) as refusal:
        read_medium(said)
    assert refusal.value.facts["field"] == field


# --- texts --------------------------------------------------------------------------------------------------


def test_fields_are_filled_in_and_a_text_of_empty_fields_is_left_out() -> None:
    assert filled("S/N {serial} ({item})", {"serial": "A", "item": "B"}) == "S/N A (B)"
    assert filled("Lot {lot}", {"lot": ""}) == ""
    assert filled("Lot {lot} of {item}", {"lot": "", "item": "B"}) == "Lot  of B"
    assert filled("{{serial}} }}", {}) == "{serial} }"
    assert filled("Made here", {}) == "Made here"


def test_a_value_with_braces_is_not_filled_in_again() -> None:
    assert filled("{serial}", {"serial": "{item}", "item": "secret"}) == "{item}"


@pytest.mark.parametrize("fit", ["shrink", "wrap", "cut"])
def test_a_long_text_is_set_smaller(fit: str) -> None:
    made = reading.template(reading.text("{item.name}", at=(0, 0, 34, 5), size_pt=10, fit=fit))
    [line] = drawn(made, {"item.name": "A laptop with a long name"})
    assert isinstance(line, DrawnText)
    assert 4 <= line.size_pt < 10
    assert line.text == "A laptop with a long name"
    assert line.width_mm <= 34.001


def test_what_would_be_too_small_to_read_is_refused_or_cut_with_a_sign() -> None:
    name = "A laptop with a name that goes on and on and on, for ever and a day"
    shrink = reading.template(reading.text("{item.name}", at=(0, 0, 20, 5), size_pt=10))
    refused = problem(shrink, {"item.name": name, "serial": "SN-1", "item": "X"})
    assert (refused.refusal.code, refused.case.serial, refused.case.item) == (
        "label_text_too_long",
        "SN-1",
        "X",
    )
    cut = reading.template(reading.text("{item.name}", at=(0, 0, 20, 5), size_pt=10, fit="cut"))
    [line] = drawn(cut, {"item.name": name})
    assert line.size_pt == 7
    assert line.text.endswith("…")
    assert name.startswith(line.text[:-1])
    assert line.width_mm <= 20.001


@pytest.mark.parametrize("fit", ["shrink", "wrap", "cut", "refuse"])
def test_a_serial_number_is_never_cut(fit: str) -> None:
    made = reading.template(reading.text("S/N {serial}", at=(0, 0, 10, 4), fit=fit))
    assert problem(made, {"serial": "S" * 60}).refusal.code == "label_text_too_long"


def test_refuse_means_the_size_that_was_said() -> None:
    made = reading.template(reading.text("{serial}", at=(0, 0, 10, 4), size_pt=10, fit="refuse"))
    assert problem(made, {"serial": "SN-000123"}).refusal.code == "label_text_too_long"


def test_a_text_wraps_into_lines_within_its_box() -> None:
    made = reading.template(reading.text("{item.name}", at=(5, 5, 30, 15), size_pt=10, fit="wrap"))
    lines = drawn(made, {"item.name": "A laptop with a name of several words"})
    assert len(lines) > 1
    assert " ".join(line.text for line in lines) == "A laptop with a name of several words"
    assert all(5 <= line.baseline_mm <= 20 for line in lines)
    assert all(line.width_mm <= 30.001 for line in lines)


@pytest.mark.parametrize("align", ["left", "center", "right"])
def test_a_text_stands_on_its_side(align: str) -> None:
    made = reading.template(reading.text("{serial}", at=(10, 5, 60, 8), align=align))
    [line] = drawn(made)
    spare = 60 - line.width_mm
    assert line.x_mm == pytest.approx(10 + {"left": 0, "center": spare / 2, "right": spare}[align])


@pytest.mark.parametrize("said", ["日本", "שלום", "سلام", "हिन्दी", "ไทย", "😀"])
def test_what_the_fonts_cannot_set_is_refused_and_named(said: str) -> None:
    made = reading.template(reading.text("{item.name}"))
    refused = problem(made, {"item.name": f"A {said}"})
    assert refused.refusal.code == "label_no_glyph"
    assert said[0] in refused.case.note


@pytest.mark.parametrize("said", ["Größe", "Łódź", "Ελληνικά", "Кириллица", "Việt", "€ 5 – “x”"])
def test_latin_greek_and_cyrillic_are_set_in_both_faces(said: str) -> None:
    for font in ("sans", "mono"):
        made = reading.template(reading.text("{item.name}", font=font))
        data = reading.pdf_of(made, example(Subject.UNIT) | {"item.name": said}, dpi=300)
        assert said in reading.pdf_text(data)


def test_what_one_face_lacks_the_next_one_sets() -> None:
    site = Faces(own=(packaged(Font.SANS),))
    assert [text for _, text in site.runs("A\u1e9eB", Font.MONO)]
    assert site.missing("A", Font.MONO) == ""


def test_a_font_that_cannot_be_read_is_named(tmp_path: Any) -> None:
    wrong = tmp_path / "x.ttf"
    wrong.write_bytes(b"no font")
    with pytest.raises(FontUnreadable, match=str(wrong)):
        faces((str(wrong),))


# --- codes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_", "content", "facts", "said"),
    [
        ("code128", "number", {"serial": "Größe"}, "ASCII"),
        ("datamatrix", "number", {"serial": "日本"}, "日 本"),
        ("gs1_datamatrix", "gs1", {"gtin": ""}, "no GTIN"),
        ("gs1_128", "gs1", {"gtin": ""}, "no GTIN"),
        ("qr", "link", {"gtin": ""}, "no GTIN"),
        ("gs1_datamatrix", "gs1", {"serial": "A^B"}, "^"),
        ("gs1_128", "gs1", {"serial": "A B"}, "space"),
        ("gs1_datamatrix", "gs1", {"serial": "Ä"}, "Ä"),
        ("gs1_datamatrix", "gs1", {"serial": "1" * 21}, "at most 20"),
        ("gs1_datamatrix", "gs1_lot", {"lot": "1" * 21}, "a lot in a GS1 code"),
        ("gs1_128", "gs1_full", {"serial": "1" * 20}, "at most 48 characters, not 53"),
        ("gs1_datamatrix", "gs1_full", {"end_of_life": "2076-01-01"}, "49 years off"),
        ("qr", "link_full", {"lot": "Ä"}, "Ä"),
        ("qr", "link", {"serial": "1" * 21}, "at most 20"),
    ],
)
def test_what_a_code_cannot_say_is_refused_with_the_reason(
    type_: str, content: str, facts: dict[str, str], said: str
) -> None:
    made = reading.template(reading.code(type_, content, at=(0, 0, 100, 50)))
    refused = problem(made, facts)
    assert refused.refusal.code == "label_content"
    assert said in refused.case.note
    assert refused.case.serial == facts.get("serial", "SN-000123")


def test_an_address_needs_the_site_s_own() -> None:
    made = reading.template(reading.code("qr", "page"))
    with pytest.raises(LabelProblem) as caught:
        drawn(made, around=Surroundings(faces(), 203))
    assert "SERIATIM_PUBLIC_URL" in caught.value.case.note
    [code] = drawn(reading.template(reading.code("qr", "link")), around=Surroundings(faces(), 203))
    assert code.content == "https://id.gs1.org/01/04006381333931/21/SN-000123"


@pytest.mark.parametrize("type_", ["qr", "datamatrix", "code128"])
def test_a_code_that_would_be_too_fine_is_refused_with_what_it_needs(type_: str) -> None:
    made = reading.template(reading.code(type_, at=(0, 0, 4, 4)))
    refused = problem(made, {"serial": "SN-0000000000123456789"})
    assert refused.refusal.code == "label_code_too_large"
    assert "203 dpi" in refused.case.note


@pytest.mark.parametrize("dpi", [203, 300, 600])
@pytest.mark.parametrize("type_", ["qr", "datamatrix", "code128"])
def test_a_code_with_its_quiet_zone_stays_in_its_box_in_whole_dots(type_: str, dpi: int) -> None:
    at = (3, 4, 60, 20)
    made = reading.template(reading.code(type_, at=at))
    [code] = drawn(made, around=Surroundings(faces(), dpi))
    dots = code.module_mm * dpi / 25.4
    assert dots == pytest.approx(round(dots))
    quiet = code.matrix.quiet * code.module_mm
    assert code.x_mm - quiet >= 3 - 1e-6
    assert code.x_mm + code.matrix.width * code.module_mm + quiet <= 63 + 1e-6
    assert code.y_mm - code.matrix.quiet_rows * code.module_mm >= 4 - 1e-6
    assert code.y_mm + code.height_mm + code.matrix.quiet_rows * code.module_mm <= 24 + 1e-6


def test_a_content_that_no_code_of_the_type_can_hold_is_refused() -> None:
    with pytest.raises(NotEncodable):
        matrix(CodeType.DATAMATRIX, "A" * 4_000)


def test_digits_go_two_to_a_symbol() -> None:
    assert invocations(["12345678"], gs1=False) == ">;12345678"
    assert invocations(["ABC"], gs1=False) == ">:ABC"
    assert invocations(["AB123456"], gs1=False) == ">:AB>5123456"
    assert invocations(["A12B"], gs1=False) == ">:A12B"
    assert invocations(["A>B"], gs1=False) == ">:A>0B"
    assert invocations(["0104006381333931", "21A"], gs1=True) == ">;>80104006381333931>821>6A"


def test_brackets_in_a_value_are_told_from_those_of_identifiers() -> None:
    assert unescaped("(01)123(21)A\\(1\\)") == [("01", "123"), ("21", "A(1)")]


def test_one_code_as_svg_and_png() -> None:
    modules = matrix(CodeType.QR, "SN-1")
    svg = code_svg(modules)
    assert svg.startswith("<svg ")
    assert 'viewBox="0 0 29 29"' in svg
    assert reading.read(reading.png_pixels(code_png(modules))) == [b"SN-1"]
    bars = matrix(CodeType.CODE128, "SN-1")
    assert reading.read(reading.png_pixels(code_png(bars))) == [b"SN-1"]


def test_every_field_is_in_the_example() -> None:
    for subject in Subject:
        assert set(FIELDS[subject]) <= set(example(subject))
