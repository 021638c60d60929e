"""What cannot be answered is told on a page: within the frame to whoever is logged in, as a card to others."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import clear_url_caches, path
from pytest_django import Settings

from seriatim.config import urls as own_urls
from seriatim.config.whole_bodies import whole
from seriatim.web.views.rights import public

# Services are tried on both engines; a page is the same on either.
pytestmark = pytest.mark.engine_free

As = Callable[..., Client]
FRAME = 'class="side"'


@public
def _fails(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("secret detail")


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_urls, "urlpatterns", [path("fails", _fails), *own_urls.urlpatterns])
    clear_url_caches()


def test_pages_that_do_not_exist(as_a: As, client: Client) -> None:
    inside, outside = as_a("viewer").get("/nowhere"), client.get("/nowhere")
    assert inside.status_code == outside.status_code == 404
    for answer in (inside, outside):
        assert "There is nothing at this address." in answer.text
    assert FRAME in inside.text
    assert FRAME not in outside.text


def test_pages_one_may_not_see(as_a: As) -> None:
    answer = as_a("viewer").get("/users/")
    assert answer.status_code == 403
    assert FRAME in answer.text
    assert "You may not see this page." in answer.text


def test_methods_that_are_not_taken(as_a: As, client: Client) -> None:
    answer = as_a("viewer").get("/account/sessions/end")
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert "cannot be opened in this way" in answer.text
    assert FRAME in answer.text
    program = as_a("viewer").get("/account/sessions/end", headers={"accept": "application/json"})
    assert program.text == ""


def test_a_host_that_is_not_ours(client: Client) -> None:
    answer = client.get("/login/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "This cannot be read." in answer.text
    assert "evil.example" not in answer.text


def test_too_much_at_once(as_a: As, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    client = as_a("viewer")
    answer = client.post("/account/", {"what": "you", "name": "x" * 2000})
    assert answer.status_code == 413
    assert "too much at once" in answer.text
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    answer = client.post("/account/", {str(number): "" for number in range(5)})
    assert answer.status_code == 413


def test_a_form_without_its_token_within_the_frame(as_a: As) -> None:
    inside = as_a("viewer")
    inside.handler.enforce_csrf_checks = True
    answer = inside.post("/account/", {})
    assert answer.status_code == 403
    assert "too old to be sent" in answer.text
    assert FRAME in answer.text


@pytest.mark.usefixtures("failing")
def test_what_goes_wrong_on_our_side_has_a_number_and_tells_no_details(
    as_a: As, caplog: pytest.LogCaptureFixture
) -> None:
    client = as_a("viewer")
    client.raise_request_exception = False
    answer = client.get("/fails")
    assert answer.status_code == 500
    assert FRAME in answer.text
    assert answer["X-Request-ID"] in answer.text
    assert "secret detail" not in answer.text
    assert "secret detail" in caplog.text


@pytest.mark.usefixtures("failing")
def test_the_page_stands_even_where_the_frame_cannot(as_a: As, monkeypatch: pytest.MonkeyPatch) -> None:
    client = as_a("viewer")
    client.raise_request_exception = False

    def gone(**_: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr("seriatim.web.navigation.preferences", gone)
    answer = client.get("/fails")
    assert answer.status_code == 500
    assert "Something went wrong on our side." in answer.text
    assert answer["X-Request-ID"] in answer.text
    assert FRAME not in answer.text


HALF = "serials=SN-1%0ASN-2"


@pytest.mark.parametrize(
    ("type_", "half"),
    [
        ("application/x-www-form-urlencoded", HALF),
        (
            "multipart/form-data; boundary=b",
            '--b\r\nContent-Disposition: form-data; name="serials"\r\n\r\nSN-1\r\nSN',
        ),
        ("application/json", '{"scans": ['),
    ],
    ids=["a form", "a form with files", "a script's words"],
)
@pytest.mark.parametrize("token", ["in the form", "in a header"])
def test_half_of_what_was_sent_is_not_taken_for_all_of_it(
    as_a: As, monkeypatch: pytest.MonkeyPatch, type_: str, half: str, token: str
) -> None:
    """Whether the line was cut by the network or by a proxy that had enough."""
    acted = []

    @public
    def act(request: HttpRequest) -> HttpResponse:
        acted.append(request.POST or request.body)
        return HttpResponse("done")

    monkeypatch.setattr(own_urls, "urlpatterns", [path("act", act), *own_urls.urlpatterns])
    clear_url_caches()
    client = as_a("manager")
    client.handler.enforce_csrf_checks = token == "in a header"
    client.cookies["csrftoken"] = secret = "a" * 32
    broken: dict[str, Any] = {
        "wsgi.input": whole(io.BytesIO(half.encode()), len(half) + 1),
        "CONTENT_LENGTH": str(len(half) + 1),
    }
    answer = client.generic(
        "POST",
        "/act",
        half,
        content_type=type_,
        headers={"X-CSRFToken": secret},
        **broken,
    )
    assert (answer.status_code, acted) == (400, [])
    assert "broke off" in answer.text
