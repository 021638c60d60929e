"""What a list's cells hold, and the columns that hold it. Knows no list and no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise

Words = str | Promise


class Kind(StrEnum):
    """The kind of a column's values; what is not known is None in every kind."""

    #: str
    TEXT = "text"
    #: str, exactly as it stands on the thing: never a number, never broken.
    SERIAL = "serial"
    #: int, a count.
    FIGURE = "figure"
    #: int, in 1/10,000 of the site's currency.
    MONEY = "money"
    #: int, in 1/1,000 of the unit of measure.
    QUANTITY = "quantity"
    #: date
    DAY = "day"
    #: datetime, aware.
    MOMENT = "moment"
    #: str, a code of ours; ``Column.names`` says which vocabulary has its words.
    WORD = "word"
    #: bool
    FLAG = "flag"
    #: Thing
    THING = "thing"


#: Kinds that are set flush right.
FIGURES = frozenset({Kind.FIGURE, Kind.MONEY, Kind.QUANTITY})


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that has a page of its own."""

    #: item, location, party, unit, document, series, user
    kind: str
    #: By what it is found: a code, a serial number, a document's number (or its id while it has none).
    code: str
    name: str = ""
    #: Of a unit: its item's code.
    of: str = ""

    def __str__(self) -> str:
        return self.code


class Reversed(str):
    """The code of a kind of document, of a movement that takes one of its movements back."""

    __slots__ = ()


class Coded(str):
    """A text for people; ``code`` is what programs get in its place."""

    __slots__ = ("code",)
    code: Any

    @classmethod
    def of(cls, text: str, code: Any) -> "Coded":
        """The text, for this code."""
        one = cls(text)
        one.code = code
        return one


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a list."""

    key: str
    words: Words
    kind: Kind = Kind.TEXT
    #: The right that it takes to see it, beside the list's own.
    right: str = ""
    #: Whether it is there until somebody chooses otherwise.
    shown: bool = True
    #: Of a word: the vocabulary (see ``vocabularies``).
    names: str = ""
    #: Of a thing: its kind.
    of: str = ""
    #: A press on the value opens the list that the row leads to.
    leads: bool = False
    #: The sort that a click on its head asks for; "" where there is none.
    sort: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: values by the keys of the columns that were asked for."""

    #: Stays the same whatever is asked for.
    key: str
    values: Mapping[str, Any]
    #: What the row is about; None where it has no page.
    thing: Thing | None = None
    #: The list of what is behind a number of the row: its name and filters.
    leads: tuple[str, Mapping[str, str]] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows in order; ``next`` and ``previous`` are the cursors of its neighbours, "" where there are none."""

    rows: list[Row] = field(default_factory=list)
    next: str = ""
    previous: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows there are; ``more``: at least that many, nobody counted on."""

    number: int
    more: bool = False
