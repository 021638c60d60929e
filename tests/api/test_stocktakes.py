"""Stocktakes through the API, as a handheld and an ERP would do them."""

from __future__ import annotations

from uuid import uuid4

import pytest

from seriatim.catalog.services import restrict_to
from tests.api.conftest import Program, Programs, program_of, receipt
from tests.api.test_frame import problem
from tests.support.cast import Cast


@pytest.fixture
def handheld(programs: Programs, erp: Program) -> Program:
    """An operator's, with five laptops in A-01 and A-02 and one in the shop."""
    assert erp.post("/documents", receipt("L-1", "L-2", "L-3")).status == 201
    assert erp.post("/documents", receipt("L-4", "L-5", line={"to": "A-02"})).status == 201
    assert erp.post("/documents", receipt("L-6", line={"to": "SHOP"})).status == 201
    return programs("operator")


def test_a_place_is_counted_finished_and_put_right(handheld: Program, erp: Program) -> None:
    begun = handheld.post("/stocktakes", {"location": "MAIN"})
    assert (begun.status, begun.data["tally"]["expected"], begun.data["stage"]) == (201, 5, "open")
    name = begun.data["number"]
    ids = [str(uuid4()) for _ in range(5)]
    texts = ["A-01", "L-1", "L-4", "L-6", "NEW-1"]
    scans = [{"id": id_, "text": text} for id_, text in zip(ids, texts, strict=True)]
    counted = handheld.post(f"/stocktakes/{name}/scans", {"scans": scans, "device": "PDA 3"})
    told = [(one["verdict"], one["recorded"], one["place"]) for one in counted.data["scans"]]
    assert told == [
        ("place", None, "A-01"),
        ("found", "A-01", "A-01"),
        ("misplaced", "A-02", "A-01"),
        ("elsewhere", "SHOP", "A-01"),
        ("unknown", None, "A-01"),
    ]
    again = handheld.post(f"/stocktakes/{name}/scans", {"scans": scans, "device": "PDA 3"})
    assert again.data == counted.data
    assert handheld.post(f"/stocktakes/{name}/undo", {"device": "PDA 3"}).data["tally"]["unknown"] == 0
    row = counted.data["scans"][3]["id"]
    assert handheld.delete(f"/stocktakes/{name}/units/{row}").data["tally"]["elsewhere"] == 0
    missing = handheld.get(f"/stocktakes/units?stocktake={name}&result=missing&columns=serial,expected").data
    assert [(one["serial"], one["expected"]) for one in missing["rows"]] == [
        ("L-2", "A-01"),
        ("L-3", "A-01"),
        ("L-5", "A-02"),
    ]
    # The drafts take the rights of their kinds.
    problem(handheld.post(f"/stocktakes/{name}/finish", {}), 403, "not_permitted")
    finished = erp.post(f"/stocktakes/{name}/finish", {}).data
    assert (finished["stage"], finished["tally"]["missing"]) == ("closed", 3)
    for paper in ("adjustment", "transfer"):
        assert erp.post(f"/documents/{finished[paper]}/post", {}).data["state"] == "posted"
    assert erp.get("/units/LAPTOP/L-4").data["location"] == "A-01"
    assert erp.post(f"/stocktakes/{name}/finish", {}).data == finished
    problem(erp.post(f"/stocktakes/{name}/scans", {"scans": [{"text": "L-2"}]}), 409, "wrong_state")


def test_a_stocktake_that_is_given_up_leads_to_nothing(handheld: Program) -> None:
    id_ = str(uuid4())
    made = [handheld.post("/stocktakes", {"id": id_, "location": "MAIN"}) for _ in range(2)]
    assert made[0].data == made[1].data
    problem(handheld.post("/stocktakes", {"id": id_, "location": "SHOP"}), 409, "id_conflict")
    given_up = handheld.post(f"/stocktakes/{id_}/give-up").data
    assert (given_up["stage"], given_up["adjustment"]) == ("abandoned", None)
    [row] = handheld.get("/stocktakes?stage=abandoned").data["rows"]
    assert (row["number"], row["expected"], row["counted"]) == (given_up["number"], 5, 0)


def test_a_stocktake_that_cannot_be_meant_is_refused(handheld: Program, cast: Cast) -> None:
    problem(handheld.post("/stocktakes", {"location": "NOWHERE"}), 404, "not_found")
    problem(handheld.post("/stocktakes", {"location": "BENCH"}), 422, "invalid")
    problem(handheld.post("/stocktakes", {"location": "MAIN", "item": "CABLE"}), 422, "invalid")
    problem(handheld.post("/stocktakes", {"location": "MAIN", "note": "x" * 201}), 422, "invalid")
    problem(handheld.post("/stocktakes/ST-0/scans", {"scans": [{"text": "L-1"}]}), 404, "not_found")
    number = handheld.post("/stocktakes", {"location": "MAIN"}).data["number"]
    problem(handheld.delete(f"/stocktakes/{number}/units/99999"), 404, "not_found")
    problem(handheld.post(f"/stocktakes/{number}/scans", {"scans": []}), 422, "misread")
    restrict_to(user=cast.admin, whom=cast.operator, locations=[cast.shop])
    restricted = program_of(cast.operator)
    problem(restricted.post("/stocktakes", {"location": "MAIN"}), 403, "not_permitted")
    problem(
        restricted.post(f"/stocktakes/{number}/scans", {"scans": [{"text": "L-1"}]}), 403, "not_permitted"
    )
