"""What a caller says of a document: plain values, the same from every door.

Money is in 1/10,000 of the site's currency and quantities in 1/1,000 (see ``kernel.amounts``); rows of master
data are named by their ids, which the doors look up.
"""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from hashlib import sha256
from typing import Any
from uuid import UUID

#: No further facts. One for all: there may be 100,000 units without any.
NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitDraft:
    """What is said of one unit of a line, where it differs from the line's own values."""

    serial: str
    cost: int | None = None
    price: int | None = None
    lot: str = ""
    warranty_until: dt.date | None = None
    #: As the maker says it (an expiry date); None reckons it from the item's terms.
    end_of_life: dt.date | None = None
    #: identifier type → value, or several of them
    identifiers: Mapping[str, str | Sequence[str]] = field(default_factory=lambda: NOTHING)
    #: custom field's name → value
    custom: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    #: In a correction: the serial that takes this one's place.
    right_serial: str = ""
    #: In an assembly: the unit that this component goes into.
    parent_serial: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDraft:
    """One line. Serials are named in ``serials`` (one text each), or in ``units`` with more facts, or both."""

    item: int
    #: In 1/1,000; None counts the serials.
    quantity: int | None = None
    serials: Sequence[str] = ()
    units: Sequence[UnitDraft] = ()
    role: str = ""
    source: int | None = None
    target: int | None = None
    cost: int | None = None
    price: int | None = None
    lot: str = ""
    reference: str = ""
    #: "", "generate", "wait" or "refuse" (``models.Missing``).
    missing: str = ""
    #: The line that this one is for: waiting goods taken, receipt billed, sale returned.
    source_line: int | None = None
    supplier: int | None = None
    parent_item: int | None = None
    parent_serial: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDraft:
    """A whole document. ``date``: a moment, a day, or None for "now, when it is posted"."""

    id: UUID
    kind: str
    lines: Sequence[LineDraft]
    party: int | None = None
    date: dt.datetime | dt.date | None = None
    reference: str = ""
    note: str = ""
    due_date: dt.date | None = None
    #: From where to where lines go that are added later, while it is written; the lines here speak for themselves.
    source: int | None = None
    target: int | None = None
    override_reason: str = ""
    #: A bill or invoice: "", "pending" or "posted" (``models.WithStock``).
    with_stock: str = ""
    #: The block that numbers are drawn from, by a holder who is neither a party nor a place of the document.
    block: int | None = None
    #: Serials that look like others (letter case, O/0, I/1/L, blanks, dashes) are meant as they are.
    confirm_twins: bool = False
    #: A transfer by way of this transit location becomes two: one there, and one from there, pending.
    via: int | None = None

    def content_hash(self) -> str:
        """SHA-256 of everything that was said, by which a repeated request is known."""
        digest = sha256()
        for line in self.lines:
            digest.update(_said(replace(line, serials=(), units=())))
            digest.update("\n".join(line.serials).encode())
            for unit in line.units:
                digest.update(_said_of_unit(unit))
        # A warning that was confirmed makes it no other document.
        digest.update(_said(replace(self, lines=(), confirm_twins=False)))
        return digest.hexdigest()


#: One for all: ``json.dumps`` with such options makes one for each text.
_encode = json.JSONEncoder(default=str, sort_keys=True).encode


def _said(part: Any) -> bytes:
    return _encode(asdict(part)).encode() + b"\x1e"


def _said_of_unit(unit: UnitDraft) -> bytes:
    """The same of a unit, of which there may be 100,000: ``asdict`` would copy what is in it first."""
    return _encode({name: getattr(unit, name) for name in _UNIT}).encode() + b"\x1e"


_UNIT = tuple(one.name for one in fields(UnitDraft))
