"""Every code that the core can say has words, and no sentence has a hole."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from seriatim.exchange.backup_refusals import BACKUP_REFUSALS
from seriatim.exchange.table_refusals import Cell, TableRefused
from seriatim.kernel.disposition import Disposition
from seriatim.kernel.identifiers import IDENTIFIER_TYPES
from seriatim.kernel.kinds import KINDS
from seriatim.kernel.marks import MARKS
from seriatim.kernel.places import LocationType, PartyRole
from seriatim.kernel.refusals import (
    PRECEDENCE,
    Case,
    DoubledSerial,
    Invalid,
    NotAtSource,
    NotPermitted,
    OutOfOrder,
    PartyWrongRole,
    Refusal,
    WrongState,
)
from seriatim.kernel.states import Action, State
from seriatim.stocktakes.models import Result, Stage
from seriatim.words import files, names, refusals
from seriatim.words.telling import told

FACTS = (
    "what",
    "name",
    "field",
    "reason",
    "value",
    "right",
    "scope",
    "user",
    "location",
    "state",
    "action",
    "roles",
    "party",
    "pattern",
    "series",
    "left",
    "wanted",
)


@pytest.mark.parametrize("refusal", PRECEDENCE, ids=lambda refusal: refusal.code)
def test_every_refusal_has_words(refusal: type[Refusal]) -> None:
    words = refusals.REFUSALS[refusal.code]
    assert words.case
    assert str(words.todo)


def test_the_table_is_in_the_order_of_precedence_and_has_nothing_more() -> None:
    assert list(refusals.REFUSALS) == [refusal.code for refusal in PRECEDENCE]


def test_refusals_of_files_have_words() -> None:
    assert set(files.FILES) == {refusal.code for refusal in (*BACKUP_REFUSALS, TableRefused)}


@pytest.mark.parametrize("refusal", PRECEDENCE, ids=lambda refusal: refusal.code)
@pytest.mark.parametrize(
    "case", [None, Case(), Case(serial="SN-1"), Case(item="X", line=2), Case(note="why")]
)
def test_a_refusal_that_tells_little_still_makes_whole_sentences(
    refusal: type[Refusal], case: Case | None
) -> None:
    said = told(refusal([case] if case else []))
    for sentence in (said.headline, said.todo, *said.cases):
        assert sentence
        assert "{" not in sentence
        assert "None" not in sentence


@pytest.mark.parametrize("code", sorted(refusals.REFUSALS))
def test_sentences_ask_only_for_facts_that_exist(code: str) -> None:
    """A misspelt name would make a wording that is never used."""
    known = {field.name for field in fields(Case)} | {*FACTS, "source", "document", "date"}
    words = refusals.REFUSALS[code]
    for wording in (*words.whole, *words.case, words.todo):
        assert set(re.findall(r"\{(\w+)\}", str(wording))) <= known


def test_it_says_what_where_it_really_is_and_what_to_do() -> None:
    refusal = NotAtSource([Case(serial="SN-200009", item="RTR-900", line=1, place="BENCH-2")])
    said = told(refusal, sources={1: "DOCK-1"})
    assert said.cases == ("SN-200009 is at BENCH-2, not at DOCK-1.",)
    assert said.todo == "Take it from where it really is, or move it first."


def test_a_party_goes_before_the_place_that_stands_for_the_outside() -> None:
    refusal = NotAtSource([Case(serial="SN-1", line=1, place="CUSTOMERS", holder="HAFEN")])
    assert told(refusal, sources={1: "DOCK-1"}).cases == ("SN-1 is with HAFEN, not at DOCK-1.",)


def test_codes_inside_facts_become_words() -> None:
    assert told(WrongState(state="posted", action="cancel", number="PR-2026-00001")).whole == (
        "PR-2026-00001 is posted, so it cannot be cancelled."
    )
    assert told(PartyWrongRole(party="HAFEN", roles="supplier, service_provider")).whole == (
        "HAFEN is not a supplier or service provider."
    )
    assert (
        told(Invalid(field="reason", reason="required")).whole
        == "The reason cannot be taken: it has to be given."
    )
    assert told(NotPermitted(right="adjust", user="maria")).whole == (
        "maria may not do this: it takes the right “adjust”."
    )


def test_a_moment_in_a_note_is_written_as_people_write_it() -> None:
    refusal = OutOfOrder([Case(serial="SN-1", note="2026-11-20T14:30:05+00:00")])
    assert told(refusal).cases == ("SN-1 moved last on 2026-11-20 14:30, after this document’s date.",)


def test_braces_in_a_serial_are_only_signs() -> None:
    assert told(DoubledSerial([Case(serial="{serial.__class__}")])).cases == (
        "{serial.__class__} is on this document twice.",
    )


def test_a_cell_of_a_table_is_named_by_line_and_column() -> None:
    refusal = TableRefused(
        [Cell(line=7, column="gtin", value="123", reason="not a GTIN")], name="items.csv", count=1
    )
    said = told(refusal)
    assert said.whole == "items.csv has mistakes (1). Nothing was changed."
    assert said.cases == ("Line 7, gtin: “123”: not a GTIN.",)


def test_every_code_that_is_shown_has_a_word() -> None:
    assert set(names.KINDS) == set(KINDS)
    assert set(names.HAPPENED) == set(KINDS)
    assert set(names.STATES) == {state.value for state in State} | set(Stage.values)
    # What is done to documents, and to stocktakes.
    assert set(names.ACTIONS) == {action.value for action in Action} | {"count", "close", "abandon"}
    assert set(names.COUNT_RESULTS) == set(Result.values)
    assert set(names.DISPOSITIONS) == {disposition.value for disposition in Disposition}
    assert set(names.MARKS) == set(names.MARKED) == {mark.code for mark in MARKS}
    assert set(names.IDENTIFIERS) == set(IDENTIFIER_TYPES)
    assert set(names.LOCATION_TYPES) == {type_.value for type_ in LocationType}
    assert {role.value for role in PartyRole} <= set(names.THINGS)


def test_names_of_kinds_are_those_of_the_table() -> None:
    assert {code: kind.name for code, kind in KINDS.items()} == {
        code: str(name) for code, name in names.KINDS.items()
    }
