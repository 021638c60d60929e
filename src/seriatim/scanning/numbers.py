"""Plain numbers that carry a check of their own: GTIN, SSCC, IMEI and TAC, MAC addresses."""

from collections.abc import Callable, Sequence

from seriatim.numbering.checks import read_gtin, read_imei, read_mac
from seriatim.numbering.errors import NumberingError
from seriatim.scanning.scans import GS1_SYMBOLOGIES, Scan
from seriatim.scanning.values import Flaw, Form, Meaning, Wrong

#: Without a prefix that says so, only these lengths are a GTIN: GTIN-14, EAN-13, UPC-A, EAN-8.
_GTIN_LENGTHS = frozenset({8, 12, 13, 14})
SSCC_LENGTH = 18
IMEI_LENGTH = 15
TAC_LENGTH = 8
UPC_E_LENGTH = 8


#: Symbologies of shops' codes (EAN, UPC): they hold GTINs only.
_SHOP = "]E"


def meanings(scan: Scan) -> tuple[Sequence[Meaning], Sequence[Flaw]]:
    """All that the text can be, and which check digit is wrong where its length speaks for one."""
    text = scan.text
    if scan.symbology in GS1_SYMBOLOGIES:
        return (), ()
    if is_marked(scan):
        # An addition of two or five digits (]E3: of magazines) is no part of the number.
        one = gtin(text[:13] if scan.symbology == "]E3" else text)
        return ([one], ()) if one else ((), [Flaw(Form.GTIN, Wrong.CHECK, value=text)])
    found: list[Meaning] = []
    flaws: list[Flaw] = []
    if text.isascii() and text.isdigit():
        short = upc_e(text)
        if short is not None:
            found.append(short)
        for form, lengths, made in _DIGITS:
            if len(text) in lengths:
                one = made(text)
                if one is None and form is Form.GTIN and short is not None:
                    continue
                if one is None:
                    flaws.append(Flaw(form, Wrong.CHECK, value=text))
                else:
                    found.append(one)
        if len(text) == TAC_LENGTH:
            found.append(Meaning(form=Form.TAC, numbers=(text,)))
    elif (imei := _read(read_imei, text)) is not None:
        found.append(_imei(imei))
    # Twelve digits without anything between them are a UPC or a serial number sooner than a MAC address.
    elif (mac := _read(read_mac, text)) is not None:
        found.append(Meaning(form=Form.MAC, identifiers=(("mac", mac),), numbers=(mac,)))
    return found, flaws


def other_forms(text: str) -> tuple[str, ...]:
    """How a number that may be a MAC address is kept, where nothing but its look-up asks for that."""
    mac = _read(read_mac, text) if text.isdigit() else None
    return () if mac is None else (mac,)


def is_marked(scan: Scan) -> bool:
    """Whether the scanner says that it is a GTIN."""
    return scan.symbology.startswith(_SHOP)


def gtin(text: str) -> Meaning | None:
    """The GTIN, or None where its check digit is wrong."""
    number = _read(read_gtin, text)
    return None if number is None else Meaning(form=Form.GTIN, gtin=number)


def upc_e(text: str) -> Meaning | None:
    """The GTIN that the short form of a UPC stands for, if its check digit is right; that is the long form's."""
    if len(text) != UPC_E_LENGTH or text[0] not in "01":
        return None
    body, last = text[1:7], text[6]
    if last in "012":
        full = f"{body[:2]}{last}0000{body[2:5]}"
    elif last == "3":
        full = f"{body[:3]}00000{body[3:5]}"
    elif last == "4":
        full = f"{body[:4]}00000{body[4]}"
    else:
        full = f"{body[:5]}0000{last}"
    return gtin(f"{text[0]}{full}{text[7]}")


def sscc(text: str) -> Meaning | None:
    """The number of a pallet or parcel; its check digit is that of a GTIN, over 17 digits."""
    return Meaning(form=Form.SSCC, numbers=(text,)) if mod10_is_right(text) else None


def mod10_digit(digits: str) -> str:
    """GS1's check digit for these: weights 3, 1, 3 … from the right (General Specifications 7.9)."""
    total = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def mod10_is_right(digits: str) -> bool:
    """Whether the last digit is the check digit of those before it."""
    return mod10_digit(digits[:-1]) == digits[-1:]


def imei(text: str) -> Meaning | None:
    """The IMEI, or None where its check digit is wrong."""
    number = _read(read_imei, text)
    return None if number is None else _imei(number)


def _imei(number: str) -> Meaning:
    return Meaning(form=Form.IMEI, identifiers=(("imei", number),), numbers=(number,))


def _read(reader: Callable[[str], str], text: str) -> str | None:
    try:
        return reader(text)
    except NumberingError:
        return None


_DIGITS: tuple[tuple[Form, frozenset[int], Callable[[str], Meaning | None]], ...] = (
    (Form.GTIN, _GTIN_LENGTHS, gtin),
    (Form.SSCC, frozenset({SSCC_LENGTH}), sscc),
    (Form.IMEI, frozenset({IMEI_LENGTH}), imei),
)
