"""Tokens: what programs show instead of a user name and password. Made, recognised, listed, revoked.

A token acts for one user, within its scopes and what that user may do at the moment; its secret is shown once.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import OperationalError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from seriatim.accounts.models import Token, User
from seriatim.accounts.people import CONSOLE
from seriatim.accounts.scopes import SCOPES, rights_of
from seriatim.accounts.services import may, record_changes, require
from seriatim.kernel.refusals import Invalid, NotFound, NotPermitted

#: Every secret begins so: it is known for ours where it turns up in a log or a repository.
SIGN = "srt_"
#: How much of a secret is kept in clear, to recognise it by.
SHOWN = 10
LONGEST_NAME = 100
#: Use is written down at most this often: a look-up must not have to wait for the one writer of SQLite.
NOTED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownToken:
    """One token, for a list. ``state`` is "good", "expired", "revoked" or "shut out" (its user is)."""

    id: int
    username: str
    name: str
    prefix: str
    scopes: tuple[str, ...]
    created_by: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_by: str
    revoked_at: datetime | None
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """A token that was just made. The secret is in no other place."""

    token: KnownToken
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """Who shows a token: its user, held to the rights of its scopes."""

    user: User
    token_id: int
    scopes: tuple[str, ...]


@transaction.atomic
def create_token(
    *, by: User, user: User, name: str, scopes: Iterable[str], expires_at: datetime | None = None
) -> NewToken:
    """Make a token for oneself, or, with the right to administer, for anybody.

    Raises NotPermitted, Invalid (user, name, scopes, expires_at).
    """
    _require_own(by, user)
    name, wanted, now = name.strip(), list(dict.fromkeys(scopes)), timezone.now()
    if user.username == CONSOLE:
        raise Invalid(field="user", value=CONSOLE, reason="the console works at the machine itself")
    if not name:
        raise Invalid(field="name", reason="required")
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise Invalid(
            field="name", value=name[:LONGEST_NAME], reason=f"at most {LONGEST_NAME} printable signs"
        )
    if not wanted:
        raise Invalid(field="scopes", reason="required")
    if unknown := [scope for scope in wanted if scope not in SCOPES]:
        raise Invalid(field="scopes", value=", ".join(unknown), reason="unknown")
    if expires_at is not None and expires_at <= now:
        raise Invalid(field="expires_at", value=expires_at.isoformat(), reason="it lies in the past")
    secret = SIGN + secrets.token_urlsafe(32)
    row = Token.objects.create(
        user=user,
        name=name,
        prefix=secret[:SHOWN],
        digest=_digest(secret),
        scopes=wanted,
        created_by=by,
        created_at=now,
        expires_at=expires_at,
    )
    record_changes(
        user=by, subject="token", subject_id=row.pk, changes={"token": ("", f"{name}: {', '.join(wanted)}")}
    )
    return NewToken(token=_known(row, now), secret=secret)


@transaction.atomic
def revoke_token(*, by: User, token_id: int) -> None:
    """End a token of one's own, or, with the right to administer, anybody's. Twice does no more than once.

    A token ends itself, whatever its scopes are, and others only with the right to administer: what was stolen to
    look must not be able to stop everything that its user has running.

    Raises NotFound, also for somebody else's token: that it exists is nobody's business. NotPermitted.
    """
    row = _row_for(by, token_id)
    if by.limited_to is not None and by.acts_by_token != row.pk:
        require(by, "administer")
    now = timezone.now()
    if Token.objects.filter(pk=token_id, revoked_at__isnull=True).update(revoked_at=now, revoked_by=by):
        record_changes(user=by, subject="token", subject_id=token_id, changes={"revoked": ("", now)})


def bearer_of(secret: str) -> Bearer | None:
    """Who shows this secret; None if it is no good, for whatever reason."""
    if not secret.startswith(SIGN):
        return None
    now = timezone.now()
    row = (
        Token.objects.select_related("user")
        .filter(digest=_digest(secret), revoked_at__isnull=True, user__is_active=True)
        .filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now))
        .first()
    )
    if row is None:
        return None
    _note_use(row, now)
    row.user.limited_to, row.user.acts_by_token = rights_of(row.scopes), row.pk
    return Bearer(user=row.user, token_id=row.pk, scopes=tuple(row.scopes))


def tokens_of(*, by: User, user: User) -> Sequence[KnownToken]:
    """The user's tokens, the newest first, revoked ones included. Raises NotPermitted."""
    if by.pk != user.pk:
        require(by, "administer")
    return _listed(Token.objects.filter(user=user))


def token(*, by: User, token_id: int) -> KnownToken:
    """One token of one's own, or, with the right to administer, anybody's. Raises NotFound."""
    return _known(_row_for(by, token_id), timezone.now())


def all_tokens(*, by: User) -> Sequence[KnownToken]:
    """Everybody's tokens, the newest first. Raises NotPermitted."""
    require(by, "administer")
    return _listed(Token.objects.all())


def _listed(rows: QuerySet[Token]) -> Sequence[KnownToken]:
    now = timezone.now()
    found = rows.select_related("user", "created_by", "revoked_by").order_by("-created_at", "-pk")
    return [_known(row, now) for row in found]


def _row_for(by: User, token_id: int) -> Token:
    """The token, if it is the user's business. Raises NotFound."""
    row = Token.objects.select_related("user", "created_by", "revoked_by").filter(pk=token_id).first()
    if row is None or not (by.is_active and (by.pk == row.user_id or may(by, "administer"))):
        raise NotFound(what="token", name=str(token_id))
    return row


def _require_own(by: User, user: User) -> None:
    """Raise NotPermitted unless it is one's own, or one administers. No token makes another one."""
    if by.limited_to is not None:
        raise NotPermitted(right="administer", user=by.get_username(), scope="administer")
    if by.pk != user.pk:
        require(by, "administer")
    elif not by.is_active:
        raise NotPermitted(user=by.get_username())


def _note_use(row: Token, now: datetime) -> None:
    if row.last_used_at is not None and now - row.last_used_at < NOTED_EVERY:
        return
    try:
        Token.objects.filter(pk=row.pk).update(last_used_at=now)
    except OperationalError:
        # Whoever asks is answered, even where the database takes no writes just now: the next request notes it.
        return


def _digest(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _known(row: Token, now: datetime) -> KnownToken:
    return KnownToken(
        id=row.pk,
        username=row.user.username,
        name=row.name,
        prefix=row.prefix,
        scopes=tuple(row.scopes),
        created_by=row.created_by.username,
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked_by=row.revoked_by.username if row.revoked_by else "",
        revoked_at=row.revoked_at,
        state=_state(row, now),
    )


def _state(row: Token, now: datetime) -> str:
    if row.revoked_at is not None:
        return "revoked"
    if row.expires_at is not None and row.expires_at <= now:
        return "expired"
    return "good" if row.user.is_active else "shut out"
