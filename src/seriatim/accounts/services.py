"""Who may do what, and writing down who did."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone

from seriatim.accounts.models import Change, User
from seriatim.accounts.roles import RIGHTS
from seriatim.accounts.scopes import scope_of
from seriatim.accounts.transactions import one_transaction
from seriatim.kernel.refusals import Case, Invalid, NotFound, NotPermitted

#: Whoever works at the machine's own command line without saying who they are.
CONSOLE = "console"
#: Changes registered by one statement; Django makes it fewer where the engine takes fewer parameters.
_BATCH = 2_000


class Changed(NamedTuple):
    """One field of one record, with its old and new value."""

    subject: str
    subject_id: object
    field: str
    old: object
    new: object


def may(user: User, right: str) -> bool:
    """Whether the user has the right; nobody who is deactivated has any, and a token lets through its scopes' only."""
    if right not in RIGHTS:
        raise AssertionError(f"no such right: {right}")
    let_through = user.limited_to is None or right in user.limited_to
    return let_through and user.is_active and user.has_perm(f"accounts.{right}")


def require(user: User, right: str) -> None:
    """Refuse with NotPermitted unless the user has the right."""
    if may(user, right):
        return
    if user.limited_to is not None and right not in user.limited_to:
        raise NotPermitted(right=right, user=user.get_username(), scope=scope_of(right))
    raise NotPermitted(right=right, user=user.get_username())


def record_changes(
    *,
    user: User,
    subject: str,
    subject_id: object,
    changes: Mapping[str, tuple[object, object]],
    reason: str = "",
) -> None:
    """Register changed fields of one record, ``{field: (old, new)}``; unchanged ones are skipped."""
    record_all(
        user=user,
        changes=(Changed(subject, subject_id, field, old, new) for field, (old, new) in changes.items()),
        reason=reason,
    )


def record_all(*, user: User, changes: Iterable[Changed], reason: str = "") -> None:
    """Register changed fields of many records, in as few statements as the engine allows."""
    now = timezone.now()
    Change.objects.bulk_create(
        (
            Change(
                subject=one.subject,
                subject_id=str(one.subject_id),
                field=one.field,
                old=_text(one.old),
                new=_text(one.new),
                reason=reason,
                user=user,
                at=now,
            )
            for one in changes
            if one.old != one.new
        ),
        batch_size=_BATCH,
    )


def _text(value: object) -> str:
    return "" if value is None else str(value)


@one_transaction
def create_user(
    *,
    by: User | None,
    username: str,
    password: str | None,
    roles: Iterable[str],
    email: str = "",
    name: str = "",
) -> User:
    """Create a user in the given roles. ``by`` None is the console of the machine itself.

    Without a password nobody can log in as the user until a link has set one. Refuses with NotPermitted,
    Invalid (username, email, name, password), NotFound (a role).
    """
    if by is not None:
        require(by, "administer")
    username = User.normalize_username(username.strip())
    if User.objects.filter(username__iexact=username).exists():
        raise Invalid([Case(note=username)], field="username", reason="taken")
    user = User(username=username, email=email.strip())
    set_name(user, name)
    refuse_unfit(user)
    if password is None:
        user.set_unusable_password()
    else:
        refuse_guessable(password, user)
        user.set_password(password)
    user.save()
    record_changes(user=by or user, subject="user", subject_id=user.pk, changes={"username": ("", username)})
    set_roles(by=by, user=user, roles=roles)
    return user


def set_name(user: User, name: str) -> None:
    """Put a whole name into the user, unsaved."""
    first, _, last = " ".join(name.split()).partition(" ")
    user.first_name, user.last_name = first, last


def refuse_unfit(user: User) -> None:
    """Refuse with Invalid what cannot stand in the user's fields."""
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        field = "name" if field in ("first_name", "last_name") else field
        raise Invalid(field=field, reason=" ".join(messages).rstrip(".")) from None


def refuse_guessable(password: str, user: User) -> None:
    """Refuse with Invalid a password that is too easy to guess."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(field="password", reason=" ".join(error.messages).rstrip(".")) from None


@one_transaction
def set_roles(*, by: User | None, user: User, roles: Iterable[str]) -> None:
    """Put the user into exactly these roles. Refuses with NotPermitted, NotFound, and Invalid the last administrator."""
    if by is not None:
        require(by, "administer")
    refuse_console(by, user)
    wanted = set(roles)
    groups = list(Group.objects.filter(name__in=wanted))
    if unknown := wanted - {group.name for group in groups}:
        raise NotFound(what="role", name=", ".join(sorted(unknown)))
    before = sorted(user.groups.values_list("name", flat=True))
    user.groups.set(groups)
    keep_an_administrator(by)
    record_changes(
        user=by or user,
        subject="user",
        subject_id=user.pk,
        changes={"roles": (", ".join(before), ", ".join(sorted(wanted)))},
    )


def refuse_console(by: User | None, user: User) -> None:
    """Refuse with Invalid to change the user of the command line: without its role the machine's owner is helpless."""
    if by is not None and user.username == CONSOLE:
        raise Invalid(field="user", value=CONSOLE, reason="made by the system")


def keep_an_administrator(by: User | None) -> None:
    """Refuse with Invalid what has left nobody who could log in and administer.

    Not to the console of the machine, which can always do it again.
    """
    if by is None or by.username == CONSOLE:
        return
    # Of two administrators who take each other's role away, the second one waits here and is refused.
    Group.objects.filter(permissions__codename="administer").update(name=F("name"))
    left = User.objects.filter(is_active=True, groups__permissions__codename="administer")
    if not left.exclude(username=CONSOLE).exists():
        raise Invalid(field="roles", reason="nobody would be left who can manage users and settings")
