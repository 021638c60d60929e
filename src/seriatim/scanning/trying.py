"""What a scanner makes of codes whose content is known: what it puts around them, and what it changes. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from seriatim.scanning.scans import EOT, GS, RS
from seriatim.scanning.values import Profile

#: Letters that lie elsewhere on other countries' keyboards, and the signs that addresses and GS1 codes need.
KEYBOARD = "SERIATIM yzYZ qaQA wzWZ mM 0123456789 -_/:;?&=+()[]%.,@#*'\"<>!$"
#: A GS1 message with a separator in its midst, as it is sent, and as writers of codes take it.
_BEFORE, _AFTER = "010950600013435221A1", "10B2"
GS1 = f"{_BEFORE}{GS}{_AFTER}"
GS1_WRITTEN = "(01)09506000134352(21)A1(10)B2"

#: On a French keyboard figures and half the signs change; what has less in common than this is another code.
_ALIKE = 0.35
_ENDS = " \t\r\n"
_NAMES = {
    "\0": "NUL",
    "\x02": "STX",
    "\x03": "ETX",
    EOT: "EOT",
    "\t": "TAB",
    "\n": "LF",
    "\r": "CR",
    "\x1b": "ESC",
    "\x1c": "FS",
    GS: "GS",
    RS: "RS",
    "\x1f": "US",
    " ": "SP",
    "\x7f": "DEL",
}


class Tried(StrEnum):
    """Which of the codes was scanned."""

    KEYBOARD = "keyboard"
    GS1 = "gs1"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign that came: how it is shown, its bytes in hexadecimal, and whether it is a control sign."""

    shown: str
    hex: str
    control: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What a scan shows of its scanner."""

    tried: Tried
    signs: Sequence[Sign]
    #: What it puts before and after (Enter and Tab are no part of it), and the symbology's identifier.
    prefix: str = ""
    suffix: str = ""
    symbology: str = ""
    #: Enter or Tab at the end: the field goes on by itself.
    ends: bool = False
    #: (what stands in the code, what came), each once.
    changed: Sequence[tuple[str, str]] = ()
    #: Of the GS1 code: what came for the separator; "" where nothing did.
    separator: str | None = None

    @property
    def keyboard_fits(self) -> bool | None:
        """Whether the keyboard's layout is the computer's; None where that was not tried."""
        return None if self.tried is not Tried.KEYBOARD else not self.changed

    def profile(self, before: Profile) -> Profile:
        """What is known of the scanner now."""
        if self.tried is Tried.OTHER or self.changed:
            return before
        separator, sends = before.separator, before.sends_separators
        if self.separator is not None:
            separator = "" if self.separator == GS else self.separator
            sends = bool(self.separator)
        return Profile(prefix=self.prefix, suffix=self.suffix, separator=separator, sends_separators=sends)


def examined(text: str) -> Examination:
    """What the scan shows, of one of the two known codes or of any other."""
    signs = [_sign(one) for one in text]
    kept = text.strip(_ENDS)
    ends = text.rstrip(" ") != text.rstrip(_ENDS)
    if (at := kept.find(_BEFORE)) >= 0:
        rest = kept[at + len(_BEFORE) :]
        between, found, suffix = rest.partition(_AFTER)
        if found:
            prefix, symbology = _without_symbology(kept[:at])
            return Examination(
                tried=Tried.GS1,
                signs=signs,
                prefix=prefix,
                suffix=suffix,
                symbology=symbology,
                ends=ends,
                separator=between,
            )
    if (best := _best(kept)) is not None:
        at = best
        got = kept[at : at + len(KEYBOARD)]
        prefix, symbology = _without_symbology(kept[:at])
        pairs = ((one, two) for one, two in zip(KEYBOARD, got, strict=True) if one != two)
        return Examination(
            tried=Tried.KEYBOARD,
            signs=signs,
            prefix=prefix,
            suffix=kept[at + len(KEYBOARD) :],
            symbology=symbology,
            ends=ends,
            changed=list(dict.fromkeys(pairs)),
        )
    return Examination(tried=Tried.OTHER, signs=signs, ends=ends)


def _best(text: str) -> int | None:
    """Where the keyboard's code begins in the text, whatever was made of it; None if it is not there."""
    places = range(min(len(text) - len(KEYBOARD), 40) + 1)

    def same(at: int) -> int:
        return sum(one == two for one, two in zip(KEYBOARD, text[at:], strict=False))

    best = max(places, key=same, default=None)
    return best if best is not None and same(best) >= _ALIKE * len(KEYBOARD) else None


def _without_symbology(prefix: str) -> tuple[str, str]:
    """The prefix without the symbology's identifier, which stands next to the code."""
    if len(prefix) >= 3 and prefix[-3] == "]" and prefix[-2].isalpha():
        return prefix[:-3], prefix[-3:]
    return prefix, ""


def _sign(one: str) -> Sign:
    raw = one.encode("utf-8", "surrogatepass").hex(" ").upper()
    if one in _NAMES:
        return Sign(_NAMES[one], raw, control=True)
    if one.isprintable():
        return Sign(one, raw, control=False)
    return Sign(f"U+{ord(one):04X}", raw, control=True)
