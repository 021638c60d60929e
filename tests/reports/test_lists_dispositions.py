"""What a list finds under a disposition is what the kernel calls so."""

from __future__ import annotations

import itertools

import pytest

from seriatim.kernel.disposition import Disposition
from seriatim.kernel.marks import MARKS
from seriatim.kernel.places import WITH_PARTY, LocationType
from seriatim.ledger.models import Supersession, Unit
from seriatim.reports.lists import LISTINGS, unit_rows
from tests.support import rows
from tests.support.cast import Cast

UNITS = LISTINGS["units"]


@pytest.fixture
def every_state(cast: Cast) -> int:
    """A unit for every combination of what the kernel looks at."""
    places = [None, rows.a_place("SHOW", sellable=False), cast.a01, cast.bench, cast.van]
    places += [
        rows.outside(type_.value)
        for type_ in LocationType
        if type_.value not in {"storage", "transit", "service"}
    ]
    line = rows.a_line(rows.a_document(), cast.laptop)
    right = rows.a_unit(cast.laptop, "RIGHT")
    for number, (place, marks, reserved, ours, corrected) in enumerate(
        itertools.product(places, (0, *map(int, MARKS), 31, 18), (False, True), (False, True), (False, True))
    ):
        if place is None and (reserved or corrected or not ours):
            continue
        there = {} if place is None else {"location": place, "seq": 1, "last_at": rows.START}
        unit = rows.a_unit(
            cast.phone,
            f"U-{number:04}",
            marks=marks,
            reserved_by=line.document_id if reserved else None,
            owner=None if ours else cast.hafen,
            holder=cast.hafen if place is not None and place.type in WITH_PARTY else None,
            **there,
        )
        if corrected and place is not None and place.type == "adjustment":
            Supersession.objects.create(wrong=unit, right=right, wrong_seq=1, right_seq=1, line_id=line.pk)
    # What a reversed receipt leaves: at the supplier, with nobody.
    there = {"location": rows.outside("supplier"), "seq": 2, "last_at": rows.START}
    rows.a_unit(cast.phone, "U-BACK", **there)
    return Unit.objects.count()


@pytest.mark.parametrize("ahead", [1, 20_000])
def test_every_unit_is_found_under_its_disposition_and_no_other(
    cast: Cast, every_state: int, ahead: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unit_rows, "_AHEAD", ahead)
    found: list[str] = []
    for word in Disposition:
        asked = UNITS.ask(cast.manager, said={"disposition": word.value}, columns=["serial", "disposition"])
        all_of_it = list(asked.every())
        assert {row.values["disposition"] for row in all_of_it} <= {word.value}
        page = asked.page(limit=7)
        paged = list(page.rows)
        while page.next:
            page = asked.page(page.next, limit=7)
            paged += page.rows
        assert paged == all_of_it
        assert asked.count().number == len(all_of_it)
        found += [row.key for row in all_of_it]

    assert len(found) == len(set(found)) == every_state


def test_several_dispositions_are_asked_for_together(cast: Cast, every_state: int) -> None:
    words = ["available", "stolen", "sold"]
    both = UNITS.ask(cast.manager, said={"disposition": words}).count().number
    assert both == sum(UNITS.ask(cast.manager, said={"disposition": word}).count().number for word in words)
    assert both == UNITS.ask(cast.manager, said={"disposition": ",".join(words)}).count().number
