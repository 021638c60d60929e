"""One scan on its way through the readers: the text, and what is known beside it. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from seriatim.scanning.values import ANY_SCANNER, Flaw, Meaning, Profile

#: The control characters of messages: between elements, between envelopes, at the end.
GS = "\x1d"
RS = "\x1e"
EOT = "\x04"
#: What a message in an envelope of ISO/IEC 15434 begins with.
ENVELOPE = "[)>"

#: Symbologies that hold GS1 messages only: GS1-128, DataBar, DataMatrix, QR code, DotCode.
GS1_SYMBOLOGIES = frozenset({"]C1", "]e0", "]d2", "]Q3", "]J1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """A text as it was meant, without what the scanner puts around it."""

    text: str
    #: What the scanner says it read (ISO/IEC 15424), such as ``]C1``; "" if it says nothing.
    symbology: str = ""
    profile: Profile = ANY_SCANNER
    #: Which item it is has been said before: then a serial number or a lot may come alone.
    item_known: bool = False
    #: The year it is, by which two digits become four.
    year: int = 2026


#: One way to read a scan: its meanings, and what is wrong where it is plainly of this form and fails.
Reader = Callable[[Scan], tuple[Sequence[Meaning], Sequence[Flaw]]]
