"""The demo's office: says documents by codes instead of ids, chooses who writes them, and numbers its orders."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from django.utils import timezone

from seriatim.accounts.models import User
from seriatim.accounts.roles import ROLES
from seriatim.catalog.models import Item, Location, Party
from seriatim.documents import services
from seriatim.documents.drafts import DocumentDraft, LineDraft, UnitDraft
from seriatim.documents.models import Document
from seriatim.kernel.amounts import ONE
from seriatim.kernel.identity import unit_key
from seriatim.kernel.kinds import KINDS
from seriatim.series.models import Series


@dataclass(frozen=True, slots=True)
class Company:
    """The master data, by code."""

    users: dict[str, User]
    items: dict[str, Item]
    places: dict[str, Location]
    parties: dict[str, Party]
    series: dict[str, Series]


class Office:
    """Writes documents. ``at`` is the moment they happened; None is now."""

    def __init__(self, company: Company, rng: Random) -> None:
        self.company = company
        self.at: datetime | None = None
        self._rng = rng
        self._orders: Counter[str] = Counter()

    def user(self, right: str) -> User:
        """The humblest user who may do it."""
        role = next(role for role in ("operator", "manager", "administrator") if right in ROLES[role])
        return self.company.users["admin" if role == "administrator" else role]

    def order(self, prefix: str) -> str:
        """The number of an order in somebody's other system."""
        self._orders[prefix] += self._rng.randrange(1, 4)
        year = (self.at or timezone.now()).year % 100
        return f"{prefix}{year:02d}-{4_100 + self._orders[prefix]}"

    def line(self, item: str, serials: Sequence[str] = (), **said: Any) -> LineDraft:
        """A line; ``source``, ``target`` and ``supplier`` by code, ``pieces`` a number of whole units of measure."""
        company = self.company
        for name, rows in (
            ("source", company.places),
            ("target", company.places),
            ("supplier", company.parties),
        ):
            if name in said:
                said[name] = rows[said[name]].pk
        if "parent_item" in said:
            said["parent_item"] = company.items[said["parent_item"]].pk
        if "pieces" in said:
            said["quantity"] = int(said.pop("pieces") * ONE)
        return LineDraft(item=company.items[item].pk, serials=serials, **said)

    def submit(self, kind: str, lines: Sequence[LineDraft], party: str = "", **said: Any) -> Document:
        """Write and post a document."""
        draft = self._draft(kind, lines, party, said)
        return services.submit(user=self._writer(draft), draft=draft)

    def announce(self, kind: str, lines: Sequence[LineDraft], party: str = "", **said: Any) -> Document:
        """Write a document and leave it pending."""
        draft = self._draft(kind, lines, party, said)
        return services.announce(user=self._writer(draft), draft=draft)

    def jot(self, kind: str, lines: Sequence[LineDraft], party: str = "", **said: Any) -> Document:
        """Write a draft."""
        draft = self._draft(kind, lines, party, said)
        return services.create(user=self._writer(draft), draft=draft)

    def amend(self, document: Document, line: int, serials: Sequence[str]) -> None:
        """Say what really came."""
        user = self.user(KINDS[document.kind].right)
        services.amend(user=user, document_id=document.pk, line=line, serials=list(serials))

    def post(self, document: Document, *, rest: str = "") -> Document:
        """Post what is pending, as of now."""
        user = self.user(KINDS[document.kind].right)
        return services.post(user=user, document_id=document.pk, at=self.at, rest=rest)

    def reverse(self, document: Document, reason: str) -> None:
        """Take a document back."""
        user = self.company.users["manager"]
        services.reverse(user=user, document_id=document.pk, at=self.at, reason=reason)

    def cancel(self, document: Document, reason: str) -> None:
        """Call a pending document off."""
        user = self.user(KINDS[document.kind].right)
        services.cancel(user=user, document_id=document.pk, reason=reason)

    def key(self, item: str, serial: str) -> UUID:
        """The key of a unit."""
        return unit_key(self.company.items[item].uid, serial)

    def _writer(self, draft: DocumentDraft) -> User:
        return self.user("override" if draft.override_reason else KINDS[draft.kind].right)

    def _draft(
        self, kind: str, lines: Sequence[LineDraft], party: str, said: dict[str, Any]
    ) -> DocumentDraft:
        if "via" in said:
            said["via"] = self.company.places[said["via"]].pk
        return DocumentDraft(
            id=UUID(int=self._rng.getrandbits(128), version=4),
            kind=kind,
            lines=lines,
            party=self.company.parties[party].pk if party else None,
            date=said.pop("date", self.at),
            **said,
        )


def lines_of(document: Document) -> list[int]:
    """The ids of a document's lines, in their order."""
    return list(document.lines.order_by("position").values_list("pk", flat=True))


def unit_drafts(
    serials: Sequence[str], identifiers: Sequence[dict[str, str]], **said: Any
) -> list[UnitDraft]:
    """A row per unit, with its further numbers."""
    return [
        UnitDraft(serial=serial, identifiers=numbers, **said)
        for serial, numbers in zip(serials, identifiers, strict=True)
    ]
