"""Two hand-helds on one draft, really at once: every scan is there once, and in the order of its device."""

from __future__ import annotations

import time
from uuid import uuid4

import pytest

from seriatim.documents import runs
from seriatim.documents.models import Scan
from seriatim.documents.scans import adding
from seriatim.documents.scans.progress import progress
from seriatim.documents.scans.values import Answer, Sent
from seriatim.kernel.amounts import ONE
from tests.support.desk import Desk, line
from tests.support.threads import in_threads


def test_ten_scans_of_two_devices_some_sent_twice_are_there_once_and_in_order(real_desk: Desk) -> None:
    desk, c = real_desk, real_desk.cast
    document = desk.create("purchase_receipt", line(c.laptop, quantity=0, target=c.a01), party=c.nordlink)
    scanned = {device: [Sent(id=uuid4(), text=f"{device}{number}") for number in range(5)] for device in "AB"}

    def walk(index: int) -> list[Answer]:
        # Two connections per device send the same: the second is the retry of a page that got no answer.
        device = "AB"[index % 2]
        return [
            adding.add(user=desk.user, document_id=document.pk, scans=[one], device=device)
            for one in scanned[device]
        ]

    answers = in_threads(4, walk)
    assert [one for one in answers if isinstance(one, BaseException)] == []

    counted = Scan.objects.filter(document=document, counts=True).order_by("id")
    for device in "AB":
        serials = counted.filter(device=device).values_list("serial", flat=True)
        assert list(serials) == [f"{device}{number}" for number in range(5)]
    assert Scan.objects.filter(document=document).count() == 10
    assert progress(document).scanned == 10 * ONE
    posted = desk.post_it(document)
    assert sorted(posted.lines.get().serials.split()) == sorted(f"{d}{n}" for d in "AB" for n in range(5))


def test_a_large_posting_runs_beside_the_page_that_waits_for_it(
    real_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, c = real_desk, real_desk.cast
    monkeypatch.setattr(runs, "LARGE", 2)
    document = desk.create("purchase_receipt", line(c.laptop, quantity=0, target=c.a01), party=c.nordlink)
    adding.add_list(user=desk.user, document_id=document.pk, line=1, entry="S-0001..S-0300")
    begun = runs.post_or_start(user=desk.user, document_id=document.pk)
    assert begun is not None
    end = time.monotonic() + 60
    while (run := runs.latest(document.pk)) is None or run.ended_at is None:
        assert time.monotonic() < end
        time.sleep(0.02)
    assert (run.refusal, run.units) == (None, 300)
    assert desk.where("S-0300") == "A-01"


def test_one_unit_scanned_by_many_at_once_is_on_the_list_once(real_desk: Desk) -> None:
    desk, c = real_desk, real_desk.cast
    document = desk.create("purchase_receipt", line(c.laptop, quantity=0, target=c.a01), party=c.nordlink)
    answers = in_threads(
        8,
        lambda index: adding.add(
            user=desk.user,
            document_id=document.pk,
            scans=[Sent(id=uuid4(), text="S1")],
            device=str(index),
        ),
    )
    verdicts = sorted(answer.scans[0].verdict for answer in answers if isinstance(answer, Answer))
    assert verdicts == ["accepted"] + ["doubled"] * 7
    assert progress(document).scanned == ONE
