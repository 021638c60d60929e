"""Custom fields from the command line."""

from __future__ import annotations

from tests.cli.conftest import Run


def test_fields_are_defined_changed_listed_and_deleted(run: Run, shop: None) -> None:
    made = run(
        *("field", "define", "unit", "colour", "--type", "choice", "--choice", "red", "--choice", "blue"),
        *("--required", "--item", "RTR-900", "--label", "Paint", "--json"),
    )
    assert made.data == {
        "of": "unit",
        "name": "colour",
        "label": "Paint",
        "type": "choice",
        "choices": ["red", "blue"],
        "required": True,
        "archived": False,
    }
    assert run("field", "define", "unit", "Colour").status == 1
    assert "Paint" in run("field", "list").out
    changed = run(
        "field", "change", "unit", "colour", "--optional", "--all-items", "--label", "Tint", "--json"
    )
    assert (changed.data["required"], changed.data["label"]) == (False, "Tint")
    assert run("field", "change", "unit", "colour", "--item", "RTR-900", "--all-items").status == 2
    assert run("field", "change", "unit", "nothing", "--optional").status == 1
    assert run("field", "change", "unit", "colour", "--archive").status == 0
    assert run("field", "list", "--json").data == []
    assert run("field", "list", "--archived", "--json").data[0]["archived"] is True
    assert run("field", "change", "unit", "colour", "--delete").status == 0
    assert run("field", "list", "--archived", "--json").data == []


def test_values_are_set_and_a_unit_is_found_by_them(run: Run, shop: None) -> None:
    assert run("field", "define", "unit", "plate").out.strip() == "unit plate"
    run("field", "define", "item", "weight", "--type", "number")
    receipt = ("post", "purchase_receipt", "--item", "RTR-900", "--to", "DOCK-1", "--party", "NORDLINK")
    run(*receipt, "--serials", "-", stdin="A1")
    assert run("field", "set", "RTR-900", "weight=1.50").status == 0
    assert run("field", "set", "RTR-900", "plate=HH-1", "--serial", "A1", "--json").status == 0
    assert "HH-1" in run("find", "hh-1").out
    assert run("field", "set", "RTR-900", "weight=heavy").status == 1
    assert run("field", "set", "RTR-900", "weight").status == 2
    assert run("field", "set", "RTR-900", "plate=1", "--serial", "B1").status == 1
