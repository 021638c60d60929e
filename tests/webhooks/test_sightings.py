"""A stolen unit that somebody scans, only to look, is told of: at every door, once in a while, and by nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone
from typer.testing import CliRunner

from seriatim.accounts.backend import BACKEND
from seriatim.accounts.models import User
from seriatim.accounts.services import create_user
from seriatim.accounts.tokens import create_token
from seriatim.cli import load_commands
from seriatim.kernel.marks import Mark
from seriatim.ledger.marks import set_mark
from seriatim.webhooks import services
from seriatim.webhooks.collecting import collect
from seriatim.webhooks.events import EVENTS
from seriatim.webhooks.models import Event, Sighting
from seriatim.webhooks.sightings import QUIET
from seriatim.webhooks.sources import SOURCES
from tests.support.cast import Cast
from tests.support.desk import Desk


@pytest.fixture
def desk(real_cast: Cast) -> Desk:
    """S-1 is stolen; HIDDEN is held; somebody wants to hear of everything."""
    desk = Desk(real_cast, real_cast.manager)
    desk.receive("S-1 HIDDEN", day=1)
    set_mark(real_cast.manager, [desk.unit("S-1").key], Mark.STOLEN, "gone on Friday")
    set_mark(real_cast.manager, [desk.unit("HIDDEN").key], Mark.HELD, "seal")
    collect(SOURCES)
    services.subscribe(user=real_cast.admin, name="ERP", url="https://93.184.215.14/", events=list(EVENTS))
    return desk


def told() -> list[dict[str, Any]]:
    collect(SOURCES)
    rows = Event.objects.filter(name="unit.stolen_scanned").order_by("happened_at", "key")
    return list(rows.values_list("data", flat=True))


def page(path: str) -> Callable[[User], object]:
    def scan(user: User) -> object:
        client = Client()
        client.force_login(user, backend=BACKEND)
        return client.get(path)

    return scan


def api(method: str) -> Callable[[User], object]:
    def scan(user: User) -> object:
        secret = create_token(by=user, user=user, name="x", scopes=["read"]).secret
        headers = {"Authorization": f"Bearer {secret}"}
        if method == "GET":
            return Client().get("/api/v1/scan?text=S-1", headers=headers)
        return Client().post(
            "/api/v1/scan", {"text": "S-1"}, content_type="application/json", headers=headers
        )

    return scan


DOORS: dict[str, tuple[str, Callable[[User], object]]] = {
    "the box on top of every page": ("pages", page("/find?q=S-1")),
    "the returns desk": ("returns", page("/returns/?q=S-1")),
    "the API": ("api", api("GET")),
    "the API, with control characters": ("api", api("POST")),
}


@pytest.mark.parametrize("name", DOORS)
def test_every_door_tells_who_scanned_it_and_where(desk: Desk, name: str) -> None:
    door, scan = DOORS[name]
    scan(desk.cast.operator)
    assert told() == [{"item": "LAPTOP", "serial": "S-1", "door": door, "document": None, "user": "operator"}]


def test_the_command_line_tells_it_of_the_console(desk: Desk) -> None:
    result = CliRunner().invoke(load_commands(), ["scan", "S-1"])
    assert result.exit_code == 0, result.output
    assert [(data["door"], data["user"]) for data in told()] == [("cli", "console")]


def test_the_list_says_who_where_and_when_to_who_sets_marks(desk: Desk) -> None:
    for user in (desk.cast.viewer, desk.cast.operator):
        api("POST")(user)
    secret = create_token(
        by=desk.cast.operator, user=desk.cast.operator, name="y", scopes=["read", "units"]
    ).secret
    path, headers = "/api/v1/scan/stolen?limit=1", {"Authorization": f"Bearer {secret}"}
    first: Any = Client().get(path, headers=headers).json()
    second: Any = Client().get(f"{path}&cursor={first['next']}", headers=headers).json()
    assert [row["user"] for page in (first, second) for row in page["rows"]] == ["operator", "viewer"]
    assert {**second["rows"][0], "at": "", "id": 0} == {
        "id": 0, "item": "LAPTOP", "serial": "S-1", "user": "viewer", "door": "api", "at": "",
    }  # fmt: skip
    assert second["next"] is None


def test_a_viewer_causes_it_too_and_somebody_again_only_after_a_while(desk: Desk) -> None:
    for user in (desk.cast.viewer, desk.cast.viewer, desk.cast.operator, desk.cast.viewer):
        page("/find?q=S-1")(user)
    assert [data["user"] for data in told()] == ["viewer", "operator"]
    earlier = timezone.now() - QUIET - timedelta(seconds=1)
    Sighting.objects.filter(user=desk.cast.viewer).update(at=earlier, slot=0)
    page("/find?q=S-1")(desk.cast.viewer)
    assert sorted(data["user"] for data in told()) == ["operator", "viewer", "viewer"]


@pytest.mark.parametrize("text", ["HIDDEN", "S-2", "s1", "LAPTOP"])
def test_of_nothing_else_anybody_is_told(desk: Desk, text: str) -> None:
    """Held units, unknown numbers, what only looks like it, items."""
    page(f"/find?q={text}")(desk.cast.operator)
    page(f"/returns/?q={text}")(desk.cast.operator)
    assert not Sighting.objects.exists()


def test_who_may_not_look_causes_nothing(desk: Desk) -> None:
    nobody = create_user(by=desk.cast.admin, username="nobody", password=None, roles=[])
    for scan in (page("/find?q=S-1"), api("POST")):
        scan(nobody)
    assert not Sighting.objects.exists()


def test_where_it_cannot_be_written_the_scan_is_answered_all_the_same(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any, **_more: Any) -> None:
        raise DatabaseError("read only")

    monkeypatch.setattr(Sighting.objects, "bulk_create", broken)
    answer: Any = api("POST")(desk.cast.operator)
    assert (answer.status_code, answer.json()["hits"][0]["serial"]) == (200, "S-1")
    assert not Sighting.objects.exists()
