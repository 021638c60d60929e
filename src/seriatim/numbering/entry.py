"""The text in which people give serial numbers → a list, and back: one grammar for every door.

    SN-0001                       one per line, or several between commas, semicolons or tabs
    SN-0002, SN-0003
    SN-0001..SN-0500              a range: both ends are included
    SN-0001 - SN-0500             the same; the dash stands between blanks
    SN-0001 +499                  the first and how many more, a blank before the plus: 500 serials
    A-001-X..A-050-X              what counts may stand in the middle; its width stays
    A-8..A-12                     without zeros in front the width may grow
    "ACME..1"                     in double quotes: this very text; "" is one quote mark in it

Blank lines and blanks around a serial mean nothing; an empty text is an empty list ("from the series").

Two dots in a row, a dash between blanks, and a blank, plus and number at the end always ask for a range. A
serial that contains one of these must be quoted, likewise one that contains a comma or semicolon, or begins
with a quote mark. When such a text doesn't work as a range, it is refused with `data["quote"]` = True
rather than guessed at: the remedy is quotes. Dashes, dots, plus signs and quote marks elsewhere (`A-1`,
`3.5`, `X+2`, `15"`) need nothing.

Digits are decimal unless the base of the item's series is passed in; then its letters (capitals) count as
well. What ends make a range is told in `entry_ranges`. A range is counted before it is written out, so one
that would pass the limit costs nothing.

Knows: text. Must not know: items, series, what exists.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import Final

from .alphabets import MAX_BYTES
from .entry_ranges import Span, run_length, span_between, span_counted
from .errors import Problem, SerialMalformed
from .serials import malformed_reason, normalise, normalise_many, shortened

DEFAULT_LIMIT: Final = 1_000_000
"""Serials in one entry: ten times the largest document that the product is measured with."""

MOST_PROBLEMS: Final = 10_000
"""Problems that are told one by one; the rest is a number. A pasted film must not cost gigabytes of them."""

_LONGEST_FIELD: Final = 8 * MAX_BYTES
"""Characters of one field: two ends of 80 bytes, decomposed, with blanks; longer is refused unread."""

_LONGEST_COUNT: Final = 18
"""Digits of "how many more"; a longer one is beyond every limit and not worth reading."""

_SEPARATOR: Final = re.compile("[,;\t]")
_QUOTED: Final = re.compile(r'\s*"((?:[^"]|"")*)"\s*(?:[,;\t]|$)')
_DASH: Final = re.compile(r"\s+[-\u2013\u2014]\s+")
_PLUS: Final = re.compile(r"\s+\+\s*([0-9]+)$")
_ASKS_FOR_RANGE: Final = re.compile(r"\.\.|\s[-\u2013\u2014]\s|\s\+\s*[0-9]+$")
_ASKS_FOR_RANGE_ANYWHERE: Final = re.compile(_ASKS_FOR_RANGE.pattern, re.MULTILINE)

_MESSAGES: Final = {
    "empty": "nothing between the quotes",
    "too_long": f"longer than {MAX_BYTES} bytes",
    "not_printable": "holds a character that cannot be seen",
    "doubled": "stands in the list already",
    "quote_open": "the quote mark has no partner",
    "range_unclear": "more than one sign of a range",
    "range_incomplete": "a range needs both ends",
    "ends_differ": "the ends differ in more than one number",
    "ends_reversed": "the first end comes after the last",
    "no_number": "there is no number in it to count from",
    "count_overflows": "the count would outgrow the digits",
    "too_many": "more serials than one entry may hold",
    "more_problems": f"only the first {MOST_PROBLEMS} problems are listed",
}
_QUOTING_HELPS: Final = frozenset(
    ["range_unclear", "range_incomplete", "ends_differ", "ends_reversed", "no_number", "count_overflows"]
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a text gave: different serials in the order typed, and everything that was wrong with it, by line.

    Problems' codes: empty, too_long, not_printable, doubled (`data["first_line"]`), quote_open,
    range_unclear, range_incomplete, ends_differ, ends_reversed, no_number, count_overflows, too_many;
    `data["text"]` is what was typed there. After 10,000 of them a last one, more_problems, has no line but
    the `data["count"]` of the others. With any problem the list isn't what the person meant: show it, post
    nothing.
    """

    serials: list[str]
    problems: list[Problem] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether there was no problem at all."""
        return not self.problems


def read_entry(text: str, *, base: int = 10, limit: int = DEFAULT_LIMIT) -> Entry:
    """Read a typed, pasted or scanned list. Linear in the length of the text plus the number of serials."""
    text = text.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = _read_plain(text, limit)
    return Entry(plain) if plain is not None else _Reading(base, limit).read(text)


def _read_plain(text: str, limit: int) -> list[str] | None:
    """One plain ASCII serial per line, nothing wrong anywhere; None sends the text the thorough way."""
    if not text.isascii() or '"' in text or ".." in text or "," in text or ";" in text or "\t" in text:
        return None
    if " " in text and (" - " in text or " +" in text):
        return None
    if not text.replace("\n", "").isprintable():
        return None
    lines = text.split("\n")
    if " " in text:
        lines = list(map(str.strip, lines))
    serials = list(filter(None, lines))
    if (
        len(serials) > limit
        or max(map(len, serials), default=0) > MAX_BYTES
        or len(set(serials)) < len(serials)
    ):
        return None
    return serials


def _asked_range(typed: str) -> tuple[list[str], int | None] | str:
    """The ends of a range, or its first serial and how many more; or what keeps the text from being either."""
    plus = _PLUS.search(typed)
    head = typed[: plus.start()] if plus else typed
    ends = [end.strip() for piece in head.split("..") for end in _DASH.split(piece)]
    if len(ends) > 2 or (plus and len(ends) > 1) or "..." in head:
        return "range_unclear"
    if plus:
        return ends, int(plus[1]) if len(plus[1]) <= _LONGEST_COUNT else 10**_LONGEST_COUNT
    return (ends, None) if len(ends) == 2 else "range_incomplete"


class _Reading:
    """The thorough way: field by field, remembering lines."""

    def __init__(self, base: int, limit: int) -> None:
        self._base, self._limit = base, limit
        self._found: list[list[str]] = []
        self._lines: list[int] = []
        self._count = 0
        self._problems: list[Problem] = []
        self._unlisted = 0

    def read(self, text: str) -> Entry:
        for number, line in enumerate(text.split("\n"), start=1):
            if '"' in line:
                self._quoted_line(line, number)
            elif line:
                for typed in _SEPARATOR.split(line):
                    self._field(typed.strip(), number)
        return self.result()

    def _problem(self, code: str, line: int, text: str, **data: object) -> None:
        if len(self._problems) >= MOST_PROBLEMS:
            self._unlisted += 1
            return
        facts: dict[str, object] = {"text": shortened(text), **data}
        if code in _QUOTING_HELPS:
            facts["quote"] = True
        self._problems.append(Problem(code, _MESSAGES[code], line, facts))

    def _quoted_line(self, line: str, number: int) -> None:
        """Fields of a line that holds quote marks; only a field that begins with one is quoted."""
        at = 0
        while at < len(line):
            quoted = _QUOTED.match(line, at)
            if quoted:
                self.literal(quoted[1].replace('""', '"'), number)
                at = quoted.end()
                continue
            separator = _SEPARATOR.search(line, at)
            end = separator.start() if separator else len(line)
            typed = line[at:end].strip()
            if typed.startswith('"'):
                self._problem("quote_open", number, line[at:])
                return
            self._field(typed, number)
            at = end + 1

    def literal(self, text: str, line: int) -> None:
        """One serial that is taken as it stands."""
        try:
            self._add([normalise(text)], line)
        except SerialMalformed as refusal:
            self._problem(str(refusal.data["reason"]), line, text)

    def _field(self, typed: str, line: int) -> None:
        """One unquoted field: a range if it asks for one, else a serial."""
        if not typed:
            return
        if len(typed) > _LONGEST_FIELD:
            self._problem("too_long", line, typed)
        elif _ASKS_FOR_RANGE.search(typed):
            self._range(typed, line)
        elif typed.isascii() and malformed_reason(typed) is None:
            self._add([typed], line)
        else:
            self.literal(typed, line)

    def _range(self, typed: str, line: int) -> None:
        span = self._span(typed)
        if isinstance(span, str):
            self._problem(span, line, typed)
        elif span.count > self._limit - self._count:
            self._problem("too_many", line, typed, count=self._count + span.count, limit=self._limit)
        else:
            self._add(span.serials(), line)

    def _span(self, typed: str) -> Span | str:
        """The range a field asks for, or the code of what is wrong with it."""
        asked = _asked_range(typed)
        if isinstance(asked, str):
            return asked
        ends, more = asked
        try:
            ends = [normalise(end) for end in ends]
        except SerialMalformed as refusal:
            return "range_incomplete" if refusal.data["reason"] == "empty" else str(refusal.data["reason"])
        if more is not None:
            return span_counted(ends[0], more, self._base)
        return span_between(ends[0], ends[1], self._base)

    def _add(self, serials: list[str], line: int) -> None:
        if self._count + len(serials) > self._limit:
            count = self._count + len(serials)
            if not self._problems or self._problems[-1].code != "too_many":
                self._problem("too_many", line, serials[0], count=count, limit=self._limit)
            return
        self._count += len(serials)
        self._found.append(serials)
        self._lines.append(line)

    def result(self) -> Entry:
        """Everything found so far, each serial once; the others are problems."""
        serials = list(chain.from_iterable(self._found))
        if len(set(serials)) < len(serials):
            serials = self._each_once(serials)
        if self._unlisted:
            facts = {"count": self._unlisted}
            self._problems.append(Problem("more_problems", _MESSAGES["more_problems"], data=facts))
        return Entry(serials, self._problems)

    def _each_once(self, serials: list[str]) -> list[str]:
        """Name every serial that came before, and keep the first of each."""
        lines = chain.from_iterable(
            repeat(line, len(found)) for line, found in zip(self._lines, self._found, strict=True)
        )
        first_lines: dict[str, int] = {}
        for serial, line in zip(serials, lines, strict=True):
            first_line = first_lines.setdefault(serial, -line)
            if first_line < 0:
                first_lines[serial] = line
            else:
                self._problem("doubled", line, serial, first_line=first_line)
        self._problems.sort(key=lambda problem: problem.line or 0)
        return list(first_lines)


def read_list(serials: Sequence[str], *, limit: int = DEFAULT_LIMIT) -> Entry:
    """Serials that come as a list already (an API body, a spreadsheet's column): no ranges, no quotes.

    `line` in the problems is the place in the list, from 1. Empty elements are skipped, as empty lines are.
    """
    try:
        plain = normalise_many([serial for serial in serials if serial.strip()])
    except SerialMalformed:
        plain = None
    if plain is not None and len(plain) <= limit and len(set(plain)) == len(plain):
        return Entry(plain)
    reading = _Reading(10, limit)
    for number, serial in enumerate(serials, start=1):
        if serial.strip():
            reading.literal(serial, number)
    return reading.result()


def needs_quotes(serial: str) -> bool:
    """Whether a serial must be quoted to be read as itself."""
    return bool(serial[:1] == '"' or _SEPARATOR.search(serial) or _ASKS_FOR_RANGE.search(serial))


def quoted(serial: str) -> str:
    """A serial as it has to be typed."""
    return '"' + serial.replace('"', '""') + '"' if needs_quotes(serial) else serial


SHORTEST_RUN: Final = 3
"""Two neighbours are as quickly read as a range of two."""


def to_text(serials: Sequence[str], *, base: int = 10) -> str:
    """The canonical text of a list of different serials: one per line, runs of three and more as ranges.

    `read_entry(to_text(serials, base=b), base=b).serials == serials`.
    """
    return "\n".join(_canonical_lines(serials, base))


def _canonical_lines(serials: Sequence[str], base: int) -> Iterator[str]:
    joined = "\n".join(serials)
    plain = (
        '"' not in joined and not _SEPARATOR.search(joined) and not _ASKS_FOR_RANGE_ANYWHERE.search(joined)
    )
    at = 0
    while at < len(serials):
        length, _ = run_length(serials, at, base)
        line = _range_text(serials[at], serials[at + length - 1], plain) if length >= SHORTEST_RUN else None
        if line is None:
            yield from serials[at : at + length] if plain else map(quoted, serials[at : at + length])
        else:
            yield line
        at += length


def _range_text(first: str, last: str, plain: bool) -> str | None:
    """A range as one writes it, or None where the ends contain what would make it read as something else."""
    if not plain and (needs_quotes(first) or needs_quotes(last)):
        return None
    # A dot beside the two dots could belong to either side: then the dash.
    for text in (f"{first}..{last}", f"{first} - {last}"):
        if _asked_range(text) == ([first, last], None):
            return text
    return None
