"""JSON read as it comes, so that a body of 100,000 units is never in memory as a whole.

Python's own decoder reads every value as soon as all of it is there. Only the arrays that are to be *folded* are
walked through: each of their elements is made into what is kept of it before the next one is read. (ijson walks too,
but its parser turns half of a surrogate pair into a question mark, without a word, and says no line of what is wrong.)
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn

#: The names on the way from the whole to an array; arrays on the way are all of their elements.
Way = tuple[str, ...]
#: What is kept of an element, of what was said.
Fold = Callable[[Any], Any]

_BLANKS = re.compile(r"[ \t\r\n]*")


class Unreadable(ValueError):
    """What comes is no JSON that could be kept; its text says what is wrong, and where."""


class Reader:
    """One value of JSON out of ``texts``, pieces of any length."""

    def __init__(self, texts: Iterator[str], folds: Mapping[Way, Fold]) -> None:
        self._texts, self._folds = texts, folds
        self._ways = {way[:length] for way in folds for length in range(len(way) + 1)}
        self._text, self._at = "", 0
        # Where the text at hand begins.
        self._line, self._column = 1, 0

    def read(self) -> Any:
        """The value, with what is kept of the elements of folded arrays. Raises Unreadable."""
        try:
            value = self._value(())
        except RecursionError:
            raise Unreadable("It is nested too deeply.") from None
        if self._sign():
            raise self._wrong("Extra data")
        return value

    def _value(self, way: Way) -> Any:
        if way in self._ways:
            sign = self._sign()
            if sign == "[":
                return self._array(way)
            if sign == "{" and way not in self._folds:
                return self._object(way)
        return self._whole()

    def _object(self, way: Way) -> dict[str, Any]:
        self._at += 1
        found: dict[str, Any] = {}
        if self._passed("}"):
            return found
        while True:
            if self._sign() != '"':
                raise self._wrong("Expecting property name enclosed in double quotes")
            name = self._whole()
            if not self._passed(":"):
                raise self._wrong("Expecting ':' delimiter")
            found[name] = self._value((*way, name))
            if self._passed("}"):
                return found
            if not self._passed(","):
                raise self._wrong("Expecting ',' delimiter")

    def _array(self, way: Way) -> list[Any]:
        self._at += 1
        found: list[Any] = []
        if self._passed("]"):
            return found
        fold = self._folds.get(way)
        while True:
            found.append(self._value(way) if fold is None else fold(self._whole()))
            if self._passed("]"):
                return found
            if not self._passed(","):
                raise self._wrong("Expecting ',' delimiter")

    def _whole(self) -> Any:
        """One value, read by Python's decoder as soon as all of it is there."""
        while True:
            self._sign()
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if self._more():
                    continue
                raise self._wrong(error.msg, error) from None
            except (RecursionError, Unreadable):
                raise
            except ValueError:
                raise Unreadable("A number has too many digits.") from None
            # A number near the end of what is at hand may go on: 1, "1." and "1e+" are all beginnings of others.
            if end + len("e+") < len(self._text) or not self._more():
                break
        _refuse_unkept(self._text[self._at : end], value)
        self._at = end
        return value

    def _passed(self, sign: str) -> bool:
        """Whether that sign is next; then it is behind us."""
        if self._sign() != sign:
            return False
        self._at += 1
        return True

    def _sign(self) -> str:
        """The next sign that is no blank; none at the end."""
        while True:
            self._at = _BLANKS.match(self._text, self._at).end()  # type: ignore[union-attr]  # matches no blanks too
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _more(self) -> bool:
        """Read on; false at the end. As much as is at hand already: what is long is begun again a few times only."""
        left = len(self._text) - self._at
        pieces, length = [], 0
        for piece in self._texts:
            pieces.append(piece)
            length += len(piece)
            if length > left:
                break
        if not length:
            return False
        self._line, self._column = self._place(self._at)
        self._text, self._at = self._text[self._at :] + "".join(pieces), 0
        return True

    def _place(self, at: int) -> tuple[int, int]:
        """Line and column (from 0) of a place in the text at hand."""
        if newlines := self._text.count("\n", 0, at):
            return self._line + newlines, at - self._text.rindex("\n", 0, at) - 1
        return self._line, self._column + at

    def _wrong(self, words: str, error: json.JSONDecodeError | None = None) -> Unreadable:
        line, column = self._place(self._at if error is None else error.pos)
        return Unreadable(f"{words} (line {line}, column {column + 1}).")


def _refuse_unkept(text: str, value: Any) -> None:
    # A database refuses this sign in a text, and nothing that we keep has it. It can only come escaped.
    if "\\u0000" in text and _has_nul(value):
        raise Unreadable("A text holds the sign NUL.")
    if "\\ud" in text or "\\uD" in text:
        try:
            # Half of a surrogate pair is no character, and no database takes it.
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise Unreadable("A text holds half of a surrogate pair.") from None


def _has_nul(data: Any) -> bool:
    if isinstance(data, str):
        return "\x00" in data
    if isinstance(data, dict):
        return any(_has_nul(part) for pair in data.items() for part in pair)
    return isinstance(data, list) and any(map(_has_nul, data))


def _no_constant(name: str) -> NoReturn:
    raise Unreadable(f"{name} is no number of JSON.")


def _number(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError
    return number


_DECODER = json.JSONDecoder(parse_constant=_no_constant, parse_float=_number)
