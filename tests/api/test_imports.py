"""Tables by the API: the whole file or nothing, every mistake by line and column, and by whom."""

from __future__ import annotations

import pytest

from seriatim.catalog.models import Item, Location, Party
from seriatim.catalog.services import restrict_to
from seriatim.ledger.models import Unit
from tests.api.conftest import Program, Programs, program_of
from tests.support.cast import Cast

pytestmark = pytest.mark.engine_free

TABLES = {
    "items": b"code,name\nHUB-8,Hub\n",
    "locations": b"code,name,parent\nA-77,Bin,MAIN\n",
    "parties": b"code,name,role\nNEW,New,supplier\n",
    "units": b"item,serial,location,cost\nLAPTOP,U-1,A-01,80.00\nLAPTOP,U-2,A-01,\n",
}
MODELS = {"items": Item, "locations": Location, "parties": Party, "units": Unit}


@pytest.mark.parametrize("what", TABLES)
def test_a_table_is_looked_at_and_brought_in_once(erp: Program, what: str) -> None:
    path, count = f"/imports/{what}", MODELS[what].objects.count()  # type: ignore[attr-defined]
    rows = TABLES[what].count(b"\n") - 1
    tried = erp.post(f"{path}?check=yes", TABLES[what]).data
    assert (tried["check"], tried["created"]) == (True, rows)
    assert MODELS[what].objects.count() == count  # type: ignore[attr-defined]
    first, again = (erp.post(path, TABLES[what], Idempotency_Key="k") for _ in range(2))
    assert (first.status, first.data["created"], first.body) == (200, rows, again.body)
    once_more = erp.post(path, TABLES[what]).data
    assert (once_more["created"], once_more["unchanged"]) == (0, rows)
    assert MODELS[what].objects.count() == count + rows  # type: ignore[attr-defined]
    if what == "units":
        assert first.data["documents"] == once_more["documents"]
        assert erp.get(f"/documents/{first.data['documents'][0]['number']}").data["kind"] == "opening_stock"


def test_every_mistake_is_named_and_nothing_is_brought_in(erp: Program) -> None:
    table = b"code,name,gtin\nGOOD,Good,\n,Without code,\nBAD,Bad,123\n"
    answer = erp.post("/imports/items?name=goods.csv", table)
    assert (answer.status, answer.code, answer.data["facts"]) == (
        422,
        "table_refused",
        {"name": "goods.csv", "count": 2},
    )
    assert [(case["line"], case["column"]) for case in answer.data["cases"]] == [(3, "code"), (4, "gtin")]
    assert all(case["detail"] for case in answer.data["cases"])
    assert not Item.objects.filter(code="GOOD").exists()


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/imports/items", b"", "file_unusable"),
        ("/imports/items", b"\x81\xff\x00", "file_unusable"),
        ("/imports/items", b"PK\x03\x04", "file_unusable"),
        ("/imports/items", b"colour\nblack\n", "table_refused"),
        ("/imports/items?check=maybe", b"code\nX\n", "misread"),
        ("/imports/items?confirm_twins=yes", b"code\nX\n", "misread"),
        ("/imports/documents", b"code\nX\n", "misread"),
    ],
)
def test_what_is_no_table_is_refused(erp: Program, path: str, body: bytes, code: str) -> None:
    assert erp.post(path, body).code == code


def test_serials_that_look_like_others_are_confirmed(erp: Program) -> None:
    assert erp.post("/imports/units", TABLES["units"]).status == 200
    twin = b"item,serial,location\nLAPTOP,u1,A-01\n"
    refused = erp.post("/imports/units", twin)
    assert (refused.code, refused.data["serials"][0]["line"]) == ("near_twin", 2)
    assert erp.post("/imports/units?confirm_twins=yes", twin).data["created"] == 1


def test_role_and_scope_by_table(programs: Programs) -> None:
    """As by the services: master data take the right to edit them, units that of opening stock."""
    for what, table in TABLES.items():
        path = f"/imports/{what}"
        for role in ("viewer", "operator", "manager", "admin"):
            allowed = role in {"manager", "admin"}
            assert programs(role).post(path, table).status == (200 if allowed else 403), (role, what)
        assert programs("admin", "read").post(path, table).status == 403
        scope = "documents" if what == "units" else "catalog"
        assert programs("admin", scope).post(f"{path}?check=yes", table).status == 200


def test_units_at_own_and_foreign_locations(cast: Cast) -> None:
    restrict_to(user=cast.admin, whom=cast.manager, locations=[cast.a02])
    refused = program_of(cast.manager).post("/imports/units", TABLES["units"])
    assert (refused.status, refused.data["facts"]["location"]) == (403, "A-01")
    table = TABLES["units"].replace(b"A-01", b"A-02")
    assert program_of(cast.manager).post("/imports/units", table).status == 200
