"""The place between two rows of a list, as an opaque text that only we can have made.

It holds the sort and the values of the row that it stands behind (or before), so that a page begins at the same
place however many rows came or went meanwhile. Signed: nobody can ask the database for what we did not offer.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db import models

from seriatim.kernel.refusals import Invalid

_SALT = "seriatim.reports.lists"
#: Longer than any that we make: a serial of 80 bytes and a code of 60 characters in it.
_LONGEST = 2_000


class Type(StrEnum):
    """What a sort's column holds: how it is written into a cursor, and compared in the database."""

    TEXT = "text"
    WHOLE = "whole"
    DAY = "day"
    MOMENT = "moment"
    KEY = "key"

    @property
    def field(self) -> "models.Field[Any, Any]":
        """The field that hands such a value to the engine in its own form."""
        return _FIELDS[self]()


_FIELDS: dict[Type, type["models.Field[Any, Any]"]] = {
    Type.TEXT: models.TextField,
    Type.WHOLE: models.BigIntegerField,
    Type.DAY: models.DateField,
    Type.MOMENT: models.DateTimeField,
    Type.KEY: models.UUIDField,
}


@dataclass(frozen=True, slots=True)
class Place:
    """Behind a row of a list in some order; ``backward``: before it, for the page that comes before."""

    listing: str
    sort: str
    values: tuple[Any, ...]
    backward: bool = False

    def text(self) -> str:
        """As it goes out."""
        said = [self.listing, self.sort, int(self.backward), *map(_said, self.values)]
        return Signer(salt=_SALT).sign_object(said, compress=True)


def read_place(text: str, *, listing: str, sort: str, types: tuple[Type, ...]) -> Place:
    """The place that a cursor means. Refuses with Invalid (``field`` cursor) what is not ours, or of another list."""
    if len(text) > _LONGEST:
        raise Invalid(field="cursor", reason="not_ours")
    try:
        said = Signer(salt=_SALT).unsign_object(text)
        of, order, backward, *values = said
    except (BadSignature, ValueError, TypeError):
        raise Invalid(field="cursor", reason="not_ours") from None
    if (of, order) != (listing, sort) or len(values) != len(types):
        raise Invalid(field="cursor", reason="of_another_list")
    return Place(listing, sort, tuple(map(_read, values, types)), bool(backward))


def _said(value: Any) -> str | int | None:
    if value is None or isinstance(value, int | str):
        return value
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)


def _read(value: Any, type_: Type) -> Any:
    if value is None:
        return None
    if type_ is Type.DAY:
        return date.fromisoformat(value)
    if type_ is Type.MOMENT:
        return datetime.fromisoformat(value)
    return UUID(value) if type_ is Type.KEY else value
