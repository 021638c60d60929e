"""Marks: facts about a unit that block documents but never change stock."""

from enum import IntFlag


class Mark(IntFlag):
    """A unit's marks, kept together as one small integer; several may be set at once."""

    HELD = 1
    QUARANTINED = 2
    LOST = 4
    STOLEN = 8
    RECALLED = 16

    @property
    def code(self) -> str:
        """The word in the command line, the API and the pages."""
        return (self.name or "").lower()


MARKS = tuple(Mark)
NO_MARKS = Mark(0)


def mark_named(code: str) -> Mark:
    """The mark with this code; KeyError for any other word."""
    return Mark[code.upper()]


def codes_in(marks: int) -> list[str]:
    """The codes of all marks that are set."""
    return [mark.code for mark in MARKS if marks & mark]
