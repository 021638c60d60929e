"""Serials that look like others: accepted when somebody has looked and says so."""

from __future__ import annotations

import dataclasses

import pytest

from seriatim.documents import services
from seriatim.documents.models import Document
from seriatim.kernel.refusals import NearTwin
from tests.support.desk import Desk, draft, line, refused


def pairs(refusal: object) -> list[tuple[str, str, str]]:
    assert isinstance(refusal, NearTwin)
    return sorted((case.serial, case.note, case.place) for case in refusal.cases)


def test_a_new_serial_that_looks_like_another_is_refused_until_it_is_confirmed(desk: Desk) -> None:
    desk.receive("SO-1 KIL7")
    refusal = refused(desk.receive, "S0-1 k1l7 XYZ", day=2)
    assert pairs(refusal) == [("S0-1", "SO-1", "A-01"), ("k1l7", "KIL7", "A-01")]
    one = draft(
        "purchase_receipt", line(desk.cast.laptop, "S0-1 XYZ", target=desk.cast.a01), party=desk.cast.acme
    )
    refused(services.submit, user=desk.user, draft=one)

    sent = dataclasses.replace(one, confirm_twins=True)
    assert services.submit(user=desk.user, draft=sent).state == "posted"
    # Once it is there it is itself: moving it warns of nothing.
    desk.move("S0-1", desk.cast.shop, day=None)


def test_twins_within_one_list_are_found_too(desk: Desk) -> None:
    assert pairs(refused(desk.receive, "AB-1 AB1 ab-1")) == [("AB1", "AB-1", ""), ("ab-1", "AB-1", "")]


def test_on_another_item_it_is_no_twin(desk: Desk) -> None:
    desk.receive("SO-1")
    desk.receive("S0-1", item=desk.cast.phone)


def test_a_draft_is_confirmed_when_it_is_posted(desk: Desk) -> None:
    desk.receive("SO-1")
    one = line(desk.cast.laptop, "S0-1", target=desk.cast.a01)
    pending = desk.announce("purchase_receipt", one, party=desk.cast.acme)
    with pytest.raises(NearTwin):
        desk.post_it(pending)
    done = services.post(user=desk.user, document_id=pending.pk, confirm_twins=True)
    assert done.state == "posted"
    assert Document.objects.get(pk=pending.pk).confirm_twins


def test_sending_a_draft_again_with_the_confirmation_is_no_conflict(desk: Desk) -> None:
    desk.receive("SO-1")
    one = draft(
        "purchase_receipt", line(desk.cast.laptop, "S0-1", target=desk.cast.a01), party=desk.cast.acme
    )
    services.create(user=desk.user, draft=one)

    again = dataclasses.replace(one, confirm_twins=True)
    assert services.submit(user=desk.user, draft=again).state == "posted"


def test_the_bill_with_stock_hands_the_confirmation_on(desk: Desk) -> None:
    desk.receive("SO-1")
    one = line(desk.cast.laptop, "S0-1", target=desk.cast.a01, cost=5)
    with pytest.raises(NearTwin):
        desk.post("vendor_bill", one, party=desk.cast.acme, with_stock="posted")
    desk.post("vendor_bill", one, party=desk.cast.acme, with_stock="posted", confirm_twins=True)
    assert desk.where("S0-1") == "A-01"


def test_a_correction_needs_no_confirmation_slips_are_what_it_is_for(desk: Desk) -> None:
    from tests.support.desk import unit

    desk.receive("SO-1")
    desk.post("correction", line(desk.cast.laptop, units=[unit("SO-1", right_serial="S0-1")]))
    assert desk.where("S0-1") == "A-01"
