"""The lists of stocktakes and of their units."""

from __future__ import annotations

from typing import Any

from seriatim.reports.lists import LISTINGS
from seriatim.stocktakes import services
from seriatim.stocktakes.models import Stocktake
from tests.stocktakes.test_counting import count, desk, stocktake
from tests.support.cast import Cast
from tests.support.desk import Desk

__all__ = ["desk", "stocktake"]


def rows(cast: Cast, name: str, **said: Any) -> list[dict[str, Any]]:
    columns = said.pop("columns", None)
    asked = LISTINGS[name].ask(cast.viewer, said=said, columns=columns, search=said.pop("q", ""))
    return [dict(row.values) for row in asked.page().rows]


def test_stocktakes_say_how_far_they_are(desk: Desk, cast: Cast, stocktake: Stocktake) -> None:
    count(stocktake, "A-01", "L-1", "L-4", "L-6", "NEW-1")
    in_shop = services.begin(user=cast.operator, location=cast.shop, note="spring")
    services.abandon(user=cast.operator, stocktake_id=in_shop.pk)
    columns = ["number", "stage", "expected", "counted", "missing", "misplaced", "elsewhere", "unknown"]
    [newer, older] = rows(cast, "stocktakes", columns=columns)
    assert (str(newer["number"]), newer["stage"], newer["expected"], newer["counted"]) == (
        in_shop.number,
        "abandoned",
        2,
        0,
    )
    assert [older[name] for name in columns[2:]] == [5, 2, 3, 1, 1, 1]
    assert [str(row["number"]) for row in rows(cast, "stocktakes", stage="open")] == [stocktake.number]
    assert [str(row["number"]) for row in rows(cast, "stocktakes", location="MAIN")] == [stocktake.number]


def test_their_units_are_found_by_stocktake_and_result(desk: Desk, cast: Cast, stocktake: Stocktake) -> None:
    count(stocktake, "A-01", "L-1", "L-4", "L-6", "NEW-1")
    services.begin(user=cast.operator, location=cast.main)
    of_it = {"stocktake": stocktake.number}
    assert [(row["serial"], row["result"]) for row in rows(cast, "counted", **of_it)] == [
        ("L-1", "found"),
        ("L-2", "missing"),
        ("L-3", "missing"),
        ("L-4", "misplaced"),
        ("L-5", "missing"),
        ("L-6", "elsewhere"),
        ("NEW-1", "unknown"),
    ]
    columns = ["expected", "place", "location", "by"]
    [moved] = rows(cast, "counted", result=["misplaced"], columns=columns, **of_it)
    assert (str(moved["expected"]), str(moved["place"]), str(moved["location"]), moved["by"]) == (
        "A-02",
        "A-01",
        "A-02",
        "operator",
    )
    missing = rows(cast, "counted", result=["missing"], expected="A-02", **of_it)
    assert [row["serial"] for row in missing] == ["L-5"]
