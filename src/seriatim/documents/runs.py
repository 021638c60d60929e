"""Postings that somebody waits for: in the background when they are large, with a row that tells how they ended.

A posting is one transaction, so there is no "40 % posted": either all of it is there or nothing. What can honestly
be told while it runs is how many units it has and how long it has been at it.
"""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connections
from django.utils import timezone

from seriatim.accounts.models import User
from seriatim.documents import services
from seriatim.documents.lines import open_document
from seriatim.documents.models import PostingRun
from seriatim.documents.paper import get
from seriatim.documents.scans.progress import progress
from seriatim.documents.transactions import one_transaction
from seriatim.kernel.amounts import ONE
from seriatim.kernel.refusals import Busy, Refusal
from seriatim.kernel.states import State

#: From so many units on a posting is not waited for: 5,000 take some tenths of a second.
LARGE = 5_000
#: A run that has said nothing for so long ended with its process; nothing of it was written.
LOST_AFTER = timedelta(minutes=10)

_log = logging.getLogger(__name__)


def post_or_start(*, user: User, document_id: UUID, **said: Any) -> PostingRun | None:
    """Post now, or start a posting in the background if it is large. Raises what ``services.post`` raises."""
    document = get(document_id)
    units = sum(max(line.scanned, line.wanted or 0) for line in progress(document).lines) // ONE
    if units < LARGE or document.state not in (State.DRAFT, State.PENDING):
        services.post(user=user, document_id=document_id, **said)
        return None
    run = _begin(user=user, document_id=document_id, units=units)
    start(lambda: carry_out(run, user=user, **said))
    return run


def start(work: Callable[[], None]) -> None:
    """Run it in a thread of its own, whose database connections end with it."""

    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    threading.Thread(target=run, name="posting", daemon=True).start()


def carry_out(run: PostingRun, *, user: User, **said: Any) -> None:
    """Post, and write down how it ended."""
    refusal: dict[str, Any] | None = None
    try:
        services.post(user=user, document_id=run.document_id, **said)
    except Refusal as refused:
        refusal = refused.as_dict()
    except Exception:  # noqa: BLE001  (the page that waits has to be told, whatever it was)
        _log.exception("posting %s failed", run.document_id)
        refusal = {"code": "failed"}
    PostingRun.objects.filter(pk=run.pk).update(ended_at=timezone.now(), refusal=refusal)


def latest(document: UUID) -> PostingRun | None:
    """The document's last run; one whose process ended with it counts as failed."""
    run = PostingRun.objects.filter(document=document).order_by("-started_at").first()
    if run is not None and run.ended_at is None and timezone.now() - run.started_at > LOST_AFTER:
        run.ended_at, run.refusal = timezone.now(), {"code": "failed"}
        run.save(update_fields=["ended_at", "refusal"])
    return run


@one_transaction
def _begin(*, user: User, document_id: UUID, units: int) -> PostingRun:
    document = open_document(user, document_id)
    before = latest(document.id)
    if before is not None and before.ended_at is None:
        raise Busy
    return PostingRun.objects.create(
        id=uuid4(), document=document, user=user, units=units, started_at=timezone.now()
    )
