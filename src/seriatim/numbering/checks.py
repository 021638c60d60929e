"""Check characters and the identifiers that carry one: IMEI, GTIN, MAC address.

Over which characters a check character is computed
---------------------------------------------------
Over the rest of the number: all of it, from left to right, without the check character itself and without
separators (blank, dash, dot, slash, underscore), as if the check character stood at the end, wherever it
stands.

| algorithm | takes | gives | finds |
| --- | --- | --- | --- |
| luhn | 0-9 | 0-9 | every wrong digit, 97.6 % of swapped neighbours |
| damm, verhoeff | 0-9 | 0-9 | every wrong digit, every swap of neighbours |
| mod11-2 (ISO 7064) | 0-9 | 0-9 X | every wrong digit, every swap of neighbours |
| mod37-2 (ISO 7064) | 0-9 A-Z | 0-9 A-Z * | every wrong character, every swap of neighbours |

Letters count as capitals in mod37-2. A letter under the four others is refused rather than skipped or
mapped to digits: a skipped letter would not be protected, and no two tools map letters alike. The remedy is
mod37-2.

Knows: characters and python-stdnum. Must not know: patterns, units, documents.
"""

import re
from collections.abc import Callable
from typing import Final

from stdnum import damm, ean, luhn, verhoeff
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.iso7064 import mod_11_2, mod_37_2

from .alphabets import DIGITS, SEPARATORS
from .errors import CheckRefused
from .serials import shortened

ALGORITHMS: Final[dict[str, Callable[[str], str]]] = {
    "luhn": luhn.calc_check_digit,
    "damm": damm.calc_check_digit,
    "verhoeff": verhoeff.calc_check_digit,
    "mod37-2": mod_37_2.calc_check_digit,
    "mod11-2": mod_11_2.calc_check_digit,
}

_TAKES: Final[dict[str, frozenset[str]]] = {
    name: frozenset(DIGITS[36] if name == "mod37-2" else DIGITS[10]) for name in ALGORITHMS
}
_GIVES: Final[dict[str, str]] = {
    "luhn": DIGITS[10],
    "damm": DIGITS[10],
    "verhoeff": DIGITS[10],
    "mod37-2": DIGITS[36] + "*",
    "mod11-2": DIGITS[10] + "X",
}
_WITHOUT_SEPARATORS: Final = str.maketrans("", "", SEPARATORS)
_CAPITALS: Final = str.maketrans({chr(code): chr(code - 32) for code in range(ord("a"), ord("z") + 1)})


def checked_text(algorithm: str, text: str) -> str:
    """The characters of a text that the algorithm sees: separators out, and capitals for mod37-2."""
    kept = text.translate(_WITHOUT_SEPARATORS)
    return kept.translate(_CAPITALS) if algorithm == "mod37-2" else kept


def unchecked_characters(algorithm: str, text: str) -> str:
    """The characters of a text that the algorithm can't take, each once, sorted; empty when all is well."""
    return "".join(sorted(set(checked_text(algorithm, text)) - _TAKES[algorithm]))


def possible_results(algorithm: str) -> str:
    """Every check character the algorithm can give."""
    return _GIVES[algorithm]


def check_character(algorithm: str, text: str) -> str:
    """The check character for the rest of a number, or CheckRefused for characters it cannot take."""
    outside = unchecked_characters(algorithm, text)
    if outside:
        message = f"{algorithm} cannot take {outside!r}"
        raise CheckRefused(message, algorithm=algorithm, characters=outside, text=shortened(text))
    return str(ALGORITHMS[algorithm](checked_text(algorithm, text)))


def check_is_right(algorithm: str, number: str) -> bool:
    """Whether the last character of a number is the right check character for what stands before it."""
    if len(number) < 2 or unchecked_characters(algorithm, number[:-1]):
        return False
    return check_character(algorithm, number[:-1]) == checked_text(algorithm, number[-1:])


def _digits_only(text: str) -> str:
    kept = text.strip().translate(str.maketrans("", "", " -"))
    return kept if kept.isascii() and kept.isdigit() else ""


def read_imei(text: str) -> str:
    """The 15 digits of an IMEI (3GPP TS 23.003), or CheckRefused.

    Blanks and dashes may divide it. 14 digits (the check digit left off) and 16 (with a software version)
    are refused, since a missed or doubled digit would look just like them; `data["reason"]` is malformed or
    wrong_check.
    """
    digits = _digits_only(text)
    if len(digits) != 15:
        raise CheckRefused("an IMEI has 15 digits", reason="malformed", text=shortened(text))
    if not luhn.is_valid(digits):
        raise CheckRefused("the IMEI's check digit is wrong", reason="wrong_check", text=shortened(text))
    return digits


def read_gtin(text: str) -> str:
    """A GTIN of 8, 12, 13 or 14 digits as it is stored and compared: 14 digits, zeros in front."""
    digits = _digits_only(text)
    if not digits:
        raise CheckRefused("a GTIN has 8, 12, 13 or 14 digits", reason="malformed", text=shortened(text))
    try:
        ean.validate(digits)
    except InvalidChecksum:
        message = "the GTIN's check digit is wrong"
        raise CheckRefused(message, reason="wrong_check", text=shortened(text)) from None
    except ValidationError:
        message = "a GTIN has 8, 12, 13 or 14 digits"
        raise CheckRefused(message, reason="malformed", text=shortened(text)) from None
    return digits.rjust(14, "0")


def gtin_check_digit(body: str) -> str:
    """The check digit for a GTIN without its last digit (7, 11, 12 or 13 digits)."""
    digits = _digits_only(body)
    if len(digits) not in (7, 11, 12, 13):
        message = "a GTIN without its check digit has 7, 11, 12 or 13 digits"
        raise CheckRefused(message, reason="malformed", text=shortened(body))
    return str(ean.calc_check_digit(digits))


_MAC: Final = re.compile(
    r"(?:[0-9A-F]{2}(?P<pair>[:-]?)[0-9A-F]{2}(?:(?P=pair)[0-9A-F]{2}){4}(?:(?:(?P=pair)[0-9A-F]{2}){2})?)"
    r"|(?:[0-9A-F]{4}(?:\.[0-9A-F]{4}){2,3})"
)


def read_mac(text: str) -> str:
    """A MAC address (48 or 64 bits) as AA:BB:CC:DD:EE:FF; colons, dashes, dotted fours or nothing between."""
    capitals = text.strip()[:40].translate(_CAPITALS)
    if not _MAC.fullmatch(capitals):
        raise CheckRefused("not a MAC address", reason="malformed", text=shortened(text))
    digits = capitals.translate(str.maketrans("", "", ":-."))
    return ":".join(digits[index : index + 2] for index in range(0, len(digits), 2))
