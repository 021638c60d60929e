"""A pending receipt's manifest against what was scanned: what matches, what is missing, what is more."""

from dataclasses import dataclass

from seriatim.documents.models import Line
from seriatim.documents.paper import serials_of


@dataclass(frozen=True, slots=True)
class Manifest:
    """The comparison of one line, in the order announced or scanned."""

    matched: tuple[str, ...]
    missing: tuple[str, ...]
    surplus: tuple[str, ...]


def compare(line: Line, scanned: list[str] | None = None) -> Manifest:
    """Compare what was announced with what was scanned, or with what the line names by now."""
    announced = line.expected_serials.split("\n") if line.expected_serials else []
    here = serials_of(line) if scanned is None else scanned
    there = set(here)
    expected = set(announced)
    return Manifest(
        matched=tuple(serial for serial in announced if serial in there),
        missing=tuple(serial for serial in announced if serial not in there),
        surplus=tuple(serial for serial in here if serial not in expected),
    )
