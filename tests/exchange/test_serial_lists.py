"""A list of serial numbers from any table: a column is chosen, the rest is taken along or passed over."""

from __future__ import annotations

from io import BytesIO

import pytest

from seriatim.catalog.services import define_field
from seriatim.exchange.serial_lists import read_list_of
from seriatim.exchange.table_refusals import TableRefused
from tests.support.cast import Cast

pytestmark = pytest.mark.usefixtures("db")


def csv(*lines: str) -> BytesIO:
    return BytesIO("\n".join(lines).encode())


def test_the_chosen_column_is_read_and_the_others_passed_over() -> None:
    found = read_list_of(csv("Pos;Serial No.;Note", "1;S-1;a", "2;;", "3;S-2;b"), column="serial no.")
    assert (found.serials, found.units) == (["S-1", "S-2"], [])


def test_what_stands_beside_a_serial_is_taken_along() -> None:
    found = read_list_of(
        csv("serial,Cost,lot,warranty until,asset_tag", "S-1,12.50,L1,2027-01-31,T-1", "S-2,,,,")
    )
    assert found.serials == ["S-1", "S-2"]
    assert found.units == [
        {
            "serial": "S-1",
            "unit_cost": "12.50",
            "lot": "L1",
            "warranty_until": "2027-01-31",
            "identifiers": {"asset_tag": "T-1"},
        }
    ]


def test_a_cell_may_have_both_imeis_of_a_telephone() -> None:
    found = read_list_of(csv("serial;imei;asset_tag", 'S-1;"356938035643809; 490154203237518";A,B'))
    (one,) = found.units
    assert one["identifiers"] == {"imei": ["356938035643809", "490154203237518"], "asset_tag": "A,B"}


def test_every_mistake_is_named_by_line_and_column() -> None:
    with pytest.raises(TableRefused) as refused:
        read_list_of(csv("serial,cost,imei", "S-1,x,", "S-1,,", ",5,", "S-2,,123"))
    cells = [(cell.line, getattr(cell, "column", "")) for cell in refused.value.cases]
    assert cells == [(2, "cost"), (3, "serial"), (4, "serial"), (5, "imei")]


def test_a_column_that_is_not_there_is_said() -> None:
    with pytest.raises(TableRefused):
        read_list_of(csv("serial", "S-1"), column="imei")


def test_custom_fields_of_units_are_columns_by_their_names(cast: Cast) -> None:
    define_field(user=cast.manager, subject="unit", name="pages", type="number")
    define_field(user=cast.manager, subject="item", name="colour")
    found = read_list_of(csv("serial,Pages,colour", "S-1,012,red", "S-2,,"))
    assert found.units == [{"serial": "S-1", "custom": {"pages": "12"}}]
    with pytest.raises(TableRefused) as refused:
        read_list_of(csv("serial,pages", "S-1,many"))
    assert [getattr(cell, "reason", "") for cell in refused.value.cases] == ["not a number like 1234.5"]
