"""Users as the doors need them: found by name, listed, given passwords, shut out and let in again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from seriatim.accounts.models import User
from seriatim.accounts.services import record_changes, require, set_roles
from seriatim.kernel.refusals import Invalid, NotFound

# The doors, which may not look into models, name the user's type from here.
__all__ = [
    "CONSOLE",
    "Person",
    "User",
    "console_user",
    "people",
    "set_active",
    "set_password",
    "user_named",
]

#: Whoever works at the machine's own command line without saying who they are.
CONSOLE = "console"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One user, for a list."""

    username: str
    name: str
    email: str
    roles: tuple[str, ...]
    active: bool
    last_login: datetime | None


def user_named(*, username: str) -> User:
    """The user of that name; refuses with NotFound."""
    user = User.objects.filter(username=username).first()
    if user is None:
        raise NotFound(what="user", name=username)
    return user


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


def people() -> Sequence[Person]:
    """All users, by name."""
    return [
        Person(
            username=user.username,
            name=user.get_full_name(),
            email=user.email,
            roles=tuple(sorted(group.name for group in user.groups.all())),
            active=user.is_active,
            last_login=user.last_login,
        )
        for user in User.objects.prefetch_related("groups").order_by("username")
    ]


@transaction.atomic
def set_password(*, by: User | None, user: User, password: str) -> None:
    """Give the user a new password; their sessions end. Refuses with Invalid what is too easy to guess."""
    if by is not None:
        require(by, "administer")
    if user.username == CONSOLE:
        raise Invalid(field="user", value=CONSOLE, reason="nobody logs in as the console")
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(field="password", reason=" ".join(error.messages).rstrip(".")) from None
    user.set_password(password)
    user.save(update_fields=["password"])
    # That it changed, not what it was.
    record_changes(user=by or user, subject="user", subject_id=user.pk, changes={"password": ("", "changed")})


@transaction.atomic
def set_active(*, by: User | None, user: User, active: bool) -> None:
    """Shut a user out, or let them in again. Users are never deleted: their name stands on what they did."""
    if by is not None:
        require(by, "administer")
    record_changes(
        user=by or user, subject="user", subject_id=user.pk, changes={"active": (user.is_active, active)}
    )
    user.is_active = active
    user.save(update_fields=["is_active"])
