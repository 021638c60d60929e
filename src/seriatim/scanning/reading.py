"""A scanned text → everything that it can mean. Pure: the same text means the same everywhere.

Nothing is guessed: where a text has two readings both are given, a plain number is never taken for a message
because it happens to look like one, and no value is ever cut short.
"""

import re
from collections.abc import Sequence
from datetime import date
from unicodedata import normalize

from seriatim.scanning import digital_link, gs1, hibc, iso15434, numbers, ours
from seriatim.scanning.scans import GS, Reader, Scan
from seriatim.scanning.values import (
    ANY_SCANNER,
    Doubt,
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

#: What was found to be one of these is no plain number too.
_ONLY = frozenset({Form.ADDRESS, Form.COMMAND, Form.DIGITAL_LINK, Form.GS1, Form.IUID})

#: In the order in which their meanings are offered.
_READERS: tuple[Reader, ...] = (
    ours.commands,
    ours.addresses,
    digital_link.links,
    gs1.messages,
    iso15434.envelopes,
    hibc.codes,
    numbers.meanings,
)


def interpret(
    text: str, *, profile: Profile = ANY_SCANNER, item_known: bool = False, year: int | None = None
) -> Interpretation:
    """Everything that the text can mean, the likeliest first; never raises.

    ``item_known``: the item was said by the code scanned before, so that a serial number or a lot may come alone.
    ``year`` (the present one, if it is not given) makes four digits of the two that codes have.
    """
    kept, symbology = _unwrapped(text, profile)
    wrong = _unreadable(kept)
    if wrong is not None:
        return Interpretation(text=kept, symbology=symbology, flaws=[Flaw(Form.PLAIN, wrong)])
    scan = Scan(
        text=kept,
        symbology=symbology,
        profile=profile,
        item_known=item_known,
        year=date.today().year if year is None else year,  # noqa: DTZ011  (a year, and no moment)
    )
    found: list[Meaning] = []
    flaws: list[Flaw] = []
    for reader in _READERS:
        meanings, wrongs = reader(scan)
        found += meanings
        flaws += wrongs
    found += _plain(scan, found, flaws)
    # What nothing marks as a message is a plain number first.
    found.sort(key=lambda one: Doubt.UNMARKED in one.doubts)
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
    if not text.strip(GS):
        return Wrong.EMPTY
    if len(text) > LONGEST:
        return Wrong.TOO_LONG
    return None


def _plain(scan: Scan, found: Sequence[Meaning], flaws: list[Flaw]) -> list[Meaning]:
    """The text as it stands, unless it can be nothing but what it was found to be, or was to be."""
    if gs1.is_marked(scan) or numbers.is_marked(scan) or iso15434.is_enveloped(scan.text):
        return []
    if any(one.form in _ONLY and Doubt.UNMARKED not in one.doubts for one in found):
        return []
    if any(flaw.form is Form.DIGITAL_LINK for flaw in flaws):
        return []
    if not scan.text.isprintable():
        if not found and not flaws:
            flaws.append(Flaw(Form.PLAIN, Wrong.NOT_PRINTABLE))
        return []
    return [Meaning(form=Form.PLAIN, serial=scan.text, numbers=(scan.text, *numbers.other_forms(scan.text)))]
