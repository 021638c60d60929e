"""Codes, names and other texts of master data: the one form in which they are kept, and when two are the same.

Pure: knows nothing of the database but how its LOWER sees letters.
"""

import string
from unicodedata import normalize

from seriatim.kernel.refusals import Invalid

#: The width of the columns of codes.
CODE_LENGTH = 60

_ASCII_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def tidy(text: str) -> str:
    """The text trimmed and in Unicode NFC, so that what looks the same is the same."""
    return normalize("NFC", text.strip())


def lowered(code: str) -> tuple[str, ...]:
    """The forms that LOWER of a database may give a code.

    SQLite's knows the letters of ASCII only, PostgreSQL's those that its locale knows. A code is looked for in
    both forms, so that every engine finds what it takes for the same.
    """
    ascii_only = code.translate(_ASCII_LOWER)
    whole = code.lower()
    return (ascii_only,) if ascii_only == whole else (ascii_only, whole)


def same_code(code: str) -> str:
    """One value for all spellings of a code that a user would take for the same."""
    return tidy(code).lower()


def clean_code(value: object, *, field: str = "code") -> str:
    """A code: 1 to 60 printable characters. Refuses with Invalid."""
    return clean_line(value, field=field, limit=CODE_LENGTH, required=True)


def clean_line(value: object, *, field: str, limit: int, required: bool = False) -> str:
    """One line of printable text. Refuses with Invalid."""
    text = _text(value, field)
    if required and not text:
        raise Invalid(field=field, reason="required")
    if len(text) > limit:
        raise Invalid(field=field, reason=f"longer than {limit} characters", value=text[:limit] + "…")
    if not text.isprintable():
        raise Invalid(field=field, reason="has characters that cannot be seen", value=_visible(text))
    return text


def clean_lines(value: object, *, field: str, required: bool = False) -> str:
    """Text of any number of lines. Refuses with Invalid."""
    text = _text(value, field).replace("\r\n", "\n").replace("\r", "\n")
    if required and not text:
        raise Invalid(field=field, reason="required")
    if not text.replace("\n", "").replace("\t", "").isprintable():
        raise Invalid(field=field, reason="has characters that cannot be seen", value=_visible(text))
    return text


def _text(value: object, field: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Invalid(field=field, reason="not a text", value=str(value))
    return tidy(value)


def _visible(text: str) -> str:
    return "".join(character if character.isprintable() else "�" for character in text)
