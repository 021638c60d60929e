"""The change feed: every posting and reversal once, in an order that never changes, whoever writes and reads meanwhile."""

from __future__ import annotations

import random
import threading
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from seriatim.documents import feed, services
from seriatim.documents.feed import Entry
from seriatim.documents.feed_models import FeedEntry, Happened
from seriatim.documents.models import Document
from tests.support.cast import Cast
from tests.support.desk import Desk, draft, line, refused
from tests.support.threads import in_threads


def told(after: int = 0, limit: int = 1_000) -> list[tuple[int, str, str]]:
    """Entries as (number, the document's number, what)."""
    rows = feed.entries(after=after, limit=limit)
    numbers = dict(Document.objects.values_list("pk", "number"))
    return [(row.number, numbers[row.document] or "", row.what.value) for row in rows]


def test_every_posting_and_reversal_stands_in_the_feed(desk: Desk) -> None:
    receipt = desk.receive("A B", day=1)
    move = desk.move("A", desk.cast.a02, day=2)
    desk.create("transfer", line(desk.cast.laptop, "B", target=desk.cast.a02))
    desk.reverse(move)
    assert told() == [
        (1, receipt.number, "posted"),
        (2, move.number, "posted"),
        (3, move.number, "reversed"),
    ]
    assert feed.last_number() == 3


def test_documents_that_others_make_stand_there_too(desk: Desk) -> None:
    """A bill with stock posts its receipt, a delivery that names new serials its allocation."""
    desk.post(
        "vendor_bill",
        line(desk.cast.laptop, "A", cost=5, target=desk.cast.a01),
        party=desk.cast.nordlink,
        with_stock="posted",
    )
    kinds = list(Document.objects.filter(state="posted").values_list("kind", flat=True))
    assert sorted(kinds) == ["purchase_receipt", "vendor_bill"]
    assert len(told()) == 2


def test_what_is_refused_leaves_no_trace(desk: Desk) -> None:
    refused(desk.move, "NOBODY", desk.cast.a02)
    assert told() == []


def test_reading_on_gives_what_came_since_and_pages_join(desk: Desk) -> None:
    for serial in "ABCDE":
        desk.receive(serial)
    whole = told()
    assert told(after=2) == whole[2:]
    assert told(limit=2) + told(after=2, limit=2) + told(after=4, limit=2) == whole
    desk.receive("F")
    assert told()[:5] == whole


def test_numbers_are_given_in_batches_without_a_gap(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "BATCH", 2)
    for serial in "ABCDE":
        desk.receive(serial)
    assert [number for number, _, _ in told()] == [1, 2, 3, 4, 5]
    assert feed.give_numbers() == 0


def test_who_commits_late_comes_late_but_comes(real_desk: Desk) -> None:
    """A posting that began first and is still at work is not in the way, and is not missed."""
    if connection.vendor == "sqlite":
        pytest.skip("one writer at a time: nobody can be overtaken")
    posted, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            real_desk.receive("SLOW")
            posted.set()
            assert go_on.wait(20)

    def quick() -> list[Entry]:
        assert posted.wait(20)
        # Of another kind: papers of one kind wait for each other's number.
        real_desk.post("material_receipt", line(real_desk.cast.laptop, "QUICK", target=real_desk.cast.a01))
        seen = list(feed.entries())
        go_on.set()
        return seen

    _, seen = in_threads(2, lambda index: quick() if index else slow())
    assert isinstance(seen, list)
    assert [row.number for row in seen] == [1]
    assert [row.number for row in feed.entries(after=1)] == [2]
    assert list(feed.entries())[:1] == seen


def test_many_writers_and_readers_miss_nothing_and_agree(real_desk: Desk) -> None:
    """Four writers post and reverse, three readers follow by their own cursors: each sees the same order, whole."""
    cast: Cast = real_desk.cast
    writing = threading.Barrier(4)
    done = threading.Event()
    left = [4]
    lock = threading.Lock()

    def write(writer: int) -> list[tuple[UUID, str]]:
        chance = random.Random(writer)
        made: list[tuple[UUID, str]] = []
        writing.wait(20)
        for number in range(6):
            paper = services.submit(
                user=real_desk.user,
                draft=draft(
                    "purchase_receipt",
                    line(cast.laptop, [f"W{writer}-{number}"], target=cast.a01, cost=1),
                    party=cast.nordlink,
                ),
            )
            made.append((paper.pk, "posted"))
            if chance.random() < 0.5:
                services.reverse(user=real_desk.user, document_id=paper.pk)
                made.append((paper.pk, "reversed"))
        with lock:
            left[0] -= 1
            if left[0] == 0:
                done.set()
        return made

    def read(_reader: int) -> list[Entry]:
        seen: list[Entry] = []
        while True:
            over = done.is_set()
            more = feed.entries(after=seen[-1].number if seen else 0, limit=3)
            seen += more
            if over and not more:
                return seen

    results: list[Any] = in_threads(7, lambda index: write(index) if index < 4 else read(index))
    made = {one for part in results[:4] for one in part}
    orders = [[(row.number, row.document, row.what.value) for row in part] for part in results[4:]]
    assert orders[0] == orders[1] == orders[2]
    assert [number for number, _, _ in orders[0]] == list(range(1, len(made) + 1))
    assert {(document, what) for _, document, what in orders[0]} == made
    # Nobody was reversed before being posted.
    seen: set[UUID] = set()
    for _, document, what in orders[0]:
        assert what == "posted" or document in seen
        seen.add(document)


def test_a_number_once_given_stays(desk: Desk) -> None:
    desk.receive("A")
    first = feed.entries()
    desk.reverse(Document.objects.get(pk=first[0].document))
    assert feed.entries()[:1] == first
    assert FeedEntry.objects.filter(number__isnull=True).count() == 0
    assert feed.entries()[1].what is Happened.REVERSED
