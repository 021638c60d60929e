"""A page of a unit's timeline tells what the whole one tells, in the same order, in as few queries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from seriatim.accounts.services import record_changes
from seriatim.documents.life import Sort, events, life
from seriatim.documents.selectors import timeline
from seriatim.kernel.marks import Mark
from seriatim.ledger.marks import clear_mark, set_mark
from seriatim.ledger.models import Revaluation, Supersession, Unit
from tests.support import rows
from tests.support.cast import Cast


@pytest.fixture
def unit(cast: Cast) -> Unit:
    """Received, moved, billed, marked, changed, given a file, sold, and a correction before all that."""
    (wrong,) = rows.received(cast.laptop, cast.a01, ["WRONG"])
    paper = rows.a_document("correction", at=rows.day(1))
    line = rows.a_line(paper, cast.laptop)
    right = rows.a_unit(cast.laptop, "RIGHT")
    rows.move(wrong, rows.outside("adjustment"), line=line)
    rows.move(right, cast.a01, line=line, source=rows.outside("adjustment"), cost=1_000_000, origin_seq=1)
    Supersession.objects.create(line_id=line.pk, wrong=wrong, right=right, wrong_seq=2, right_seq=1)
    rows.moved([right], cast.a02, at=rows.day(2))
    bill = rows.a_document("vendor_bill", at=rows.day(2))
    Revaluation.objects.create(
        unit=right,
        of_seq=1,
        after_seq=2,
        line_id=rows.a_line(bill, cast.laptop).pk,
        happened_at=rows.day(2),
        cost_delta=50_000,
    )
    set_mark(cast.operator, [right.key], Mark.HELD, "to be looked at")
    clear_mark(cast.operator, [right.key], Mark.HELD, "fine")
    for field in ("note", "file"):
        record_changes(user=cast.operator, subject="unit", subject_id=right.key, changes={field: ("", "x")})
    rows.sold([right], at=rows.day(3))
    right.refresh_from_db()
    return right


def test_the_pages_together_are_the_timeline(unit: Unit) -> None:
    whole = life(unit.key)
    assert events(whole.entries) == list(reversed(timeline(unit.key)))
    by_threes = [
        event
        for start in range(0, len(whole.entries), 3)
        for event in events(whole.entries[start : start + 3])
    ]
    assert by_threes == list(reversed(timeline(unit.key)))


def test_events_are_counted_by_their_sort(unit: Unit) -> None:
    whole = life(unit.key)
    assert whole.counts() == {
        Sort.MOVEMENTS: 5,
        Sort.VALUES: 1,
        Sort.MARKS: 2,
        Sort.RECORD: 1,
        Sort.FILES: 1,
    }
    assert [event.reason for event in events(whole.only(Sort.MARKS).entries)] == ["fine", "to be looked at"]
    assert Sort.VALUES not in life(unit.key, values=False).counts()


def test_what_came_later_is_not_known_yet(unit: Unit) -> None:
    for at in (rows.day(-1), rows.day(0), rows.day(1), rows.day(2), rows.day(2) + timedelta(hours=1)):
        known = [event for event in timeline(unit.key) if event.happened_at <= at]
        assert events(life(unit.key, until=at).entries) == list(reversed(known))


def test_a_page_takes_as_many_queries_however_long_the_timeline_is(unit: Unit, cast: Cast) -> None:
    with CaptureQueriesContext(connection) as few:
        events(life(unit.key).entries[:5])
    for number in range(30):
        rows.moved([unit], cast.a01 if number % 2 else cast.a02, at=rows.day(4 + number))
    with CaptureQueriesContext(connection) as many:
        events(life(unit.key).entries[:5])
    assert len(many) <= len(few) <= 6
