"""What a unit is built of, through the API."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Program, receipt
from tests.api.test_frame import problem


@pytest.fixture
def rack(erp: Program) -> dict[str, Any]:
    assert erp.post("/documents", receipt("A/1", "B-1", line={"lot": "L-7"})).status == 201
    paper = {
        "kind": "manufacture",
        "post": True,
        "lines": [
            {
                "role": "component",
                "item": "LAPTOP",
                "from": "A-01",
                "serials": ["A/1", "B-1"],
                "parent_serial": "R/1",
            },
            {"role": "output", "item": "LAPTOP", "to": "A-01", "serials": ["R/1"]},
        ],
    }
    made: dict[str, Any] = erp.post("/documents", paper).data
    return made


def test_components_come_in_pages_and_as_a_file(erp: Program, rack: dict[str, Any]) -> None:
    page = erp.get("/units/LAPTOP/R/1/components?limit=1").data
    assert [(one["serial"], one["installed_by"]) for one in page["rows"]] == [("A/1", rack["number"])]
    rest = erp.get(f"/units/LAPTOP/R/1/components?limit=1&cursor={page['next']}").data
    assert ([one["serial"] for one in rest["rows"]], rest["next"]) == (["B-1"], None)
    lines = erp.get("/units/LAPTOP/R/1/components", Accept="text/csv").body.decode().splitlines()
    assert lines[0].startswith("level,item,serial,lot,parent")
    assert lines[1].startswith("1,LAPTOP,A/1,L-7,")
    assert erp.get("/units/LAPTOP/R/1/components?as_of=2020-01-01").data["rows"] == []
    assert erp.get("/units/LAPTOP/B-1/components").data["rows"] == []


def test_what_cannot_be_meant_is_refused(erp: Program, rack: dict[str, Any]) -> None:
    problem(erp.get("/units/LAPTOP/NOPE/components"), 404, "not_found")
    problem(erp.get("/units/LAPTOP/R/1/components?which=all"), 422, "misread")
    problem(erp.get("/units/LAPTOP/R/1/components?as_of=soon"), 422, "misread")
