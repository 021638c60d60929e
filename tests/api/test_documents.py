"""Documents through the API: in bulk, and the same way to read one as the command line's import."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4
from weakref import WeakSet

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from seriatim.api import document_shapes
from seriatim.api.document_shapes import SaidDocument, SaidLine, SaidUnit
from seriatim.exchange import drafting
from seriatim.ledger.models import Unit
from tests.api.conftest import Program, Programs, receipt
from tests.support.cast import Cast
from tests.support.desk import Desk


def test_the_door_takes_what_the_reader_of_documents_takes_and_nothing_else() -> None:
    """One way to read a document, shared with files: a field of one is a field of the other."""
    for shape, fields in (
        (SaidDocument, drafting._DOCUMENT),
        (SaidLine, drafting._LINE),
        (SaidUnit, drafting._UNIT),
    ):
        assert {field.alias or name for name, field in shape.model_fields.items()} == set(fields)


def _statements(erp: Program, paper: dict[str, Any]) -> int:
    with CaptureQueriesContext(connection) as queries:
        answer = erp.post("/documents", paper)
    assert answer.status == 201, answer.body[:500]
    return len(queries)


@pytest.mark.parametrize("as_text", [True, False])
def test_statements_do_not_grow_with_the_units(erp: Program, as_text: bool) -> None:
    def paper(first: int, count: int) -> dict[str, Any]:
        if as_text:
            return receipt(line={"serials": f"S-{first:06}..S-{first + count - 1:06}"})
        return receipt(*(f"S-{number:06}" for number in range(first, first + count)))

    _statements(erp, paper(0, 10))
    few, many = _statements(erp, paper(100, 10)), _statements(erp, paper(1_000, 3_000))
    assert few == many


def test_units_with_facts_of_their_own_come_in_bulk(erp: Program) -> None:
    units = [
        {"serial": f"S-{number}", "unit_cost": f"{number}.50", "lot": f"L-{number % 3}"}
        for number in range(500)
    ]
    line = {"serials": None, "unit_cost": None, "units": units}
    answer = erp.post("/documents", receipt(line=line))
    assert answer.status == 201, answer.body[:500]
    assert erp.get("/units/LAPTOP/S-499").data["cost"] == "499.50"


def test_units_are_read_one_by_one_and_only_their_drafts_are_kept(
    erp: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So 100,000 units never stand in memory as they were sent."""
    alive: list[int] = []
    units: WeakSet[_Unit] = WeakSet()

    def fold(data: Any) -> Any:
        units.add(said := _Unit(data))
        alive.append(len(units))
        return document_shapes.unit_folded(dict(said))

    monkeypatch.setitem(document_shapes.UNITS_OF_DOCUMENT, ("lines", "units"), fold)
    line = {"serials": None, "units": [{"serial": f"S-{number}", "lot": "L-1"} for number in range(50)]}
    assert erp.post("/documents", receipt(line=line)).status == 201
    assert (len(alive), max(alive)) == (50, 1)
    assert erp.get("/units/LAPTOP/S-49").data["lot"] == "L-1"


class _Unit(dict[str, Any]):
    """What was sent of one unit, whose life can be watched."""

    __hash__ = object.__hash__  # type: ignore[assignment]


def test_a_large_document_goes_in_and_out_whole(erp: Program) -> None:
    """20,000 here, where a second counts; 100,000 are measured in bench."""
    answer = erp.post("/documents", receipt(line={"serials": "B-00001..B-20000"}))
    assert answer.status == 201
    assert len(answer.body) < 5_000, "the answer counts the serials"
    number = answer.data["number"]
    lines = erp.get(f"/documents/{number}/serials", Accept="application/x-ndjson").body.splitlines()
    assert (len(lines), json.loads(lines[-1])["serial"]) == (20_000, "B-20000")
    exported = erp.get("/units?columns=serial,cost", Accept="text/csv").body.splitlines()
    assert len(exported) == 20_001
    assert Unit.objects.count() == 20_000


def test_ten_thousand_bad_serials_are_all_named(erp: Program) -> None:
    paper = {
        "kind": "delivery_note",
        "party": "HAFEN",
        "lines": [{"item": "LAPTOP", "from": "A-01", "serials": "X-00001..X-10000"}],
        "post": True,
    }
    answer = erp.post("/documents", paper)
    assert (answer.status, answer.code) == (409, "unknown_serial")
    assert len(answer.data["serials"]) == 10_000


def test_pages_of_a_list_join_to_its_whole(erp: Program) -> None:
    erp.post("/documents", receipt(line={"serials": "S-01..S-25"}))
    seen: list[str] = []
    path = "/units?columns=serial&sort=serial&limit=7"
    cursor = ""
    while True:
        page = erp.get(path + (f"&cursor={cursor}" if cursor else "")).data
        seen += [row["serial"] for row in page["rows"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == [f"S-{number:02}" for number in range(1, 26)]


def test_serials_of_a_document_come_in_pages_over_its_lines(erp: Program) -> None:
    paper = receipt("A-1", "A-2", "A-3")
    paper["lines"].append({"item": "PHONE", "to": "A-01", "serials": ["P-1", "P-2"]})
    number = erp.post("/documents", paper).data["number"]
    seen: list[tuple[int, str]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = erp.get(f"/documents/{number}/serials?limit=2&cursor={cursor}").data
        seen += [(row["line"], row["serial"]) for row in page["rows"]]
        cursor = page["next"]
    assert seen == [(1, "A-1"), (1, "A-2"), (1, "A-3"), (2, "P-1"), (2, "P-2")]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"unit_cost": "much"}, "lines[1].units[2].unit_cost"),
        ({"warranty_until": "soon"}, "lines[1].units[2].warranty_until"),
        ({"identifiers": {"colour": "x"}}, "lines[1].units[2].identifiers"),
        ({"custom": {"x": []}}, "lines[1].units[2].custom.x"),
        ({"serial": " "}, "lines[1].units[2].serial"),
    ],
)
def test_what_is_wrong_of_one_unit_is_said_of_that_unit(
    erp: Program, wrong: dict[str, Any], field: str
) -> None:
    units = [{"serial": "S-1"}, {"serial": "S-2", **wrong}]
    answer = erp.post("/documents", receipt(line={"serials": None, "units": units}))
    assert (answer.status, answer.data["field"]) == (422, field)


def test_lines_are_added_to_a_draft_and_taken_off_one_by_one(erp: Program) -> None:
    paper = erp.post("/documents", receipt("S-1", post=False)).data["id"]
    line = {"item": "LAPTOP", "to": "A-02", "serials": "S-2..S-4", "unit_cost": "5"}
    two = erp.post(f"/documents/{paper}/lines", line, Idempotency_Key="k")
    assert erp.post(f"/documents/{paper}/lines", line, Idempotency_Key="k").body == two.body
    assert [(one["position"], one["quantity"]) for one in two.data["lines"]] == [(1, "1"), (2, "3")]
    assert erp.delete(f"/documents/{paper}/lines/1", If_Match='"older"').code == "precondition_failed"
    assert erp.delete(f"/documents/{paper}/lines/1", If_Match=two.etag).status == 204
    assert erp.delete(f"/documents/{paper}/lines/1").status == 404
    for wrong, field in (({"item": "LAPTOP", "unit_cost": "x"}, "unit_cost"), ({"quantity": 1}, "item")):
        refused = erp.post(f"/documents/{paper}/lines", wrong)
        assert (refused.status, refused.data["field"]) == (422, field), refused.body
    assert erp.post(f"/documents/{paper}/lines", {**line, "serials": "S-9, S-9"}).code == "doubled_serial"
    assert [one["position"] for one in erp.post(f"/documents/{paper}/post").data["lines"]] == [2]
    assert erp.post(f"/documents/{paper}/lines", line).code == "wrong_state"
    assert erp.delete(f"/documents/{paper}/lines/2").code == "wrong_state"


def test_a_handheld_scans_into_a_draft_and_sends_again_what_was_not_answered(
    erp: Program, cast: Cast
) -> None:
    Desk(cast, cast.manager).receive("S-1 S-2")
    said = {
        "kind": "delivery_note",
        "party": "HAFEN",
        "lines": [{"item": "LAPTOP", "from": "A-01", "quantity": 5}],
    }
    paper = f"/documents/{erp.post('/documents', said).data['id']}"
    scans = [{"id": str(uuid4()), "text": serial} for serial in ("S-1", "S-2", "S-2", "NONE")]
    first = erp.post(f"{paper}/scans", {"scans": scans, "device": "HH-1"}).data
    assert [one["verdict"] for one in first["scans"]] == ["accepted", "accepted", "doubled", "refused"]
    assert [one["sent_as"] for one in first["scans"]] == [one["id"] for one in scans]
    assert first["scans"][3]["detail"].startswith("There is no NONE")
    again = erp.post(f"{paper}/scans", {"scans": scans, "device": "HH-1"}).data
    assert again == first
    assert (again["lines"][0]["scanned"], again["lines"][0]["wanted"]) == ("2", "5")
    listed = erp.get(f"{paper}/scans?shown=on_it&limit=1").data
    assert [row["serial"] for row in listed["rows"]] == ["S-2"]
    rest = erp.get(f"{paper}/scans?shown=on_it&cursor={listed['next']}").data
    assert ([row["serial"] for row in rest["rows"]], rest["next"]) == (["S-1"], None)
    back = erp.delete(f"{paper}/scans/{listed['rows'][0]['id']}").data
    assert (back["lines"][0]["scanned"], back["scans"][0]["undone"]) == ("1", True)
    misread: list[Any] = [[], [{"text": "x" * 4_001}], [{"text": "x", "line": 0}], [{"text": "x"}] * 201]
    for wrong in misread:
        assert erp.post(f"{paper}/scans", {"scans": wrong}).code == "misread"
    assert erp.post(f"{paper}/scans", {"scans": [{"text": "x", "quantity": "-1"}]}).code == "misread"
    assert erp.post(f"{paper}/scans/999999/answer", {"yes": True}).status == 404
    assert erp.post(f"{paper}/cancel").status == 200
    assert erp.post(f"{paper}/scans", {"scans": scans}).code == "wrong_state"


def test_a_scan_that_asks_is_answered_before_the_document_is_posted(erp: Program) -> None:
    erp.post("/documents", receipt("LO-9"))
    paper = f"/documents/{erp.post('/documents', receipt(post=False, line={'quantity': 1})).data['id']}"
    asked = erp.post(f"{paper}/scans", {"scans": [{"text": "L0-9"}]}).data
    assert (asked["scans"][0]["verdict"], asked["open"]) == ("question", 1)
    assert erp.post(f"{paper}/post").code == "scans_open"
    answered = erp.post(f"{paper}/scans/{asked['scans'][0]['id']}/answer", {"yes": True}).data
    assert (answered["scans"][0]["verdict"], answered["open"]) == ("accepted", 0)
    assert erp.post(f"{paper}/post").data["state"] == "posted"


def test_what_a_document_says_of_each_unit_is_read_back(erp: Program, programs: Programs) -> None:
    """As it was sent: a manifest that somebody else wrote, or that was scanned."""
    units = [
        {
            "serial": "S-2",
            "unit_cost": "7.50",
            "lot": "L-1",
            "warranty_until": "2027-01-31",
            "identifiers": {"imei": ["490154203237518", "356938035643809"], "asset_tag": "AT-1"},
        },
        {"serial": "S-3"},
    ]
    made = erp.post("/documents", receipt("S-1", line={"units": units}, post=False)).data["id"]
    plain = {"line": 1, "item": "LAPTOP"}
    rows = erp.get(f"/documents/{made}/serials").data["rows"]
    second = rows[1]
    assert [row["serial"] for row in rows] == ["S-1", "S-2", "S-3"]
    assert (rows[0], rows[2]) == ({**plain, "serial": "S-1"}, {**plain, "serial": "S-3"})
    assert (second["unit_cost"], second["lot"], second["warranty_until"]) == ("7.50", "L-1", "2027-01-31")
    assert sorted(one["value"] for one in second["identifiers"]) == [
        "356938035643809",
        "490154203237518",
        "AT-1",
    ]
    assert "unit_cost" not in programs("viewer").get(f"/documents/{made}/serials").data["rows"][1]
    page = erp.get(f"/documents/{made}/serials?limit=1").data
    assert erp.get(f"/documents/{made}/serials?limit=1&cursor={page['next']}").data["rows"] == [second]
    assert (
        erp.get(f"/documents/{made}/serials", Accept="text/csv")
        .body.splitlines()[1]
        .startswith(b"1,LAPTOP,S-1,,")
    )
