"""What screens ask of a document that is being scanned: pages of the list, the manifest, what to pick, large postings."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from seriatim.documents import runs, services
from seriatim.documents.models import Document, PostingRun
from seriatim.documents.scans import adding, selectors
from seriatim.documents.scans.values import Sent
from seriatim.kernel import refusals
from tests.support.desk import Desk, changed, dump, line, said


def scan(desk: Desk, document: Document, *texts: str) -> None:
    sent = [Sent(id=uuid4(), text=text) for text in texts]
    adding.add(user=desk.user, document_id=document.pk, scans=sent)


def receipt(desk: Desk, serials: str = "") -> Document:
    return desk.create(
        "purchase_receipt",
        line(desk.cast.laptop, serials, quantity=0, target=desk.cast.a01),
        party=desk.cast.nordlink,
    )


def test_the_list_is_read_a_page_at_a_time_to_and_fro(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "PAGE", 2)
    document = receipt(desk)
    scan(desk, document, "S1", "S2", "S3", "S3", "S4")

    def serials(**more: Any) -> tuple[list[str], selectors.ScanPage]:
        page = selectors.scans_of(document.pk, **more)
        return [row.serial for row in page.scans], page

    first, page = serials()
    assert (first, page.newer) == (["S4", "S3"], None)
    second, page = serials(before=page.older)
    assert second == ["S3", "S2"]
    third, last = serials(before=page.older)
    assert (third, last.older) == (["S1"], None)
    assert serials(after=last.newer)[0] == ["S3", "S2"]
    assert serials(shown="on_it", line=1)[0] == ["S4", "S3"]
    assert serials(shown="refused")[0] == []


def test_a_manifest_tells_what_matches_is_missing_and_is_more(desk: Desk) -> None:
    c = desk.cast
    pending = desk.announce("purchase_receipt", line(c.laptop, "A B C", target=c.a01), party=c.nordlink)
    (before,) = selectors.manifests(pending.pk)
    assert (before.matched, before.missing_count) == (0, 3)
    scan(desk, pending, "B", "X")
    (one,) = selectors.manifests(pending.pk)
    assert (one.announced, one.matched, list(one.missing), list(one.surplus)) == (3, 1, ["A", "C"], ["X"])


def test_what_is_reserved_and_not_scanned_yet_is_fetched_in_the_order_of_its_places(desk: Desk) -> None:
    c = desk.cast
    desk.receive("A1 A2 A3")
    desk.receive("M1", to=c.main)
    desk.receive("B1", to=c.a02)
    pending = desk.announce("delivery_note", line(c.laptop, "M1 B1 A2 A1"), party=c.lind)
    held = selectors.to_fetch(pending.pk)
    assert [(unit.location and unit.location.code, unit.serial) for unit in held.units] == [
        ("A-01", "A1"),
        ("A-01", "A2"),
        ("A-02", "B1"),
        ("MAIN", "M1"),
    ]
    scan(desk, pending, "A2", "A3")
    some = selectors.to_fetch(pending.pk, limit=1)
    assert ([unit.serial for unit in some.units], some.more) == (["A1"], 2)
    assert not selectors.to_fetch(uuid4()).units


def test_only_what_is_available_at_the_source_is_offered(desk: Desk) -> None:
    c = desk.cast
    desk.receive("A1 A2 A3 A4 B1")
    desk.receive("E1", to=c.shop)
    desk.announce("delivery_note", line(c.laptop, "A2"), party=c.lind)
    document = desk.create("delivery_note", line(c.laptop, quantity=0, source=c.a01), party=c.hafen)
    scan(desk, document, "A3")
    assert [unit.serial for unit in selectors.to_pick(document.pk, line=1).units] == ["A1", "A4", "B1"]
    assert [unit.serial for unit in selectors.to_pick(document.pk, line=1, text="B").units] == ["B1"]
    assert list(selectors.to_pick(document.pk, line=9).units) == []


def test_a_preview_names_every_problem_and_leaves_everything_as_it_was(desk: Desk) -> None:
    document = receipt(desk)
    scan(desk, document, "C")
    adding.add_list(user=desk.user, document_id=document.pk, line=1, entry="D")
    desk.receive("C D", day=None)
    refusal = services.problems(user=desk.user, document_id=document.pk)
    assert refusal is not None
    assert said(refusal) == [("already_in_stock", ["C", "D"])]
    good = receipt(desk)
    scan(desk, good, "N1")
    before = dump()
    assert services.problems(user=desk.user, document_id=good.pk) is None
    assert changed(before) == []
    assert services.problems(user=desk.cast.viewer, document_id=good.pk).code == "not_permitted"  # type: ignore[union-attr]  # it is refused


def test_a_small_posting_is_done_at_once_and_a_large_one_tells_how_it_ended(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = receipt(desk)
    scan(desk, small, "S1")
    assert runs.post_or_start(user=desk.user, document_id=small.pk) is None
    assert Document.objects.get(pk=small.pk).state == "posted"

    monkeypatch.setattr(runs, "LARGE", 2)
    monkeypatch.setattr(runs, "start", lambda work: work())
    large = receipt(desk)
    scan(desk, large, "L1", "L2")
    run = runs.post_or_start(user=desk.user, document_id=large.pk)
    assert run is not None
    ended = runs.latest(large.pk)
    assert ended is not None
    assert (ended.units, ended.refusal, ended.ended_at is not None) == (2, None, True)
    assert desk.where("L2") == "A-01"

    refused_one = receipt(desk)
    scan(desk, refused_one, "R1", "R2")
    desk.receive("R2", day=None)
    runs.post_or_start(user=desk.user, document_id=refused_one.pk)
    told = runs.latest(refused_one.pk)
    assert told is not None
    assert told.refusal is not None
    assert told.refusal["code"] == "already_in_stock"
    assert desk.where("R2") == "A-01"


def test_one_posting_at_a_time_and_one_that_was_lost_is_over(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "LARGE", 1)
    monkeypatch.setattr(runs, "start", lambda work: None)
    document = receipt(desk)
    scan(desk, document, "S1")
    runs.post_or_start(user=desk.user, document_id=document.pk)
    with pytest.raises(refusals.Busy):
        runs.post_or_start(user=desk.user, document_id=document.pk)
    PostingRun.objects.update(started_at=timezone.now() - 2 * runs.LOST_AFTER)
    over = runs.latest(document.pk)
    assert over is not None
    assert over.refusal == {"code": "failed"}
