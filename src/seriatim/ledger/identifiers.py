"""Further numbers of units: how each type is read, and the row it becomes. Writes nothing."""

import re
from collections.abc import Callable
from uuid import UUID

from seriatim.kernel.identifiers import IDENTIFIER_TYPES
from seriatim.kernel.refusals import Case, Invalid
from seriatim.ledger.models import Identifier
from seriatim.numbering.checks import read_imei, read_mac
from seriatim.numbering.errors import NumberingError
from seriatim.numbering.serials import fold, normalise

#: Types whose values carry a check digit or have a form of their own; all others are exact text.
_READERS: dict[str, Callable[[str], str]] = {"imei": read_imei, "mac": read_mac}


def read(type_: str, text: str) -> str:
    """The value as it is kept. Raises Invalid (``field`` identifier; reason as the check gives it)."""
    if type_ not in IDENTIFIER_TYPES:
        raise Invalid(field="identifier", reason="unknown_type", value=type_)
    try:
        return _READERS.get(type_, normalise)(text)
    except NumberingError as error:
        reason = str(error.data.get("reason", "malformed"))
        raise Invalid([Case(note=text)], field="identifier", reason=reason, value=type_) from None


def read_several(type_: str, text: str) -> str | list[str]:
    """The values of one cell of a file: a telephone's two IMEIs stand there with a comma or semicolon between them."""
    # An asset tag or a maker's serial number may have such a sign in it.
    parts = [part for part in re.split("[;,]", text) if part.strip()] if type_ in _READERS else [text]
    values = list(dict.fromkeys(read(type_, part) for part in parts or [text]))
    return values[0] if len(values) == 1 else values


def row(unit_key: UUID, type_: str, text: str) -> Identifier:
    """The row, ready to be written. Raises Invalid."""
    value = read(type_, text)
    return Identifier(
        unit_id=unit_key,
        type=type_,
        value=value,
        folded=fold(value),
        unique_value=unique_value(type_, value),
    )


def unique_value(type_: str, value: str) -> str | None:
    """What the database keeps unique: null where a value may stand on several units."""
    return f"{type_}:{value}" if IDENTIFIER_TYPES[type_].unique else None
