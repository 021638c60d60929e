"""Taking a unit apart leaves nothing inside it."""

from __future__ import annotations

from seriatim.kernel.refusals import HasComponents
from tests.support.desk import Desk, line, refused, said


def test_a_unit_is_not_taken_apart_while_something_stays_in_it(desk: Desk) -> None:
    cast = desk.cast
    desk.receive("S-1 S-2")
    desk.post(
        "manufacture",
        line(cast.laptop, "S-1 S-2", role="component", source=cast.a01, parent="BIG"),
        line(cast.laptop, "BIG", role="output", target=cast.a01),
    )
    whole = line(cast.laptop, "BIG", role="parent")
    one_part = line(cast.laptop, "S-1", role="part", target=cast.a02, parent="BIG")

    refusal = refused(desk.post, "disassemble", whole, one_part)

    assert isinstance(refusal, HasComponents)
    assert said(refusal) == [("has_components", ["BIG"])]
    assert refusal.cases[0].note == "1"
    both = line(cast.laptop, "S-1 S-2", role="part", target=cast.a02, parent="BIG")
    desk.post("disassemble", whole, both)
    assert desk.where("S-2") == "A-02"
