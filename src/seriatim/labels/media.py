"""What labels are printed on: sheets, rolls of cut labels, continuous rolls. All measures in millimetres. Pure."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from seriatim.kernel.refusals import Invalid

#: No label printer or office printer takes more.
LONGEST_MM = 1_500.0
SHORTEST_MM = 5.0
#: A grid that ends this far beyond the paper is one that somebody measured, not a mistake.
_SLACK_MM = 1.0


class MediumKind(StrEnum):
    """How labels sit on the medium."""

    SHEET = "sheet"
    ROLL = "roll"
    #: A roll without gaps: the printer cuts where the template ends.
    CONTINUOUS = "continuous"


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """A sheet with a grid of labels, or a roll.

    ``left``, ``top`` are the first label's corner on the sheet, ``pitch_x``, ``pitch_y`` from one label to the next.
    A continuous roll's ``height_mm`` is 0: the template says it.
    """

    code: str
    name: str
    kind: MediumKind
    width_mm: float
    height_mm: float
    page_width_mm: float = 0.0
    page_height_mm: float = 0.0
    columns: int = 1
    rows: int = 1
    left_mm: float = 0.0
    top_mm: float = 0.0
    pitch_x_mm: float = 0.0
    pitch_y_mm: float = 0.0

    @property
    def per_page(self) -> int:
        """How many labels a page takes."""
        return self.columns * self.rows

    def place(self, number: int) -> tuple[float, float]:
        """The corner of a place on the sheet, counted from 0, row by row."""
        row, column = divmod(number, self.columns)
        return self.left_mm + column * self.pitch_x_mm, self.top_mm + row * self.pitch_y_mm

    def as_dict(self) -> dict[str, Any]:
        """The medium as plain data; what is not said of its kind is left out."""
        said = {name: value for name, value in asdict(self).items() if value}
        return said | {"kind": self.kind.value}


def _sheet(
    code: str,
    name: str,
    *,
    page: tuple[float, float],
    grid: tuple[int, int],
    label: tuple[float, float],
    corner: tuple[float, float],
    pitch: tuple[float, float],
) -> Medium:
    return Medium(
        code=code,
        name=name,
        kind=MediumKind.SHEET,
        width_mm=label[0],
        height_mm=label[1],
        page_width_mm=page[0],
        page_height_mm=page[1],
        columns=grid[0],
        rows=grid[1],
        left_mm=corner[0],
        top_mm=corner[1],
        pitch_x_mm=pitch[0],
        pitch_y_mm=pitch[1],
    )


def _roll(code: str, name: str, width_mm: float, height_mm: float = 0.0) -> Medium:
    kind = MediumKind.ROLL if height_mm else MediumKind.CONTINUOUS
    return Medium(
        code=code,
        name=name,
        kind=kind,
        width_mm=width_mm,
        height_mm=height_mm,
    )


_A4 = (210.0, 297.0)
_LETTER = (215.9, 279.4)

#: The ready-made ones, by code. Sheets by their makers' measures.
MEDIA: dict[str, Medium] = {
    medium.code: medium
    for medium in (
        _sheet(
            "avery-l7160",
            "Avery L7160, 21 on A4",
            page=_A4,
            grid=(3, 7),
            label=(63.5, 38.1),
            corner=(7.21, 15.15),
            pitch=(66.04, 38.1),
        ),
        _sheet(
            "avery-l7163",
            "Avery L7163, 14 on A4",
            page=_A4,
            grid=(2, 7),
            label=(99.1, 38.1),
            corner=(4.65, 15.15),
            pitch=(101.6, 38.1),
        ),
        _sheet(
            "avery-l4731",
            "Avery L4731, 189 on A4",
            page=_A4,
            grid=(7, 27),
            label=(25.4, 10.0),
            corner=(8.6, 13.5),
            pitch=(27.9, 10.0),
        ),
        _sheet(
            "avery-5160",
            "Avery 5160, 30 on Letter",
            page=_LETTER,
            grid=(3, 10),
            label=(66.675, 25.4),
            corner=(3.969, 12.7),
            pitch=(70.644, 25.4),
        ),
        _roll("roll-62", "Continuous roll, 62 mm", 62.0),
        _roll("roll-57x32", "Roll, 57 × 32 mm", 57.0, 32.0),
        _roll("roll-100x50", "Roll, 100 × 50 mm", 100.0, 50.0),
        _roll("roll-50x25", "Roll, 50 × 25 mm", 50.0, 25.0),
    )
}

_NUMBERS = {field.name for field in fields(Medium) if field.type in (float, "float")}
_COUNTS = {field.name for field in fields(Medium) if field.type in (int, "int")}


def read_medium(said: object) -> Medium:
    """A medium by the code of a ready-made one, or as data. Refuses with Invalid."""
    if isinstance(said, str):
        if said not in MEDIA:
            raise Invalid(field="medium", reason="unknown", value=said[:60])
        return MEDIA[said]
    if not isinstance(said, dict):
        raise Invalid(field="medium", reason="neither a code nor a medium's measures")
    if unknown := sorted(set(map(str, said)) - {field.name for field in fields(Medium)}):
        raise Invalid(field="medium", reason=f"it has no {unknown[0][:40]}")
    try:
        kind = MediumKind(str(said.get("kind", "")))
    except ValueError:
        raise Invalid(field="medium", reason="a sheet, a roll or continuous") from None
    code, name = str(said.get("code", "own"))[:60], str(said.get("name", "")).strip()[:100]
    if not (code + name).isprintable():
        raise Invalid(field="medium", reason="has characters that cannot be seen")
    values: dict[str, Any] = {key: _number(said[key], key) for key in _NUMBERS & set(said)}
    values |= {key: _count(said[key], key) for key in _COUNTS & set(said)}
    medium = Medium(
        code=code,
        name=name or "Own medium",
        kind=kind,
        **{"width_mm": 0.0, "height_mm": 0.0, **values},
    )
    for problem in _problems(medium):
        raise Invalid(field="medium", reason=problem)
    return medium


def _number(value: object, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= LONGEST_MM:
        raise Invalid(field=name, reason=f"a number from 0 to {LONGEST_MM:g}", value=str(value)[:40])
    return float(value)


def _count(value: object, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 100:
        raise Invalid(field=name, reason="a whole number from 1 to 100", value=str(value)[:40])
    return value


def _problems(medium: Medium) -> Iterator[str]:
    if medium.width_mm < SHORTEST_MM:
        yield f"its labels are narrower than {SHORTEST_MM:g} mm"
    if medium.kind is MediumKind.CONTINUOUS:
        if medium.height_mm:
            yield "a continuous roll has no height of its own"
        return
    if medium.height_mm < SHORTEST_MM:
        yield f"its labels are lower than {SHORTEST_MM:g} mm"
    if medium.kind is MediumKind.ROLL:
        return
    if medium.columns > 1 and medium.pitch_x_mm < medium.width_mm - 0.001:
        yield "its columns overlap"
    if medium.rows > 1 and medium.pitch_y_mm < medium.height_mm - 0.001:
        yield "its rows overlap"
    right, bottom = medium.place(medium.per_page - 1)
    if right + medium.width_mm > medium.page_width_mm + _SLACK_MM:
        yield "its columns are wider than the sheet"
    if bottom + medium.height_mm > medium.page_height_mm + _SLACK_MM:
        yield "its rows are higher than the sheet"
