"""Where serial numbers come from: series and their blocks, and the goods that wait for numbers."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID, uuid4

from seriatim.client.connection import Record
from seriatim.client.resources import Noun, record


class Series(Noun):
    """Series of serial numbers."""

    path = "series"

    def get(self, code: str) -> Record:
        """A series."""
        return record(self._at.get(self.path, code))

    def create(self, *, code: str, pattern: str, key: str = "", **said: Any) -> Record:
        """A new one, as ``SN-{seq:6}``."""
        return record(
            self._at.send("POST", self.path, body={"code": code, "pattern": pattern, **said}, key=key)
        )

    def change(self, code: str, /, *, if_match: str = "", **said: Any) -> Record:
        """Change its ``name``, ``gap_rule`` or ``pattern``; ``reason`` says why."""
        return record(self._at.send("PATCH", self.path, code, body=said, if_match=if_match))

    def preview(self, pattern: str, **of: Any) -> Record:
        """What a pattern would make; defines nothing."""
        return record(self._at.send("POST", self.path, "preview", body={"pattern": pattern, **of}))

    def next(self, code: str, *, count: int = 10, **of: Any) -> list[str]:
        """The numbers that it would give next."""
        return list(self._at.get(self.path, code, "next", count=count, **of)["numbers"])

    def attach(self, code: str, item: str) -> Record:
        """Let an item's numbers come from it."""
        return record(self._at.send("PUT", self.path, code, "items", item))

    def detach(self, code: str, item: str) -> Record:
        """From now on the item's numbers are entered."""
        return record(self._at.send("DELETE", self.path, code, "items", item))

    def void(self, code: str, numbers: Sequence[str], *, reason: str, **said: Any) -> int:
        """Declare numbers void: spoilt labels, lost cards."""
        body = {"numbers": list(numbers), "reason": reason, **said}
        return int(self._at.send("POST", self.path, code, "voids", body=body)["count"])

    def voids(self, code: str) -> Iterator[Record]:
        """The numbers that will never be used, with why."""
        return self._at.rows(self.path, code, "voids")

    def report(self, code: str) -> Record:
        """The proof that used + void + leased + free = all."""
        return record(self._at.get(self.path, code, "report"))

    def history(self, code: str) -> Iterator[Record]:
        """Everything that was ever changed about it."""
        return self._at.rows(self.path, code, "history")

    def archive(self, code: str, *, reason: str = "") -> Record:
        """It gives no more numbers."""
        return record(self._at.send("POST", self.path, code, "archive", body={"reason": reason}))

    def unarchive(self, code: str, *, reason: str = "") -> Record:
        """It gives numbers again."""
        return record(self._at.send("POST", self.path, code, "unarchive", body={"reason": reason}))


class Blocks(Noun):
    """Runs of a series' numbers, reserved for somebody who works offline."""

    path = "blocks"

    def get(self, block: int | str) -> Record:
        """A block, and how much of it is left."""
        return record(self._at.get(self.path, str(block)))

    def reserve(self, series: str, *, count: int | None = None, key: str = "", **more: Any) -> Record:
        """The next ``count`` numbers, or a run from ``first`` to ``last``, for a ``holder``, ``party`` or ``location``."""
        said = {"series": series, "count": count, **more}
        body = {name: value for name, value in said.items() if value is not None}
        return record(self._at.send("POST", self.path, body=body, key=key))

    def numbers(self, block: int | str, **how: Any) -> Iterator[str]:
        """Its numbers that are left, to be used offline; ``all=True``: used and void ones too."""
        return (row["serial"] for row in self._at.rows(self.path, str(block), "numbers", **how))

    def give_back(self, block: int | str, *, void: bool = False, reason: str = "") -> Record:
        """Return what is left: free again, or void."""
        body = {"void": void, "reason": reason}
        return record(self._at.send("POST", self.path, str(block), "return", body=body))


class Allocations(Noun):
    """Goods that wait for serial numbers; ``all`` are the lines that still do."""

    path = "allocations"

    def counts(self) -> Record:
        """How many lines wait in each list."""
        return record(self._at.get(self.path, "counts"))

    def allocate(
        self, line: int | str, serials: Sequence[str] | str = (), *, id: UUID | None = None, **more: Any
    ) -> Record:
        """Give a line its numbers; ``generate`` takes so many from the series."""
        body = {"id": str(id or uuid4()), "line": line, "serials": serials, **more}
        return record(self._at.send("POST", self.path, body=body))
