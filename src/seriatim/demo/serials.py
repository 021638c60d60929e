"""Serial numbers, IMEIs and MAC addresses as manufacturers write them. Knows nothing of stock."""

from collections import Counter
from datetime import date
from random import Random

from seriatim.demo.goods import Good
from seriatim.numbering.checks import check_character, read_mac

#: As on many nameplates: no vowels that could make words, no letter that is read as a digit.
_LETTERS = "0123456789BCDFGHJKMNPQRSTVWXYZ"
_FIRST = 1_207
_WIDTH = 5


class Serials:
    """Gives out new serials; the counters of an item never go back, and leave small gaps as real ones do."""

    # Counted by the item's code, and for identifiers by their first digits.

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._last: Counter[str] = Counter()
        #: How many were given out.
        self.given = 0

    def new(self, good: Good, count: int, day: date) -> list[str]:
        """The next serials of an item, made on that day."""
        year, week, _ = day.isocalendar()
        self.given += count
        if "{own}" in good.serial:
            first = self._last[good.code] + 1
            self._last[good.code] += count
            return [good.serial.format(own=f"{number:06d}") for number in range(first, first + count)]
        pattern = good.serial.format(y=f"{year % 100:02d}", w=f"{week:02d}", n="{}")
        start = (self._last[good.code] or _FIRST) + self._rng.randrange(1, 40)
        self._last[good.code] = start + count
        return [pattern.format(_counted(number)) for number in range(start, start + count)]

    def identifiers(self, good: Good, count: int) -> list[dict[str, str]]:
        """The further numbers of as many units; empty ones for items that have none."""
        if good.identifier is None:
            return [{}] * count
        type_, first = good.identifier
        start = self._last[first]
        self._last[first] = start + count
        number = _imei if type_ == "imei" else _mac
        return [{type_: number(first, start + place)} for place in range(count)]


def mistyped(serial: str) -> str:
    """The serial with a letter O for its last zero: no real one contains that letter."""
    head, _, tail = serial.rpartition("0")
    return f"{head}O{tail}"


def lot_of(good: Good, day: date, rng: Random) -> str:
    """The lot that a delivery belongs to."""
    return f"L{day:%y%m}-{rng.randrange(10, 99)}" if good.lots else ""


def _counted(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, len(_LETTERS))
        digits = _LETTERS[rest] + digits
    return digits.rjust(_WIDTH, "0")


def _imei(first: str, number: int) -> str:
    # Beginning with 00: type allocation codes of test devices, which no phone in a shop bears.
    body = f"{first}{number:06d}"
    return body + check_character("luhn", body)


def _mac(first: str, number: int) -> str:
    # The second lowest bit of the first byte is set: locally administered, so no maker's.
    return read_mac(f"{first}{number:06X}")
