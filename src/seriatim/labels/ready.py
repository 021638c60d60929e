"""The ready-made templates, as data: one for each common sheet and roll. They can be copied and not changed."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from seriatim.labels.templates import Template, read_template

Element = dict[str, Any]


def _text(text: str, box: tuple[float, float, float, float], size: float, **more: str) -> Element:
    return {"element": "text", "text": text, "size_pt": size, **_box(box), **more}


def _code(type_: str, content: str, box: tuple[float, float, float, float], **more: str) -> Element:
    return {"element": "code", "type": type_, "content": content, **_box(box), **more}


def _box(box: tuple[float, float, float, float]) -> dict[str, float]:
    return dict(zip(("x_mm", "y_mm", "width_mm", "height_mm"), box, strict=True))


def _small(width: float, height: float, code: float) -> list[Element]:
    """A QR code on the left; on the right the serial number, the item, and the lot."""
    left, rest = code + 3, width - code - 5
    line = height / 5
    return [
        _code("qr", "number", (1, (height - code) / 2, code, code)),
        _text("{serial}", (left, line * 0.7, rest, line), 11, font="mono"),
        _text("{item}", (left, line * 1.8, rest, line), 9),
        _text("{item.name}", (left, line * 2.7, rest, line), 8, fit="cut"),
        _text("Lot {lot}", (left, line * 3.6, rest, line), 7, fit="cut"),
    ]


_UNITS: dict[str, tuple[str, dict[str, Any]]] = {
    "unit-l7160": (
        "Unit, Avery L7160",
        {"medium": "avery-l7160", "elements": _small(63.5, 38.1, 24)},
    ),
    "unit-l7163": (
        "Unit, Avery L7163",
        {"medium": "avery-l7163", "elements": _small(99.1, 38.1, 32)},
    ),
    "unit-5160": (
        "Unit, Avery 5160",
        {"medium": "avery-5160", "elements": _small(66.675, 25.4, 22)},
    ),
    "unit-l4731": (
        "Unit, Avery L4731 (small)",
        {
            "medium": "avery-l4731",
            "elements": [
                _code("datamatrix", "number", (0.5, 0.5, 9, 9)),
                _text("{serial}", (10, 1, 15, 4.5), 8, font="mono"),
                _text("{item}", (10, 5.5, 15, 3.5), 6, fit="cut"),
            ],
        },
    ),
    "unit-57x32": ("Unit, 57 × 32 mm", {"medium": "roll-57x32", "elements": _small(57, 32, 24)}),
    "unit-50x25": ("Unit, 50 × 25 mm", {"medium": "roll-50x25", "elements": _small(50, 25, 20)}),
    "unit-62": (
        "Unit, 62 mm roll",
        {"medium": "roll-62", "height_mm": 29, "elements": _small(62, 29, 24)},
    ),
    "unit-100x50": (
        "Unit, 100 × 50 mm",
        {
            "medium": "roll-100x50",
            "elements": [
                _code("qr", "number", (2, 2, 28, 28)),
                _text("{item.name}", (33, 3, 64, 7), 14, fit="cut"),
                _text("{item}", (33, 11, 64, 5), 10),
                _text("{serial}", (33, 17, 64, 7), 15, font="mono"),
                _text("Lot {lot}", (33, 25, 64, 5), 9, fit="cut"),
                _code("code128", "number", (2, 33, 96, 14), align="center"),
            ],
        },
    ),
    "unit-gs1-100x50": (
        "Unit with GS1 codes, 100 × 50 mm",
        {
            "medium": "roll-100x50",
            "elements": [
                _code("gs1_datamatrix", "gs1", (2, 2, 24, 24)),
                _text("{item.name}", (29, 3, 69, 7), 13, fit="cut"),
                _text("(01) {gtin}", (29, 11, 69, 5), 9, font="mono"),
                _text("(21) {serial}", (29, 17, 69, 5), 9, font="mono"),
                _code("gs1_128", "gs1", (1, 31, 98, 16), align="center"),
            ],
        },
    ),
    "unit-public-57x32": (
        "Unit with its public address, 57 × 32 mm",
        {
            "medium": "roll-57x32",
            "elements": [
                _code("qr", "public", (0, 1, 30, 30)),
                _text("{serial}", (31, 4, 25, 6), 10, font="mono"),
                _text("{item.name}", (31, 11, 25, 10), 8, fit="wrap"),
                _text("{site}", (31, 25, 25, 4), 6, fit="cut"),
            ],
        },
    ),
    "unit-page-57x32": (
        "Unit with the address of its page, 57 × 32 mm",
        {
            "medium": "roll-57x32",
            "elements": [
                _code("qr", "page", (0, 1, 30, 30)),
                _text("{serial}", (31, 4, 25, 6), 10, font="mono"),
                _text("{item}", (31, 11, 25, 5), 8),
                _text("{site}", (31, 25, 25, 4), 6, fit="cut"),
            ],
        },
    ),
}
_ITEMS: dict[str, tuple[str, dict[str, Any]]] = {
    "item-57x32": (
        "Item, 57 × 32 mm",
        {
            "subject": "item",
            "medium": "roll-57x32",
            "elements": [
                _text("{item.name}", (2, 2, 53, 10), 12, fit="wrap"),
                _code("code128", "number", (1, 13, 55, 11), align="center"),
                _text("{item}", (2, 25, 53, 5), 9, font="mono", align="center"),
            ],
        },
    ),
    "item-l7160": (
        "Item, Avery L7160",
        {
            "subject": "item",
            "medium": "avery-l7160",
            "elements": [
                _code("qr", "number", (1, 6, 24, 24)),
                _text("{item.name}", (27, 7, 35, 12), 11, fit="wrap"),
                _text("{item}", (27, 20, 35, 5), 9, font="mono"),
                _text("{gtin}", (27, 26, 35, 4), 8, font="mono"),
            ],
        },
    ),
}
_LOCATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "location-100x50": (
        "Location, 100 × 50 mm",
        {
            "subject": "location",
            "medium": "roll-100x50",
            "elements": [
                _code("qr", "number", (2, 5, 40, 40)),
                _text("{location}", (44, 10, 54, 16), 34),
                _text("{location.name}", (44, 30, 54, 10), 12, fit="wrap"),
            ],
        },
    ),
    "location-l7160": (
        "Location, Avery L7160",
        {
            "subject": "location",
            "medium": "avery-l7160",
            "elements": [
                _code("qr", "number", (1, 6, 26, 26)),
                _text("{location}", (28, 8, 34, 10), 20),
                _text("{location.name}", (28, 20, 34, 10), 9, fit="wrap"),
            ],
        },
    ),
}

#: Code → name and body.
READY: Mapping[str, tuple[str, dict[str, Any]]] = _UNITS | _ITEMS | _LOCATIONS


@cache
def ready(code: str) -> Template | None:
    """The ready-made template of that code, if there is one."""
    found = READY.get(code.lower())
    return read_template(code.lower(), *found) if found else None
