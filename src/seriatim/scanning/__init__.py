"""From a scanned text, or a picture of codes, to what it means and to the thing that carries it.

``read`` answers with what the text can mean and what of it is known here; ``meaning`` says, without a database,
what a scan means in a screen that collects units. The rest of the package is theirs.
"""

from seriatim.scanning.hits import Hit, Match, Thing
from seriatim.scanning.intents import Act, Chosen, Intent, Understanding, meaning
from seriatim.scanning.looking import Next, Reading, Step, read, read_all
from seriatim.scanning.reading import interpret
from seriatim.scanning.values import (
    ANY_SCANNER,
    Doubt,
    Element,
    Flaw,
    Form,
    Interpretation,
    Meaning,
    Profile,
    Wrong,
)

__all__ = [
    "ANY_SCANNER",
    "Act",
    "Chosen",
    "Doubt",
    "Element",
    "Flaw",
    "Form",
    "Hit",
    "Intent",
    "Interpretation",
    "Match",
    "Meaning",
    "Next",
    "Profile",
    "Reading",
    "Step",
    "Thing",
    "Understanding",
    "Wrong",
    "interpret",
    "meaning",
    "read",
    "read_all",
]
