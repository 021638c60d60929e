"""Users as the doors need them: found by name, listed, given passwords, shut out and let in again."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from seriatim.accounts import second_factor
from seriatim.accounts.models import User
from seriatim.accounts.services import (
    CONSOLE,
    keep_an_administrator,
    record_changes,
    refuse_console,
    refuse_guessable,
    refuse_unfit,
    require,
    set_name,
    set_roles,
)
from seriatim.accounts.sessions import forget_sessions
from seriatim.accounts.versions import refuse_changed
from seriatim.kernel.refusals import Invalid, NotFound

# The doors, which may not look into models, name the user's type from here.
__all__ = [
    "CONSOLE",
    "Person",
    "User",
    "anybody_can_log_in",
    "change_user",
    "console_user",
    "people",
    "set_active",
    "set_password",
    "user_by_id",
    "user_named",
    "usernames",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One user, for a list."""

    username: str
    name: str
    email: str
    roles: tuple[str, ...]
    active: bool
    #: Whether there is a password; without one the invitation is still open.
    can_log_in: bool
    second_factor: bool
    last_login: datetime | None


def user_named(*, username: str) -> User:
    """The user of that name; refuses with NotFound."""
    user = User.objects.filter(username=username).first()
    if user is None:
        raise NotFound(what="user", name=username)
    return user


def user_by_id(pk: int) -> User | None:
    """The user with this id, if there is one (still)."""
    return User.objects.filter(pk=pk).first()


def usernames(ids: Collection[int]) -> dict[int, str]:
    """The names of users by their ids."""
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "username")) if ids else {}


@transaction.atomic
def console_user() -> User:
    """The built-in user of the command line, made when it is first needed.

    Who can run the program on the machine can read and write its database anyway, so the right to administer
    gives nothing away; but every change needs a name beside it. Nobody can log in as this user.
    """
    user, created = User.objects.get_or_create(username=CONSOLE, defaults={"first_name": "Console"})
    if created:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        set_roles(by=None, user=user, roles=["administrator"])
    return user


def people(*, username: str = "") -> Sequence[Person]:
    """All users, by name; or the one of a name."""
    secured = second_factor.users_with_one()
    rows = User.objects.prefetch_related("groups").order_by("username")
    if username:
        rows = rows.filter(username=username)
    return [
        Person(
            username=user.username,
            name=user.get_full_name(),
            email=user.email,
            roles=tuple(sorted(group.name for group in user.groups.all())),
            active=user.is_active,
            can_log_in=user.has_usable_password(),
            second_factor=user.pk in secured,
            last_login=user.last_login,
        )
        for user in rows
    ]


def anybody_can_log_in() -> bool:
    """Whether there is a user with a password: a new installation has none."""
    active = User.objects.filter(is_active=True).exclude(username=CONSOLE)
    return any(user.has_usable_password() for user in active.only("password").iterator(chunk_size=100))


@transaction.atomic
def change_user(
    *, by: User, user: User, name: str | None = None, email: str | None = None, seen: int | None = None
) -> User:
    """Change one's own name and mail address, or, with the right to administer, anybody's.

    ``seen`` is the version (``accounts.versions``) that was changed. Refuses with NotPermitted, Invalid,
    ChangedMeanwhile.
    """
    _require_own(by, user)
    refuse_console(by, user)
    # Who comes second waits here, and then sees what the first one did.
    User.objects.filter(pk=user.pk).update(linked_at=user.linked_at)
    refuse_changed("user", user.pk, seen)
    row = User.objects.get(pk=user.pk)
    before = (row.get_full_name(), row.email)
    if name is not None:
        set_name(row, name)
    if email is not None:
        row.email = email.strip()
    refuse_unfit(row)
    row.save(update_fields=["first_name", "last_name", "email"])
    record_changes(
        user=by,
        subject="user",
        subject_id=row.pk,
        changes={"name": (before[0], row.get_full_name()), "email": (before[1], row.email)},
    )
    return row


@transaction.atomic
def set_password(*, by: User | None, user: User, password: str, keep: str = "") -> None:
    """Give oneself, or, with the right to administer, anybody a new password; the user's sessions end.

    ``keep`` is the key of a session that goes on, once it is signed anew. ``by`` None is whoever came by a link, or the console. Refuses with NotPermitted, and with Invalid what is too
    easy to guess.
    """
    if by is not None:
        _require_own(by, user)
    if user.username == CONSOLE:
        raise Invalid(field="user", value=CONSOLE, reason="nobody logs in as the console")
    refuse_guessable(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    forget_sessions(user, keep=keep)
    # That it changed, not what it was.
    record_changes(user=by or user, subject="user", subject_id=user.pk, changes={"password": ("", "changed")})


@transaction.atomic
def set_active(*, by: User | None, user: User, active: bool) -> None:
    """Shut a user out, or let them in again. Users are never deleted: their name stands on what they did.

    Refuses with NotPermitted, and with Invalid the last administrator.
    """
    if by is not None:
        require(by, "administer")
    refuse_console(by, user)
    record_changes(
        user=by or user, subject="user", subject_id=user.pk, changes={"active": (user.is_active, active)}
    )
    User.objects.filter(pk=user.pk).update(is_active=active)
    if not active:
        forget_sessions(user)
    keep_an_administrator(by)
    # Not before: a refusal takes back what is in the database, not what the caller holds.
    user.is_active = active


def _require_own(by: User, user: User) -> None:
    # A token changes nobody, not even its own user: a stolen one would take the account over.
    if by.limited_to is not None or by.pk != user.pk or not by.is_active:
        require(by, "administer")
