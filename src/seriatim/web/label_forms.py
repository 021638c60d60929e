"""The form of a template: its head, its medium, and a row of fields for each element, all of them text until read.

An element's row is as wide as all sorts of elements together; what does not apply to one is not shown and not read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from seriatim.labels.media import MEDIA, MediumKind
from seriatim.labels.templates import Template

#: Of every element.
MEASURES = ("x_mm", "y_mm", "width_mm", "height_mm")
#: What an element says beside where it stands.
OWN: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "size_pt", "font", "align", "fit"),
    "code": ("type", "content", "align"),
    "rule": (),
    "frame": ("line_mm",),
}
_NUMBERS = {*MEASURES, "size_pt", "line_mm"}
#: A new element, where nothing is said yet.
_NEW: Mapping[str, dict[str, str]] = {
    "text": {
        "text": "{serial}",
        "size_pt": "9",
        "font": "sans",
        "align": "left",
        "fit": "shrink",
        "height_mm": "5",
    },
    "code": {"type": "qr", "content": "number", "align": "left", "height_mm": "20", "width_mm": "20"},
    "rule": {"height_mm": "0.3"},
    "frame": {"line_mm": "0.3", "height_mm": "15"},
}
#: Below this a new element would not be on the smallest of the usual rolls.
_LOWEST_MM = 27.0
_OWN_MEDIUM = "own"
_SHEET = (
    "page_width_mm",
    "page_height_mm",
    "columns",
    "rows",
    "left_mm",
    "top_mm",
    "pitch_x_mm",
    "pitch_y_mm",
)
_COUNTS = {"columns", "rows"}


@dataclass(slots=True)
class ElementRow:
    """One element as typed."""

    element: str
    values: dict[str, str]
    #: What is wrong with it, in words.
    wrong: str = ""

    @property
    def shown(self) -> tuple[str, ...]:
        """The names of the fields that this sort of element has, beside its measures."""
        return OWN[self.element]


@dataclass(slots=True)
class TemplateForm:
    """A template as typed."""

    code: str = ""
    name: str = ""
    subject: str = "unit"
    medium: str = "roll-57x32"
    #: Own measures of a medium, and the height on a continuous roll.
    measures: dict[str, str] = field(default_factory=dict)
    elements: list[ElementRow] = field(default_factory=list)

    @classmethod
    def of(cls, template: Template) -> "TemplateForm":
        """The form of a template that is there."""
        body = template.as_dict()
        medium = template.medium
        ready = MEDIA.get(medium.code) == medium
        form = cls(
            code=template.code,
            name=template.name,
            subject=template.subject.value,
            medium=medium.code if ready else _OWN_MEDIUM,
            measures={} if ready else {name: _plain(value) for name, value in body["medium"].items()},
        )
        if "height_mm" in body:
            form.measures["label_height_mm"] = _plain(body["height_mm"])
        form.elements = [_row(element) for element in body["elements"]]
        return form

    @classmethod
    def read(cls, said: QueryDict) -> "TemplateForm":
        """What was posted."""
        form = cls(
            code=said.get("code", ""),
            name=said.get("name", ""),
            subject=said.get("subject", "unit"),
            medium=said.get("medium", ""),
            measures={
                name.removeprefix("medium-"): said.get(name, "")
                for name in said
                if name.startswith("medium-")
            },
        )
        for number in said.getlist("element"):
            prefix = f"e{number}-"
            sort = said.get(f"{prefix}element", "")
            if sort not in OWN:
                continue
            values = {name: said.get(prefix + name, "") for name in (*MEASURES, *OWN[sort])}
            form.elements.append(ElementRow(sort, values))
        return form

    def add(self, sort: str) -> None:
        """One more element, below the last one where there is room."""
        number = NUMBER_FIELD.get(self.subject, "serial")
        values = {"x_mm": "2", "y_mm": self._below(), "width_mm": "30", **_NEW[sort]}
        if sort == "text":
            values["text"] = f"{{{number}}}"
        self.elements.append(ElementRow(sort, values))

    def _below(self) -> str:
        """Where the last element ends, and a millimetre; on top where what was typed is no number."""
        ends = []
        for row in self.elements:
            try:
                ends.append(float(row.values["y_mm"]) + float(row.values["height_mm"]))
            except (KeyError, ValueError):
                continue
        lowest = max(ends, default=1.0) + 1
        return f"{lowest:g}" if lowest < _LOWEST_MM else "2"

    def body(self) -> dict[str, Any]:
        """The data that ``read_template`` judges; what is no number stays the text it is, and is refused there."""
        body: dict[str, Any] = {
            "subject": self.subject,
            "medium": self._medium(),
            "elements": [
                {"element": row.element, **{name: _read(name, text) for name, text in row.values.items()}}
                for row in self.elements
            ],
        }
        if self.measures.get("label_height_mm") and self._continuous():
            body["height_mm"] = _number(self.measures["label_height_mm"])
        return body

    def _continuous(self) -> bool:
        ready = MEDIA.get(self.medium)
        kind = ready.kind.value if ready else self.measures.get("kind", "")
        return kind == MediumKind.CONTINUOUS

    def _medium(self) -> Any:
        if self.medium != _OWN_MEDIUM:
            return self.medium
        kind = self.measures.get("kind", "")
        names = ["width_mm", *(() if kind == MediumKind.CONTINUOUS else ("height_mm",))]
        names += _SHEET if kind == MediumKind.SHEET else ()
        said = {name: self.measures.get(name, "") for name in names}
        return {
            "code": _OWN_MEDIUM,
            "name": self.measures.get("name", ""),
            "kind": kind,
            **{
                name: _whole(text) if name in _COUNTS else _number(text)
                for name, text in said.items()
                if text
            },
        }


#: What a thing is known by, as a field.
NUMBER_FIELD = {"unit": "serial", "item": "item", "location": "location"}


def medium_choices() -> Iterator[tuple[str, str]]:
    """The media that a template may be for."""
    yield from ((medium.code, medium.name) for medium in MEDIA.values())
    yield _OWN_MEDIUM, _("Own measures")


def _row(element: Mapping[str, Any]) -> ElementRow:
    sort = str(element["element"])
    values = {name: _plain(element[name]) for name in (*MEASURES, *OWN[sort])}
    return ElementRow(sort, values)


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _read(name: str, text: str) -> Any:
    return _number(text) if name in _NUMBERS else text


def _number(text: str) -> Any:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return text


def _whole(text: str) -> Any:
    return int(text) if text.strip().isdecimal() and len(text) < 6 else text
