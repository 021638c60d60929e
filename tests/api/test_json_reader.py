"""JSON read piece by piece is what Python's own decoder reads of the whole, right or wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seriatim.api.json_reader import Fold, Reader, Unreadable, Way

pytestmark = pytest.mark.engine_free

UNITS = ("lines", "units")
#: Documents and things that are not, with the names of the walked ones among them.
NAMES = st.sampled_from(["lines", "units", "item", "", "ü", '"'])
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)
LINES = st.lists(st.fixed_dictionaries({"item": VALUES, "units": st.lists(VALUES, max_size=4)}), max_size=3)
WHOLES = VALUES | st.fixed_dictionaries({"id": VALUES, "lines": LINES})


def in_pieces(text: str, length: int) -> Iterator[str]:
    return (text[start : start + length] for start in range(0, len(text), length))


def read(text: str, length: int = 1_000) -> Any:
    return Reader(in_pieces(text, length), {UNITS: lambda unit: unit}).read()


def read_whole(text: str) -> Any:
    """What Python's decoder makes of it, or says of it."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        return Unreadable(f"{error.msg} (line {error.lineno}, column {error.colno}).")


@given(WHOLES, st.integers(1, 9), st.sampled_from([None, 1]), st.booleans())
def test_however_it_comes_it_is_read_as_the_whole_would_be(
    data: Any, length: int, indent: int | None, ascii_: bool
) -> None:
    text = json.dumps(data, indent=indent, ensure_ascii=ascii_)
    assert read(text, length) == data


@given(
    WHOLES,
    st.integers(1, 9),
    st.integers(0, 200),
    st.sampled_from(["", ",", "}", "]", '"', "x", "1", "\n", ":"]),
)
def test_what_is_wrong_is_wrong_at_the_same_place(data: Any, length: int, at: int, put: str) -> None:
    text = json.dumps(data, indent=1, ensure_ascii=False)
    at = min(at, len(text))
    broken = text[:at] + put + text[at + 1 :]
    expected = read_whole(broken)
    if isinstance(expected, Unreadable):
        with pytest.raises(Unreadable) as refused:
            read(broken, length)
        assert str(refused.value) == str(expected)
    else:
        assert read(broken, length) == expected


def test_elements_are_folded_before_the_rest_has_come() -> None:
    """So a body of 100,000 units is never in memory as a whole."""
    folded: list[Any] = []
    seen: list[int] = []

    def coming() -> Iterator[str]:
        yield '{"lines": [{"units": ['
        for number in range(100):
            seen.append(len(folded))
            yield f'{{"serial": "SN-{number}"}},'
        yield '{"serial": "LAST"}]}]}'

    def fold(unit: Any) -> str:
        folded.append(unit)
        return str(unit["serial"])

    read = Reader(coming(), {UNITS: fold}).read()
    assert read["lines"][0]["units"] == [*(f"SN-{number}" for number in range(100)), "LAST"]
    assert all(piece - there <= 2 for piece, there in enumerate(seen))


def test_only_the_array_at_the_end_of_the_way_is_folded() -> None:
    fold: dict[Way, Fold] = {("lines", "units"): str, ("units",): len}
    text = '{"units": [[1, 2], [3]], "lines": [{"units": [7], "more": {"units": [7]}}, {"units": {"units": [7]}}]}'
    assert Reader(iter([text]), fold).read() == {
        "units": [2, 1],
        "lines": [{"units": ["7"], "more": {"units": [7]}}, {"units": {"units": [7]}}],
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"lines": [{"units": ["a\\u0000"]}]}', "A text holds the sign NUL."),
        ('{"lines": [{"un\\u0000its": 1}]}', "A text holds the sign NUL."),
        ('{"lines": [{"units": ["\\uD800"]}]}', "A text holds half of a surrogate pair."),
        ('{"lines": [{"units": [NaN]}]}', "NaN is no number of JSON."),
        ('{"lines": [{"units": [1e400]}]}', "A number has too many digits."),
        ('{"lines": [{"units": [' + "9" * 5_000 + "]}]}", "A number has too many digits."),
        ('{"lines": ' + "[" * 100_000, "It is nested too deeply."),
        ('{"lines": [{"units": [' + "[" * 100_000, "It is nested too deeply."),
    ],
    ids=lambda value: value[:40],
)
def test_what_could_not_be_kept_is_refused_where_it_is_walked_through_too(text: str, words: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(text, 100)
    assert str(refused.value) == words
