"""What an import did."""

from collections.abc import Callable
from dataclasses import dataclass

#: Called now and then with the rows that are done and all there are.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that an import made, or had made before."""

    number: str
    state: str
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an import did, or would do."""

    #: "items", "locations", "parties" or "units".
    what: str
    created: int
    changed: int
    unchanged: int
    #: Nothing was written: it was only asked what would be.
    check_only: bool
    #: How the file's text was read; worth telling where it is not UTF-8, since that is a guess.
    encoding: str
    documents: tuple[Paper, ...] = ()

    @property
    def rows(self) -> int:
        """The rows of the file."""
        return self.created + self.changed + self.unchanged
