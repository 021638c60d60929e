"""Where somebody is logged in: noted at the log-in, listed on their page, ended one by one or all at once."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from seriatim.accounts.models import LogIn, User
from seriatim.accounts.services import record_changes, require
from seriatim.kernel.refusals import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """One session that is still good. ``here``: the one that asks."""

    id: int
    at: datetime
    address: str
    browser: str
    here: bool


@transaction.atomic
def note_log_in(*, user: User, session_key: str, address: str, browser: str) -> None:
    """Write down a session that has just begun, and forget the user's that are over."""
    over = LogIn.objects.filter(user=user).exclude(session_key__in=_good().values("session_key"))
    over.delete()
    LogIn.objects.update_or_create(
        session_key=session_key,
        defaults={
            "user": user,
            "at": timezone.now(),
            "address": address[:45],
            "browser": _printable(browser)[:200],
        },
    )


def open_sessions(*, user: User, session_key: str) -> Sequence[OpenSession]:
    """The user's sessions that are still good, the present one first, then the newest."""
    rows = LogIn.objects.filter(user=user, session_key__in=_good().values("session_key")).order_by("-at")
    found = [
        OpenSession(
            id=row.pk,
            at=row.at,
            address=row.address,
            browser=row.browser,
            here=row.session_key == session_key,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: not one.here)


@transaction.atomic
def end_session(*, user: User, id: int) -> None:
    """End one of one's own sessions. Raises NotFound, also for somebody else's."""
    row = LogIn.objects.filter(user=user, pk=id).first()
    if row is None:
        raise NotFound(what="session", name=str(id))
    Session.objects.filter(session_key=row.session_key).delete()
    row.delete()


@transaction.atomic
def end_all_sessions(*, by: User, user: User, keep: str = "") -> None:
    """End every session of the user, noted here or not, but the one with the key ``keep``.

    One's own, or, with the right to administer, anybody's. Whoever keeps one has to sign it anew, with Django's
    ``update_session_auth_hash``. Raises NotPermitted.
    """
    if by.limited_to is not None or by.pk != user.pk:
        require(by, "administer")
    user.sessions_mark = secrets.token_hex(16)
    user.save(update_fields=["sessions_mark"])
    forget_sessions(user, keep=keep)
    record_changes(user=by, subject="user", subject_id=user.pk, changes={"sessions": ("", "ended")})


def forget_sessions(user: User, *, keep: str = "") -> None:
    """Take the user's sessions out of the list, and out of the database; in the transaction of whoever calls it."""
    rows = LogIn.objects.filter(user=user).exclude(session_key=keep)
    Session.objects.filter(session_key__in=list(rows.values_list("session_key", flat=True))).delete()
    rows.delete()


def _good() -> QuerySet[Session]:
    return Session.objects.filter(expire_date__gt=timezone.now())


def _printable(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable())
