"""Real threads over real commits: one winner, named refusals for the others, and nothing that does not add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID

from seriatim.documents import services
from seriatim.documents.models import Document
from seriatim.kernel.refusals import Refusal
from seriatim.ledger.models import Balance, Identifier, Movement, Unit
from tests.support.desk import Desk, draft, first_line, line, unit
from tests.support.threads import in_threads


def outcomes(answers: list[Any]) -> Counter[str]:
    """How often each answer came: "done", a refusal's code, or whatever else it was, in words."""
    return Counter(
        "done"
        if isinstance(answer, Document)
        else answer.code
        if isinstance(answer, Refusal)
        else repr(answer)
        for answer in answers
    )


def compete(desk: Desk, n: int, paper_of: Callable[[int], Any]) -> Counter[str]:
    drafts = [paper_of(index) for index in range(n)]
    return outcomes(in_threads(n, lambda index: services.submit(user=desk.user, draft=drafts[index])))


def test_of_32_who_take_one_unit_one_gets_it(real_desk: Desk) -> None:
    desk, c = real_desk, real_desk.cast
    serials = [f"S{number}" for number in range(4)]
    desk.receive(serials, day=None)
    for serial in serials:
        got = compete(
            desk, 32, lambda _, serial=serial: draft("delivery_note", line(c.laptop, serial), party=c.hafen)
        )
        assert got["done"] == 1, got
        # Whoever comes later finds it sold; whoever was in the way too often may be told to try again.
        assert set(got) <= {"done", "not_ours", "busy"}
    assert set(Unit.objects.values_list("seq", flat=True)) == {2}


def test_of_16_who_receive_one_new_serial_one_does(real_desk: Desk) -> None:
    desk, c = real_desk, real_desk.cast
    for serial in ("N1", "N2", "N3"):
        got = compete(
            desk,
            16,
            lambda index, serial=serial: draft(
                "purchase_receipt",
                line(c.laptop, serial, target=(c.a01, c.a02)[index % 2]),
                party=(c.nordlink, c.acme)[index % 2],
            ),
        )
        assert got["done"] == 1, got
        assert set(got) <= {"done", "already_in_stock", "busy"}
    assert Unit.objects.count() == Movement.objects.count() == 3


def test_of_8_who_give_one_further_number_to_units_of_theirs_one_does(real_desk: Desk) -> None:
    """And it is nobody's quiet loss: whoever comes second is told which unit has it."""
    laptop, a01 = real_desk.cast.laptop, real_desk.cast.a01

    def paper(n: int) -> Any:
        asked = line(laptop, (), units=(unit(f"U-{n}", identifiers={"asset_tag": "T-1"}),), target=a01)
        return draft("purchase_receipt", asked, party=real_desk.cast.nordlink)

    assert compete(real_desk, 8, paper) == {"done": 1, "identifier_taken": 7}
    assert (Unit.objects.count(), Identifier.objects.count()) == (1, 1)


def test_of_those_who_reverse_one_document_one_does_and_all_are_answered_alike(real_desk: Desk) -> None:
    desk = real_desk
    paper = desk.receive("A B", day=None)
    answers = in_threads(12, lambda _: services.reverse(user=desk.user, document_id=paper.pk))

    assert set(outcomes(answers)) <= {"done", "busy"}
    assert {answer.state for answer in answers if isinstance(answer, Document)} == {"reversed"}
    assert Movement.objects.filter(reverses__isnull=False).count() == 2


def test_one_document_sent_by_many_at_once_is_posted_once_and_answers_all(real_desk: Desk) -> None:
    desk, c = real_desk, real_desk.cast
    asked = draft("purchase_receipt", line(c.laptop, "A B C", target=c.a01), party=c.nordlink)
    answers = in_threads(16, lambda _: services.submit(user=desk.user, draft=asked))

    assert set(outcomes(answers)) <= {"done", "busy"}
    assert len({answer.number for answer in answers if isinstance(answer, Document)}) == 1
    assert (Document.objects.count(), Movement.objects.count()) == (1, 3)


def test_one_id_with_different_contents_is_one_document_and_conflicts(real_desk: Desk) -> None:
    desk, c = real_desk, real_desk.cast
    id_ = draft("transfer").id
    got = compete(
        desk,
        8,
        lambda index: draft(
            "purchase_receipt", line(c.laptop, f"A{index}", target=c.a01), party=c.nordlink, id=id_
        ),
    )
    assert got["done"] == 1
    assert set(got) <= {"done", "id_conflict", "busy"}
    assert Unit.objects.count() == 1


def test_a_pending_document_posted_by_many_at_once_is_posted_once(real_desk: Desk) -> None:
    desk, c = real_desk, real_desk.cast
    desk.receive("A", day=None)
    pending = desk.announce("delivery_note", line(c.laptop, "A"), party=c.hafen)
    answers = in_threads(12, lambda _: services.post(user=desk.user, document_id=pending.pk))

    assert set(outcomes(answers)) <= {"done", "busy"}
    assert Unit.objects.get().seq == 2


def test_one_who_cancels_and_one_who_posts_do_not_both_succeed(real_desk: Desk) -> None:
    desk, c = real_desk, real_desk.cast
    for number in range(4):
        desk.receive(f"A{number}", day=None)
        pending = desk.announce("delivery_note", line(c.laptop, f"A{number}"), party=c.hafen)

        def do(index: int, pk: UUID = pending.pk) -> object:
            service = services.post if index % 2 else services.cancel
            return service(user=desk.user, document_id=pk)

        answers = in_threads(8, do)

        assert set(outcomes(answers)) <= {"done", "wrong_state", "busy"}
        pending.refresh_from_db()
        assert desk.where(f"A{number}") == {"posted": "CUSTOMERS", "cancelled": "A-01"}[pending.state]
        assert desk.unit(f"A{number}").reserved_by is None


def test_a_balance_is_never_taken_below_zero(real_desk: Desk) -> None:
    desk, c = real_desk, real_desk.cast
    desk.receive((), item=c.cable, quantity=10, cost=3, day=None)
    got = compete(
        desk, 24, lambda _: draft("delivery_note", line(c.cable, quantity=1, source=c.a01), party=c.hafen)
    )
    assert set(got) <= {"done", "not_enough", "busy"}
    assert got["done"] <= 10
    assert Balance.objects.get().quantity == (10 - got["done"]) * 1000
    # Nobody is refused while something is left, but for those who were in the way too often.
    assert got["done"] + got["busy"] >= 10


def test_waiting_goods_are_allocated_to_as_many_as_there_are(real_desk: Desk) -> None:
    desk, c = real_desk, real_desk.cast
    of = first_line(desk.receive((), quantity=5, cost=7, day=None))
    got = compete(desk, 16, lambda index: draft("allocation", line(c.laptop, f"N{index}", of=of)))

    assert set(got) <= {"done", "not_enough_waiting", "busy"}
    assert Unit.objects.count() == got["done"] <= 5
    assert Balance.objects.get().quantity == (5 - got["done"]) * 1000


def test_documents_that_take_the_same_units_in_opposite_orders_do_not_deadlock(real_desk: Desk) -> None:
    desk, c = real_desk, real_desk.cast
    serials = [f"S{number:02}" for number in range(30)]
    desk.receive(serials, day=None)
    desk.receive((), item=c.cable, quantity=100, day=None)
    places = (c.a02, c.shop, c.bench, c.van)

    def paper(index: int) -> Any:
        order = serials if index % 2 else serials[::-1]
        lines = [line(c.laptop, order[start : start + 10], target=places[index % 4]) for start in (0, 10, 20)]
        lines.append(line(c.cable, quantity=1, source=c.a01, target=places[index % 4]))
        return draft("transfer", *(lines if index % 3 else lines[::-1]))

    got = compete(desk, 16, paper)
    # Every one of them may go, one after the other, unless the units are at its target already.
    assert set(got) <= {"done", "already_in_stock", "busy"}
    assert got["done"] >= 1
    assert len(set(Unit.objects.values_list("location", flat=True))) == 1


def test_those_who_take_what_another_one_holds_are_told_so(real_desk: Desk) -> None:
    desk, c = real_desk, real_desk.cast
    desk.receive("A", day=None)

    def hold_or_take(index: int) -> Document:
        asked = draft("delivery_note", line(c.laptop, "A"), party=c.hafen)
        service = services.announce if index % 2 else services.submit
        return service(user=desk.user, draft=asked)

    got = outcomes(in_threads(16, hold_or_take))
    assert got["done"] == 1, got
    assert set(got) <= {"done", "reserved", "not_ours", "busy"}


def test_the_numbers_of_documents_posted_at_once_have_no_gaps(real_desk: Desk) -> None:
    desk, c = real_desk, real_desk.cast
    got = compete(
        desk,
        16,
        lambda index: draft("purchase_receipt", line(c.laptop, f"A{index}", target=c.a01), party=c.nordlink),
    )
    assert set(got) <= {"done", "busy"}
    numbers = sorted(int((number or "")[-5:]) for number in Document.objects.values_list("number", flat=True))
    assert numbers == list(range(1, got["done"] + 1))


def test_bills_of_one_receipt_posted_at_once_do_not_bill_it_twice(real_desk: Desk) -> None:
    desk, c = real_desk, real_desk.cast
    of = first_line(desk.receive("A B", day=None))
    got = compete(
        desk,
        8,
        lambda index: draft(
            "vendor_bill", line(c.laptop, quantity=2, cost=600 + index, of=of), party=c.nordlink
        ),
    )
    assert got["done"] == 1, got
    assert set(got) <= {"done", "link_invalid", "busy"}


def test_corrections_of_one_unit_at_once_are_one(real_desk: Desk) -> None:
    from tests.support.desk import unit

    desk, c = real_desk, real_desk.cast
    desk.receive("WRONG", day=None)
    got = compete(
        desk,
        8,
        lambda index: draft("correction", line(c.laptop, units=(unit("WRONG", right_serial=f"R{index}"),))),
    )
    assert got["done"] == 1, got
    assert set(got) <= {"done", "not_at_source", "busy"}
    assert Unit.objects.count() == 2
