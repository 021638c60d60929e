"""The nouns of the API. Records are dictionaries of the shapes in `docs/api.md`, with their ``etag``."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeAlias
from uuid import UUID, uuid4

from seriatim.client.connection import Connection, Record

#: A day (its end is meant), or a moment.
When: TypeAlias = date | datetime | str


class Noun:
    """One sort of things."""

    path: str

    def __init__(self, connection: Connection) -> None:
        self._at = connection

    def all(self, **filters: Any) -> Iterator[Record]:
        """Every one, page after page; filters, ``q``, ``sort`` and ``columns`` as in the API."""
        return self._at.rows(self.path, **filters)


class Coded(Noun):
    """Items, locations or parties: known by their code."""

    def __init__(self, connection: Connection, path: str) -> None:
        super().__init__(connection)
        self.path = path

    def get(self, code: str) -> Record:
        """One of them. Raises Problem (not_found)."""
        return record(self._at.get(self.path, code))

    def create(self, *, key: str = "", **fields: Any) -> Record:
        """A new one."""
        return record(self._at.send("POST", self.path, body=fields, key=key))

    def change(self, code: str, /, *, if_match: str = "", **fields: Any) -> Record:
        """Change some fields; with ``if_match`` (the ``etag`` of a record) only if nobody else did meanwhile."""
        return record(self._at.send("PATCH", self.path, code, body=fields, if_match=if_match))

    def put(self, code: str, /, *, if_match: str = "", **fields: Any) -> Record:
        """Make it if it is not there, else change what is said of it, and leave the rest."""
        return record(self._at.send("PUT", self.path, code, body=fields, if_match=if_match))

    def archive(self, code: str) -> Record:
        """It is no longer offered."""
        return record(self._at.send("POST", self.path, code, "archive"))

    def unarchive(self, code: str) -> Record:
        """It is offered again."""
        return record(self._at.send("POST", self.path, code, "unarchive"))

    def delete(self, code: str) -> None:
        """Delete one that was never used. Raises Problem (in_use)."""
        self._at.send("DELETE", self.path, code)


class Documents(Noun):
    """Documents: the only way in which stock changes."""

    path = "documents"

    def get(self, name: str | UUID) -> Record:
        """A document by its number or id."""
        return record(self._at.get(self.path, str(name)))

    def create(
        self, *, kind: str, lines: Sequence[Mapping[str, Any]], id: UUID | None = None, **head: Any
    ) -> Record:
        """A draft. ``id`` is yours to keep and send again; without one it is made here."""
        body = {"id": str(id or uuid4()), "kind": kind, "lines": list(lines), **head}
        return record(self._at.send("POST", self.path, body=body))

    def post_new(
        self, *, kind: str, lines: Sequence[Mapping[str, Any]], id: UUID | None = None, **head: Any
    ) -> Record:
        """Write and post a document: all of it, or a Problem with every serial that is in the way."""
        return self.create(kind=kind, lines=lines, id=id, post=True, **head)

    def change(
        self,
        name: str | UUID,
        /,
        *,
        kind: str,
        lines: Sequence[Mapping[str, Any]],
        if_match: str = "",
        **head: Any,
    ) -> Record:
        """Replace all that a draft says; its id and kind stay."""
        body = {"kind": kind, "lines": list(lines), **head}
        return record(self._at.send("PUT", self.path, str(name), body=body, if_match=if_match))

    def amend(
        self,
        name: str | UUID,
        position: int,
        *,
        serials: Sequence[str] | str | None = None,
        quantity: Any = None,
        if_match: str = "",
    ) -> Record:
        """Say what really came, or is to go, on a line of a draft or pending document; what it promised stays."""
        said = {"serials": serials, "quantity": quantity}
        body = {field: value for field, value in said.items() if value is not None}
        path = (self.path, str(name), "lines", str(position))
        return record(self._at.send("PATCH", *path, body=body, if_match=if_match))

    def refusals(self, name: str | UUID, **more: Any) -> list[dict[str, Any]]:
        """All that posting a draft or pending document would be refused for; nothing, if it would be posted."""
        return list(self._at.send("POST", self.path, str(name), "preview", body=more)["refusals"])

    def related(self, name: str | UUID, **filters: Any) -> Iterator[Record]:
        """What belongs to a document: the rest that it left, what it made, its bills and returns."""
        return self.all(related=str(name), **filters)

    def preview(self, **draft: Any) -> Record:
        """What is known of the serials of a document that is not sent yet."""
        return record(self._at.send("POST", self.path, "preview", body=draft))

    def add_line(self, name: str | UUID, *, item: str, if_match: str = "", **line: Any) -> Record:
        """One more line at the end of a draft (``from_`` is where it comes from)."""
        body = {"item": item, **{part.removesuffix("_"): value for part, value in line.items()}}
        return record(self._at.send("POST", self.path, str(name), "lines", body=body, if_match=if_match))

    def remove_line(self, name: str | UUID, position: int) -> None:
        """Take a line off a draft; the others keep their positions."""
        self._at.send("DELETE", self.path, str(name), "lines", str(position))

    def scan(self, name: str | UUID, *texts: str, device: str = "") -> Record:
        """Scan into a draft or pending document: what became of each, and how far it is."""
        scans = [{"id": str(uuid4()), "text": text} for text in texts]
        body = {"scans": scans, "device": device}
        return record(self._at.send("POST", self.path, str(name), "scans", body=body))

    def scans(self, name: str | UUID, **filters: Any) -> Iterator[Record]:
        """What was scanned into it, the newest first; ``shown`` "on_it", "open" or "refused"."""
        return self._at.rows(self.path, str(name), "scans", **filters)

    def answer_scan(self, name: str | UUID, scan: int, *, yes: bool) -> Record:
        """Say that a near twin is meant (or not), that an alarm was seen."""
        return record(
            self._at.send("POST", self.path, str(name), "scans", str(scan), "answer", body={"yes": yes})
        )

    def take_back(self, name: str | UUID, scan: int) -> Record:
        """Take a scan back."""
        return record(self._at.send("DELETE", self.path, str(name), "scans", str(scan)))

    def confirm(self, name: str | UUID) -> Record:
        """Number it and reserve its units."""
        return record(self._at.send("POST", self.path, str(name), "confirm"))

    def post(self, name: str | UUID, **more: Any) -> Record:
        """Post a draft or pending document; ``rest`` is "pending" or "short" where less came."""
        return record(self._at.send("POST", self.path, str(name), "post", body=more or None))

    def reverse(self, name: str | UUID, *, reason: str = "", **more: Any) -> Record:
        """Write the opposite. Raises Problem (later_documents) with what stands in the way."""
        return record(self._at.send("POST", self.path, str(name), "reverse", body={"reason": reason, **more}))

    def cancel(self, name: str | UUID, *, reason: str = "") -> Record:
        """Give up a draft or pending document."""
        return record(self._at.send("POST", self.path, str(name), "cancel", body={"reason": reason}))

    def serials(self, name: str | UUID) -> Iterator[Record]:
        """Every serial number on it."""
        return self._at.rows(self.path, str(name), "serials")


class Units(Noun):
    """Units: every single thing."""

    path = "units"

    def get(self, item: str, serial: str, *, as_of: When | None = None) -> Record:
        """A unit's record, now or as of a day or moment."""
        return record(self._at.get(self.path, item, serial, as_of=as_of))

    def history(self, item: str, serial: str) -> Iterator[Record]:
        """Everything that ever happened to it, in order."""
        return self._at.rows(self.path, item, serial, "history")

    def components(self, item: str, serial: str, **filters: Any) -> Iterator[Record]:
        """What it is built of, down to the last part; ``as_of`` a day, or ``which="former"``."""
        return self._at.rows(self.path, item, serial, "components", **filters)

    def return_verdict(self, item: str, serial: str) -> Record:
        """Whether it was sold by us, to whom and when, whether it is covered, and back already."""
        return record(self._at.get(self.path, item, serial, "return"))

    def register(self, *, item: str, serial: str, **fields: Any) -> Record:
        """A unit ahead of its goods."""
        return record(self._at.send("POST", self.path, body={"item": item, "serial": serial, **fields}))

    def change(self, item: str, serial: str, *, if_match: str = "", **fields: Any) -> Record:
        """Change its record; ``reason`` says why."""
        return record(self._at.send("PATCH", self.path, item, serial, body=fields, if_match=if_match))

    def add_identifier(self, item: str, serial: str, type_: str, value: str) -> Record:
        """Give it a further number: imei, mac, asset_tag, manufacturer_serial."""
        body = {"type": type_, "value": value}
        return record(self._at.send("POST", self.path, item, serial, "identifiers", body=body))

    def remove_identifier(self, item: str, serial: str, type_: str, value: str) -> None:
        """Take a further number off it."""
        self._at.send("DELETE", self.path, item, serial, "identifiers", type_, value)

    def prints(self, item: str, serial: str) -> Iterator[Record]:
        """Which labels were printed of it."""
        return self._at.rows(self.path, item, serial, "prints")

    def marks(self, **filters: Any) -> Iterator[Record]:
        """The marks that stand (``cleared=False``), and those that were cleared."""
        return self._at.rows("marks", **filters)

    def mark(self, mark: str, units: Iterable[tuple[str, str]], *, reason: str, clear: bool = False) -> int:
        """Set or clear a mark (held, quarantined, lost, stolen, recalled) on (item, serial); all or none."""
        named = [{"item": item, "serial": serial} for item, serial in units]
        path = ("marks", "clear") if clear else ("marks",)
        return int(
            self._at.send("POST", *path, body={"mark": mark, "reason": reason, "units": named})["units"]
        )


class Movements(Noun):
    """The feed of movements: every change of stock, in an order that never changes; and the list to search in."""

    path = "movements"

    def all(self, **filters: Any) -> Iterator[Record]:
        """Movements by filters (``from_`` and ``to`` are locations), the newest first."""
        return self._at.rows(self.path, "list", **filters)

    def follow(self, after: str = "") -> Iterator[tuple[Record, str]]:
        """(row, cursor) of everything behind a cursor, up to now; keep the cursor of what you have handled."""
        while True:
            page = self._at.get(self.path, after=after or None)
            if not page["rows"]:
                return
            for row in page["rows"][:-1]:
                yield row, after
            after = page["next"]
            yield page["rows"][-1], after


def record(value: Any) -> Record:
    """What was answered, which is one."""
    if not isinstance(value, Record):
        raise TypeError(f"a record was expected, not {value!r:.100}")
    return value
