"""What stands where through the API, and what it is worth."""

from __future__ import annotations

import pytest

from tests.api.conftest import Program, Programs, receipt
from tests.api.test_frame import problem

PATHS = ["/stock?columns=item,value", "/stock/by-item", "/stock/by-location"]


@pytest.mark.parametrize("path", PATHS)
def test_its_value_is_for_those_who_may_see_costs(erp: Program, programs: Programs, path: str) -> None:
    assert erp.post("/documents", receipt("S-1", "S-2", line={"unit_cost": "12.34"})).status == 201
    assert erp.get(path).data["rows"][0]["value"] == "24.68"
    operator = programs("operator").get(path)
    if "columns" in path:
        problem(operator, 403, "not_permitted")
    else:
        assert "value" not in operator.data["rows"][0]
    problem(programs("operator").get("/stock?sort=value"), 403, "not_permitted")
    assert erp.get("/stock/by-item?as_of=2020-01-01").data["rows"] == []
