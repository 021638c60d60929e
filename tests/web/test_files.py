"""Files on the pages: brought by a form, shown as our own pictures, saved and never run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from seriatim.files.models import Attachment
from tests.files import bits
from tests.support import rows
from tests.web.conftest import Shop

As = Callable[..., Client]

PAGE = "/units/RTR-900/SN-104881"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


def bring(client: Client, shop: Shop, *files: tuple[str, bytes], claimed: str = "", back: str = PAGE) -> Any:
    uploads = [SimpleUploadedFile(name, content, content_type=claimed) for name, content in files]
    return client.post(
        "/files/", {"subject": "unit", "subject_id": str(shop.sold.key), "file": uploads, "back": back}
    )


def fetched(client: Client, address: str) -> tuple[Any, bytes]:
    """The answer, and what it streams, read to its end."""
    answer: Any = client.get(address)
    content = answer.getvalue() if answer.streaming else answer.content
    return answer, content


def test_photos_are_brought_shown_and_taken_away(shop: Shop, as_a: As) -> None:
    client = as_a("operator")
    answer = bring(client, shop, ("plate.jpg", bits.photo(640, 480)), ("report.txt", b"tested"))
    assert (answer.status_code, answer.url) == (302, PAGE)
    page = client.get(PAGE).text
    assert "2 files added." in page
    photo, text = Attachment.objects.get(name="plate.jpg"), Attachment.objects.get(name="report.txt")
    assert f'src="/files/{photo.pk}/thumb/"' in page
    assert f'href="/files/{text.pk}/"' in page
    assert fetched(client, f"/files/{photo.pk}/view/")[0]["Content-Type"] == "image/jpeg"
    asked = client.get(f"/files/{photo.pk}/remove/?back={PAGE}").text
    assert "Remove plate.jpg?" in asked
    answer = client.post(f"/files/{photo.pk}/remove/", {"back": PAGE, "reason": "blurred"})
    assert answer["Location"] == PAGE
    assert not Attachment.objects.filter(pk=photo.pk).exists()
    assert client.get(f"/files/{photo.pk}/thumb/").status_code == 404
    assert "blurred" in client.get(PAGE).text


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.svg", bits.SVG), ("x.html", bits.HTML), ("x.jpg", bits.HTML), ("x.jpg", bits.photo() + bits.HTML)],
)
@pytest.mark.parametrize("claimed", ["text/html", "image/svg+xml", "image/jpeg"])
def test_what_a_stranger_wrote_is_saved_and_never_opened(
    name: str, content: bytes, claimed: str, shop: Shop, as_a: As
) -> None:
    client = as_a("operator")
    bring(client, shop, (name, content), claimed=claimed)
    row = Attachment.objects.get()
    answer, saved = fetched(client, f"/files/{row.pk}/")
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["Content-Type"] in {"text/plain", "image/jpeg"}
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert saved == content
    picture, shown = fetched(client, f"/files/{row.pk}/view/")
    if picture.status_code == 200:
        assert b"script" not in shown
        assert shown.startswith(b"\xff\xd8\xff")
        assert picture["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def test_a_refused_file_keeps_none_of_the_others_out(shop: Shop, as_a: As) -> None:
    answer = bring(as_a("operator"), shop, ("empty.txt", b""), ("full.txt", b"full"))
    assert answer.status_code == 422
    assert "it is empty" in answer.text
    assert f'href="{PAGE}"' in answer.text
    assert [row.name for row in Attachment.objects.all()] == ["full.txt"]


def test_what_is_too_large_is_said(shop: Shop, as_a: As, settings: Settings) -> None:
    settings.FILE_LIMIT_MB = 1
    settings.UPLOAD_LIMIT_MB = 2
    answer = bring(as_a("operator"), shop, ("film.mp4", b"\x00" * 1_100_000))
    assert answer.status_code == 422
    assert "larger than 1 MB" in answer.text
    answer = bring(as_a("operator"), shop, ("film.mp4", b"\x00" * 3_000_000))
    assert answer.status_code == 422
    assert "larger than 2 MB" in answer.text
    assert not Attachment.objects.exists()


def test_nothing_is_said_where_nothing_was_chosen(shop: Shop, as_a: As) -> None:
    assert bring(as_a("operator"), shop).status_code == 422


def test_files_are_changed_by_those_who_may_change_the_thing(shop: Shop, as_a: As) -> None:
    bring(as_a("operator"), shop, ("a.txt", b"a"))
    row = Attachment.objects.get()
    viewer = as_a("viewer")
    assert fetched(viewer, f"/files/{row.pk}/")[0].status_code == 200
    assert "Add files" not in viewer.get(PAGE).text
    assert bring(viewer, shop, ("b.txt", b"b")).status_code == 422
    assert viewer.post(f"/files/{row.pk}/remove/").status_code == 422
    assert Attachment.objects.count() == 1
    assert Client().get(f"/files/{row.pk}/").status_code == 302


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_one_comes_back_to_our_own_pages_only(back: str, shop: Shop, as_a: As) -> None:
    assert bring(as_a("operator"), shop, ("a.txt", b"a"), back=back).url == "/"


def test_a_name_is_never_part_of_the_page_or_of_a_header(shop: Shop, as_a: As) -> None:
    client = as_a("operator")
    bring(client, shop, ('"><img src=x onerror=alert(1)>\r\nX-Evil: 1.txt', b"a"))
    row = Attachment.objects.get()
    answer, _content = fetched(client, f"/files/{row.pk}/")
    assert "X-Evil" not in answer.headers
    assert "<img src=x" not in client.get(PAGE).text


@pytest.mark.parametrize("address", ["thumb", "view", "original", "..%2f..%2f"])
def test_a_picture_that_is_none_is_not_found(address: str, shop: Shop, as_a: As) -> None:
    bring(as_a("operator"), shop, ("a.txt", b"a"))
    assert as_a("operator").get(f"/files/{Attachment.objects.get().pk}/{address}/").status_code == 404


def test_documents_have_files_too(shop: Shop, as_a: As) -> None:
    manager = as_a("manager")
    draft = rows.a_document("transfer", state="draft")
    pages = {
        ("document", str(shop.receipt.pk)): f"/documents/{shop.receipt.number}",
        ("document", str(draft.pk)): f"/documents/{draft.pk}",
    }
    for (subject, key), page in pages.items():
        assert "Add files" in manager.get(page).text, page
        said = {"subject": subject, "subject_id": key, "back": page}
        upload = SimpleUploadedFile("paper.txt", page.encode())
        assert manager.post("/files/", {**said, "file": upload})["Location"] == page
        assert "paper.txt" in manager.get(page).text
        assert "Add files" not in as_a("viewer").get(page).text
