"""The reference pages name everything that exists, and nothing else."""

import re
from pathlib import Path

from seriatim.kernel.kinds import KINDS
from seriatim.kernel.refusals import PRECEDENCE

DOCS = Path(__file__).parents[2] / "docs"
FIRST_CELL = re.compile(r"^\| `([a-z_]+)` \|", re.MULTILINE)


def test_every_refusal_is_documented_in_its_order_of_precedence():
    text = (DOCS / "refusals.md").read_text()
    assert FIRST_CELL.findall(text) == [refusal.code for refusal in PRECEDENCE]


def test_the_meaning_of_a_refusal_in_the_docs_is_the_one_in_the_code():
    text = (DOCS / "refusals.md").read_text()
    for refusal in PRECEDENCE:
        meaning = " ".join((refusal.__doc__ or "").split())
        assert f"| `{refusal.code}` | {meaning} |" in text


def test_every_kind_is_documented_in_the_order_of_the_table():
    table, _, marks = (DOCS / "kinds.md").read_text().partition("## What marks block")
    assert FIRST_CELL.findall(table) == list(KINDS)
    assert list(dict.fromkeys(FIRST_CELL.findall(marks))) == [
        kind.code for kind in KINDS.values() if kind.legs
    ]
