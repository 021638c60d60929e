"""Why a table is not taken: every bad cell of it at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from seriatim.kernel.refusals import Case, Invalid, Refusal


@dataclass(frozen=True, slots=True)
class Cell(Case):
    """What is wrong in one place of a table. ``line`` is that of the file, from 1; 0 where the whole is meant."""

    column: str = ""
    value: str = ""
    reason: str = ""


class TableRefused(Refusal):
    """A table has mistakes (``name`` of the file, ``count`` of mistakes); its cases are cells. Nothing was changed."""

    code = "table_refused"


class Problems:
    """The mistakes that were found so far in one table."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.cells: list[Cell] = []

    def copy(self) -> "Problems":
        """The same mistakes, to be added to apart."""
        other = Problems(self.name)
        other.cells = list(self.cells)
        return other

    def add(self, line: int, column: str, reason: str, value: object = "") -> None:
        """Add a mistake."""
        self.cells.append(Cell(line=line, column=column, reason=reason, value=str(value)))

    @contextmanager
    def at(self, line: int, column: str, text: str) -> Iterator[None]:
        """Take what is refused with Invalid inside for a mistake in this cell."""
        try:
            yield
        except Invalid as refusal:
            self.add(line, column, str(refusal.facts["reason"]), text)

    def refuse(self) -> None:
        """Raise TableRefused with all of them, in the order of the file; nothing if there are none."""
        if self.cells:
            cells = sorted(self.cells, key=lambda cell: cell.line)
            raise TableRefused(cells, name=self.name, count=len(cells))
