"""What comes in from a scanner, what it says, and how far a document is: plain values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from seriatim.documents.scan_models import Scan

#: Characters of a scan that are kept as they came; longer than any code that names one unit.
LONGEST_TEXT = 200


class Act(StrEnum):
    """What a scanned text can say here."""

    UNIT = "unit"
    ITEM = "item"
    COMMAND = "command"
    #: A lot, or the day on which it ends, for the units that follow.
    LOT = "lot"
    #: A further number of a unit, by itself: an IMEI, a MAC address, an asset's number.
    IDENTIFIER = "identifier"
    #: Nothing that can be collected: a document, a pallet.
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing that a scanned text can mean. What it does not say is empty."""

    act: Act
    item_code: str = ""
    gtin: str = ""
    serial: str = ""
    #: What the code says of the unit beside its number.
    lot: str = ""
    end_of_life: date | None = None
    identifiers: Sequence[tuple[str, str]] = ()
    #: In 1/1,000.
    quantity: int | None = None
    command: str = ""
    #: The code has other readings too, and the text alone does not tell which is meant.
    unsure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The item of the line that is being scanned."""

    code: str
    gtin: str
    by_serial: bool


#: Text and the chosen item → what it can mean, the likeliest first.
Reader = Callable[[str, Chosen | None], Sequence[Said]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A scan as it was sent. ``id`` is made where it was scanned; sent again it is the same scan."""

    id: UUID | None
    text: str
    #: Go on with this line (its position), before the text is read; a text may be left out then.
    line: int | None = None
    #: How much one scan of an item without serials counts, in 1/1,000.
    quantity: int | None = None
    #: The other codes of the same unit's label: its item, its lot, its further numbers.
    beside: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LineProgress:
    """How far one line is, in 1/1,000. ``wanted`` None: as many as come."""

    id: int
    position: int
    item: int
    item_code: str
    item_name: str
    by_serial: bool
    scanned: int
    wanted: int | None

    @property
    def done(self) -> bool:
        """Whether all that was wanted is there."""
        return self.wanted is not None and self.scanned >= self.wanted

    @property
    def to_go(self) -> int:
        """How much is still missing."""
        return max((self.wanted or 0) - self.scanned, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a document is."""

    lines: Sequence[LineProgress]
    #: The position of the line that the next scan goes to, if there is one.
    current: int | None
    #: Scans that wait for an answer, and those that were refused; counted up to a thousand.
    open: int
    refused: int
    #: Units and quantities that count, and what is wanted where every line says so; in 1/1,000.
    scanned: int
    wanted: int | None
    #: What the next units of the current line are said to be, from a code that was scanned by itself.
    next_lot: str = ""
    next_end: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of what was sent, in the order sent, and how far the document is now."""

    scans: Sequence[Scan]
    progress: Progress
