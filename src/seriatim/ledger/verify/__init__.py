"""Recomputes everything the ledger says from its movements, and names each difference. Writes nothing.

Set-based and streaming: a check is one or two statements however many units there are. Each statement sees one
state of the database, so units may move while the ledger is verified.
"""

from collections.abc import Iterator

from seriatim.ledger.verify import chains, keeping, quantities, references, units
from seriatim.ledger.verify.difference import CODES, Check, Difference, Progress, run

#: In the order in which they are made: what others build on comes first.
CHECKS: tuple[Check, ...] = (
    *keeping.CHECKS,
    *references.CHECKS,
    *chains.CHECKS,
    *units.CHECKS,
    *quantities.CHECKS,
)


def verify(progress: Progress | None = None) -> Iterator[Difference]:
    """Every difference of the ledger. ``progress`` is told (checks done, checks in all, what is checked next)."""
    return run(CHECKS, progress)


__all__ = ["CHECKS", "CODES", "Check", "Difference", "Progress", "run", "verify"]
