"""The database itself refuses what the documents' code forbids: each constraint, past all services."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from seriatim.documents import models as documents
from seriatim.documents.models import (
    Counter,
    Document,
    FeedEnd,
    FeedEntry,
    Following,
    Line,
    LineUnit,
    PostingRun,
    Scan,
)
from tests.support import rows
from tests.support.constraints import names_of, refused_by


class _Desk:
    """A draft, a posted and a reversed document, and lines of the first."""

    def __init__(self) -> None:
        self.user = rows.a_user()
        self.item = rows.an_item()
        self.draft = rows.a_document(state="draft", user=self.user)
        self.pending = rows.a_document(state="pending", user=self.user)
        self.posted = rows.a_document(state="posted", user=self.user)
        self.reversed = rows.a_document(state="reversed", user=self.user)
        self.line = rows.a_line(self.draft, self.item)

    def change(self, document: Document, **change: Any) -> None:
        Document.objects.filter(pk=document.pk).update(**change)

    def lines(self, **change: Any) -> None:
        Line.objects.filter(pk=self.line.pk).update(**change)

    def unit(self, **change: Any) -> None:
        LineUnit.objects.create(**{"line": self.line, "serial": "SN-1", **change})

    def following(self, **change: Any) -> None:
        Following.objects.create(**{"line": self.line, "lot": "L-1", **change})

    def scan(self, **change: Any) -> None:
        facts = {"document": self.draft, "user": self.user, "text": "SN-1", "at": rows.START}
        Scan.objects.create(**{**facts, "verdict": "refused", **change})

    def counting(self, **change: Any) -> None:
        facts = {"line": self.line, "item": self.item, "serial": "SN-1", "quantity": 1000, "counts": True}
        self.scan(**{**facts, "verdict": "accepted", **change})

    def run(self, **change: Any) -> None:
        facts = {"document": self.draft, "user": self.user, "units": 1, "started_at": rows.START}
        PostingRun.objects.create(**{"id": uuid4(), **facts, **change})

    def feed(self, **change: Any) -> object:
        return FeedEntry.objects.create(**{"document": self.posted, "what": "posted", **change})

    def twice(self, write: Callable[..., object]) -> None:
        write()
        write()


#: constraint → the rows that it must refuse.
BAD: dict[str, list[Callable[[_Desk], object]]] = {
    "following_once": [lambda d: d.twice(d.following)],
    "following_says_something": [lambda d: d.following(lot="")],
    "scan_sent_once": [lambda d: d.twice(lambda: d.scan(client=UUID(int=7)))],
    "scan_unit_once": [lambda d: d.twice(d.counting)],
    "scan_verdict_known": [lambda d: d.scan(verdict="maybe")],
    "scan_origin_known": [lambda d: d.scan(origin="dream")],
    "scan_quantity_not_negative": [lambda d: d.scan(quantity=-1)],
    "scan_counts_if_accepted": [
        lambda d: d.counting(verdict="refused"),
        lambda d: d.counting(line=None),
        lambda d: d.counting(item=None),
        lambda d: d.counting(quantity=0),
        lambda d: d.counting(undone_at=rows.START, undone_by=d.user),
    ],
    "scan_undone_by_somebody": [lambda d: d.scan(undone_at=rows.START), lambda d: d.scan(undone_by=d.user)],
    "scan_answered_by_somebody": [
        lambda d: d.scan(answered_at=rows.START),
        lambda d: d.scan(answered_by=d.user),
    ],
    "feed_entry_once": [lambda d: d.twice(d.feed)],
    "feed_entry_known": [lambda d: d.feed(what="lost")],
    "feed_entry_from_1": [lambda d: d.feed(number=0)],
    "documents_feedentry.number": [
        lambda d: [d.feed(number=7, document=paper) for paper in (d.posted, d.reversed)]
    ],
    "feed_end_one_row": [lambda d: FeedEnd.objects.create(pk=2)],
    "feed_end_not_negative": [lambda d: FeedEnd.objects.update(last=-1)],
    "posting_run_one_at_a_time": [lambda d: d.twice(d.run)],
    "posting_run_refused_at_end": [lambda d: d.run(refusal={"code": "busy"})],
    "line_scanned_not_negative": [lambda d: d.lines(scanned=-1)],
    "document_kind_known": [lambda d: d.change(d.draft, kind="gift")],
    "document_state_known": [lambda d: d.change(d.pending, state="lost")],
    "documents_document.number": [lambda d: d.change(d.posted, number=d.reversed.number)],
    "document_numbered_after_draft": [
        lambda d: d.change(d.pending, number=None),
        lambda d: d.change(d.posted, number=None),
        lambda d: d.change(d.reversed, number=None),
    ],
    "document_posted_by_somebody": [
        lambda d: d.change(d.posted, posted_by=None),
        lambda d: d.change(d.draft, posted_by=d.user),
        lambda d: d.change(d.posted, happened_at=None),
    ],
    "document_posted_has_date": [
        lambda d: d.change(d.posted, posted_at=None, posted_by=None),
        lambda d: d.change(d.pending, posted_at=rows.START, posted_by=d.user),
    ],
    "document_reversed_by_somebody": [
        lambda d: d.change(d.reversed, reversed_by=None),
        lambda d: d.change(d.reversed, reversed_at=None),
        lambda d: d.change(d.posted, reversed_at=rows.START, reversed_by=d.user),
    ],
    "document_with_stock_known": [lambda d: d.change(d.draft, with_stock="maybe")],
    "line_position_once": [
        lambda d: Line.objects.create(document=d.draft, position=1, item=d.item, quantity=1)
    ],
    "line_quantity_not_negative": [lambda d: d.lines(quantity=-1)],
    "line_expected_not_negative": [lambda d: d.lines(expected=-1)],
    "line_cost_not_negative": [lambda d: d.lines(cost=-1)],
    "line_price_not_negative": [lambda d: d.lines(price=-1)],
    "line_missing_known": [lambda d: d.lines(missing="guess")],
    "documents_line.item": [lambda d: d.lines(item_id=99_999)],
    "line_unit_once": [lambda d: d.twice(d.unit)],
    "line_unit_cost_not_negative": [lambda d: d.unit(cost=-1)],
    "line_unit_price_not_negative": [lambda d: d.unit(price=-1)],
    "counter_once": [
        lambda d: Counter.objects.bulk_create(
            [Counter(kind="transfer", year=2031), Counter(kind="transfer", year=2031)]
        )
    ],
}


@pytest.mark.parametrize(
    ("name", "write"), [(name, write) for name, writes in BAD.items() for write in writes]
)
def test_the_database_refuses(db: None, name: str, write: Callable[[_Desk], object]) -> None:
    desk = _Desk()
    with pytest.raises(IntegrityError) as error:
        _write(write, desk)
    assert refused_by(name, error.value)


def _write(write: Callable[[_Desk], object], desk: _Desk) -> None:
    with transaction.atomic():
        write(desk)
        # Foreign keys are looked at when the transaction ends.
        connection.check_constraints()


def test_every_constraint_has_its_bad_row() -> None:
    assert names_of(documents) - set(BAD) == set()
