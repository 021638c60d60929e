"""What waited and is posted later: when it happened is said by whoever posts it, or it is the moment of posting."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from seriatim.documents import services
from seriatim.documents.models import Document
from seriatim.kernel import refusals
from tests.support.desk import Desk, day, line, refused


def test_a_pending_document_is_posted_as_of_the_day_on_which_it_happened(desk: Desk) -> None:
    pending = desk.announce(
        "purchase_receipt", line(desk.cast.laptop, "A", target=desk.cast.a01), party=desk.cast.nordlink
    )

    posted = services.post(user=desk.user, document_id=pending.pk, at=day(3))
    assert posted.happened_at == day(3)
    assert desk.unit("A").last_at == day(3)


def test_the_rest_of_a_partial_receipt_can_be_posted_in_the_past_too(desk: Desk) -> None:
    pending = desk.announce(
        "purchase_receipt",
        line(desk.cast.laptop, "A B", target=desk.cast.a01),
        party=desk.cast.nordlink,
        date=day(0),
    )
    services.amend(user=desk.user, document_id=pending.pk, line=1, serials=["A"])
    services.post(user=desk.user, document_id=pending.pk, rest="pending")
    rest = Document.objects.get(continues=pending)

    services.post(user=desk.user, document_id=rest.pk, at=day(2))
    assert (desk.unit("A").last_at, desk.unit("B").last_at) == (day(0), day(2))


def test_posting_in_the_future_is_refused(desk: Desk) -> None:
    pending = desk.announce(
        "purchase_receipt", line(desk.cast.laptop, "A", target=desk.cast.a01), party=desk.cast.nordlink
    )
    refusal = refused(
        services.post, user=desk.user, document_id=pending.pk, at=timezone.now() + timedelta(hours=1)
    )
    assert isinstance(refusal, refusals.FutureDate)
