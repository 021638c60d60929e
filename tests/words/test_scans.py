"""Everything that the reader of scans can say has its words."""

from __future__ import annotations

import pytest

from seriatim.scanning import Doubt, Form, Next, Wrong
from seriatim.scanning.ours import COMMANDS
from seriatim.words import scans

pytestmark = pytest.mark.engine_free


def test_every_code_has_a_sentence() -> None:
    assert set(scans.FORMS) == {form.value for form in Form}
    assert set(scans.DOUBTS) == {doubt.value for doubt in Doubt}
    assert set(scans.WRONGS) == {wrong.value for wrong in Wrong}
    assert set(scans.NEXT) == {step.value for step in Next}
    assert set(scans.COMMANDS) == set(COMMANDS.values())


def test_a_sentence_names_what_is_wrong_and_shows_no_signs_that_a_terminal_would_obey() -> None:
    said = scans.wrong_told(form="gs1", why="wrong_check", at="(01)", value="0400638\x1b[31m")
    assert said.startswith("GS1 code: The check digit of 0400638")
    assert "\x1b" not in said
    assert all(scans.misread_told(wrong.value) or wrong is Wrong.EMPTY for wrong in Wrong)
