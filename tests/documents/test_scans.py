"""Scanning into a document: each scan is a row, judged as posting would, and costs the same however long the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from seriatim.documents import lines, services
from seriatim.documents.models import Document, Scan
from seriatim.documents.scans import adding, undoing
from seriatim.documents.scans.values import Act, Answer, Said, Sent
from seriatim.kernel import refusals
from seriatim.kernel.amounts import ONE
from seriatim.kernel.marks import Mark
from seriatim.ledger.marks import set_mark
from tests.support.desk import Desk, draft, line, refused, said


def scan(desk: Desk, document: Document, *texts: str, **more: Any) -> Answer:
    return adding.add(
        user=desk.user, document_id=document.pk, scans=[Sent(id=uuid4(), text=text) for text in texts], **more
    )


def verdicts(answer: Answer) -> list[tuple[str, str]]:
    return [(row.verdict, row.code) for row in answer.scans]


def receipt(desk: Desk, *, quantity: float = 0, **more: Any) -> Document:
    """An open draft: laptops from NORDLINK to A-01."""
    c = desk.cast
    one = line(c.laptop, quantity=quantity, target=c.a01, cost=500, **more)
    return desk.create("purchase_receipt", one, party=c.nordlink)


def delivery(desk: Desk, *more: Any) -> Document:
    return desk.create("delivery_note", line(desk.cast.laptop, quantity=0), *more, party=desk.cast.hafen)


def test_what_is_scanned_is_what_is_posted_in_the_order_scanned(desk: Desk) -> None:
    document = receipt(desk)
    answer = scan(desk, document, "S3", " S1 ", "S2")

    assert verdicts(answer) == [("accepted", "")] * 3
    assert (answer.progress.scanned, answer.progress.wanted) == (3 * ONE, None)
    posted = desk.post_it(document)
    row = posted.lines.get()
    assert (row.serials.split(), row.quantity, row.scanned) == (["S3", "S1", "S2"], 3 * ONE, None)
    assert [desk.where(serial) for serial in ("S1", "S2", "S3")] == ["A-01"] * 3
    assert desk.unit("S1").cost == 5_000_000


def test_a_number_that_is_not_there_is_told_with_the_one_that_it_looks_like(desk: Desk) -> None:
    desk.receive("SN-10 SN-11")
    document = delivery(desk)
    answer = adding.add_list(user=desk.user, document_id=document.pk, line=1, entry="SN-11\nsn-1O\nX-O\nX-0")
    assert [(row.serial, row.code, (row.case or {}).get("note", "")) for row in answer.scans[-3:]] == [
        ("sn-1O", "unknown_serial", "SN-10"),
        ("X-O", "unknown_serial", ""),
        ("X-0", "unknown_serial", ""),
    ]


def test_the_label_of_a_place_is_no_unit(desk: Desk) -> None:
    """Not of a receipt, whose units are new, nor of a delivery; a unit that bears such a number is that unit."""
    document = receipt(desk)
    assert verdicts(scan(desk, document, "a-01", "S1")) == [("refused", "scan_misread"), ("accepted", "")]
    desk.receive("A-02")
    answer = scan(desk, delivery(desk), "A-02", "A-01", "MAIN")
    assert verdicts(answer) == [("accepted", ""), *[("refused", "scan_misread")] * 2]
    assert (answer.scans[1].case or {})["note"] == "place"


def test_the_address_of_a_page_is_no_serial_number_unless_a_list_says_so(desk: Desk) -> None:
    """The maker's own QR code stands beside the number; whoever numbers units by addresses pastes them."""
    document = receipt(desk)
    address = "https://maker.example/support?m=1"
    answer = scan(desk, document, address, "HTTP://X", "www.maker.example", "S1")
    assert verdicts(answer) == [("refused", "scan_misread")] * 3 + [("accepted", "")]
    assert (answer.scans[0].case or {})["note"] == "web_address"
    listed = adding.add_list(user=desk.user, document_id=document.pk, line=1, entry=f'"{address}"')
    assert listed.progress.scanned == 2 * ONE


def test_the_same_scan_sent_again_is_answered_as_before_and_counts_once(desk: Desk) -> None:
    document = receipt(desk)
    one = Sent(id=uuid4(), text="S1")
    first = adding.add(user=desk.user, document_id=document.pk, scans=[one, one])
    again = adding.add(user=desk.user, document_id=document.pk, scans=[one])

    assert {row.pk for row in (*first.scans, *again.scans)} == {first.scans[0].pk}
    assert again.progress.scanned == ONE
    undoing.undo_last(user=desk.user, document_id=document.pk)
    late = adding.add(user=desk.user, document_id=document.pk, scans=[one])
    assert (late.progress.scanned, late.scans[0].undone_at is not None) == (0, True)


def test_scanned_twice_is_doubled_and_not_refused(desk: Desk) -> None:
    document = receipt(desk)
    answer = scan(desk, document, "S1", "S1")

    assert verdicts(answer) == [("accepted", ""), ("doubled", "doubled_serial")]
    assert answer.progress.scanned == ONE


def test_a_scan_is_refused_for_what_posting_would_refuse_it_for_and_says_where_it_is(desk: Desk) -> None:
    desk.receive("IN")
    desk.receive("SOLD")
    desk.deliver("SOLD")
    desk.move("IN", desk.cast.a02, day=2)
    document = receipt(desk)
    answer = scan(desk, document, "IN", "x\x07y")
    assert verdicts(answer) == [("refused", "already_in_stock"), ("refused", "malformed_serial")]
    assert answer.scans[0].case == {"serial": "IN", "item": "LAPTOP", "line": 1, "place": "A-02"}

    going = delivery(desk)
    answer = scan(desk, going, "SOLD", "NOBODY", "IN")
    assert verdicts(answer) == [("refused", "not_ours"), ("refused", "unknown_serial"), ("accepted", "")]
    assert (answer.scans[0].case or {})["holder"] == "HAFEN"


def test_every_verdict_is_the_one_that_posting_gives(desk: Desk) -> None:
    """The same serials one by one through a scan, and through a posting of their own."""
    c = desk.cast
    desk.receive("HERE THERE SOLD HELD STOLEN RES")
    desk.move("THERE", c.shop, day=2)
    desk.deliver("SOLD")
    set_mark(desk.user, [desk.unit("HELD").key], Mark.HELD, "look")
    set_mark(desk.user, [desk.unit("STOLEN").key], Mark.STOLEN, "gone")
    desk.announce("delivery_note", line(c.laptop, "RES"), party=c.lind)
    kinds: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
        ("purchase_receipt", {"target": c.a01}, {"party": c.nordlink}),
        ("delivery_note", {"source": c.a01}, {"party": c.hafen}),
        ("transfer", {"source": c.a01, "target": c.a02}, {}),
        ("sales_return", {"target": c.bench}, {"party": c.lind}),
        ("purchase_return", {}, {"party": c.acme}),
        ("scrap", {}, {}),
    ]
    for kind, ends, head in kinds:
        for serial in ("HERE", "THERE", "SOLD", "HELD", "STOLEN", "RES", "NEW"):
            posted = ""
            try:
                with transaction.atomic():
                    desk.post(kind, line(c.laptop, serial, **ends), **head)
                    transaction.set_rollback(True)
            except refusals.Refusal as refusal:
                posted = refusal.code
            document = desk.create(kind, line(c.laptop, quantity=0, **ends), **head)
            row = scan(desk, document, serial).scans[0]
            assert row.code == posted, (kind, serial, row.code, posted)


def test_a_stolen_one_is_an_alarm_that_somebody_has_to_have_seen(desk: Desk) -> None:
    desk.receive("S1 S2")
    set_mark(desk.user, [desk.unit("S1").key], Mark.STOLEN, "police 17")
    document = delivery(desk)
    answer = scan(desk, document, "S1", "S2")

    assert verdicts(answer) == [("alarm", "stolen"), ("accepted", "")]
    assert answer.progress.open == 1
    refusal = refused(desk.post_it, document)
    assert said(refusal) == [("scans_open", ["S1"])]
    seen = undoing.answer(user=desk.user, document_id=document.pk, scan=answer.scans[0].pk, yes=True)
    assert (seen.progress.open, seen.scans[0].answered_by) == (0, desk.user)
    assert desk.post_it(document).lines.get().serials == "S2"


def test_a_near_twin_counts_when_somebody_says_that_it_is_meant(desk: Desk) -> None:
    desk.receive("AB-O1")
    document = receipt(desk)
    answer = scan(desk, document, "AB-01", "XI", "X1")

    assert verdicts(answer) == [("question", "near_twin"), ("accepted", ""), ("question", "near_twin")]
    assert [row.case["note"] for row in answer.scans if row.case] == ["AB-O1", "XI"]
    assert answer.progress.scanned == ONE
    done = undoing.answer(user=desk.user, document_id=document.pk, scan=answer.scans[0].pk, yes=True)
    assert (done.scans[0].verdict, done.progress.scanned) == ("accepted", 2 * ONE)
    undoing.answer(user=desk.user, document_id=document.pk, scan=answer.scans[2].pk, yes=False)
    assert desk.post_it(document).lines.get().serials.split() == ["AB-01", "XI"]


def test_no_more_than_was_said_and_no_more_than_was_promised(desk: Desk) -> None:
    document = receipt(desk, quantity=2)
    answer = scan(desk, document, "S1", "S2", "S3")
    assert verdicts(answer)[2] == ("refused", "too_many_serials")
    assert (answer.progress.scanned, answer.progress.wanted) == (2 * ONE, 2 * ONE)

    c = desk.cast
    pending = desk.announce("purchase_receipt", line(c.laptop, quantity=1, target=c.a01), party=c.nordlink)
    answer = scan(desk, pending, "P1", "P2", "PHONE")
    assert verdicts(answer) == [
        ("accepted", ""),
        ("refused", "over_receipt"),
        ("refused", "not_on_document"),
    ]


def test_undo_takes_back_what_this_device_scanned_last(desk: Desk) -> None:
    document = receipt(desk)
    scan(desk, document, "S1", device="one")
    scan(desk, document, "S2", device="two")
    undone = undoing.undo_last(user=desk.user, document_id=document.pk, device="one")

    assert [row.serial for row in undone.scans] == ["S1"]
    assert undone.progress.scanned == ONE
    assert undoing.undo_last(user=desk.user, document_id=document.pk, device="one").scans == []
    assert verdicts(scan(desk, document, "S1")) == [("accepted", "")]
    assert desk.post_it(document).lines.get().serials.split() == ["S2", "S1"]


def test_one_scan_of_many_is_removed(desk: Desk) -> None:
    document = receipt(desk)
    rows = scan(desk, document, "S1", "S2", "S3").scans
    undoing.remove(user=desk.user, document_id=document.pk, scans=[rows[1].pk, rows[1].pk, 10**9])
    assert desk.post_it(document).lines.get().serials.split() == ["S1", "S3"]


def test_a_list_adds_its_good_ones_and_names_the_others(desk: Desk) -> None:
    desk.receive("L-3")
    document = receipt(desk)
    request = uuid4()
    answer = adding.add_list(
        user=desk.user, document_id=document.pk, line=1, entry="L-1..L-4, A..B\nM1 +2\nM1", request=request
    )
    by = {(row.verdict, row.serial or row.text) for row in answer.scans}
    assert ("refused", "L-3") in by
    assert ("refused", "A..B") in by
    assert ("doubled", "M1") in by
    assert answer.progress.scanned == 6 * ONE
    again = adding.add_list(user=desk.user, document_id=document.pk, line=1, entry="L-9", request=request)
    assert (list(again.scans), again.progress.scanned) == ([], 6 * ONE)
    assert desk.post_it(document).lines.get().serials.split() == ["L-1", "L-2", "L-4", "M1", "M2", "M3"]


def test_a_draft_that_came_with_serials_goes_on_by_scanning(desk: Desk) -> None:
    document = desk.create(
        "purchase_receipt", line(desk.cast.laptop, "T1 T2", target=desk.cast.a01), party=desk.cast.nordlink
    )
    lines.change_line(user=desk.user, document_id=document.pk, position=1, quantity=0)
    answer = scan(desk, document, "T1", "T3")
    assert verdicts(answer) == [("doubled", "doubled_serial"), ("accepted", "")]
    assert desk.post_it(document).lines.get().serials.split() == ["T1", "T2", "T3"]


def test_of_a_pending_receipt_only_what_is_scanned_has_come(desk: Desk) -> None:
    c = desk.cast
    pending = desk.announce("purchase_receipt", line(c.laptop, "A B C", target=c.a01), party=c.nordlink)
    answer = scan(desk, pending, "B", "A")
    assert (answer.progress.scanned, answer.progress.wanted) == (2 * ONE, 3 * ONE)
    # Three are said to have come, and one of them has no number; on this line it must not wait for one.
    lines.change_line(user=desk.user, document_id=pending.pk, position=1, missing="refuse")
    with pytest.raises(refusals.SerialsMissing):
        desk.post_it(pending)
    desk.post_it(pending, rest="pending")
    rest = Document.objects.get(continues=pending)
    assert rest.lines.get().serials.split() == ["C"]
    assert pending.lines.get().serials.split() == ["B", "A"]


def test_what_a_manifest_does_not_name_is_accepted_and_said(desk: Desk) -> None:
    c = desk.cast
    pending = desk.announce(
        "purchase_receipt", line(c.laptop, "AB-1 AB-2 AB-3", target=c.a01), party=c.nordlink
    )
    answer = scan(desk, pending, "AB-1", "AB", "ab-2x")
    assert verdicts(answer) == [
        ("accepted", ""),
        ("accepted", "not_announced"),
        ("accepted", "not_announced"),
    ]
    undoing.remove(user=desk.user, document_id=pending.pk, scans=[answer.scans[2].pk])
    misread = scan(desk, pending, "ab2")
    assert verdicts(misread) == [("question", "near_twin")], "of one that was announced, and is no unit yet"
    assert (misread.scans[0].case or {})["note"] == "AB-2"
    listed = adding.add_list(user=desk.user, document_id=pending.pk, line=1, entry="AB-2")
    assert listed.progress.scanned == 3 * ONE


def test_what_is_only_sent_again_begins_no_check_of_a_pending_document(desk: Desk) -> None:
    """A page that is opened asks how far it is, and may send once more what was scanned before it was confirmed."""
    desk.receive("A B")
    document = desk.create("delivery_note", line(desk.cast.laptop, quantity=0), party=desk.cast.hafen)
    sent = [Sent(id=uuid4(), text=text) for text in ("A", "B")]
    adding.add(user=desk.user, document_id=document.pk, scans=sent)
    services.confirm(user=desk.user, document_id=document.pk)
    adding.add(user=desk.user, document_id=document.pk, scans=sent)
    adding.add(user=desk.user, document_id=document.pk, scans=[])
    assert desk.post_it(document).state == "posted"
    assert desk.unit("B").customer == desk.cast.hafen


def test_a_pending_delivery_frees_what_was_not_scanned(desk: Desk) -> None:
    desk.receive("A B C")
    pending = desk.announce("delivery_note", line(desk.cast.laptop, "A B"), party=desk.cast.hafen)
    assert verdicts(scan(desk, pending, "A")) == [("accepted", "")]
    desk.post_it(pending, rest="short")
    assert [desk.unit(serial).reserved_by for serial in "ABC"] == [None] * 3
    assert [desk.where(serial) for serial in "AB"] == ["CUSTOMERS", "A-01"]


def test_confirming_a_scanned_draft_announces_it_and_the_check_begins_from_nothing(desk: Desk) -> None:
    document = receipt(desk)
    scan(desk, document, "A", "B")
    services.confirm(user=desk.user, document_id=document.pk)
    row = document.lines.get()
    assert (row.expected, row.expected_serials.split(), row.scanned) == (2 * ONE, ["A", "B"], None)
    answer = scan(desk, document, "A")
    assert (verdicts(answer), answer.progress.scanned) == ([("accepted", "")], ONE)


def test_a_bar_code_of_an_item_sets_the_line_and_one_without_serials_counts(desk: Desk) -> None:
    c = desk.cast
    document = desk.create(
        "transfer", line(c.laptop, quantity=0, target=c.shop), source=c.a01.pk, target=c.shop.pk
    )
    desk.receive("S1")
    desk.post("material_receipt", line(c.cable, quantity=9, target=c.a01, cost=1))

    def reader(text: str, chosen: Any) -> Sequence[Said]:
        if text.isdigit():
            return [Said(act=Act.ITEM, gtin=text.zfill(14)), Said(act=Act.UNIT, serial=text)]
        return [Said(act=Act.UNIT, serial=text)]

    answer = scan(desk, document, "cable", "CABLE", "4006381333931", "S1", reader=reader)
    assert verdicts(answer) == [("accepted", ""), ("accepted", ""), ("told", "item"), ("accepted", "")]
    assert [(one.item_code, one.scanned) for one in answer.progress.lines] == [
        ("LAPTOP", ONE),
        ("CABLE", 2 * ONE),
    ]
    assert answer.progress.current == 1
    desk.post_it(document)
    assert desk.held(c.cable, c.shop) == 2
    assert desk.where("S1") == "SHOP"


def test_a_unit_is_found_by_its_number_whatever_its_item(desk: Desk) -> None:
    c = desk.cast
    desk.receive("S1")
    desk.receive("P1", item=c.phone)
    document = desk.create("delivery_note", party=c.hafen)
    answer = scan(desk, document, "P1", "S1", "NIX")
    assert verdicts(answer) == [("accepted", ""), ("accepted", ""), ("refused", "unknown_serial")]
    assert [one.item_code for one in answer.progress.lines] == ["PHONE", "LAPTOP"]
    desk.receive("S1", item=c.phone)
    other = desk.create("delivery_note", party=c.hafen)
    row = scan(desk, other, "S1").scans[0]
    assert (row.code, (row.case or {})["note"]) == ("item_unclear", "LAPTOP, PHONE")


def test_new_numbers_for_waiting_goods_are_taken_while_there_are_such(desk: Desk) -> None:
    c = desk.cast
    desk.receive("", quantity=2, item=c.phone)
    document = desk.create("delivery_note", line(c.phone, quantity=0, source=c.a01), party=c.hafen)
    answer = scan(desk, document, "N1", "N2", "N3")
    assert verdicts(answer) == [("accepted", ""), ("accepted", ""), ("refused", "unknown_serial")]
    desk.post_it(document)
    assert desk.where("N2", c.phone) == "CUSTOMERS"


def test_who_may_not_write_the_kind_may_not_scan(desk: Desk) -> None:
    document = receipt(desk)
    with pytest.raises(refusals.NotPermitted):
        adding.add(user=desk.cast.viewer, document_id=document.pk, scans=[Sent(id=uuid4(), text="S1")])
    desk.cancel(document)
    with pytest.raises(refusals.WrongState):
        scan(desk, document, "S1")
    with pytest.raises(refusals.NotFound):
        adding.add(user=desk.user, document_id=UUID(int=1), scans=[])


def test_a_scan_takes_as_many_statements_on_a_long_list_as_on_a_short_one(desk: Desk) -> None:
    document = receipt(desk)
    scan(desk, document, "S1")
    with CaptureQueriesContext(connection) as short:
        scan(desk, document, "S2")
    adding.add_list(user=desk.user, document_id=document.pk, line=1, entry="L-0001..L-3000")
    with CaptureQueriesContext(connection) as long:
        scan(desk, document, "S3")
    assert len(long) == len(short)
    assert len(short) <= 30
    with CaptureQueriesContext(connection) as many:
        adding.add_list(user=desk.user, document_id=document.pk, line=1, entry="M-0001..M-1500")
    assert len(many) <= 35


def test_changing_what_a_line_names_makes_its_scans_count_no_more(desk: Desk) -> None:
    document = receipt(desk)
    scan(desk, document, "S1", "S2")
    services.amend(user=desk.user, document_id=document.pk, line=1, serials=["T1"])
    assert not Scan.objects.filter(counts=True).exists()
    assert desk.post_it(document).lines.get().serials == "T1"


def test_lines_are_added_changed_and_removed(desk: Desk) -> None:
    c = desk.cast
    document = services.create(user=desk.user, draft=draft("transfer", source=c.a01.pk, target=c.a02.pk))
    row = lines.add_line(user=desk.user, document_id=document.pk, line=line(c.laptop))
    assert (row.source_id, row.target_id, row.quantity) == (c.a01.pk, c.a02.pk, 0)
    lines.add_line(user=desk.user, document_id=document.pk, line=line(c.cable, quantity=2))
    lines.change_head(user=desk.user, document_id=document.pk, target=c.shop.pk, reference="PO-1")
    assert set(document.lines.values_list("target__code", flat=True)) == {"SHOP"}
    lines.change_line(user=desk.user, document_id=document.pk, position=2, quantity=5 * ONE)
    lines.remove_line(user=desk.user, document_id=document.pk, position=1)
    assert [(one.position, one.quantity) for one in document.lines.all()] == [(2, 5 * ONE)]
    with pytest.raises(refusals.QuantityInvalid):
        lines.change_line(user=desk.user, document_id=document.pk, position=2, quantity=-1)
    with pytest.raises(refusals.NotFound):
        lines.change_line(user=desk.user, document_id=document.pk, position=9, quantity=1)


def test_a_copy_has_head_and_lines_and_nothing_of_what_happened(desk: Desk) -> None:
    document = receipt(desk)
    scan(desk, document, "S1", "S2")
    desk.post_it(document)
    new = uuid4()
    made = lines.copy(user=desk.user, document_id=document.pk, new_id=new)
    assert lines.copy(user=desk.user, document_id=document.pk, new_id=new).pk == made.pk
    row = made.lines.get()
    assert (made.state, made.party_id, row.quantity, row.serials) == ("draft", document.party_id, 2 * ONE, "")


def test_a_line_on_which_nothing_was_scanned_is_left_out_when_a_draft_is_posted(desk: Desk) -> None:
    c = desk.cast
    lines_ = (line(c.laptop, quantity=0, target=c.a01), line(c.phone, quantity=0, target=c.a01))
    document = desk.create("purchase_receipt", *lines_, party=c.nordlink)
    assert isinstance(refused(desk.post_it, document), refusals.NoLines)
    scan(desk, document, "P1", "PHONE")
    assert services.problems(user=desk.user, document_id=document.pk) is None
    assert document.lines.count() == 2
    desk.post_it(document)
    assert [row.item for row in document.lines.all()] == [c.laptop]
