"""A scanned text → everything that it can mean. Pure: the same text means the same everywhere.

Nothing is guessed: where a text has two readings both are given, a plain number is never taken for a message
because it happens to look like one, and no value is ever cut short.
"""

import re
from collections.abc import Callable, Sequence
from unicodedata import normalize

from seriatim.scanning import numbers, ours
from seriatim.scanning.values import (
    ANY_SCANNER,
    Flaw,
    Form,
    Interpretation,
    Meaning,
    Profile,
    Wrong,
)

#: A QR code holds 7,089 digits at most; longer texts are no scan.
LONGEST = 7_089

_SYMBOLOGY = re.compile(r"\][A-Zdefhosz][0-9A-F]")
#: What no code ends with on purpose: Enter and Tab of the scanner, blanks of a copy.
_ENDS = " \t\r\n"

#: One way to read a text: meanings, and what is wrong where it is plainly of this form and fails.
Reader = Callable[[str], tuple[Sequence[Meaning], Sequence[Flaw]]]

#: In the order in which their meanings are offered.
_READERS: tuple[Reader, ...] = (ours.commands, ours.addresses, numbers.meanings)


def interpret(text: str, *, profile: Profile = ANY_SCANNER) -> Interpretation:
    """Everything that the text can mean, the likeliest first; never raises."""
    kept, symbology = _unwrapped(text, profile)
    wrong = _unreadable(kept)
    if wrong is not None:
        return Interpretation(text=kept, symbology=symbology, flaws=[Flaw(Form.PLAIN, wrong)])
    found: list[Meaning] = []
    flaws: list[Flaw] = []
    for reader in _READERS:
        meanings, wrongs = reader(kept)
        found += meanings
        flaws += wrongs
    found += _plain(kept, found, flaws)
    return Interpretation(text=kept, symbology=symbology, meanings=found, flaws=flaws)


def _unwrapped(text: str, profile: Profile) -> tuple[str, str]:
    """The text without what the scanner put around it, and the symbology's identifier."""
    kept = text.strip(_ENDS)
    if profile.prefix:
        kept = kept.removeprefix(profile.prefix)
    if profile.suffix:
        kept = kept.removesuffix(profile.suffix)
    found = _SYMBOLOGY.match(kept)
    if found:
        kept = kept[found.end() :]
    return normalize("NFC", kept.strip(_ENDS)), found[0] if found else ""


def _unreadable(text: str) -> Wrong | None:
    if not text:
        return Wrong.EMPTY
    if len(text) > LONGEST:
        return Wrong.TOO_LONG
    return None


def _plain(text: str, found: Sequence[Meaning], flaws: list[Flaw]) -> list[Meaning]:
    """The text as it stands, unless it can be nothing but what it was found to be."""
    if any(one.form in (Form.ADDRESS, Form.COMMAND) for one in found):
        return []
    if not text.isprintable():
        flaws.append(Flaw(Form.PLAIN, Wrong.NOT_PRINTABLE))
        return []
    return [Meaning(form=Form.PLAIN, serial=text, numbers=(text,))]
