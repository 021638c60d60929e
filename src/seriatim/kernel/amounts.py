"""Money and quantities as integers; decimals only at the edges.

SQLite has no decimal type (0.1 + 0.2 = 0.30000000000000004 there), so money is an integer of 1/10,000 of the
site's currency and a quantity an integer of 1/1,000 of the item's unit of measure.
"""

from decimal import Decimal, InvalidOperation

MONEY_SCALE = 10_000
QUANTITY_SCALE = 1_000
#: One whole unit, as a quantity.
ONE = QUANTITY_SCALE
#: The largest amount that is accepted: its product with a million still fits in 64 bits.
LARGEST = 9_000_000_000_000


class AmountInvalid(ValueError):
    """The text is not an amount, has too many decimal places, or is too large."""


def money(value: Decimal | int | str) -> int:
    """``"12.50"`` → 125000. Raises AmountInvalid."""
    return _scaled(value, MONEY_SCALE)


def quantity(value: Decimal | int | str) -> int:
    """``"1.5"`` → 1500. Raises AmountInvalid."""
    return _scaled(value, QUANTITY_SCALE)


def money_text(amount: int, places: int = 2) -> str:
    """125000 → ``"12.50"``; shows more than ``places`` decimals only where they are not zero."""
    return _text(amount, MONEY_SCALE, places)


def quantity_text(amount: int) -> str:
    """1500 → ``"1.5"``, 3000 → ``"3"``."""
    return _text(amount, QUANTITY_SCALE, 0)


def is_whole(amount: int) -> bool:
    """Whether a quantity counts whole things, as that of numbered units must."""
    return amount % ONE == 0


def share(total: int, parts: int) -> list[int]:
    """Split an amount into parts that differ by at most 1 and add up to it exactly."""
    whole, rest = divmod(total, parts)
    return [whole + (1 if position < rest else 0) for position in range(parts)]


def _scaled(value: Decimal | int | str, scale: int) -> int:
    try:
        number = Decimal(value.strip()) if isinstance(value, str) else Decimal(value)
    except InvalidOperation:
        raise AmountInvalid(f"{value!r} is not a number") from None
    if not number.is_finite():
        raise AmountInvalid(f"{value!r} is not a number")
    # Asked before anything is computed: an exponent of a thousand digits is a number too.
    if number.adjusted() > len(str(LARGEST)):
        raise AmountInvalid(f"{value} is too large")
    scaled = number * scale
    if abs(scaled) > LARGEST:
        raise AmountInvalid(f"{value} is too large")
    if scaled != scaled.to_integral_value():
        raise AmountInvalid(f"{value} has more than {len(str(scale)) - 1} decimal places")
    return int(scaled)


def _text(amount: int, scale: int, places: int) -> str:
    digits = len(str(scale)) - 1
    whole, rest = divmod(abs(amount), scale)
    fraction = f"{rest:0{digits}d}".rstrip("0").ljust(places, "0")
    sign = "-" if amount < 0 else ""
    return f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}"
