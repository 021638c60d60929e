"""Answers that are kept, so that a request sent again is answered again instead of done again.

The answer is written in the transaction of what it answers: both are there or neither is, whenever a connection
is lost. Knows nothing of what is asked; whoever asks says how a request is known again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from seriatim.accounts.models import KeptAnswer, User
from seriatim.kernel.refusals import Invalid

#: The longest key; a UUID has 36 characters.
LONGEST_KEY = 100
#: Nobody asks again after so long: programs that retry do so within hours, people within days.
KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered. ``good`` is false for a refusal: nothing was done, so nothing is kept."""

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)
    good: bool = True


class KeyReused(Exception):
    """The key was used before, for another request."""


def once(*, user: User, key: str, request: str, act: Callable[[], Answer]) -> Answer:
    """Do it, or give the answer that was given when it was done. ``request`` says what was asked, as a hash.

    Of several that come at the same moment, one does it and the others wait for its answer. Raises Invalid (a key
    that is none) and KeyReused.
    """
    if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise Invalid(field="Idempotency-Key", reason=f"1 to {LONGEST_KEY} printable ASCII characters")
    with transaction.atomic():
        if (row := _claimed(user, key, request)) is None:
            return _again(user, key, request)
        answer = act()
        if answer.good:
            row.status, row.body, row.headers = answer.status, answer.body, dict(answer.headers)
            row.save(update_fields=["status", "body", "headers"])
        else:
            # What a refused request may have begun is taken back, and the key is free for the request mended.
            transaction.set_rollback(True)
        return answer


def forget_old() -> int:
    """Throw away what nobody will ask for again. Returns how many answers."""
    deleted, _ = KeptAnswer.objects.filter(at__lt=timezone.now() - KEPT_FOR).delete()
    return deleted


def _claimed(user: User, key: str, request: str) -> KeptAnswer | None:
    """The key's row, ours to fill; None if it is another's. Waits while the other one is still at work."""
    try:
        with transaction.atomic():
            return KeptAnswer.objects.create(
                user=user, key=key, request=request, status=0, body="", at=timezone.now()
            )
    except IntegrityError:
        return None


def _again(user: User, key: str, request: str) -> Answer:
    row = KeptAnswer.objects.get(user=user, key=key)
    if row.request != request:
        raise KeyReused(key)
    return Answer(row.status, row.body, row.headers)
