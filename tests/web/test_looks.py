"""Every code has a look, and every icon exists."""

import re
from pathlib import Path

import pytest

from seriatim import web
from seriatim.documents.selectors import What
from seriatim.kernel.disposition import Disposition
from seriatim.kernel.kinds import KINDS
from seriatim.kernel.states import State
from seriatim.web import looks
from seriatim.web.icons import icon as drawn
from seriatim.web.navigation import GROUPS, MORE, OWN

# What a page looks like is the same on either engine.
pytestmark = pytest.mark.engine_free

ALL = {
    **looks.KINDS,
    **looks.EVENTS,
    **looks.DISPOSITIONS,
    **{f"state {k}": v for k, v in looks.STATES.items()},
}


ENTRIES = [MORE, *OWN, *(entry for group in GROUPS for entry in group.entries)]

#: Icons that templates name, `{% icon "name" %}`.
NAMED = {
    name
    for template in (Path(web.__file__).parent / "templates").rglob("*.html")
    for name in re.findall(r'{% icon "([^"]+)"', template.read_text())
}


def test_every_code_has_a_look() -> None:
    assert set(looks.KINDS) == set(KINDS)
    assert set(looks.DISPOSITIONS) == {disposition.value for disposition in Disposition}
    assert set(looks.STATES) == {state.value for state in State}
    assert set(looks.EVENTS) == {what.value for what in What} - {"moved"}


@pytest.mark.parametrize(
    "icon", sorted({look.icon for look in ALL.values()} | {entry.icon for entry in ENTRIES} | NAMED)
)
def test_every_icon_exists(icon: str) -> None:
    assert drawn(icon, 20).startswith('<svg width="20" height="20" aria-hidden="true"')


def test_tones_are_those_that_the_style_sheet_knows() -> None:
    assert {look.tone for look in ALL.values()} <= {"good", "warn", "bad", "info", ""}
