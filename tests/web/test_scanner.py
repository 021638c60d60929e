"""The page that tests a scanner, and pictures that are sent to be read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from django.core.cache import cache
from django.test import Client

from seriatim.accounts.models import User
from seriatim.catalog.models import Item
from seriatim.scanning import Profile
from seriatim.scanning.profiles import profile_of, site_profile
from seriatim.scanning.trying import GS1, KEYBOARD
from seriatim.web.views import scan_picture
from tests.scanning import drawing
from tests.web.conftest import Shop

# What a scanner sends and a picture shows is read before any database is asked.
pytestmark = pytest.mark.engine_free

As = Callable[..., Client]


@pytest.fixture(autouse=True)
def fresh_counts() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def tried(client: Client, raw: str) -> str:
    answer = client.post("/scanner/", {"text": "", "raw": json.dumps(raw)})
    assert answer.status_code == 200
    return answer.text


def test_the_page_draws_the_codes_to_scan_and_says_what_came(shop: Shop, as_a: As) -> None:
    client = as_a("operator")
    page = client.get("/scanner/").text
    assert page.count('<svg viewBox="0 0 ') >= 2
    assert "The keyboard fits" in tried(client, KEYBOARD + "\r")
    assert "another country" in tried(client, KEYBOARD.replace("y", "Z").replace("-", "ß") + "\r")
    lost = tried(client, "]d2" + GS1.replace("\x1d", "") + "\r")
    assert "The separator did not come" in lost
    came = tried(client, "]d2" + GS1)
    for word in ("Separators come", "GS", "1D", "]d2", "Neither Enter nor Tab"):
        assert word in came
    other = tried(client, "(01)04006381333931(21)<b>SN-1</b>\r")
    assert "GS1 code" in other
    assert "<b>SN-1" not in other


def test_without_a_script_the_field_is_looked_at(shop: Shop, as_a: As) -> None:
    client = as_a("operator")
    answer = client.post("/scanner/", {"text": "]C0SN-1", "raw": ""})
    assert "Read as the text itself" in answer.text
    part = client.post("/scanner/", {"text": "SN-1"}, headers={"X-Part": "seen"}).text
    assert "<html" not in part


@pytest.mark.parametrize("raw", ["", "{", "[]", '"\\u0000"', '"\\ud800"', json.dumps("x" * 9_000), "null"])
def test_whatever_is_sent_is_answered(shop: Shop, as_a: As, raw: str) -> None:
    assert as_a("operator").post("/scanner/", {"text": "", "raw": raw}).status_code == 200


def test_what_was_found_out_is_kept_and_used_in_the_scan_box(shop: Shop, as_a: As) -> None:
    client = as_a("operator")
    Item.objects.update(gtin="04006381333931")
    scan = "<<]d2010400638133393121SN-104881|10L7"
    assert client.get("/find", {"q": scan}).status_code == 404
    fields = {"prefix": "<<", "suffix": "", "separator": "|", "sends_separators": "1"}
    assert client.post("/scanner/keep", fields, follow=True).status_code == 200
    user = User.objects.get(username="operator")
    assert profile_of(user) == Profile(prefix="<<", separator="|", sends_separators=True)
    assert client.get("/find", {"q": scan})["Location"] == "/units/RTR-900/SN-104881"
    client.post("/scanner/keep", {"forget": "1"})
    assert profile_of(user) == Profile()


def test_the_sites_scanner_is_everybodys_who_has_tried_none(shop: Shop, as_a: As) -> None:
    Item.objects.update(gtin="04006381333931")
    sent_by_it = "<<]d2" + GS1.replace("\x1d", "|") + "\r"
    fields = {"prefix": "<<", "suffix": "", "separator": "|", "sends_separators": "1"}
    as_a("operator").post("/scanner/keep", {**fields, "site": "1"})
    assert site_profile() == Profile(), "not for everybody to say"
    assert "Read everybody’s" not in tried(as_a("operator"), sent_by_it)
    admin = as_a("administrator")
    assert "Read everybody’s scans like this" in tried(admin, sent_by_it)
    admin.post("/scanner/keep", {**fields, "site": "1"})
    kept = Profile(prefix="<<", separator="|", sends_separators=True)
    users = [User.objects.get(username=name) for name in ("operator", "administrator")]
    assert [profile_of(user) for user in users] == [kept, kept]
    scan = "<<]d2010400638133393121SN-104881|10L7"
    operator = as_a("operator")
    assert operator.get("/find", {"q": scan})["Location"] == "/units/RTR-900/SN-104881"
    operator.post("/scanner/keep", {"prefix": "", "suffix": "", "separator": ""})
    assert profile_of(users[0]) == Profile(), "a scanner of one’s own, even one that adds nothing"
    settings = admin.get("/settings/").text
    assert 'name="scanner_prefix" value="&lt;&lt;"' in settings


def test_a_control_sign_of_the_sites_scanner_outlives_its_form(shop: Shop, as_a: As) -> None:
    admin = as_a("administrator")
    page = admin.get("/settings/")
    said = {**page.context["form"].initial, "scanner_prefix": "\x02 ", "scanner_separator": "x"}
    said = {name: value for name, value in said.items() if value is not False}
    refused = admin.post("/settings/", said)
    assert refused.status_code == 422
    assert "letters and figures stand in values too" in refused.text
    assert admin.post("/settings/", {**said, "scanner_separator": "\x1d"}).status_code == 302
    assert (site_profile().prefix, site_profile().separator) == ("\x02 ", "\x1d")


def test_what_no_scanner_sends_is_not_kept(shop: Shop, as_a: As) -> None:
    client = as_a("operator")
    for fields in ({"prefix": "x" * 21}, {"separator": "A"}, {"suffix": "\0"}):
        client.post("/scanner/keep", fields)
        assert profile_of(User.objects.get(username="operator")) == Profile()


def sent(client: Client, data: bytes, **more: str) -> tuple[int, dict[str, object]]:
    picture = BytesIO(data)
    picture.name = "photo.jpg"
    answer = client.post("/scan/picture", {"picture": picture, **more})
    return answer.status_code, answer.json()


def test_a_photo_is_answered_with_every_code_in_it(shop: Shop, as_a: As) -> None:
    pieces = [(drawing.code("SN-104882"), (0, 0)), (drawing.code("NEW-1", drawing.DATAMATRIX), (300, 10))]
    photo = drawing.encoded(drawing.page((600, 400), *pieces), "JPEG")
    status, said = sent(as_a("operator"), photo, thorough="1")
    assert status == 200
    codes = {code["title"]: code for code in said["codes"]}  # type: ignore[attr-defined]
    assert codes["SN-104882"]["address"] == "/units/RTR-900/SN-104882"
    assert codes["SN-104882"]["words"] == "RTR-900, Available"
    assert (codes["NEW-1"]["address"], codes["NEW-1"]["scan"]) == ("", "]d1NEW-1")


def test_what_is_no_picture_is_refused(shop: Shop, as_a: As, monkeypatch: pytest.MonkeyPatch) -> None:
    client = as_a("operator")
    status, said = sent(client, b"no picture")
    assert (status, said["code"]) == (422, "invalid")
    assert client.post("/scan/picture").status_code == 422
    monkeypatch.setattr(scan_picture, "MOST_BYTES", 10)
    assert sent(client, b"x" * 11)[0] == 422


def test_too_many_pictures_are_stopped(shop: Shop, as_a: As, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_picture, "_MOST", 2)
    client = as_a("operator")
    assert [sent(client, b"x")[0] for _ in range(3)] == [422, 422, 429]
