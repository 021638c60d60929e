"""What each field of master data may hold: one function per field, the same for services and imports.

A function takes what was said and gives the value that is stored, or refuses with Invalid, which names the field.
Knows single values only; what depends on other rows is asked in the services.
"""

from collections.abc import Callable, Mapping
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import TextChoices

from seriatim.catalog.models import (
    SecondFactorFor,
    SerialPolicy,
    SerialSource,
    SerialUniqueness,
    Tracking,
    WarrantyStart,
)
from seriatim.catalog.texts import clean_code, clean_line, clean_lines
from seriatim.kernel.amounts import LARGEST
from seriatim.kernel.places import ON_HAND, SYSTEM, LocationType, PartyRole
from seriatim.kernel.refusals import Invalid
from seriatim.numbering import CheckRefused, read_gtin

Cleaner = Callable[[object], object]

#: A century: longer than anything that is promised, and far from what the dates of a database can hold.
MOST_DAYS = 36_525
#: Ten times what was ordered is a typing mistake in whatever trade.
MOST_PERCENT = 1_000
#: Three years ahead is a list of everything, not a reminder.
MOST_REMINDER_DAYS = 1_100
#: Of what a scanner puts around a code.
LONGEST_SIGN = 20


def cleaned(cleaners: Mapping[str, Cleaner], said: Mapping[str, object]) -> dict[str, object]:
    """All that was said in the form in which it is stored. Refuses with Invalid at the first bad field."""
    return {field: cleaners[field](value) for field, value in said.items()}


def gtin(value: object) -> str | None:
    """A GTIN of 8, 12, 13 or 14 digits with the right check digit, stored as 14 digits with zeros in front.

    GS1's General Specifications compare them in that form: the shorter ones are the same numbers.
    """
    text = clean_line(value, field="gtin", limit=40)
    if not text:
        return None
    try:
        return read_gtin(text)
    except CheckRefused as refused:
        wrong = refused.data.get("reason") == "wrong_check"
        reason = "wrong check digit" if wrong else "not 8, 12, 13 or 14 digits"
        raise Invalid(field="gtin", reason=reason, value=text) from None


def code(value: object) -> str:
    """The code of an item, location or party."""
    return clean_code(value)


def name(value: object) -> str:
    """The name of an item, location, party or site."""
    return clean_line(value, field="name", limit=200, required=True)


def line(field: str, limit: int, *, required: bool = False) -> Cleaner:
    """One line of text."""
    return lambda value: clean_line(value, field=field, limit=limit, required=required)


def lines(field: str, *, required: bool = False) -> Cleaner:
    """Text of any number of lines."""
    return lambda value: clean_lines(value, field=field, required=required)


def choice(field: str, choices: type[TextChoices]) -> Cleaner:
    """One of a few codes."""

    def clean(value: object) -> str:
        if value in choices.values:
            return str(value)
        raise Invalid(field=field, reason=f"none of {', '.join(choices.values)}", value=str(value))

    return clean


def whole(field: str, most: int, *, optional: bool = True) -> Cleaner:
    """A whole number from 0; None, where it is optional, for "not said"."""

    def clean(value: object) -> int | None:
        if value is None and optional:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise Invalid(field=field, reason="not a whole number", value=str(value))
        if not 0 <= value <= most:
            raise Invalid(field=field, reason=f"not between 0 and {most}", value=value)
        return value

    return clean


def flag(field: str) -> Cleaner:
    """Yes or no."""

    def clean(value: object) -> bool:
        if not isinstance(value, bool):
            raise Invalid(field=field, reason="neither yes nor no", value=str(value))
        return value

    return clean


def sign(field: str) -> Cleaner:
    """What a scanner puts around a code: a few signs, control signs too; nothing is taken off its ends."""

    def clean(value: object) -> str:
        text = str(value or "")
        if len(text) > LONGEST_SIGN:
            raise Invalid(
                field=field, value=text[:LONGEST_SIGN], reason=f"longer than {LONGEST_SIGN} characters"
            )
        if "\0" in text:
            raise Invalid(field=field, reason="has characters that cannot be seen")
        return text

    return clean


def separator(field: str) -> Cleaner:
    """What a scanner writes for the separator of GS1 codes."""
    read = sign(field)

    def clean(value: object) -> str:
        text = str(read(value))
        if text.isalnum():
            # Any serial number may contain a letter or a figure.
            raise Invalid(field=field, value=text, reason="letters and figures stand in values too")
        return text

    return clean


def day(field: str) -> Cleaner:
    """A day, or None."""

    def clean(value: object) -> date | None:
        if value is not None and type(value) is not date:
            raise Invalid(field=field, reason="not a day", value=str(value))
        return value

    return clean


def location_type(value: object) -> LocationType:
    """A type that users may give to their locations."""
    try:
        type_ = LocationType(str(value))
    except ValueError:
        known = ", ".join(sorted(ON_HAND))
        raise Invalid(field="type", reason=f"none of {known}", value=str(value)) from None
    if type_ in SYSTEM:
        raise Invalid(field="type", reason="made by the system", value=type_.value)
    return type_


def role(value: object) -> PartyRole:
    """A role of a party."""
    try:
        return PartyRole(str(value))
    except ValueError:
        reason = f"none of {', '.join(PartyRole)}"
        raise Invalid(field="role", reason=reason, value=str(value)) from None


def email(value: object) -> str:
    """An e-mail address, or none."""
    text = clean_line(value, field="email", limit=254)
    if text:
        try:
            validate_email(text)
        except ValidationError:
            raise Invalid(field="email", reason="not an e-mail address", value=text) from None
    return text


def country(value: object) -> str:
    """The two letters of a country (ISO 3166-1), or none."""
    text = clean_line(value, field="country", limit=60).upper()
    if text and not (len(text) == 2 and text.isascii() and text.isalpha()):
        raise Invalid(field="country", reason="not two letters", value=text)
    return text


def currency(value: object) -> str:
    """The three letters of a currency (ISO 4217)."""
    text = clean_line(value, field="currency", limit=60, required=True).upper()
    if not (len(text) == 3 and text.isascii() and text.isalpha()):
        raise Invalid(field="currency", reason="not three letters", value=text)
    return text


def time_zone(value: object) -> str:
    """A name of the time zone database."""
    text = clean_line(value, field="time_zone", limit=60, required=True)
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        # What is no name of a zone may be a path, a directory's name, or nothing that a file could be called.
        raise Invalid(field="time_zone", reason="not a time zone", value=text) from None
    return text


ITEM: Mapping[str, Cleaner] = {
    "code": code,
    "name": name,
    "uom": line("uom", 20, required=True),
    "gtin": gtin,
    "tracking": choice("tracking", Tracking),
    "serial_source": choice("serial_source", SerialSource),
    "serial_policy": choice("serial_policy", SerialPolicy),
    "warranty_days": whole("warranty_days", MOST_DAYS),
    "warranty_from": choice("warranty_from", WarrantyStart),
    "warranty_date": day("warranty_date"),
    "end_of_life_days": whole("end_of_life_days", MOST_DAYS),
    "default_price": whole("default_price", LARGEST),
}
LOCATION: Mapping[str, Cleaner] = {
    "code": code,
    "name": name,
    "type": location_type,
    "sellable": flag("sellable"),
}
PARTY: Mapping[str, Cleaner] = {
    "code": code,
    "name": name,
    "email": email,
    "phone": line("phone", 60),
    "note": lines("note"),
}
ADDRESS: Mapping[str, Cleaner] = {
    "label": line("label", 60),
    "lines": lines("lines", required=True),
    "postcode": line("postcode", 20),
    "city": line("city", 100),
    "country": country,
}
SITE: Mapping[str, Cleaner] = {
    "name": name,
    "currency": currency,
    "time_zone": time_zone,
    "serial_uniqueness": choice("serial_uniqueness", SerialUniqueness),
    "over_receipt_percent": whole("over_receipt_percent", MOST_PERCENT, optional=False),
    "reminder_days": whole("reminder_days", MOST_REMINDER_DAYS, optional=False),
    "second_factor_for": choice("second_factor_for", SecondFactorFor),
    "public_units": flag("public_units"),
    "public_model": flag("public_model"),
    "public_warranty": flag("public_warranty"),
    "scanner_prefix": sign("scanner_prefix"),
    "scanner_suffix": sign("scanner_suffix"),
    "scanner_separator": separator("scanner_separator"),
    "scanner_sends_separators": flag("scanner_sends_separators"),
}
