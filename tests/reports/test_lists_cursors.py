"""A cursor means the place that it was made for, whatever stands in a list, and nothing else is one."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seriatim.kernel.refusals import Invalid
from seriatim.reports.lists.cursors import Place, Type, read_place

pytestmark = pytest.mark.engine_free

TEXTS = st.text(max_size=80)
VALUES: dict[Type, st.SearchStrategy[Any]] = {
    Type.TEXT: TEXTS,
    Type.WHOLE: st.integers(-(2**63), 2**63 - 1),
    Type.DAY: st.dates(),
    Type.MOMENT: st.datetimes(timezones=st.just(UTC)),
    Type.KEY: st.uuids(),
}
COLUMNS = st.lists(st.sampled_from(list(Type)), min_size=1, max_size=3).flatmap(
    lambda types: st.tuples(st.just(tuple(types)), st.tuples(*(st.none() | VALUES[type_] for type_ in types)))
)


@given(COLUMNS, st.booleans())
def test_a_place_comes_back_as_it_went_out(
    columns: tuple[tuple[Type, ...], tuple[Any, ...]], backward: bool
) -> None:
    types, values = columns
    place = Place("units", "-serial", values, backward)
    assert read_place(place.text(), listing="units", sort="-serial", types=types) == place


@given(TEXTS)
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_place(text, listing="units", sort="serial", types=(Type.TEXT,))
