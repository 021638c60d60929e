"""Every page says which right it takes, and refuses whoever has none of those that it names."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import URLPattern, reverse

from seriatim.accounts.backend import BACKEND
from seriatim.accounts.models import User
from seriatim.accounts.roles import RIGHTS
from seriatim.web.urls import urlpatterns

#: Values for the parts of addresses, where it matters what stands there.
PARTS = {"path": "NO/SUCH", "name": "NO-1", "what": "items"}

PAGES = {str(pattern.name): pattern for pattern in urlpatterns if isinstance(pattern, URLPattern)}


def rights_of(pattern: URLPattern) -> tuple[str, ...]:
    return getattr(pattern.callback, "rights", ())


@pytest.mark.engine_free
@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_names_the_rights_that_open_it(name: str) -> None:
    rights = rights_of(PAGES[name])
    assert rights, f"{name}: takes(…), own or public"
    assert set(rights) <= {*RIGHTS, "own", "public"}


@pytest.mark.engine_free
def test_what_is_open_to_the_world_is_known() -> None:
    open_to_all = {name for name, page in PAGES.items() if rights_of(page) == ("public",)}
    assert open_to_all == {
        *("login", "login_code", "logout", "password_forgot", "password_set"),
        *("unit_public", "digital_link"),
    }


def _part(name: str, converter: object) -> object:
    if name in PARTS:
        return PARTS[name]
    kind = type(converter).__name__
    return {"IntConverter": 1, "UUIDConverter": UUID(int=1)}.get(kind, "NO-1")


def _address(name: str) -> str:
    converters = PAGES[name].pattern.converters
    return reverse(name, kwargs={part: _part(part, converter) for part, converter in converters.items()})


CLOSED = sorted(name for name, page in PAGES.items() if rights_of(page) != ("public",))


@pytest.mark.parametrize("name", CLOSED)
def test_strangers_are_sent_to_the_log_in(name: str, db: None) -> None:
    for method in (Client().get, Client().post):
        answer = method(_address(name))
        assert answer.status_code == 302
        assert answer["Location"].startswith("/login/")


@pytest.mark.parametrize("name", [name for name in CLOSED if rights_of(PAGES[name]) != ("own",)])
def test_whoever_has_none_of_the_rights_sees_nothing(name: str, db: None) -> None:
    others = Group.objects.create(name="all the other rights")
    others.permissions.set(Permission.objects.filter(codename__in=set(RIGHTS) - set(rights_of(PAGES[name]))))
    user = User.objects.create(username="nearly")
    user.groups.add(others)
    visitor = Client()
    visitor.force_login(user, backend=BACKEND)
    for method in (visitor.get, visitor.post):
        assert method(_address(name)).status_code in {403, 405}
