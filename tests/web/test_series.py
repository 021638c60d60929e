"""The pages of series and blocks: what they show, what they change, whom they refuse, and bad input."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from seriatim.series import services
from seriatim.series.blocks import Holder, reserve_block
from seriatim.series.models import Block, Series, SeriesItem
from tests.support.cast import Cast
from tests.support.desk import Desk, line

#: What an engine could change is below the pages, and tested there.
pytestmark = pytest.mark.engine_free

As = Callable[..., Client]


@pytest.fixture
def plain(cast: Cast) -> Series:
    """``SN-0001`` and on, for phones; the first two are used."""
    series = services.define(user=cast.manager, code="PLAIN", pattern="SN-{seq:4}", name="Own phones")
    services.attach(user=cast.manager, item=cast.phone, series=series)
    Desk(cast, cast.manager).post(
        "purchase_receipt", line(cast.phone, quantity=2, target=cast.a01), party=cast.acme
    )
    return series


def a_block(cast: Cast, series: Series, *, days: int | None = None, count: int = 3) -> Block:
    block = reserve_block(user=cast.manager, series=series, holder=Holder(name="Van 3"), count=count)
    if days is not None:
        Block.objects.filter(pk=block.pk).update(expires=timezone.localdate() + timedelta(days=days))
    return block


def said(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.text[:500]
    return " ".join(answer.text.split())


# --- series -----------------------------------------------------------------------------------------------


def test_a_series_shows_what_comes_next_and_what_became_of_every_number(
    cast: Cast, plain: Series, as_a: As
) -> None:
    services.void(user=cast.manager, series=plain, numbers=["SN-0009"], reason="=label torn")
    a_block(cast, plain)
    viewer = as_a("viewer")
    assert "Own phones" in said(viewer, "/series/")
    page = said(viewer, f"/series/{plain.pk}")
    for word in ("SN-0006", "SN-0016", "SN-0009", "label torn", "Van 3", "3 of 3 left", "9,993", "9,999"):
        assert word in page, word
    assert "SN-0003</li>" not in page, "it is in the block"
    assert "Detach" not in page
    assert "circle-check" in page or ">yes<" in page
    voids = viewer.get(f"/series/{plain.pk}/void.csv")
    lines = b"".join(voids.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert lines[1].startswith("SN-0009,SN-0009,,'=label torn,manager,"), "no formula"


def test_what_the_numbers_show_is_asked_for_before_the_next_are_told(cast: Cast, as_a: As) -> None:
    series = services.define(user=cast.manager, code="L", pattern="{location}-{seq:4:10:location}")
    client = as_a("viewer")
    assert "Location that they show" in said(client, f"/series/{series.pk}")
    assert "A-01-0001" in said(client, f"/series/{series.pk}?location=a-01")
    assert "There is no location NOWHERE" in said(client, f"/series/{series.pk}?location=NOWHERE")


def test_a_random_pattern_says_how_hard_it_is_to_guess(cast: Cast, as_a: As) -> None:
    series = services.define(user=cast.manager, code="R", pattern="{rand:8:32}")
    page = said(as_a("manager"), f"/series/{series.pk}")
    assert f"1 in {32**8:,}" in page
    assert "Reserve a block" not in page


def test_a_series_is_looked_at_defined_changed_and_archived(cast: Cast, as_a: As) -> None:
    client = as_a("manager")
    form = {"code": "P", "pattern": "P{yy}-{seq:3:10:yearly}", "gap_rule": "fast", "name": "Pumps"}
    looked = client.post("/series/new", {**form, "look": "yes"})
    assert looked.status_code == 200
    assert "-001</li>" in looked.text
    assert not Series.objects.exists()
    made = client.post("/series/new", form)
    series = Series.objects.get(code="P")
    assert made["Location"] == f"/series/{series.pk}"
    assert series.gap_rule == "fast"
    changed = client.post(
        f"/series/{series.pk}/change",
        {"name": "Pumps", "pattern": "PU-{seq:5}", "gap_rule": "gapless", "reason": "new labels"},
    )
    assert changed.status_code == 302
    page = said(client, f"/series/{series.pk}")
    assert "PU-00001" in page
    assert "new labels" in page
    client.post(f"/series/{series.pk}/attach", {"item": "phone"})
    assert SeriesItem.objects.get().item == cast.phone
    refused = client.post(f"/series/{series.pk}/archive")
    assert refused.status_code == 422
    client.post(f"/series/{series.pk}/detach", {"item": "PHONE"})
    assert client.post(f"/series/{series.pk}/archive").status_code == 302
    assert "/series/" in said(client, "/series/?archived=yes")
    assert said(client, "/series/").count("PU-{seq:5}") == 0


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"pattern": "SN-{seq:4:10:yearly}"}, "cannot be taken"),
        ({"pattern": "SN-{what}"}, "cannot be taken"),
        ({"pattern": ""}, "required"),
        ({"code": "plain"}, "it is taken"),
        ({"code": ""}, "required"),
        ({"gap_rule": "loose"}, "loose"),
    ],
)
def test_what_cannot_be_defined_is_said_beside_it_and_stays_typed(
    cast: Cast, plain: Series, as_a: As, change: dict[str, str], word: str
) -> None:
    form = {"code": "NEW", "pattern": "X{seq:3}", "gap_rule": "gapless", "name": "typed so far"}
    answer = as_a("manager").post("/series/new", form | change)
    assert answer.status_code == 422
    assert word in answer.text
    assert "typed so far" in answer.text


def test_a_pattern_is_shown_while_it_is_typed(cast: Cast, as_a: As) -> None:
    client = as_a("viewer")
    assert "ABC-2" in said(client, "/series/preview?pattern=ABC-.YYYY.-.%23%23%23")
    assert "cannot be taken" in said(client, "/series/preview?pattern={seq")
    assert "Type a pattern" in said(client, "/series/preview")
    said(client, "/series/preview?pattern=%00" + "{" * 900)


def test_numbers_are_declared_void_with_a_reason(cast: Cast, plain: Series, as_a: As) -> None:
    client, address = as_a("manager"), f"/series/{plain.pk}/void"
    assert client.post(address, {"numbers": "SN-0010..SN-0012", "reason": "lost"}).status_code == 302
    for bad in (
        {"numbers": "SN-0001", "reason": "x"},
        {"numbers": "OTHER", "reason": "x"},
        {"numbers": "SN-0020", "reason": ""},
        {"numbers": " ", "reason": "x"},
    ):
        assert client.post(address, bad).status_code == 422
    assert "SN-0010 … SN-0012" in said(client, f"/series/{plain.pk}")


def test_only_who_edits_the_catalog_changes_series_and_blocks(cast: Cast, plain: Series, as_a: As) -> None:
    block, operator = a_block(cast, plain), as_a("operator")
    for address in (
        "/series/new",
        f"/series/{plain.pk}/change",
        f"/series/{plain.pk}/attach",
        f"/series/{plain.pk}/void",
        "/blocks/new",
        f"/blocks/{block.pk}/return",
        "/blocks/expired",
    ):
        assert operator.post(address).status_code == 403, address
    assert operator.get(f"/blocks/{block.pk}").status_code == 200


def test_what_is_not_there_is_not_found(cast: Cast, as_a: As) -> None:
    client = as_a("manager")
    for address in ("/series/99", "/series/99/change", "/blocks/99", "/blocks/99.csv", "/series/" + "9" * 40):
        assert client.get(address).status_code == 404, address
    assert client.get("/blocks/?series=NONE").status_code == 404


# --- blocks -----------------------------------------------------------------------------------------------


def test_a_block_is_reserved_exported_and_taken_back(cast: Cast, plain: Series, as_a: As) -> None:
    client = as_a("manager")
    made = client.post(
        "/blocks/new", {"series": "PLAIN", "count": "3", "location": "shop", "note": "for fairs"}
    )
    block = Block.objects.get()
    assert made["Location"] == f"/blocks/{block.pk}"
    page = said(client, f"/blocks/{block.pk}")
    for word in ("Block of SHOP", "SN-0003", "SN-0005", "3 of 3", "for fairs"):
        assert word in page
    text = client.get(f"/blocks/{block.pk}.txt")
    assert b"".join(text.streaming_content) == b"SN-0003\nSN-0004\nSN-0005\n"  # type: ignore[attr-defined]
    table = client.get(f"/blocks/{block.pk}.csv?all=yes")
    assert b"SN-0003," in b"".join(table.streaming_content)  # type: ignore[attr-defined]
    assert client.get(f"/blocks/{block.pk}.exe").status_code == 404
    assert client.post(f"/blocks/{block.pk}/return", {}).status_code == 422
    assert client.post(f"/blocks/{block.pk}/return", {"rest": "free"}).status_code == 302
    assert client.post(f"/blocks/{block.pk}/return", {"rest": "free"}).status_code == 422
    assert "returned" in said(client, "/blocks/?show=all")


@pytest.mark.parametrize(
    "change",
    [
        {"count": "0"},
        {"count": "99999"},
        {"count": "", "first": "SN-0001", "last": "SN-0002"},
        {"count": "", "first": "SN-0008", "last": ""},
        {"count": "1", "first": "SN-0008", "last": "SN-0009"},
        {"party": "NONE"},
        {"party": "ACME", "location": "SHOP"},
        {"party": ""},
        {"expires": "2020-01-01"},
        {"expires": "soon"},
        {"series": "NONE"},
    ],
)
def test_a_block_that_cannot_be_is_refused(
    cast: Cast, plain: Series, as_a: As, change: dict[str, str]
) -> None:
    form = {"series": "PLAIN", "count": "2", "party": "ACME"}
    assert as_a("manager").post("/blocks/new", form | change).status_code == 422
    assert not Block.objects.exists()


def test_expired_and_used_up_blocks_are_shown_and_swept(cast: Cast, plain: Series, as_a: As) -> None:
    old, soon, far = (a_block(cast, plain, days=days) for days in (-1, 5, 90))
    client = as_a("manager")
    shown = said(client, "/blocks/?show=soon")
    assert f"/blocks/{old.pk}" in shown
    assert f"/blocks/{soon.pk}" in shown
    assert f"/blocks/{far.pk}" not in shown
    assert "1 block has expired" in shown
    assert f"/blocks/{old.pk}" in said(client, "/blocks/expired")
    assert client.post("/blocks/expired", {"rest": "void", "reason": ""}).status_code == 302
    old.refresh_from_db()
    assert old.returned_at is not None
    used = a_block(cast, plain, count=1)
    Desk(cast, cast.manager).post(
        "purchase_receipt", line(cast.phone, quantity=1, target=cast.a01), party=cast.acme, block=used.pk
    )
    assert f"/blocks/{used.pk}" in said(client, "/blocks/?show=used-up")
    assert "used up" in said(client, f"/blocks/{used.pk}")
