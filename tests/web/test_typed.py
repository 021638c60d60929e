"""What strangers send is kept only where it is somebody's form, and handed to nobody but whoever logs in with it."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from seriatim.documents.models import Document
from tests.support.cast import Cast
from tests.support.forms_found import forms_of

pytestmark = pytest.mark.engine_free

PASSWORD = "Wareh0use-x1"
RECEIPT = "/documents/new/purchase_receipt"


def _carried(html: str) -> str:
    return next(form.fields["typed"][0] for form in forms_of(html, "/") if "typed" in form.fields)


@pytest.fixture
def operator(cast: Cast) -> Cast:
    cast.operator.set_password(PASSWORD)
    cast.operator.save()
    return cast


def _log_in(visitor: Client, typed: str) -> str:
    said = {"username": "operator", "password": PASSWORD, "typed": typed}
    return visitor.post("/login/", said, follow=True).text


def test_it_is_shown_in_words_and_sent_as_it_was(operator: Cast) -> None:
    visitor = Client()
    asked = visitor.post(RECEIPT, {"party": "NORDLINK", "note": "<b>wet</b>", "id": "x", "missing": "wait"})
    assert asked.status_code == 403
    page = _log_in(visitor, _carried(asked.text))
    assert "<dt>Supplier</dt>" not in page, "a party is a party before one knows the kind"
    assert "<dt>Party</dt><dd>NORDLINK</dd>" in page
    assert "<dd>&lt;b&gt;wet&lt;/b&gt;</dd>" in page
    [form] = [form for form in forms_of(page, "/") if form.action == RECEIPT]
    assert form.fields["note"] == ["<b>wet</b>"]
    assert not Document.objects.exists()


def test_nothing_is_kept_of_passwords_and_of_what_nobody_typed(operator: Cast) -> None:
    for address, said in (
        ("/account/password/", {"present": PASSWORD, "password": "Secret-1-new", "again": "Secret-1-new"}),
        (RECEIPT, {"csrfmiddlewaretoken": "x"}),
    ):
        answer = Client().post(address, said, headers={"referer": "http://testserver/items/"})
        assert answer.status_code == 302
        # A page that takes a POST alone cannot be opened afterwards: the page before it can.
        assert answer["Location"] == "/login/?next=/items/"
    elsewhere = Client().post(RECEIPT, headers={"referer": "https://evil.example.com/"})
    assert elsewhere["Location"] == "/login/?next=/"


def test_what_we_did_not_write_is_not_shown(operator: Cast) -> None:
    page = _log_in(Client(), "forged")
    assert "What you typed" not in page


def test_a_file_has_to_be_chosen_again(operator: Cast) -> None:
    visitor = Client()
    said = {"entry": "S-1", "file": SimpleUploadedFile("list.csv", b"serial\nS-2\n")}
    page = _log_in(visitor, _carried(visitor.post("/documents/1/list", said).text))
    assert "The file list.csv could not be kept" in page


def test_programs_and_parts_of_pages_are_answered_as_such(operator: Cast) -> None:
    part = Client().get("/units/", headers={"hx-request": "true", "referer": "http://testserver/units/?q=a"})
    assert part["HX-Redirect"] == "/login/?next=%2Funits%2F%3Fq%3Da"
    assert part.content == b""
    scan = Client().post("/documents/1/scan", {"text": "S"}, headers={"accept": "application/json"})
    assert scan.status_code == 403
