"""Verifies the ledger, and then the documents against it: each difference is named. Writes nothing."""

from collections.abc import Iterator

from seriatim.documents.verify import kinds, lines, papers
from seriatim.ledger import verify as ledger
from seriatim.ledger.verify import Check, Difference, Progress, run

CHECKS: tuple[Check, ...] = (*ledger.CHECKS, *lines.CHECKS, *kinds.CHECKS, *papers.CHECKS)

#: code → what it means, those of the ledger included.
CODES: dict[str, str] = {
    **ledger.CODES,
    "line_missing": "something was written under a line that doesn't exist",
    "line_item": "something was written under a line of another item",
    "line_count": "a posted line's units and quantities are not what the line says",
    "waiting_of_nothing": "goods wait for the serials of a line that doesn't exist or isn't posted",
    "moved_by_unposted": "a document that isn't posted has moved something",
    "moved_at_another_time": "a movement isn't dated as its document",
    "reversal_of_posted": "movements were taken back, but their document isn't reversed",
    "reversal_incomplete": "a reversed document's movements were not all taken back",
    "kind_illegal": "a movement that its document's kind doesn't allow",
    "reserved_by_nothing": "a unit is held for a document that doesn't exist or isn't pending",
    "reservation_missing": "a pending document's unit isn't held for it",
    "reservation_unnamed": "a unit is held for a pending document that doesn't name it",
    "number_wrong": "a document's number is not one of its kind",
    "number_gap": "a kind's numbers of a year are not 1, 2, 3 … up to its counter",
}


def verify(progress: Progress | None = None) -> Iterator[Difference]:
    """Every difference. ``progress`` is told (checks done, checks in all, what is checked next)."""
    return run(CHECKS, progress)


__all__ = ["CHECKS", "CODES", "Difference", "Progress", "verify"]
