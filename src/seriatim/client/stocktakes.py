"""Stocktakes: counting what stands at a place."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

from seriatim.client.connection import Record
from seriatim.client.resources import Noun, record

#: Scans in one request.
_AT_ONCE = 5_000


class Stocktakes(Noun):
    """Counts of places. They change nothing: finishing one leads to drafts of documents."""

    path = "stocktakes"

    def get(self, name: str | UUID) -> Record:
        """A stocktake by its number or id, and how far it is."""
        return record(self._at.get(self.path, str(name)))

    def begin(self, location: str, *, item: str = "", note: str = "", id: UUID | None = None) -> Record:
        """Count a place, or one item there. ``id`` is yours to keep and send again; without one it is made here."""
        body: dict[str, Any] = {"id": str(id or uuid4()), "location": location, "note": note}
        return record(self._at.send("POST", self.path, body={**body, **({"item": item} if item else {})}))

    def scan(self, name: str | UUID, *texts: str, device: str = "") -> Record:
        """Count what was scanned, any number of them: what became of each, and how far it is now."""
        answer = Record(scans=[], tally=self.get(name).get("tally")) if not texts else Record()
        done: list[Any] = []
        for start in range(0, len(texts), _AT_ONCE):
            scans = [{"id": str(uuid4()), "text": text} for text in texts[start : start + _AT_ONCE]]
            body = {"scans": scans, "device": device}
            answer = record(self._at.send("POST", self.path, str(name), "scans", body=body))
            done += answer.get("scans", ())
        answer["scans"] = done
        return answer

    def undo(self, name: str | UUID, *, device: str = "") -> Record:
        """Take back what a handheld counted last."""
        return record(self._at.send("POST", self.path, str(name), "undo", body={"device": device}))

    def take_back(self, name: str | UUID, row: int) -> Record:
        """Take one counted unit back, by the ``id`` of its scan."""
        return record(self._at.send("DELETE", self.path, str(name), "units", str(row)))

    def units(self, name: str, **filters: Any) -> Iterator[Record]:
        """Its units, by its number; ``result`` "missing", "found", "misplaced", "elsewhere", "unknown" or "moved"."""
        return self._at.rows(self.path, "units", stocktake=name, **filters)

    def finish(self, name: str | UUID, *, papers: bool = True) -> Record:
        """Finish it; with ``papers``, drafts are written of what differs (``adjustment``, ``transfer``)."""
        return record(self._at.send("POST", self.path, str(name), "finish", body={"papers": papers}))

    def give_up(self, name: str | UUID) -> Record:
        """It leads to nothing."""
        return record(self._at.send("POST", self.path, str(name), "give-up"))
