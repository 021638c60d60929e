"""Whatever is typed into an address or a field, every page answers: never with a fault, never with markup of others.

Addresses and forms are found by looking, so that a new page is tried without anybody naming it here. Each field is
tried with some of the bad values, each value with many of the fields; with ``SERIATIM_TEST_THOROUGH=1`` (`make soak`)
all of them are tried with all of them.
"""

from __future__ import annotations

import os
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern

from seriatim.accounts.backend import BACKEND
from seriatim.accounts.models import User
from seriatim.web.urls import urlpatterns
from tests.support.cast import Cast
from tests.support.every_page import every_page
from tests.support.forms_found import Form, forms_of
from tests.support.stocked import stocked

# What the pages make of a text does not depend on the engine; what the engines make of it is tried with the services.
pytestmark = pytest.mark.engine_free

THOROUGH = bool(os.environ.get("SERIATIM_TEST_THOROUGH"))
#: Of the bad values, how many each field is tried with.
SOME = 1
#: Of a form's fields, how many are tried one by one; all of them are tried together.
FIELDS = 1

MARKUP = "\"'><script>alert(7)</script><img src=x onerror=alert(7)>"
#: As bytes, because some cannot be text: a lone surrogate, half a character.
BAD: tuple[bytes, ...] = tuple(
    text if isinstance(text, bytes) else text.encode()
    for text in (
        "",
        " ",
        "\x00",
        "A\x00B",
        b"\xed\xa0\x80",
        b"\xff\xfe\xc3",
        "x" * 10_000,
        "\U0001f600" * 40,
        "\u202e\u200fאבג\u2066",
        "a\r\nX-Evil: 1",
        "-1",
        "0",
        "9" * 20,
        "-" + "9" * 40,
        "7" * 5_000,
        "1e400",
        "1e-400",
        "NaN",
        "-Infinity",
        "0.00001",
        "٣",
        "²",
        "0000-00-00",
        "0001-01-01",
        "9999-12-31",
        "2026-02-32",
        "2026-13-01T25:61",
        "00000000-0000-0000-0000-00000000000g",
        "00000000-0000-0000-0000-000000000000",
        MARKUP,
        "=HYPERLINK(1)",
        "%",
        "' OR 1=1 --",
        "{{ 7*7 }}",
        "../../etc/passwd",
        "//evil.example.com/",
        "https://evil.example.com/",
        "javascript:alert(7)",
        "A-1..A-999999999999",
        "[]",
        '{"a": [1, {"b": null}]',
        '[{"serial": 1}, null, [1e400]]',
        '"text"',
        "null",
        # What is there, but is something else.
        "1",
        "LAPTOP",
        "HAFEN",
        "LT-0001",
        "00000000-0000-0000-0000-000000001267",
        "(" * 300,
        "[" * 2_000,
    )
)


def _bomb() -> bytes:
    """A workbook whose sheet would be 300 MB."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(300):
                sheet.write(bytes(1_000_000))
    return packed.getvalue()


def _files() -> list[tuple[str, bytes]]:
    png = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
    return [
        ("empty.csv", b""),
        ("none.xlsx", b"PK\x03\x04 and no more"),
        ("none.csv", bytes(range(256)) * 4),
        ("half.csv", b'serial,"A\n' + b"\xff\xfe"),
        ("nul.csv", b"serial\nA\x00B\n"),
        ("bomb.xlsx", _bomb()),
        ("picture.png", png + zlib.compress(b"x" * 100)),
        ("evil.svg", b"<svg onload=alert(7)>"),
        (f"{MARKUP}.html", MARKUP.encode()),
        ("..\\..\\/etc/passwd\x00.png", b"x"),
        ("x" * 400 + ".txt", b"x"),
    ]


@pytest.fixture(scope="module")
def files() -> list[tuple[str, bytes]]:
    return _files()


@pytest.fixture
def world(cast: Cast) -> Cast:
    stocked(cast)
    return cast


def _visitor(user: User) -> Client:
    visitor = Client()
    visitor.force_login(user, backend=BACKEND)
    return visitor


# --- what is asked of every answer ------------------------------------------------------------------------

#: What a refused request may write all the same: what was scanned and refused, who asked, and the session.
_KEPT = re.compile(r"^(documents_scan|axes_|django_session|accounts_session)")


def _rows() -> tuple[int, ...]:
    tables = sorted(
        {
            model._meta.db_table
            for model in apps.get_models()
            if model._meta.managed and not _KEPT.match(model._meta.db_table)
        }
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f'(SELECT count(*) FROM "{name}")' for name in tables))
        return tuple(cursor.fetchone())


class Faults:
    """What was wrong with answers, all of it, told at the end."""

    def __init__(self) -> None:
        self.told: dict[str, str] = {}
        self.asked = 0

    def see(self, key: str, what: str) -> None:
        self.told.setdefault(key, what)

    def judge(self, key: str, answer: Any) -> None:
        if answer.status_code >= 500:
            self.see(key, f"status {answer.status_code}")
            return
        if answer.get("Location", "").startswith(("//", "http", "javascript:", "\\")):
            self.see(key, f"leads to {answer['Location'][:80]}")
        if not answer.streaming and "html" in answer.get("Content-Type", ""):
            text = answer.text
            for bad in ("<script>alert(7)", "<img src=x onerror", "Traceback (most recent"):
                if bad in text:
                    at = text.index(bad)
                    self.see(key, f"unescaped: {text[max(at - 80, 0) : at + 40]!r}")
        elif answer.streaming:
            for _ in answer.streaming_content:
                pass

    def end(self) -> None:
        told = "\n".join(f"{key}: {what}" for key, what in self.told.items())
        assert not self.told, f"{len(self.told)} faults in {self.asked} requests:\n{told}"


#: What a page need not give back exactly as it came: it is no text, or no page can hold it.
_ODD = re.compile(r"[^\x20-\x7e]")
#: Typed once and never shown again.
_SECRET = re.compile("password|present|secret|code$")
#: Of one of several rows.
_ROW = re.compile(r"[a-z]+\d+-")


def _lost(form: Form, said: dict[str, list[bytes]], html: str, address: str) -> list[str]:
    """The fields of a refused form whose texts do not stand in it any more."""
    known = [one for one in forms_of(html, address) if form.typed & one.typed]
    # No user changes what is not typed: it says what the form is about, and so what there is to fill in.
    forged = {
        name for name, values in form.fields.items() if said.get(name) != [one.encode() for one in values]
    } - form.typed
    if not known:
        return ["the form itself"] if form.typed and not forged else []
    again = max(known, key=lambda one: len(form.typed & one.typed))
    rows = tuple({f"{name.split('-')[0]}-" for name in forged if "-" in name})
    # A field of several values says which rows there are: another list of them counts them anew.
    recounted = any("-" not in name and len(form.fields.get(name, ())) > 1 for name in forged)
    return [
        name
        for name in sorted(form.typed & again.typed & {*said})
        if not _SECRET.search(name)
        and not (rows and name.startswith(rows))
        and not (recounted and _ROW.match(name))
        and len(said[name]) == 1
        and not _ODD.search(text := said[name][0].decode("utf-8", "replace"))
        and again.fields[name][-1:] != [text]
    ]


def _ask(
    faults: Faults,
    visitor: Client,
    key: str,
    method: str,
    address: str,
    *,
    form: Form | None = None,
    said: dict[str, list[bytes]] | None = None,
    **more: Any,
) -> None:
    """One request; what it writes is taken back, and had better be nothing where it was refused."""
    faults.asked += 1
    cookies = {name: morsel.value for name, morsel in visitor.cookies.items()}
    try:
        with transaction.atomic():
            before = _rows() if method != "GET" else ()
            answer = visitor.generic(method, address, **more)
            faults.judge(key, answer)
            if form is not None and answer.status_code == 422 and "html" in answer["Content-Type"]:
                for lost in _lost(form, said or {}, answer.text, address):
                    faults.see(f"{key}: {lost}", "what was typed is lost when it is refused")
            if method != "GET" and answer.status_code >= 400 and _rows() != before:
                faults.see(key, f"status {answer.status_code}, and something was written")
            transaction.set_rollback(True)
    except Exception as fault:  # noqa: BLE001  # whatever it is, the page did not answer
        where = ""
        at = fault.__traceback__
        while at is not None:
            if "/seriatim/" in at.tb_frame.f_code.co_filename:
                where = f"{at.tb_frame.f_code.co_filename.rsplit('/seriatim/', 1)[1]}:{at.tb_lineno}"
            at = at.tb_next
        faults.see(f"{type(fault).__name__} {str(fault)[:100]} at {where}", key)
    visitor.cookies.clear()
    for name, value in cookies.items():
        visitor.cookies[name] = value


def _some(values: Iterable[Any], name: str, count: int = SOME) -> list[Any]:
    """Some of them, others for another name, the same on every run."""
    every = list(values)
    if THOROUGH or not every:
        return every
    start = zlib.crc32(name.encode())
    step = next(one for one in (7, 11, 13, 17) if len(every) % one)
    return [every[(start + step * number) % len(every)] for number in range(count)]


# --- addresses --------------------------------------------------------------------------------------------

PATTERNS = [pattern for pattern in urlpatterns if isinstance(pattern, URLPattern)]
_PART = re.compile(r"<(?:\w+:)?(\w+)>")


def _bad_addresses(pattern: URLPattern) -> Iterator[str]:
    route = str(pattern.pattern)
    parts = _PART.findall(route)
    for part in parts:
        for bad in _some(BAD, f"{pattern.name} {part}", 1):
            # Put together by the pieces between the parts: what is bad may look like a part itself.
            pieces = re.split(r"<(?:\w+:)?\w+>", route)
            said = [quote(bad, safe="") if one == part else "1" for one in parts]
            yield "/" + "".join(a + b for a, b in zip(pieces, [*said, ""], strict=True))
    for asked in _some(BAD, str(pattern.name), 1):
        names = (
            "q",
            "page",
            "sort",
            "after",
            "back",
            "next",
            "code",
            "item",
            "serial",
            "location",
            "as_of",
            "id",
        )
        filled = _PART.sub(lambda _: "1", route)
        yield f"/{filled}?" + urlencode(dict.fromkeys(names, asked))


def test_any_address_is_answered(world: Cast) -> None:
    faults = Faults()
    people = [_visitor(getattr(world, role)) for role in ("admin", "manager", "operator", "viewer")]
    turn = 0
    for pattern in PATTERNS:
        for address in _bad_addresses(pattern):
            for method in ("GET", "POST"):
                # Each address is asked for by somebody, each person asks for many.
                turn += 1
                for visitor in people if THOROUGH else [people[turn % 4]]:
                    _ask(faults, visitor, f"{method} {pattern.name} {address[:120]}", method, address)
    faults.end()


# --- forms ------------------------------------------------------------------------------------------------


def _found(visitor: Client) -> list[tuple[str, Form]]:
    """Every form of every page, once, with the name of the page."""
    seen: dict[Any, tuple[str, Form]] = {}
    for name, address in every_page():
        answer = visitor.get(address, follow=True)
        if answer.streaming or "html" not in answer.get("Content-Type", ""):
            continue
        at = answer.request["PATH_INFO"] + (
            f"?{answer.request['QUERY_STRING']}" if answer.request["QUERY_STRING"] else ""
        )
        for form in forms_of(answer.text, at):
            # A row's own form stands in each row.
            path, query = urlsplit(form.action).path, urlsplit(form.action).query
            key = (form.method, re.sub(r"\d+|[0-9a-f-]{36}", "#", path), form.shape[2], bool(query))
            seen.setdefault(key, (name, form))
    return list(seen.values())


def _sent(said: dict[str, list[bytes]]) -> str:
    return urlencode([(name, value) for name, values in said.items() for value in values])


def _send(faults: Faults, visitor: Client, key: str, form: Form, said: dict[str, list[bytes]]) -> None:
    said = {name: values for name, values in said.items() if name != "csrfmiddlewaretoken"}
    if form.method == "get":
        path = urlsplit(form.action).path
        _ask(faults, visitor, key, "GET", f"{path}?{_sent(said)}")
    else:
        kind = "application/x-www-form-urlencoded"
        body = _sent(said)
        _ask(faults, visitor, key, "POST", form.action, form=form, said=said, data=body, content_type=kind)


def _tries(page: str, form: Form) -> Iterator[tuple[str, dict[str, list[bytes]]]]:
    good = {name: [value.encode() for value in values] for name, values in form.fields.items()}
    yield "nothing", {}
    yield "untouched", good
    for name in good if THOROUGH else _some(good, page, min(FIELDS, len(good))):
        key = f"{page} {form.action} {name}"
        for bad in _some(BAD, key):
            yield f"{name}={bad[:40]!r}", {**good, name: [bad]}
    for name in _some(good, f"{page} {form.action}", min(1, len(good))):
        yield f"{name} twice", {**good, name: [*good[name], b"1", MARKUP.encode()]}
        yield f"no {name}", {other: values for other, values in good.items() if other != name}
    for bad in _some(BAD, f"{page} {form.action}", 1):
        yield f"all={bad[:40]!r}", {name: [bad] for name in good}


#: Who tries the forms that they see. An operator sees other fields than an administrator; the rest only at length.
WHO = ("admin", "operator", "manager", "viewer") if THOROUGH else ("admin", "operator")


@pytest.mark.parametrize("role", WHO)
def test_any_field_is_answered(world: Cast, role: str) -> None:
    """And whatever is refused stands in the form as it was typed."""
    faults = Faults()
    visitor = _visitor(getattr(world, role))
    for page, form in _found(visitor):
        for turn, (what, said) in enumerate(_tries(page, form)):
            # A list's filters are read by one reader: every other try of each will do.
            if form.method == "get" and turn % 2 and not THOROUGH:
                continue
            # What both see, the administrator has tried: one field and all of them will do.
            if role == "operator" and not (THOROUGH or (form.method == "post" and turn in (2, 5))):
                continue
            _send(faults, visitor, f"{page}: {form.method} {form.action[:80]} {what}", form, said)
    faults.end()


def test_any_file_is_answered(world: Cast, files: list[tuple[str, bytes]]) -> None:
    faults = Faults()
    visitor = _visitor(world.admin)
    for page, form in _found(visitor):
        for name in sorted(form.files):
            for file_name, content in files:
                said = {one: values[-1].replace("\x00", "") for one, values in form.fields.items() if values}
                file = SimpleUploadedFile(file_name, content)
                faults.asked += 1
                key = f"{page}: {form.action} {name} is {file_name[:40]!r}"
                _post_file(faults, visitor, key, form.action, {**said, name: file})
    faults.end()


def _post_file(faults: Faults, visitor: Client, key: str, address: str, said: dict[str, Any]) -> None:
    from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

    body = encode_multipart(BOUNDARY, said)
    _ask(faults, visitor, key, "POST", address, data=body, content_type=MULTIPART_CONTENT)


def test_every_address_answers_any_fields(world: Cast) -> None:
    """Also those that no form of these pages leads to."""
    faults = Faults()
    visitor = _visitor(world.admin)
    names = sorted(
        {name for _, form in _found(visitor) for name in (*form.fields, *form.files)}
        - {"csrfmiddlewaretoken"}
    )
    addresses = dict(every_page())
    people = [visitor, *(_visitor(user) for user in (world.operator, world.manager, world.viewer))]
    for turn, pattern in enumerate(PATTERNS):
        address = addresses.get(str(pattern.name)) or "/" + _PART.sub("1", str(pattern.pattern))
        for bad in _some(BAD, f"any {pattern.name}", 1):
            data = _sent({name: [bad] for name in names})
            kind = "application/x-www-form-urlencoded"
            key = f"POST {pattern.name} all={bad[:40]!r}"
            for who in people if THOROUGH else [people[turn % 4]]:
                _ask(faults, who, key, "POST", address, data=data, content_type=kind)
    faults.end()
