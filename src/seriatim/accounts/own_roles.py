"""Roles: the four built-in ones, and a site's own, each a set of rights."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count

from seriatim.accounts.models import User
from seriatim.accounts.roles import RIGHTS, ROLES
from seriatim.accounts.services import keep_an_administrator, record_changes, require
from seriatim.accounts.transactions import one_transaction
from seriatim.kernel.refusals import Case, InUse, Invalid, NotFound

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """One role; ``own`` is a site's own, which can be changed and deleted."""

    name: str
    rights: frozenset[str]
    own: bool
    users: int


def roles() -> Sequence[Role]:
    """All roles: the built-in ones from the smallest to the largest, then the site's own by name."""
    groups = Group.objects.annotate(users=Count("user", distinct=True)).prefetch_related("permissions")
    found = [
        Role(
            name=group.name,
            rights=frozenset(one.codename for one in group.permissions.all() if one.codename in RIGHTS),
            own=group.name not in ROLES,
            users=group.users,
        )
        for group in groups
    ]
    order = {name: place for place, name in enumerate(ROLES)}
    return sorted(found, key=lambda role: (order.get(role.name, len(order)), role.name))


@one_transaction
def save_role(*, by: User, name: str, rights: Iterable[str], was: str = "") -> None:
    """Make a role of the site's own, or (``was``: its present name) change one.

    Refuses with NotPermitted, NotFound, Invalid (name, rights), and the built-in roles, which are what the
    documentation says they are.
    """
    require(by, "administer")
    wanted, name = set(rights), " ".join(name.split())
    group = _own(was) if was else Group()
    if not name:
        raise Invalid(field="name", reason="required")
    if len(name) > LONGEST_NAME or not name.isprintable() or "," in name:
        raise Invalid(
            field="name",
            value=name[:LONGEST_NAME],
            reason=f"at most {LONGEST_NAME} printable signs, no comma",
        )
    # Few enough to be compared here, where every letter has a lower case; SQLite knows those of ASCII.
    others = Group.objects.exclude(pk=group.pk).values_list("name", flat=True)
    if name.casefold() in map(str.casefold, others):
        raise Invalid(field="name", value=name, reason="taken")
    if unknown := sorted(wanted - set(RIGHTS)):
        raise Invalid(field="rights", value=", ".join(unknown), reason="unknown")
    if not wanted:
        raise Invalid(field="rights", reason="required")
    before = sorted(_rights_of(group)) if group.pk else []
    group.name = name
    group.save()
    type_ = ContentType.objects.get_for_model(User)
    group.permissions.set(Permission.objects.filter(content_type=type_, codename__in=wanted))
    keep_an_administrator(by)
    record_changes(
        user=by,
        subject="role",
        subject_id=group.pk,
        changes={"name": (was, name), "rights": (", ".join(before), ", ".join(sorted(wanted)))},
    )


@one_transaction
def delete_role(*, by: User, name: str) -> None:
    """Delete a role of the site's own that nobody has. Refuses with NotPermitted, NotFound, Invalid, InUse."""
    require(by, "administer")
    group = _own(name)
    holders = list(User.objects.filter(groups=group).order_by("username").values_list("username", flat=True))
    if holders:
        raise InUse([Case(note=holder) for holder in holders], what="role", name=name)
    pk = group.pk
    group.delete()
    record_changes(user=by, subject="role", subject_id=pk, changes={"name": (name, "")})


def _own(name: str) -> Group:
    group = Group.objects.filter(name=name).first()
    if group is None:
        raise NotFound(what="role", name=name)
    if group.name in ROLES:
        raise Invalid(field="name", value=name, reason="made by the system")
    return group


def _rights_of(group: Group) -> set[str]:
    return {one.codename for one in group.permissions.all()} & set(RIGHTS)
