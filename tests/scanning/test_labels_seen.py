"""The codes of one picture: one unit's label, a delivery's, or to be asked about."""

from __future__ import annotations

import pytest

from seriatim.scanning.labels_seen import Together, grouped

pytestmark = pytest.mark.engine_free

EAN, OTHER_EAN = "]E04006381333931", "]E00036000291452"
IMEI, IMEI2, IMEI3, MAC = "356938035643809", "490154203237518", "352099001761481", "00:1A:2B:3C:4D:5E"
LOT = "]C110LOT-7"
WHOLE = "]d20104006381333931" + "21SN-1"


@pytest.mark.parametrize(
    ("scans", "unit", "beside"),
    [
        (["SN-1", IMEI], 0, (1,)),
        ([IMEI, EAN, MAC, "SN-1", IMEI2], 3, (1, 0, 2, 4)),
        (["SN-1", LOT], 0, (1,)),
        (["SN-1", WHOLE, IMEI, EAN], 1, (2,)),
    ],
)
def test_one_serial_number_with_what_can_only_go_with_it_is_one_unit(
    scans: list[str], unit: int, beside: tuple[int, ...]
) -> None:
    found = grouped(scans)
    assert (found.together, found.unit, tuple(found.beside)) == (Together.ONE_UNIT, unit, beside)


@pytest.mark.parametrize(
    "scans",
    [
        [EAN, IMEI, IMEI2],
        ["SN-1", "SN-2", IMEI],
        ["SN-1", IMEI, IMEI2, IMEI3],
        [EAN, "SN-1", OTHER_EAN, "SN-2"],
    ],
)
def test_what_can_go_together_in_several_ways_is_asked(scans: list[str]) -> None:
    assert grouped(scans).together is Together.ASK


def test_a_delivery_is_taken_one_by_one_what_says_something_of_the_units_first() -> None:
    found = grouped(["SN-1", EAN, "SN-2", LOT])
    assert (found.together, tuple(found.order)) == (Together.EACH, (1, 3, 0, 2))
    assert grouped([IMEI]).together is grouped([]).together is grouped([WHOLE]).together is Together.EACH
