"""The reference pages say what the tables say: every kind with its legs, every refusal in its order."""

from __future__ import annotations

import pytest

from seriatim.kernel.kinds import KINDS
from seriatim.kernel.refusals import PRECEDENCE
from tests.support.pages import DOCS, PAGES


@pytest.mark.parametrize("name", sorted(PAGES))
def test_the_page_is_the_one_that_its_table_makes(name: str) -> None:
    assert (DOCS / name).read_text() == PAGES[name](), "write it anew: python -m tests.support.pages"


def test_every_kind_and_every_refusal_has_a_row() -> None:
    kinds, refusals = (DOCS / "kinds.md").read_text(), (DOCS / "refusals.md").read_text()
    assert [code for code in KINDS if f"\n| `{code}` |" not in kinds] == []
    assert [one.code for one in PRECEDENCE if f"\n| `{one.code}` |" not in refusals] == []
