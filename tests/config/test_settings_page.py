"""docs/settings.md lists the variables that the code reads, all of them and no other."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
VARIABLE = re.compile(r"\bSERIATIM_[A-Z][A-Z_]*[A-Z]\b")


def variables_in(*paths: Path) -> set[str]:
    return {name for path in paths for name in VARIABLE.findall(path.read_text(encoding="utf-8"))}


def test_every_variable_that_is_read_is_on_the_page_and_the_other_way_round() -> None:
    read = variables_in(
        *(ROOT / "src").rglob("*.py"), *(ROOT / "tests" / name for name in ("settings.py", "conftest.py"))
    )

    assert variables_in(ROOT / "docs" / "settings.md") == read


def test_every_variable_has_a_row_of_its_own() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(SERIATIM_\w+)` \|", page, re.MULTILINE)

    assert sorted(rows) == sorted(variables_in(ROOT / "docs" / "settings.md"))
