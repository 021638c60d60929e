"""The page that brings in tables: what a file would do, all of it or nothing, and every mistake by line."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from seriatim.accounts.backend import BACKEND
from seriatim.accounts.models import User
from seriatim.catalog.models import Item
from seriatim.exchange.imports import COLUMNS
from seriatim.ledger.models import Unit
from tests.support.cast import Cast

# The same pages over the same services, which are tested on every engine themselves.
pytestmark = pytest.mark.engine_free

ClientOf = Callable[[User], Client]


@pytest.fixture
def client_of(cast: Cast) -> ClientOf:
    def client(user: User) -> Client:
        visitor = Client()
        visitor.force_login(user, backend=BACKEND)
        return visitor

    return client


def sent(client: Client, what: str, table: str, do: str, **more: str) -> str:
    file = SimpleUploadedFile("table.csv", table.encode())
    answer = client.post(f"/imports/{what}/", {"file": file, "do": do, **more})
    assert answer.status_code in (200, 422)
    return answer.text


ITEMS = "code;name;gtin\nHUB-8;Hub with 8 ports;04006381333948\nLAPTOP;Laptop 14 inch;\nPHONE;;\n"


def test_a_file_is_looked_at_and_then_brought_in(cast: Cast, client_of: ClientOf) -> None:
    manager = client_of(cast.manager)
    looked = sent(manager, "items", ITEMS, "check")
    for words in ("The file is in order", "1 is new.", "1 changes.", "1 stays as it is."):
        assert words in looked
    assert not Item.objects.filter(code="HUB-8").exists()
    done = sent(manager, "items", ITEMS, "import")
    for words in ("Imported.", "1 was made.", "1 was changed."):
        assert words in done
    assert Item.objects.get(code="LAPTOP").name == "Laptop 14 inch"
    assert "All of it was there already." in sent(manager, "items", ITEMS, "import")


def test_every_mistake_is_named_and_nothing_is_brought_in(cast: Cast, client_of: ClientOf) -> None:
    table = "code,name,gtin,warranty_days\nA,One,123,\nB,,,many\nC,Three,,30\nD,,,\n"
    page = sent(client_of(cast.manager), "items", table, "import")
    assert "table.csv has mistakes" in page
    for place in ("Line 2, gtin", "Line 3, warranty_days", "Line 5, name"):
        assert place in page
    assert not Item.objects.filter(code="C").exists()


def test_units_come_in_as_opening_stock(cast: Cast, client_of: ClientOf) -> None:
    table = "item,serial,location,cost\nLAPTOP,OLD-1,A-01,450\nLAPTOP,OLD-2,A-01,450\n"
    page = sent(client_of(cast.manager), "units", table, "import")
    assert "2 were made." in page
    assert "/documents/OS-" in page
    assert set(Unit.objects.values_list("serial", "location__code")) == {("OLD-1", "A-01"), ("OLD-2", "A-01")}
    twin = "item,serial,location\nLAPTOP,0LD-1,A-01\n"
    assert "confirm" in sent(client_of(cast.manager), "units", twin, "import").lower()
    assert "1 was made." in sent(client_of(cast.manager), "units", twin, "import", confirm_twins="on")


def test_what_is_no_table_is_told_as_that(cast: Cast, client_of: ClientOf) -> None:
    manager = client_of(cast.manager)
    assert "required" in manager.post("/imports/items/", {"do": "check"}).text
    page = sent(manager, "items", "\x00\x01\x02", "check")
    assert 'role="alert"' in page
    wrong = sent(manager, "items", "code;nmae\nA;B\n", "check")
    assert "nmae" in wrong


def test_each_table_takes_its_right_and_is_reached_from_its_list(cast: Cast, client_of: ClientOf) -> None:
    manager, operator = client_of(cast.manager), client_of(cast.operator)
    for what in COLUMNS:
        assert f'href="/imports/{what}/"' in manager.get(f"/{what}/").text
        assert f"/imports/{what}/" not in operator.get(f"/{what}/").text
        assert operator.get(f"/imports/{what}/").status_code == 403
        empty = manager.get(f"/imports/{what}/columns.csv")
        assert empty.content.decode("utf-8-sig").strip().split(",") == list(COLUMNS[what])
    assert manager.get("/imports/users/").status_code == 404
    assert manager.get("/imports/users/columns.csv").status_code == 404
