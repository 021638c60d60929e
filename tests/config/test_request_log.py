"""Every request is one line: in either format, without secrets, and with the number that the answer carries."""

from __future__ import annotations

import json
import logging
import shlex

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from pytest_django import Settings

from seriatim.config.logs import Json, Logfmt, request_id

# Services are tried on both engines; a page is the same on either.
pytestmark = pytest.mark.engine_free


def lines(caplog: pytest.LogCaptureFixture, level: int = logging.INFO) -> list[dict[str, object]]:
    return [
        {"level": record.levelno, **record.fields}  # type: ignore[attr-defined]  # put there by the log
        for record in caplog.records
        if record.name == "seriatim.request" and record.levelno >= level
    ]


def test_a_request_is_one_line(db: None, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "seriatim.request")
    client.force_login(get_user_model().objects.create_user("ada"))
    client.get("/nowhere?q=SN-1&token=secret")
    (line,) = lines(caplog)
    assert line["ms"] >= 0  # type: ignore[operator]  # a number
    assert {**line, "ms": 0} == {
        "level": logging.INFO,
        "method": "GET",
        "path": "/nowhere",
        "status": 404,
        "ms": 0,
        "user": "ada",
    }


def test_secrets_of_links_do_not_get_into_the_log(
    db: None, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    client.get("/login/password/MQ/very-secret/")
    (line,) = lines(caplog)
    assert line["path"] == "/login/password/MQ/…/"


def test_a_host_that_is_not_ours_is_told_in_a_sentence(
    db: None, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    assert client.get("/login/", headers={"host": "elsewhere.example"}).status_code == 400
    (told,) = (record for record in caplog.records if record.name == "django.security.DisallowedHost")
    assert "elsewhere.example" in Logfmt().format(told)
    assert "Traceback" not in Logfmt().format(told)


def test_a_monitor_and_style_sheets_do_not_fill_it(
    db: None, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "seriatim.request")
    client.get("/healthz")
    assert [line["level"] for line in lines(caplog, logging.DEBUG)] == [logging.DEBUG]
    client.get("/static/nothing.css")
    assert [line["status"] for line in lines(caplog)] == [404]


@pytest.mark.parametrize(
    ("proxies", "given", "taken"),
    [
        (0, "from-outside-1", False),
        (1, "from-our-proxy", True),
        (1, "short", False),
        (1, "a b\nc" * 4, False),
    ],
)
def test_the_number_is_ours_unless_a_proxy_of_ours_gave_it(
    db: None, client: Client, settings: Settings, proxies: int, given: str, taken: bool
) -> None:
    settings.PROXY_COUNT = proxies
    answer = client.get("/healthz", headers={"x-request-id": given})
    assert (answer["X-Request-ID"] == given) is taken
    assert len(answer["X-Request-ID"]) >= 8
    assert request_id.get() == ""


def record(message: str, **fields: object) -> logging.LogRecord:
    made = logging.LogRecord("seriatim.x", logging.INFO, __file__, 1, message, None, None)
    made.fields = fields
    return made


EVIL = 'a "quoted"\nlevel=error user=root \x1b[31m=ü'


def test_logfmt_is_one_line_whatever_stands_in_it() -> None:
    line = Logfmt().format(record("request", path="/find", user=EVIL, ms=1.5, empty=""))
    assert "\n" not in line
    assert "\x1b" not in line
    parts = dict(part.split("=", 1) for part in shlex.split(line.replace("\\n", "")))
    assert (parts["message"], parts["path"], parts["ms"], parts["empty"]) == ("request", "/find", "1.5", "")
    assert parts["level"] == "info"


def test_json_says_the_same() -> None:
    token = request_id.set("abc")
    try:
        said = json.loads(Json().format(record("request", user=EVIL, status=200)))
    finally:
        request_id.reset(token)
    assert (said["user"], said["status"], said["request"], said["level"]) == (EVIL, 200, "abc", "info")


@pytest.mark.parametrize("formatter", [Logfmt(), Json()])
def test_a_traceback_is_kept(formatter: logging.Formatter) -> None:
    made = record("failed")
    try:
        int("why")
    except ValueError as error:
        made.exc_info = (ValueError, error, error.__traceback__)
    assert "ValueError: invalid literal" in formatter.format(made)
