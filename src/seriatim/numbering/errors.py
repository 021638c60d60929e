"""What numbering can refuse, and how a refusal carries its facts.

Knows: codes, structured data, one short English sentence for logs. Must not know: how a door words,
translates or ranks a refusal, or which HTTP status it gets.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a pattern or with a typed list.

    `code` is stable and is what doors translate; `message` is a short English sentence; `line` counts from
    1 and is set for typed lists only; `data` holds the facts (texts, counts, names of fields).
    """

    code: str
    message: str
    line: int | None = None
    data: Mapping[str, object] = field(default_factory=dict)


class NumberingError(Exception):
    """Base of every refusal of this package: a stable `code` and structured `data`."""

    code = "numbering"

    def __init__(self, message: str, **data: object) -> None:
        super().__init__(message)
        self.data: dict[str, object] = data


class PatternRefused(NumberingError):
    """A pattern is malformed or unsafe; `problems` names everything that was found, not only the first."""

    code = "pattern_refused"

    def __init__(self, problems: Sequence[Problem], **data: object) -> None:
        super().__init__("; ".join(problem.message for problem in problems), **data)
        self.problems: tuple[Problem, ...] = tuple(problems)


class SeriesExhausted(NumberingError):
    """The sequence has fewer numbers left than were asked for; `data`: first, count, last, left."""

    code = "series_exhausted"


class RandomSpaceCrowded(NumberingError):
    """Too many random draws were already taken; `data`: wanted, found, rounds, capacity."""

    code = "random_space_crowded"


class ContextIncomplete(NumberingError):
    """A pattern needs an item code, location code or date that the context lacks; `data`: field."""

    code = "context_incomplete"


class SerialMalformed(NumberingError):
    """A text cannot be a serial number; `data`: serial, reason (empty, too_long, not_printable)."""

    code = "serial_malformed"


class CheckRefused(NumberingError):
    """A check character cannot be computed or is wrong; `data` says over what."""

    code = "check_refused"


class BlockRefused(NumberingError):
    """A run of counter values cannot be reserved; the subclass says why."""

    code = "block_refused"


class BlockOverlaps(BlockRefused):
    """A named run meets numbers that are used, void or leased; `data`: asked, overlaps."""

    code = "block_overlaps"


class BlockOutside(BlockRefused):
    """A named run leaves the range of its series; `data`: asked, bounds."""

    code = "block_outside"


class BlockExhausted(BlockRefused):
    """There are not enough free numbers for a block; `data`: count, free, longest."""

    code = "block_exhausted"
