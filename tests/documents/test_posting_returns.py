"""Returns with proof, overrides with a reason, dates in the past, and requests that are sent twice."""

from __future__ import annotations

import datetime
from dataclasses import replace
from uuid import uuid4

import pytest
from django.utils import timezone

from seriatim.catalog.models import Site
from seriatim.documents import services
from seriatim.documents.models import Document
from seriatim.kernel import refusals
from seriatim.ledger.models import Movement
from tests.support.desk import Desk, changed, day, draft, dump, first_line, line, refused, said


def test_a_return_comes_from_the_customer_to_whom_it_was_sold(desk: Desk) -> None:
    desk.receive("A")
    desk.deliver("A")

    refusal = refused(
        desk.post, "sales_return", line(desk.cast.laptop, "A", target=desk.cast.a01), party=desk.cast.lind
    )
    assert said(refusal) == [("not_sold_to_party", ["A"])]
    assert (refusal.cases[0].holder, refusal.cases[0].place) == ("HAFEN", "CUSTOMERS")


def test_what_is_back_already_is_not_returned_twice(desk: Desk) -> None:
    desk.receive("A")
    desk.deliver("A")
    back = line(desk.cast.laptop, "A", target=desk.cast.a01)
    desk.post("sales_return", back, party=desk.cast.hafen, date=day(3))

    refusal = refused(desk.post, "sales_return", back, party=desk.cast.hafen, date=day(4))
    assert said(refusal) == [("not_at_source", ["A"])]
    assert refusal.cases[0].place == "A-01"


@pytest.mark.parametrize(
    ("kind", "code"), [("sales_return", "not_sold_to_party"), ("purchase_return", "wrong_supplier")]
)
def test_the_proof_is_overridden_by_permission_and_with_a_reason(desk: Desk, kind: str, code: str) -> None:
    c = desk.cast
    desk.receive("A")
    if kind == "sales_return":
        desk.deliver("A")
    party = c.lind if kind == "sales_return" else c.acme
    target = c.a02 if kind == "sales_return" else None
    asked = line(c.laptop, "A", target=target)

    assert said(refused(desk.post, kind, asked, party=party, date=day(3))) == [(code, ["A"])]
    permitted, desk.user = desk.user, c.operator
    refusal = refused(desk.post, kind, asked, party=party, date=day(3), override_reason="They say so.")
    assert refusal.facts["right"] == "override"
    desk.user = permitted
    paper = desk.post(kind, asked, party=party, date=day(3), override_reason="They say so.")
    assert (paper.state, paper.override_reason) == ("posted", "They say so.")
    assert desk.where("A") == ("A-02" if kind == "sales_return" else "SUPPLIERS")


def test_an_override_of_the_proof_overrides_nothing_else(desk: Desk) -> None:
    desk.receive("A")
    back = line(desk.cast.laptop, "A", target=desk.cast.a02)

    refusal = refused(desk.post, "sales_return", back, party=desk.cast.hafen, override_reason="Please.")
    assert said(refusal) == [("not_at_source", ["A"])]


def test_a_loan_comes_back_from_the_borrower_who_has_it(desk: Desk) -> None:
    desk.receive("A")
    desk.post("loan_out", line(desk.cast.laptop, "A"), party=desk.cast.hafen, date=day(2))
    back = line(desk.cast.laptop, "A", target=desk.cast.a01)

    refusal = refused(
        desk.post, "loan_in", back, party=desk.cast.lind, date=day(3), override_reason="Please."
    )
    assert said(refusal) == [("not_held_by_party", ["A"])]
    assert refusal.cases[0].holder == "HAFEN"


# --- the past ---------------------------------------------------------------------------------------------


def test_a_document_may_be_backdated_to_the_moment_of_the_units_last_movement(desk: Desk) -> None:
    desk.receive("A", day=5)
    desk.move("A", desk.cast.a02, day=5)

    refusal = refused(desk.move, "A", desk.cast.a01, day=4)
    assert said(refusal) == [("out_of_order", ["A"])]
    assert refusal.cases[0].note == day(5).isoformat()


def test_equal_times_are_in_the_order_of_their_numbers(desk: Desk) -> None:
    desk.receive("A", day=1)
    desk.move("A", desk.cast.a02, day=1)

    assert [row.location.code for row in Movement.objects.order_by("seq")] == ["A-01", "A-02"]


def test_one_units_past_does_not_hinder_the_others(desk: Desk) -> None:
    desk.receive("A", day=9)
    desk.receive("B", day=1)
    desk.move("B", desk.cast.a02, day=2)

    assert said(refused(desk.move, "A B", desk.cast.shop, day=5)) == [("out_of_order", ["A"])]


def test_a_bare_day_in_the_past_is_its_last_moment_at_the_site(desk: Desk) -> None:
    Site.objects.update(time_zone="Europe/Berlin")
    paper = desk.post(
        "material_receipt", line(desk.cast.laptop, "A", target=desk.cast.a01), date=datetime.date(2026, 1, 1)
    )
    assert paper.happened_at == datetime.datetime(2026, 1, 1, 22, 59, 59, 999999, tzinfo=datetime.UTC)


def test_today_is_now_and_the_future_is_refused(desk: Desk) -> None:
    before = timezone.now()
    paper = desk.post(
        "material_receipt", line(desk.cast.laptop, "A", target=desk.cast.a01), date=before.date()
    )
    assert paper.happened_at is not None
    assert before <= paper.happened_at <= timezone.now()
    for soon in (before + datetime.timedelta(hours=1), (before + datetime.timedelta(days=2)).date()):
        asked = line(desk.cast.laptop, "A", target=desk.cast.a02)
        assert isinstance(refused(desk.post, "transfer", asked, date=soon), refusals.FutureDate)


def test_a_backdated_quantity_is_refused_where_it_would_be_missing_later(desk: Desk) -> None:
    c = desk.cast
    desk.receive((), item=c.cable, quantity=5, day=1)
    desk.post("delivery_note", line(c.cable, quantity=5, source=c.a01), party=c.hafen, date=day(4))
    desk.receive((), item=c.cable, quantity=5, day=6)

    taken = line(c.cable, quantity=1, source=c.a01, target=c.a02)
    refusal = refused(desk.post, "transfer", taken, date=day(2))
    assert isinstance(refusal, refusals.NegativeLater)
    assert refusal.cases[0].note == day(4).isoformat()
    assert isinstance(refused(desk.post, "transfer", taken, date=day(5)), refusals.NegativeLater)
    desk.post("transfer", taken, date=day(6))


def test_what_was_not_there_yet_cannot_be_taken(desk: Desk) -> None:
    c = desk.cast
    desk.receive((), item=c.cable, quantity=5, day=5)

    taken = line(c.cable, quantity=1, source=c.a01, target=c.a02)
    assert isinstance(refused(desk.post, "transfer", taken, date=day(4)), refusals.NegativeLater)


# --- sent twice -------------------------------------------------------------------------------------------


def test_the_same_id_with_the_same_content_answers_the_same_and_does_nothing_twice(desk: Desk) -> None:
    asked = draft(
        "purchase_receipt",
        line(desk.cast.laptop, "A B", target=desk.cast.a01),
        party=desk.cast.nordlink,
        id=uuid4(),
        date=day(1),
    )
    first = services.submit(user=desk.user, draft=asked)
    before = dump()
    again = services.submit(user=desk.user, draft=asked)

    assert (again.pk, again.number, again.state) == (first.pk, first.number, "posted")
    assert changed(before) == []


def test_the_same_id_with_other_content_is_refused(desk: Desk) -> None:
    asked = draft(
        "purchase_receipt",
        line(desk.cast.laptop, "A", target=desk.cast.a01),
        party=desk.cast.nordlink,
        date=day(1),
    )
    first = services.submit(user=desk.user, draft=asked)
    others = (
        replace(asked, lines=(line(desk.cast.laptop, "B", target=desk.cast.a01),)),
        replace(asked, party=desk.cast.acme.pk),
        replace(asked, reference="PO"),
        replace(asked, date=day(2)),
        replace(asked, lines=()),
    )
    for other in others:
        refusal = refused(services.submit, user=desk.user, draft=other)
        assert isinstance(refusal, refusals.IdConflict)
        assert refusal.cases[0].document == first.number


def test_posting_what_is_posted_answers_the_same(desk: Desk) -> None:
    paper = desk.receive("A")
    before = dump()

    assert desk.post_it(paper).number == paper.number
    assert changed(before) == []


def test_a_repeated_request_after_a_reversal_does_not_post_again(desk: Desk) -> None:
    asked = draft(
        "purchase_receipt", line(desk.cast.laptop, "A", target=desk.cast.a01), party=desk.cast.nordlink
    )
    desk.reverse(services.submit(user=desk.user, draft=asked))
    before = dump()

    assert services.submit(user=desk.user, draft=asked).state == "reversed"
    assert changed(before) == []


def test_a_pending_document_announced_twice_is_one(desk: Desk) -> None:
    desk.receive("A")
    asked = draft("delivery_note", line(desk.cast.laptop, "A"), party=desk.cast.hafen)
    first = services.announce(user=desk.user, draft=asked)

    assert services.announce(user=desk.user, draft=asked).number == first.number


# --- all or nothing ---------------------------------------------------------------------------------------


def test_one_bad_unit_of_one_line_keeps_everything_from_happening(desk: Desk) -> None:
    c = desk.cast
    desk.receive("A B C")
    desk.receive((), item=c.cable, quantity=3)
    before = dump()
    lines = (
        line(c.laptop, "A B", target=c.a02),
        line(c.laptop, "C X", target=c.a02),
        line(c.cable, quantity=2, source=c.a01, target=c.a02),
    )
    with pytest.raises(refusals.UnknownSerial):
        desk.post("transfer", *lines, date=day(2))
    assert changed(before) == []


def test_a_draft_stays_a_draft_when_its_posting_is_refused(desk: Desk) -> None:
    paper = desk.create("transfer", line(desk.cast.laptop, "X", target=desk.cast.a02))

    refused(desk.post_it, paper)
    paper = Document.objects.get(pk=paper.pk)
    assert (paper.state, paper.number) == ("draft", None)


def test_an_allocation_made_with_a_delivery_goes_when_the_delivery_is_refused(desk: Desk) -> None:
    c = desk.cast
    of = first_line(desk.receive((), quantity=2))

    # Its first unit could be named, but the second line asks for what is not there.
    lines = (line(c.laptop, "N", source=c.a01), line(c.cable, quantity=1, source=c.a01))
    assert isinstance(
        refused(desk.post, "delivery_note", *lines, party=c.hafen, date=day(2)), refusals.NotEnough
    )
    assert desk.held(c.laptop, c.a01, of=of) == 2


def test_a_bill_goes_when_the_receipt_that_it_would_make_is_refused(desk: Desk) -> None:
    c = desk.cast
    desk.receive("A")
    asked = line(c.laptop, "A", target=c.a01, cost=1)

    refusal = refused(desk.post, "vendor_bill", asked, party=c.nordlink, with_stock="posted", date=day(2))
    assert said(refusal) == [("already_in_stock", ["A"])]
