"""What a check finds, and how checks are run."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from seriatim.ledger.sql import key_value


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not as the movements say. ``code`` is one of CODES."""

    code: str
    #: What it is about, in words: "unit LAPTOP/SN-1 #3".
    subject: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Check:
    """One check, and the codes of the differences it may find."""

    name: str
    codes: tuple[str, ...]
    find: Callable[[], Iterator[Difference]]


Progress = Callable[[int, int, str], None]

#: code → what it means. Every check's codes are described here or beside the documents' checks.
CODES: dict[str, str] = {
    "guard_missing": "a trigger that keeps movements from being changed is gone",
    "reference_missing": "a movement or unit names a place, party, unit or movement that doesn't exist",
    "chain_gap": "a unit's movements are not numbered 1, 2, 3 …",
    "chain_broken": "a movement does not start where the one before it ended",
    "chain_starts_inside": "a unit's first movement does not come from outside",
    "chain_goes_back": "a movement happened before the one before it",
    "reversal_wrong": "a reversal takes back a movement that isn't there, or another line's",
    "reversal_state": "a reversal does not restore the state before the movement that it takes back",
    "reversed_twice": "a movement is taken back more than once",
    "holder_place": "a unit has a holder though it isn't with a party",
    "parent_place": "a unit has a parent though it isn't installed, or is installed in nothing",
    "unit_state": "a unit's cached state is not that of its last movement",
    "unit_key": "a unit's key is not that of its item and serial number",
    "unit_serial": "a unit's serial number isn't in its normal form",
    "unit_folded": "a unit's near-twin form is not that of its serial number",
    "unit_global_serial": "a unit's site-wide serial is missing or not its serial number",
    "unit_untracked": "a unit's item is not tracked by serial number",
    "unit_marks": "a unit's marks are not those that are set",
    "identifier_wrong": "a further number's near-twin or unique form is not its own",
    "supersession_wrong": "a correction's link names movements that aren't there, or is reversed and they are not",
    "balance_wrong": "a balance is not the sum of its movements",
    "balance_negative": "a balance was negative at some moment",
    "balance_outside": "a balance is kept of a place outside",
    "quantity_reversal": "a quantity's reversal is not the opposite of what it takes back",
}


def run(checks: Sequence[Check], progress: Progress | None = None) -> Iterator[Difference]:
    """Make the checks one after the other."""
    for done, check in enumerate(checks):
        if progress is not None:
            progress(done, len(checks), check.name)
        yield from check.find()
    if progress is not None:
        progress(len(checks), len(checks), "")


def unit_name(item: str | None, serial: str | None, key: Any, seq: int | None = None) -> str:
    """A unit in words, by its key where the unit or its item is missing."""
    name = f"{item}/{serial}" if item is not None and serial is not None else str(key_value(key))
    return f"unit {name}" if seq is None else f"unit {name} #{seq}"


def text(value: object) -> str:
    """A value as it is shown."""
    return "nothing" if value is None else str(value)
