"""Users and roles, for who administers. Passwords never pass here: a user chooses theirs by the link of an invitation."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from pydantic import Field

from seriatim.accounts import own_roles
from seriatim.accounts.passwords import Link, invite
from seriatim.accounts.people import Person, User, change_user, people, set_active, user_named
from seriatim.accounts.roles import RIGHTS
from seriatim.accounts.services import create_user, set_roles
from seriatim.accounts.sessions import end_all_sessions
from seriatim.api.operations import Resource
from seriatim.api.pages import PARAMETERS, in_memory, paged
from seriatim.api.records import tagged, unchanged_since, who
from seriatim.api.values import Flag, Moment, Said, Shown, Text, left_out
from seriatim.catalog.access import granted_codes
from seriatim.catalog.selectors import locations_by_code, site
from seriatim.catalog.services import restrict_to
from seriatim.catalog.transactions import queue_up
from seriatim.kernel.refusals import NotFound

users = Resource("Users")

_RIGHTS_ARE = f"Of {', '.join(RIGHTS)}."


class UserFields(Said):
    """What may be said of a user; what is left out stays as it is."""

    name: Text = left_out()
    email: Text = left_out("Where invitations and links go.")
    roles: list[Text] = left_out("All roles that the user has from now on.")
    locations: list[Text] = left_out(
        "The codes of the locations where the user may work, with all below them; none: everywhere."
    )


class NewUser(UserFields):
    """A user to be made. Nobody can log in as them before they have chosen a password."""

    username: Text
    roles: list[Text]
    invite: Flag = left_out("Send a link by which they choose their password.")


class SaidRole(Said):
    """A role of the site's own."""

    name: Text = left_out("A new name.")
    rights: list[Text] = Field(description=_RIGHTS_ARE)


class Somebody(Shown):
    """A user."""

    username: str
    name: str
    email: str
    roles: list[str]
    locations: list[str] = Field(description="Where they may work, with all below; empty: everywhere.")
    active: bool
    can_log_in: bool = Field(description="Whether there is a password; without one an invitation is open.")
    second_factor: bool
    last_login: Moment | None


class UsersPage(Shown):
    """Users, by name."""

    rows: list[Somebody]
    next: str | None


class Role(Shown):
    """A role."""

    name: str
    rights: list[str]
    own: bool = Field(description="One of the site's own; the others are built in.")
    users: int


class RolesPage(Shown):
    """Roles."""

    rows: list[Role]
    next: str | None


# --- users --------------------------------------------------------------------------------------------------


def _said(row: Person, locations: list[str]) -> dict[str, Any]:
    said = {name: getattr(row, name) for name in Somebody.model_fields if name != "locations"}
    return {**said, "roles": list(row.roles), "locations": locations}


def _one(name: str) -> dict[str, Any]:
    user = user_named(username=name)
    [row] = people(username=name)
    return _said(row, granted_codes([user.pk]).get(name, []))


def _edited(name: str) -> dict[str, Any]:
    """What somebody changes of a user: when they logged in last is not a change of theirs."""
    return {field: value for field, value in _one(name).items() if field != "last_login"}


def _tagged(response: HttpResponse, name: str, *, address: str = "") -> Any:
    tagged(response, _edited(name), address=address)
    return _one(name)


def _restrict(by: User, whom: User, codes: list[str]) -> None:
    found = locations_by_code(codes)
    if unknown := [code for code in codes if code not in found]:
        raise NotFound(what="location", name=unknown[0])
    restrict_to(user=by, whom=whom, locations=list(found.values()))


def _link(request: HttpRequest) -> Link:
    return lambda uid, token: request.build_absolute_uri(reverse("password_set", args=[uid, token]))


@users.get("/users", takes="administer", answers=UsersPage, streams=True, query=PARAMETERS)
def list_(request: HttpRequest) -> Any:
    """All users, by name."""
    locations = granted_codes()
    behind = in_memory(
        people(), lambda row: (row.username,), lambda row: _said(row, locations.get(row.username, []))
    )
    return paged(request, behind, tuple(Somebody.model_fields))


@users.post("/users", takes="administer", answers=Somebody, status=201)
def create(request: HttpRequest, response: HttpResponse, said: NewUser) -> Any:
    """Make a user, and invite them."""
    made = _created(who(request), said, _link(request))
    return _tagged(response, made, address=f"/api/v1/users/{made}")


@transaction.atomic
def _created(by: User, said: NewUser, link: Link) -> str:
    """All of it or nothing: no user stays who may work where they should not."""
    made = create_user(
        by=by,
        username=said.username,
        password=None,
        roles=said.roles,
        email=said.email or "",
        name=said.name or "",
    )
    if said.locations:
        _restrict(by, made, said.locations)
    if said.invite:
        invite(by=by, user=made, link=link, site=site().name)
    return made.get_username()


@users.get("/users/{name}", takes="administer", answers=Somebody)
def read(request: HttpRequest, response: HttpResponse, name: str) -> Any:
    """One user."""
    return _tagged(response, name)


@users.patch("/users/{name}", takes="administer", answers=Somebody)
def change(request: HttpRequest, response: HttpResponse, name: str, said: UserFields) -> Any:
    """Change a user's name, mail address, roles or locations, and leave the rest."""
    by = who(request)
    fields = said.model_dump(exclude_unset=True)
    with transaction.atomic(), unchanged_since(request, lambda: _edited(name)):
        whom = user_named(username=name)
        if "name" in fields or "email" in fields:
            change_user(by=by, user=whom, name=fields.get("name"), email=fields.get("email"))
        if "roles" in fields:
            set_roles(by=by, user=whom, roles=fields["roles"])
        if "locations" in fields:
            _restrict(by, whom, fields["locations"])
        return _tagged(response, name)


@users.post("/users/{name}/deactivate", takes="administer", answers=Somebody)
def deactivate(request: HttpRequest, response: HttpResponse, name: str) -> Any:
    """Shut a user out, everywhere and at once; what they did stays under their name."""
    set_active(by=who(request), user=user_named(username=name), active=False)
    return _tagged(response, name)


@users.post("/users/{name}/activate", takes="administer", answers=Somebody)
def activate(request: HttpRequest, response: HttpResponse, name: str) -> Any:
    """Let a user in again."""
    set_active(by=who(request), user=user_named(username=name), active=True)
    return _tagged(response, name)


@users.post("/users/{name}/invite", takes="administer", answers=Somebody)
def invite_(request: HttpRequest, response: HttpResponse, name: str) -> Any:
    """Send a link by which the user chooses a password."""
    invite(by=who(request), user=user_named(username=name), link=_link(request), site=site().name)
    return _tagged(response, name)


@users.post("/users/{name}/log-out", takes="administer", answers=Somebody)
def log_out(request: HttpRequest, response: HttpResponse, name: str) -> Any:
    """End all sessions of a user; their tokens stay."""
    end_all_sessions(by=who(request), user=user_named(username=name))
    return _tagged(response, name)


# --- roles --------------------------------------------------------------------------------------------------


def _role(row: own_roles.Role) -> dict[str, Any]:
    return {"name": row.name, "rights": sorted(row.rights), "own": row.own, "users": row.users}


def _role_named(name: str) -> dict[str, Any]:
    for row in own_roles.roles():
        if row.name == name:
            return _role(row)
    raise NotFound(what="role", name=name)


@users.get("/roles", takes="administer", answers=RolesPage, streams=True, query=PARAMETERS)
def roles(request: HttpRequest) -> Any:
    """Roles, built in and of the site's own, by name."""
    behind = in_memory(own_roles.roles(), lambda row: (row.name,), _role)
    return paged(request, behind, tuple(Role.model_fields))


@users.get("/roles/{name}", takes="administer", answers=Role)
def role(request: HttpRequest, response: HttpResponse, name: str) -> Any:
    """One role."""
    return tagged(response, _role_named(name))


@users.put("/roles/{name}", takes="administer", answers=Role)
def save_role(request: HttpRequest, response: HttpResponse, name: str, said: SaidRole) -> Any:
    """Make a role of the site's own, or replace one that is there."""
    return tagged(response, _role_named(_saved(request, name, said)))


@transaction.atomic
def _saved(request: HttpRequest, name: str, said: SaidRole) -> str:
    # Of two who make one role at the same moment the second one replaces it.
    queue_up()
    with unchanged_since(request, lambda: _role_named(name)):
        there = any(row.name == name for row in own_roles.roles())
        new = said.name or name
        own_roles.save_role(by=who(request), name=new, rights=said.rights, was=name if there else "")
        return " ".join(new.split())


@users.delete("/roles/{name}", takes="administer", answers=None, status=204)
def delete_role(request: HttpRequest, name: str) -> None:
    """Delete a role of the site's own that nobody has."""
    with unchanged_since(request, lambda: _role_named(name)):
        own_roles.delete_role(by=who(request), name=name)
