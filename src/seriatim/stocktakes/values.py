"""What comes in while units are counted, and what is said of it: plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from seriatim.documents.models import Document

#: Characters of a scan that are kept as they came; longer than any code that names one unit.
LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A scan as it was sent. ``id`` is made where it was scanned; sent again it is the same scan."""

    id: UUID | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What became of one scan.

    ``verdict``: a ``Result`` for a unit that counts now; "doubled"; "place" (the bin is set); "undone",
    "nothing_to_undo"; or why it does not count: "not_a_unit", "malformed", "unclear", "other_item", "not_here".
    """

    id: UUID | None
    text: str
    verdict: str
    #: The row that it made or met.
    row: int | None = None
    serial: str = ""
    item: str = ""
    item_name: str = ""
    #: Where the records have it, with whom, and where it was counted; codes.
    recorded: str = ""
    holder: str = ""
    place: str = ""
    #: Marks that it bears: somebody looks for it.
    marks: Sequence[str] = ()
    #: Others that look like it, or may be meant; or by whom it was counted before.
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a stocktake is, in units."""

    expected: int
    #: Of those expected: counted, in whatever bin.
    counted: int
    found: int
    missing: int
    misplaced: int
    elsewhere: int
    unknown: int
    moved: int

    @property
    def differences(self) -> int:
        """What the papers after it are about."""
        return self.missing + self.misplaced + self.elsewhere + self.unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of what was sent, in the order sent, and how far the stocktake is now."""

    told: Sequence[Told]
    progress: Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The drafts that an ended stocktake led to."""

    #: What is gone, and what turned up.
    adjustment: Document | None = None
    #: What stands somewhere else than the records say.
    transfer: Document | None = None
