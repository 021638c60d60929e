"""A template: what stands where on a label, in millimetres, as data. Read from JSON, and refused where it is wrong. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, TypeVar

from seriatim.kernel.refusals import Case, Invalid
from seriatim.labels import fields
from seriatim.labels.fields import Subject
from seriatim.labels.media import LONGEST_MM, SHORTEST_MM, Medium, MediumKind, read_medium

MOST_ELEMENTS = 50
#: Below it nobody reads a label; it is also as small as "shrink" goes.
SMALLEST_PT = 4.0
LARGEST_PT = 200.0
#: What may stick out over the edge of the label before it is a mistake, not rounding.
_SLACK_MM = 0.05

Choice = TypeVar("Choice", bound=StrEnum)


class Align(StrEnum):
    """Where a text stands in its box."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


class Font(StrEnum):
    """The two faces: for words, and for numbers whose 0 and O must differ."""

    SANS = "sans"
    MONO = "mono"


class Fit(StrEnum):
    """What is done with a text that is too long for its box. Nothing is ever cut without a sign."""

    #: Set smaller, down to ``SMALLEST_PT``; then refused.
    SHRINK = "shrink"
    #: Broken into lines, then as above.
    WRAP = "wrap"
    #: Set smaller down to 70 %, then cut, with an ellipsis to show it. A thing's own number is never cut.
    CUT = "cut"
    #: Refused at once.
    REFUSE = "refuse"


class CodeType(StrEnum):
    """The symbologies."""

    QR = "qr"
    DATAMATRIX = "datamatrix"
    GS1_DATAMATRIX = "gs1_datamatrix"
    GS1_128 = "gs1_128"
    CODE128 = "code128"

    @property
    def is_gs1(self) -> bool:
        """Whether it carries GS1 element strings, and nothing else."""
        return self in {CodeType.GS1_DATAMATRIX, CodeType.GS1_128}

    @property
    def is_linear(self) -> bool:
        """Whether it is bars rather than squares."""
        return self in {CodeType.GS1_128, CodeType.CODE128}


class Content(StrEnum):
    """What a code says."""

    #: The serial number; the item's or location's code on their labels.
    NUMBER = "number"
    #: The GS1 element string: (01) GTIN, (21) serial number.
    GS1 = "gs1"
    #: The same with (10) lot between them.
    GS1_LOT = "gs1_lot"
    #: The same with (17) the day of expiry before it: the unit's end of life.
    GS1_FULL = "gs1_full"
    #: The GS1 Digital Link: …/01/GTIN/21/SERIAL.
    LINK = "link"
    #: The same with lot and expiry: …/01/GTIN/10/LOT/21/SERIAL?17=EXPIRY.
    LINK_FULL = "link_full"
    #: The address of our page of the unit.
    PAGE = "page"
    #: The short address of the unit's public page, which nobody can guess.
    PUBLIC = "public"

    @property
    def is_gs1(self) -> bool:
        """Whether it is an element string, which GS1 codes carry, and nothing else."""
        return self in {Content.GS1, Content.GS1_LOT, Content.GS1_FULL}

    @property
    def of_units(self) -> bool:
        """Whether only a unit has it."""
        return self in {
            Content.GS1_LOT,
            Content.GS1_FULL,
            Content.LINK_FULL,
            Content.PAGE,
            Content.PUBLIC,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Where an element stands: its upper left corner on the label, and its size."""

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Box):
    """Words, with fields in braces: ``S/N {serial}``."""

    text: str
    size_pt: float = 9.0
    font: Font = Font.SANS
    align: Align = Align.LEFT
    fit: Fit = Fit.SHRINK


@dataclass(frozen=True, slots=True, kw_only=True)
class Code(Box):
    """A barcode with its quiet zone, as large as the box lets it be."""

    type: CodeType
    content: Content
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Box):
    """A line: a box that is filled with black."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame(Box):
    """A box of lines, drawn inside its measures."""

    line_mm: float = 0.3


Element = Text | Code | Rule | Frame
_SORTS: dict[str, type[Text | Code | Rule | Frame]] = {
    "text": Text,
    "code": Code,
    "rule": Rule,
    "frame": Frame,
}
_NAMES = {sort: name for name, sort in _SORTS.items()}
_MEASURES = ("x_mm", "y_mm", "width_mm", "height_mm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A label's design."""

    code: str
    name: str
    subject: Subject
    medium: Medium
    #: The label's height; the medium's own, except on a continuous roll.
    height_mm: float
    elements: tuple[Element, ...]

    @property
    def width_mm(self) -> float:
        """The label's width."""
        return self.medium.width_mm

    @property
    def fields(self) -> frozenset[str]:
        """Every field that the texts name."""
        return frozenset(
            field
            for element in self.elements
            if isinstance(element, Text)
            for field in fields.fields_in(element.text)
        )

    @property
    def facts(self) -> frozenset[str]:
        """The fields that are to be read for it: those of the texts, and what only a code says."""
        codes = {element.content for element in self.elements if isinstance(element, Code)}
        return self.fields | {Content.PUBLIC.value} if Content.PUBLIC in codes else self.fields

    def as_dict(self) -> dict[str, Any]:
        """The body as plain data: what ``read_template`` takes."""
        body: dict[str, Any] = {
            "subject": self.subject.value,
            "medium": self.medium.as_dict(),
            "elements": [_as_dict(element) for element in self.elements],
        }
        if self.medium.kind is MediumKind.CONTINUOUS:
            body["height_mm"] = self.height_mm
        return body


def _as_dict(element: Element) -> dict[str, Any]:
    return {"element": _NAMES[type(element)], **asdict(element)}


def read_template(code: str, name: str, body: object) -> Template:
    """A template from its data. Refuses with Invalid, naming the first wrong value and, as a case, its element."""
    if not isinstance(body, Mapping):
        raise Invalid(field="template", reason="not an object")
    if unknown := sorted(set(map(str, body)) - {"subject", "medium", "elements", "height_mm"}):
        raise Invalid(field="template", reason=f"it has no {unknown[0][:40]}")
    subject = _choice(Subject, body.get("subject", "unit"), "subject")
    medium = read_medium(body.get("medium"))
    if medium.kind is MediumKind.CONTINUOUS:
        height = _number(body.get("height_mm", 0), "height_mm", SHORTEST_MM, LONGEST_MM)
    else:
        height = medium.height_mm
    said = body.get("elements")
    if not isinstance(said, list) or not said:
        raise Invalid(field="elements", reason="a label needs something on it")
    if len(said) > MOST_ELEMENTS:
        raise Invalid(field="elements", reason=f"more than {MOST_ELEMENTS}", value=str(len(said)))
    elements = []
    for number, one in enumerate(said, start=1):
        try:
            elements.append(_element(one, subject, medium.width_mm, height))
        except Invalid as refusal:
            # As it was said, with the element's number.
            refusal.cases = (Case(line=number, note=f"Element {number} of the template."),)
            raise
    return Template(
        code=code, name=name, subject=subject, medium=medium, height_mm=height, elements=tuple(elements)
    )


def _element(said: object, subject: Subject, width: float, height: float) -> Element:
    if not isinstance(said, Mapping):
        raise Invalid(field="element", reason="not an object")
    sort = _SORTS.get(str(said.get("element", "")))
    if sort is None:
        raise Invalid(field="element", reason=f"one of {', '.join(_SORTS)}", value=str(said.get("element")))
    allowed = set(sort.__dataclass_fields__)
    if unknown := sorted(set(map(str, said)) - allowed - {"element"}):
        raise Invalid(field="element", reason=f"a {_NAMES[sort]} has no {unknown[0][:40]}")
    box = {name: _number(said.get(name), name, 0, LONGEST_MM) for name in _MEASURES}
    _check_box(box, width, height)
    if sort is Text:
        return _text(said, subject, box)
    if sort is Code:
        return _code(said, subject, box)
    if sort is Frame:
        return Frame(line_mm=_number(said.get("line_mm", 0.3), "line_mm", 0.1, 5), **box)
    return Rule(**box)


def _check_box(box: Mapping[str, float], width: float, height: float) -> None:
    for name in ("width_mm", "height_mm"):
        if box[name] < 0.1:
            raise Invalid(field=name, reason="at least 0.1", value=f"{box[name]:g}")
    if box["x_mm"] + box["width_mm"] > width + _SLACK_MM:
        raise Invalid(field="width_mm", reason=f"it ends beyond the label’s {width:g} mm")
    if box["y_mm"] + box["height_mm"] > height + _SLACK_MM:
        raise Invalid(field="height_mm", reason=f"it ends beyond the label’s {height:g} mm")


def _text(said: Mapping[str, Any], subject: Subject, box: Mapping[str, float]) -> Text:
    text = said.get("text")
    if not isinstance(text, str) or not text.strip():
        raise Invalid(field="text", reason="required")
    if len(text) > 500 or not text.isprintable():
        raise Invalid(field="text", reason="up to 500 characters that can be seen")
    for field in fields.fields_in(text):
        if not fields.known(subject, field):
            raise Invalid(field="text", reason=f"{subject.value}s have no such field", value=f"{{{field}}}")
    return Text(
        text=text,
        size_pt=_number(said.get("size_pt", 9.0), "size_pt", SMALLEST_PT, LARGEST_PT),
        font=_choice(Font, said.get("font", "sans"), "font"),
        align=_choice(Align, said.get("align", "left"), "align"),
        fit=_choice(Fit, said.get("fit", "shrink"), "fit"),
        **box,
    )


def _code(said: Mapping[str, Any], subject: Subject, box: Mapping[str, float]) -> Code:
    type_ = _choice(CodeType, said.get("type"), "type")
    content = _choice(Content, said.get("content", "number"), "content")
    if type_.is_gs1 != content.is_gs1:
        raise Invalid(
            field="content",
            reason="GS1 codes carry GS1 element strings, and no other code does",
            value=content.value,
        )
    if subject is Subject.LOCATION and content is not Content.NUMBER:
        raise Invalid(field="content", reason="a location has its code only", value=content.value)
    if subject is Subject.ITEM and content.of_units:
        raise Invalid(field="content", reason="only a unit has it", value=content.value)
    return Code(type=type_, content=content, align=_choice(Align, said.get("align", "left"), "align"), **box)


def _number(value: object, name: str, least: float, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        shown = "" if value is None else str(value)[:40]
        raise Invalid(field=name, reason=f"a number from {least:g} to {most:g}", value=shown)
    return round(float(value), 3)


def _choice(kind: type[Choice], value: object, name: str) -> Choice:
    try:
        return kind(str(value))
    except ValueError:
        raise Invalid(
            field=name, reason=f"one of {', '.join(kind)}", value="" if value is None else str(value)[:40]
        ) from None
