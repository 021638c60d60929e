"""What a scanned text can mean, as values. Pure: no database, no clock, no input or output."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Form(StrEnum):
    """How a text was written, as which it is read."""

    #: The text itself: a serial number, a code, any number printed on a thing.
    PLAIN = "plain"
    #: The address of one of our own pages.
    ADDRESS = "address"
    #: GS1 element strings: from a scanner, or typed with the identifiers in brackets.
    GS1 = "gs1"
    DIGITAL_LINK = "digital_link"
    GTIN = "gtin"
    SSCC = "sscc"
    IMEI = "imei"
    #: The first eight digits of an IMEI: a model, not a thing.
    TAC = "tac"
    MAC = "mac"
    #: ISO/IEC 15434 with a unique item identifier (MIL-STD-130) or other data identifiers.
    IUID = "iuid"
    HIBC = "hibc"
    #: A command of the printed card: post, undo, next line.
    COMMAND = "command"


class Doubt(StrEnum):
    """What the text alone cannot settle. It is said beside the meaning, never decided."""

    #: A value of any length is followed by what may be its own end or the next element: no separator came.
    SEPARATOR = "separator_missing"
    #: It reads as GS1, but nothing marks it as that: it may as well be a plain serial number.
    UNMARKED = "unmarked"
    #: A date whose day is not given; the month's last day is meant.
    DAY = "day_missing"
    #: A bracket may stand around an identifier or belong to a value.
    BRACKETS = "brackets"
    #: A path that may be divided in several ways.
    DIVISION = "division"


class Wrong(StrEnum):
    """Why a text, or one reading of it, is refused."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NOT_PRINTABLE = "not_printable"
    CHECK = "wrong_check"
    UNKNOWN = "unknown_identifier"
    VALUE = "malformed_value"
    SHORT = "cut_short"
    DATE = "impossible_date"
    PARTNER = "partner_missing"
    DOUBLED = "doubled_identifier"
    CLASH = "identifiers_exclude_each_other"
    FORMAT = "malformed"
    #: An address whose data are packed into a few letters, which nothing here unpacks.
    COMPRESSED = "compressed"


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a message: its identifier (``01``, ``21``, ``S`` …), its value as it stands, what it is called."""

    identifier: str
    value: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with one reading of the text: as which form, why, and where (the identifier and its value)."""

    form: Form
    why: Wrong
    at: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """One way to read the text. What it does not say is empty."""

    form: Form
    #: The item, by its code or by its GTIN (14 digits).
    item_code: str = ""
    gtin: str = ""
    serial: str = ""
    lot: str = ""
    expiry: date | None = None
    best_before: date | None = None
    produced: date | None = None
    #: In 1/1,000, as everywhere.
    quantity: int | None = None
    #: Further numbers of the unit, (type, value); the types are those of ``kernel.identifiers``.
    identifiers: Sequence[tuple[str, str]] = ()
    #: Under which numbers a thing may be known: looked for as serial, identifier, code or number of a document.
    numbers: Sequence[str] = ()
    #: Of our own address: a document's number or id; the short public name of a unit.
    document: str = ""
    short_name: str = ""
    #: Of a card: post, undo, next.
    command: str = ""
    elements: Sequence[Element] = ()
    doubts: Sequence[Doubt] = ()

    @property
    def names_item(self) -> bool:
        """Whether it says which item it is."""
        return bool(self.item_code or self.gtin)

    def as_dict(self) -> dict[str, Any]:
        """The meaning as plain data, without what is empty."""
        said: dict[str, Any] = {
            "form": self.form.value,
            "item": self.item_code,
            "gtin": self.gtin,
            "serial": self.serial,
            "lot": self.lot,
            "expiry": _day(self.expiry),
            "best_before": _day(self.best_before),
            "produced": _day(self.produced),
            "quantity": None if self.quantity is None else self.quantity / 1000,
            "identifiers": [{"type": type_, "value": value} for type_, value in self.identifiers],
            "document": self.document,
            "short_name": self.short_name,
            "command": self.command,
            "elements": [
                {"identifier": one.identifier, "value": one.value, "title": one.title}
                for one in self.elements
            ],
            "doubts": [doubt.value for doubt in self.doubts],
        }
        return {name: value for name, value in said.items() if value not in (None, "", [])}


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpretation:
    """Everything that a text can mean, the likeliest first, and what is wrong with the readings that fail."""

    #: As it was meant: without the scanner's prefix and suffix and the symbology's identifier.
    text: str
    #: The symbology's identifier (ISO/IEC 15424, such as ``]C1``), if the scanner sends it.
    symbology: str = ""
    meanings: Sequence[Meaning] = ()
    flaws: Sequence[Flaw] = ()

    def __iter__(self) -> Iterator[Meaning]:
        return iter(self.meanings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How a scanner sends what it reads."""

    #: What it puts before and after each code; Enter and Tab at the end are always taken off.
    prefix: str = ""
    suffix: str = ""
    #: What it sends in the place of the separator FNC1, beside the control character GS itself.
    separator: str = ""
    #: It was tried with a code that has separators, and they arrive: a message without one has none.
    sends_separators: bool = False


ANY_SCANNER = Profile()


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
