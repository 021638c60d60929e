"""Who may do what, and writing down who did."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from seriatim.accounts.models import Change, User
from seriatim.accounts.roles import RIGHTS
from seriatim.accounts.scopes import scope_of
from seriatim.kernel.refusals import Case, Invalid, NotFound, NotPermitted

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


@transaction.atomic
def create_user(
    *, by: User | None, username: str, password: str, roles: Iterable[str], email: str = "", name: str = ""
) -> User:
    """Create a user in the given roles. ``by`` None is the console of the machine itself."""
    if by is not None:
        require(by, "administer")
    if User.objects.filter(username=username).exists():
        raise Invalid([Case(note=username)], field="username", reason="taken")
    first, _, last = name.partition(" ")
    user = User(username=username, email=email, first_name=first, last_name=last)
    try:
        user.full_clean(exclude=["password"])
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(field="user", reason=" ".join(error.messages)) from None
    user.set_password(password)
    user.save()
    set_roles(by=by, user=user, roles=roles)
    return user


@transaction.atomic
def set_roles(*, by: User | None, user: User, roles: Iterable[str]) -> None:
    """Put the user into exactly these roles."""
    if by is not None:
        require(by, "administer")
    wanted = set(roles)
    groups = list(Group.objects.filter(name__in=wanted))
    if unknown := wanted - {group.name for group in groups}:
        raise NotFound(what="role", name=", ".join(sorted(unknown)))
    before = sorted(user.groups.values_list("name", flat=True))
    user.groups.set(groups)
    record_changes(
        user=by or user,
        subject="user",
        subject_id=user.pk,
        changes={"roles": (", ".join(before), ", ".join(sorted(wanted)))},
    )
