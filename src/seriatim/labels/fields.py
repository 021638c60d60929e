"""What may stand on a label: the fields, by the sort of thing that is labelled. Pure.

A label's facts are a mapping of these names to texts; custom fields are ``custom.NAME`` of the unit and
``item.custom.NAME`` of its item.
"""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum

from seriatim.kernel.refusals import Invalid


class Subject(StrEnum):
    """What a template labels."""

    UNIT = "unit"
    ITEM = "item"
    LOCATION = "location"


_EVERYWHERE = {"site": "The site’s name", "today": "The day of printing"}
_ITEM = {
    "item": "Item code",
    "item.name": "Item name",
    "gtin": "GTIN",
    "uom": "Unit of measure",
    "price": "Price",
    "currency": "Currency",
}

#: Sort of thing → name of the field → what it is, in words.
FIELDS: dict[Subject, dict[str, str]] = {
    Subject.UNIT: {
        "serial": "Serial number",
        **_ITEM,
        "lot": "Lot",
        "reference": "Reference",
        "warranty_until": "Warranty until",
        "end_of_life": "End of life",
        "received": "Day of receipt",
        **_EVERYWHERE,
    },
    Subject.ITEM: {**_ITEM, **_EVERYWHERE},
    Subject.LOCATION: {"location": "Location code", "location.name": "Location name", **_EVERYWHERE},
}
#: What the thing itself is known by: the content of its code, and the name in a refusal.
NUMBER: dict[Subject, str] = {
    Subject.UNIT: "serial",
    Subject.ITEM: "item",
    Subject.LOCATION: "location",
}
_CUSTOM = {
    Subject.UNIT: ("custom.", "item.custom."),
    Subject.ITEM: ("item.custom.",),
    Subject.LOCATION: (),
}
_CUSTOM_NAME = re.compile(r"[\w-]{1,40}")
_PART = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


def known(subject: Subject, name: str) -> bool:
    """Whether a label of that sort of thing has this field; whether a custom field exists is the database's matter."""
    if name in FIELDS[subject]:
        return True
    return any(
        name.startswith(prefix) and _CUSTOM_NAME.fullmatch(name.removeprefix(prefix))
        for prefix in _CUSTOM[subject]
    )


def parts(text: str) -> Iterator[tuple[str, str]]:
    """A text's parts in order: ``(literal, "")`` or ``("", field)``. Doubled braces are braces. Refuses with Invalid."""
    done = 0
    for found in _PART.finditer(text):
        if found.start() > done:
            yield text[done : found.start()], ""
        done = found.end()
        if found[0] in {"{{", "}}"}:
            yield found[0][0], ""
        elif found[1] is None:
            raise Invalid(field="text", reason="a brace stands alone; write {{ for one", value=text)
        else:
            yield "", found[1].strip()
    if done < len(text):
        yield text[done:], ""


def fields_in(text: str) -> list[str]:
    """The fields that a text names."""
    return [field for _, field in parts(text) if field]


def filled(text: str, facts: Mapping[str, str]) -> str:
    """The text with its fields filled in; "" where it names fields and all of them are empty.

    So "Lot {lot}" does not leave "Lot" on the label of a unit without one.
    """
    made, named, given = [], False, False
    for literal, field in parts(text):
        if field:
            value = facts.get(field, "")
            named, given = True, given or bool(value)
            made.append(value)
        else:
            made.append(literal)
    return "" if named and not given else "".join(made).strip()
