"""One label laid out: a template and a thing's facts become shapes in millimetres that every output draws alike. Pure.

Here is decided how large a code's modules are, how small a text has to be set, and what is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from seriatim.kernel.refusals import Case, Refusal
from seriatim.labels import refusals
from seriatim.labels.codes import READABLE_MM, Matrix, matrix
from seriatim.labels.contents import NotEncodable, content_of
from seriatim.labels.fields import FIELDS, NUMBER, Subject, fields_in, filled
from seriatim.labels.fonts import Faces
from seriatim.labels.templates import (
    SMALLEST_PT,
    Align,
    Code,
    Element,
    Fit,
    Font,
    Frame,
    Rule,
    Template,
    Text,
)

MM_PER_PT = 25.4 / 72
MM_PER_INCH = 25.4
#: From one line of a text to the next, and from a line's top to the feet of its letters, in its size.
LINE = 1.2
BASELINE = 0.95
#: "Cut" sets a text so much smaller before it cuts.
CUT_FROM = 0.7
ELLIPSIS = "…"
#: Sizes are tried in steps of so many points.
_STEP_PT = 0.25


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a layout depends on beside template and facts: fonts, the printer's dots, the site's address."""

    faces: Faces
    dpi: int = 300
    address: str = ""
    #: How many dots a module may have at most: ``^BQ`` and ``^BY`` know no more than 10.
    most_dots: int = 1_000


@dataclass(frozen=True, slots=True)
class DrawnText:
    """One line of text: where it begins on its baseline, and its size."""

    x_mm: float
    baseline_mm: float
    text: str
    font: Font
    size_pt: float
    #: As measured, and the box it stands in.
    width_mm: float
    box: Text


@dataclass(frozen=True, slots=True)
class DrawnCode:
    """A code: the corner of its first module, and a module's size. Bars are ``height_mm`` high."""

    x_mm: float
    y_mm: float
    module_mm: float
    height_mm: float
    matrix: Matrix
    content: str


@dataclass(frozen=True, slots=True)
class DrawnBox:
    """A rectangle: filled, or a frame with lines of ``line_mm``."""

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float
    line_mm: float = 0.0


Drawn = DrawnText | DrawnCode | DrawnBox


class LabelProblem(Exception):
    """One label cannot be made: the refusal's class, and the case of it."""

    def __init__(self, refusal: type[Refusal], case: Case) -> None:
        self.refusal = refusal
        self.case = case
        super().__init__(refusal.code)


def lay_out(template: Template, facts: Mapping[str, str], around: Surroundings) -> list[Drawn]:
    """The shapes of one label. Raises LabelProblem for the first that cannot be drawn."""
    drawn: list[Drawn] = []
    for element in template.elements:
        drawn += lay_out_element(element, template.subject, facts, around)
    return drawn


def lay_out_element(
    element: Element, subject: Subject, facts: Mapping[str, str], around: Surroundings
) -> list[Drawn]:
    """The shapes of one element. Raises LabelProblem."""
    match element:
        case Text():
            return list(_texts(element, subject, facts, around))
        case Code():
            return [_code(element, subject, facts, around)]
        case Rule():
            return [DrawnBox(element.x_mm, element.y_mm, element.width_mm, element.height_mm)]
        case Frame():
            return [
                DrawnBox(element.x_mm, element.y_mm, element.width_mm, element.height_mm, element.line_mm)
            ]


def _problem(refusal: type[Refusal], subject: Subject, facts: Mapping[str, str], note: str) -> LabelProblem:
    number = facts.get(NUMBER[subject], "")
    if subject is Subject.UNIT:
        return LabelProblem(refusal, Case(serial=number, item=facts.get("item", ""), note=note))
    if subject is Subject.ITEM:
        return LabelProblem(refusal, Case(item=number, note=note))
    return LabelProblem(refusal, Case(place=number, note=note))


# --- codes --------------------------------------------------------------------------------------------------


def _code(code: Code, subject: Subject, facts: Mapping[str, str], around: Surroundings) -> DrawnCode:
    try:
        content = content_of(code.content, code.type, subject, facts, around.address)
        modules = matrix(code.type, content)
    except NotEncodable as reason:
        raise _problem(refusals.ContentNotEncodable, subject, facts, str(reason)) from None
    wide = modules.width + 2 * modules.quiet
    high = modules.height + 2 * modules.quiet_rows
    room = code.width_mm / wide if code.type.is_linear else min(code.width_mm / wide, code.height_mm / high)
    dot = MM_PER_INCH / around.dpi
    # Whole dots: a module of two and a half is two here and three there, and reads badly.
    size = min(int(room / dot + 1e-6), around.most_dots) * dot
    if size < READABLE_MM[code.type]:
        least = _whole_dots(READABLE_MM[code.type], dot)
        note = (
            f"needs {_mm(wide * least)} × {_mm(high * least)} mm at {around.dpi} dpi, "
            f"and has {_mm(code.width_mm)} × {_mm(code.height_mm)}"
            if not code.type.is_linear
            else f"needs a width of {_mm(wide * least)} mm at {around.dpi} dpi, and has {_mm(code.width_mm)}"
        )
        raise _problem(refusals.CodeTooLarge, subject, facts, note)
    x = code.x_mm + _shift(code.align, code.width_mm - wide * size) + modules.quiet * size
    if code.type.is_linear:
        return DrawnCode(x, code.y_mm, size, code.height_mm, modules, content)
    y = code.y_mm + (code.height_mm - high * size) / 2 + modules.quiet * size
    return DrawnCode(x, y, size, modules.height * size, modules, content)


def _whole_dots(size: float, dot: float) -> float:
    dots = int(size / dot)
    return (dots if dots * dot >= size else dots + 1) * dot


def _mm(value: float) -> str:
    return f"{value:.1f}"


def _shift(align: Align, spare: float) -> float:
    return {Align.LEFT: 0.0, Align.CENTER: spare / 2, Align.RIGHT: spare}[align]


# --- texts --------------------------------------------------------------------------------------------------


def _texts(box: Text, subject: Subject, facts: Mapping[str, str], around: Surroundings) -> list[DrawnText]:
    text = filled(box.text, facts)
    if not text:
        return []
    if missing := around.faces.missing(text, box.font):
        raise _problem(refusals.NoGlyph, subject, facts, " ".join(missing))
    fitted = _fitted(box, text, subject, around.faces)
    if fitted is None:
        raise _problem(refusals.TextDoesNotFit, subject, facts, text)
    lines, size = fitted
    # Lines stand in the middle of their box, so that a line that was set smaller stays where the eye looks.
    spare = box.height_mm - len(lines) * LINE * size * MM_PER_PT
    top = box.y_mm + max(spare, 0.0) / 2
    drawn = []
    for number, line in enumerate(lines):
        width = around.faces.width(line, box.font) * size * MM_PER_PT
        x = box.x_mm + _shift(box.align, box.width_mm - width)
        baseline = top + (number * LINE + BASELINE) * size * MM_PER_PT
        drawn.append(DrawnText(x, baseline, line, box.font, size, width, box))
    return drawn


def _fitted(box: Text, text: str, subject: Subject, faces: Faces) -> tuple[list[str], float] | None:
    """The lines and their size; None where the rule of the box forbids what would be needed."""
    least = {
        Fit.REFUSE: box.size_pt,
        Fit.SHRINK: SMALLEST_PT,
        Fit.WRAP: SMALLEST_PT,
        Fit.CUT: max(box.size_pt * CUT_FROM, SMALLEST_PT),
    }[box.fit]
    size = box.size_pt
    while size >= least - 1e-6:
        if lines := _lines(box, text, size, faces):
            return lines, size
        if size <= least:
            break
        size = max(size - _STEP_PT, least)
    # A thing's own number that was cut is a wrong number.
    if box.fit is Fit.CUT and NUMBER[subject] not in fields_in(box.text):
        return _cut(box, text, least, faces)
    return None


def _lines(box: Text, text: str, size: float, faces: Faces) -> list[str]:
    """The text in lines that fit the box at this size; empty where they don't."""
    room = box.width_mm / (size * MM_PER_PT) + 1e-6
    most = int(box.height_mm / (LINE * size * MM_PER_PT) + 1e-6)
    if not most:
        return []
    if faces.width(text, box.font) <= room:
        return [text]
    if box.fit is not Fit.WRAP or most < 2:
        return []
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if faces.width(longer, box.font) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > most or any(faces.width(line, box.font) > room for line in lines):
        return []
    return lines


def _cut(box: Text, text: str, size: float, faces: Faces) -> tuple[list[str], float] | None:
    for length in range(len(text) - 1, 0, -1):
        if lines := _lines(box, text[:length].rstrip() + ELLIPSIS, size, faces):
            return lines, size
    return None


def example(subject: Subject) -> dict[str, str]:
    """Facts for a preview where nothing is at hand yet."""
    facts = dict(FIELDS[subject])
    facts |= {
        "serial": "SN-000123",
        "item": "ITEM-1",
        "item.name": "Example item",
        "gtin": "04006381333931",
        "uom": "pcs",
        "price": "99.00",
        "currency": "EUR",
        "lot": "L-42",
        "reference": "PO-1",
        "warranty_until": "2028-11-20",
        "end_of_life": "2031-11-20",
        "received": "2026-11-20",
        "location": "A-01",
        "location.name": "Shelf A-01",
        "site": "Example site",
        "today": "2026-11-20",
        "public": "mzxw6ytboi4dsnbrgazdgnjvga",
    }
    return facts
