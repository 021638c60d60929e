"""Dates as codes write them. Pure: the year that it is now comes from the caller."""

from calendar import monthrange
from datetime import date, timedelta


def full_year(two_digits: int, *, year: int) -> int:
    """The year that two digits mean: at most 49 years ahead, 50 back (General Specifications 7.12)."""
    century = year - year % 100
    gap = two_digits - year % 100
    if gap >= 51:
        return century - 100 + two_digits
    if gap <= -50:
        return century + 100 + two_digits
    return century + two_digits


def yymmdd(text: str, *, year: int) -> date | None:
    """YYMMDD; day 00 is the month's last (General Specifications 3.4). None for what is no date."""
    if len(text) != 6 or not (text.isascii() and text.isdigit()):
        return None
    return made(full_year(int(text[:2]), year=year), int(text[2:4]), int(text[4:]))


def mmyy(text: str, *, year: int) -> date | None:
    """MMYY: the month's last day."""
    return made(full_year(int(text[2:]), year=year), int(text[:2]), 0)


def yyjjj(text: str, *, year: int) -> date | None:
    """The year and the day's number in it."""
    first, number = date(full_year(int(text[:2]), year=year), 1, 1), int(text[2:])
    day = first + timedelta(days=number - 1)
    return day if number >= 1 and day.year == first.year else None


def yyyymmdd(text: str) -> date | None:
    """Eight digits."""
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        return None
    return made(int(text[:4]), int(text[4:6]), int(text[6:]))


def made(year: int, month: int, day: int) -> date | None:
    """The date, or None if there is none; day 0 is the month's last."""
    if not 1 <= month <= 12 or not 1 <= year <= 9999:
        return None
    last = monthrange(year, month)[1]
    return date(year, month, day or last) if day <= last else None
