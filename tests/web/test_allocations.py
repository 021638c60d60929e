"""The worklists of what waits for serial numbers, and the page that gives them."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import pytest
from django.test import Client

from seriatim.documents.models import Document
from seriatim.ledger.models import Identifier, Unit
from seriatim.series import services as series
from tests.support.cast import Cast
from tests.support.desk import Desk, first_line, line
from tests.support.forms_found import forms_of

#: What an engine could change is below the pages, and tested there.
pytestmark = pytest.mark.engine_free

As = Callable[..., Client]


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return Desk(cast, cast.manager)


def wait(desk: Desk, count: int = 3, **more: Any) -> int:
    """A line of laptops that wait at A-01."""
    target = more.pop("target", desk.cast.a01)
    paper = desk.post(
        "purchase_receipt",
        line(desk.cast.laptop, quantity=count, target=target, missing="wait", cost=500),
        party=desk.cast.nordlink,
        **more,
    )
    return int(first_line(paper).pk)


def said(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.text[:500]
    return " ".join(answer.text.split())


def give(client: Client, pk: int, **form: Any) -> Any:
    return client.post(f"/allocations/{pk}", {"id": str(uuid4()), "serials": "", **form})


def test_what_waits_stands_in_its_list_with_age_and_how_many(desk: Desk, as_a: As) -> None:
    pk = wait(desk, reference="PO-7")
    desk.post("opening_stock", line(desk.cast.phone, quantity=2, target=desk.cast.a02, missing="wait"))
    client = as_a("operator")
    page = said(client, "/allocations/")
    for word in ("PR-", "PO-7", "Nordlink", "LAPTOP", "0 of 3", "A-01", "today", f"/allocations/{pk}"):
        assert word in page, word
    assert "PHONE" not in page
    assert "0 of 2" in said(client, "/allocations/?list=opening")
    assert "Nothing waits here" in said(client, "/allocations/?list=manufacture")
    assert "0 of 3" in said(
        client, "/allocations/?list=purchase&item=laptop&location=main&q=po-7&party=nordlink"
    )
    assert "Nothing fits" in said(client, "/allocations/?list=purchase&location=shop")
    for sort in ("age", "-age", "document", "-party", "item"):
        assert "0 of 3" in said(client, f"/allocations/?list=purchase&sort={sort}")


def test_a_list_that_is_asked_for_wrongly_says_so(desk: Desk, as_a: As) -> None:
    client = as_a("operator")
    for wrong in ("list=none", "sort=size", "after=x", "item=NONE", "location=%00"):
        assert client.get(f"/allocations/?{wrong}").status_code == 422, wrong


def test_long_lists_have_pages(desk: Desk, as_a: As, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seriatim.web.views.allocations.LINES", 2)
    lines = [wait(desk, 1) for _ in range(3)]
    client = as_a("operator")
    first = client.get("/allocations/?list=purchase")
    assert f"/allocations/{lines[2]}" not in first.text
    after = first.context["next"]
    assert f"/allocations/{lines[2]}" in said(client, after)


def test_typed_numbers_are_looked_at_and_given(desk: Desk, as_a: As) -> None:
    pk, client = wait(desk), as_a("operator")
    desk.receive("OLD-1")
    looked = give(client, pk, serials="S-1..S-2\nS-2\nOLD-1\nS,\n'", check="yes")
    assert looked.status_code == 200
    text = " ".join(looked.text.split())
    assert "Twice in the list: 1" in text
    assert "In stock already: 1" in text
    assert "would be refused" in text
    assert "S-1..S-2" in text, "what was typed stays"
    assert not Unit.objects.filter(serial="S-1").exists()
    done = give(client, pk, serials="S-1..S-2")
    assert done["Location"] == f"/allocations/{pk}", "one is left"
    assert "1 to go" in said(client, f"/allocations/{pk}")
    last = give(client, pk, serials="S-3", note="found behind the shelf")
    assert last["Location"] == "/allocations/?list=purchase"
    assert Document.objects.filter(kind="allocation", note="found behind the shelf").exists()
    assert "Nothing of this line waits" in said(client, f"/allocations/{pk}", 404)
    assert give(client, pk, serials="S-4").status_code == 409


def test_pressing_twice_makes_one_document(desk: Desk, as_a: As) -> None:
    pk, client, id_ = wait(desk), as_a("operator"), str(uuid4())
    for _ in range(2):
        assert give(client, pk, id=id_, serials="S-1").status_code == 302
    assert Document.objects.filter(kind="allocation").count() == 1


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"serials": "A\nB\nC\nD"}, "not_enough_waiting"),
        ({"serials": "OLD-1"}, "already_in_stock"),
        ({"serials": "A,,B\nA"}, "doubled_serial"),
        ({"serials": "X" * 81}, "malformed_serial"),
        ({"serials": ""}, "no_lines"),
    ],
)
def test_what_cannot_be_given_is_refused_with_every_number(
    desk: Desk, as_a: As, form: dict[str, str], code: str
) -> None:
    pk = wait(desk)
    desk.receive("OLD-1")
    answer = give(as_a("operator"), pk, **form)
    assert answer.status_code == 422
    assert f'data-code="{code}"' in answer.text
    assert not Document.objects.filter(kind="allocation").exists()


def test_near_twins_are_confirmed(desk: Desk, as_a: As) -> None:
    pk, client = wait(desk, 1), as_a("operator")
    desk.receive("AB-10")
    looked = give(client, pk, serials="AB-1O", check="yes")
    assert "Look like others" in looked.text
    assert 'name="confirm_twins"' in looked.text
    refused = give(client, pk, serials="AB-1O")
    assert refused.status_code == 422
    assert 'name="confirm_twins"' in refused.text
    assert give(client, pk, serials="AB-1O", confirm_twins="on").status_code == 302


def test_a_file_brings_numbers_and_what_stands_beside_them(desk: Desk, as_a: As) -> None:
    pk, client = wait(desk), as_a("operator")
    table = io.BytesIO(b"No;Asset tag\nS-1;T-1\nS-2;\n")
    table.name = "list.csv"
    looked = give(client, pk, file=table, column="no", check="yes")
    assert looked.status_code == 200
    form = looked.context["form"]
    assert form["serials"].value() == "S-1\nS-2"
    done = give(client, pk, serials="S-1..S-2", beside=form["beside"].value())
    assert done.status_code == 302
    assert Identifier.objects.get().value == "T-1"
    plain = io.BytesIO(b"S-3")
    plain.name = "list.txt"
    assert give(client, pk, file=plain).status_code == 302


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("list.csv", b"other\nS-1\n"),
        ("list.xlsx", b"PK\x03\x04 no workbook"),
        ("list.txt", b"\xff\xfe\xfa"),
        ("list.csv", b"serial,cost\nS-1,dear\n"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(desk: Desk, as_a: As, name: str, content: bytes) -> None:
    file = io.BytesIO(content)
    file.name = name
    assert give(as_a("operator"), wait(desk), file=file).status_code == 422
    assert not Unit.objects.exists()


def test_what_is_hidden_in_the_form_may_be_anything(desk: Desk, as_a: As) -> None:
    pk, client = wait(desk), as_a("operator")
    for beside in ("{", "[1]", '[{"serial": "S-1", "unit_cost": []}]', '{"a": 1}'):
        answer = give(client, pk, serials="S-1", beside=beside)
        assert answer.status_code in {302, 422}, beside
        if answer.status_code == 302:
            pk = wait(desk)
    assert give(client, pk, id="x", serials="S-9").status_code == 422


def test_numbers_come_from_the_series_by_one_press(desk: Desk, as_a: As) -> None:
    made = series.define(user=desk.user, code="L", pattern="L-{seq:4}")
    series.attach(user=desk.user, item=desk.cast.laptop, series=made)
    pk, client = wait(desk, 4), as_a("operator")
    assert "Generate all 4" in said(client, f"/allocations/{pk}")
    assert give(client, pk, generate="1").status_code == 302
    assert give(client, pk, serials="L-0009", all="yes").status_code == 302
    numbers = sorted(Unit.objects.values_list("serial", flat=True))
    assert numbers == ["L-0001", "L-0002", "L-0003", "L-0009"]


def test_goods_at_several_places_are_given_where_they_stand(desk: Desk, as_a: As) -> None:
    pk, client = wait(desk), as_a("operator")
    desk.post("transfer", line(desk.cast.laptop, quantity=1, source=desk.cast.a01, target=desk.cast.shop))
    assert "Choose one" in said(client, f"/allocations/{pk}")
    assert give(client, pk, serials="S-1").status_code == 422
    assert give(client, pk, serials="S-1", location="SHOP").status_code == 302
    assert desk.where("S-1") == "SHOP"


def test_who_may_not_receive_may_not_allocate(desk: Desk, as_a: As) -> None:
    pk = wait(desk)
    assert as_a("viewer").get(f"/allocations/{pk}").status_code == 403
    assert as_a("viewer").post(f"/allocations/{pk}", {}).status_code == 403


# --- one press on a row ----------------------------------------------------------------------------------------


def with_series(desk: Desk, pattern: str = "L-{seq:4}") -> None:
    made = series.define(user=desk.user, code="L", pattern=pattern)
    series.attach(user=desk.user, item=desk.cast.laptop, series=made)


def press(client: Client, address: str, **more: str) -> tuple[str, dict[str, str]]:
    """The first row's form as a browser sends it: its address and its fields."""
    forms = forms_of(client.get(address).text, address)
    form = next(one for one in forms if one.action.split("?")[0].endswith("/generate"))
    return form.action, {name: values[-1] for name, values in form.fields.items() if values} | more


def test_a_row_whose_item_has_a_series_is_given_its_numbers_by_one_press(desk: Desk, as_a: As) -> None:
    with_series(desk)
    wait(desk, 4)
    wait(desk, 2)
    client, here = as_a("operator"), "/allocations/?list=purchase&item=LAPTOP&sort=document"
    assert "Generate 4" in said(client, here)
    address, form = press(client, here)
    done = client.post(address, form)
    assert done.status_code == 302
    assert dict(parse_qsl(urlsplit(done["Location"]).query)) == {
        "list": "purchase",
        "item": "LAPTOP",
        "sort": "document",
    }
    number = str(Document.objects.get(kind="allocation").number)
    page = said(client, done["Location"])
    assert "4 units of LAPTOP have their numbers:" in page
    assert f'href="/documents/{number}"' in page
    assert f'href="/labels/print?document={number}"' in page
    assert "Generate 2" in page
    assert "Generate 4" not in page


def test_a_press_sent_twice_gives_numbers_once(desk: Desk, as_a: As) -> None:
    with_series(desk)
    pk, client = wait(desk, 4), as_a("operator")
    address, form = press(client, "/allocations/?list=purchase")
    first, second = (client.post(address, form) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Document.objects.filter(kind="allocation").count() == 1
    late = client.post(address, {"once": "another"}, follow=True)
    assert "Nothing of this line waits any more" in late.text
    assert client.post(f"/allocations/{pk + 999}/generate", follow=True).status_code == 200
    assert Unit.objects.count() == 4


def test_goods_at_several_places_get_a_document_for_each(desk: Desk, as_a: As) -> None:
    with_series(desk)
    wait(desk)
    desk.post("transfer", line(desk.cast.laptop, quantity=1, source=desk.cast.a01, target=desk.cast.shop))
    client = as_a("operator")
    address, form = press(client, "/allocations/?list=purchase")
    done = said(client, client.post(address, form)["Location"])
    assert "3 units of LAPTOP have their numbers:" in done
    assert done.count("print labels") == 2
    assert desk.where("L-0001") == "A-01"
    assert desk.where("L-0003") == "SHOP"


def test_there_is_no_button_without_a_series_or_the_right(desk: Desk, as_a: As) -> None:
    pk = wait(desk)
    assert "Generate" not in said(as_a("operator"), "/allocations/?list=purchase")
    with_series(desk)
    assert as_a("viewer").post(f"/allocations/{pk}/generate").status_code == 403
    assert as_a("operator").get(f"/allocations/{pk}/generate").status_code == 405
    assert not Unit.objects.exists()


def test_a_series_that_cannot_give_so_many_is_told_on_the_list(desk: Desk, as_a: As) -> None:
    with_series(desk, "L-{seq:1}")
    wait(desk, 12)
    client = as_a("operator")
    address, form = press(client, "/allocations/?list=purchase")
    refused = client.post(address, form)
    assert refused.status_code == 422
    assert 'data-code="series_exhausted"' in refused.text
    assert "Generate 12" in " ".join(refused.text.split())
    assert not Unit.objects.exists()
    assert not Document.objects.filter(kind="allocation").exists()


def test_a_number_that_two_units_would_have_is_told_before_anything_is_posted(desk: Desk, as_a: As) -> None:
    pk, client = wait(desk, 2), as_a("operator")
    tag = '{"serial": "S-%d", "identifiers": {"asset_tag": "T-1"}}'
    answer = give(client, pk, serials="S-1, S-2", beside=f"[{tag % 1}, {tag % 2}]", check="1")
    assert answer.status_code == 422
    assert "S-2 is given a number that another unit has: asset_tag T-1: S-1." in answer.text
    assert not Unit.objects.exists()
