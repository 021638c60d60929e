"""A document in the doors' shape, plain data with codes, made into a draft with ids.

    {"id", "kind", "party", "date", "reference", "note", "due_date", "override_reason",
     "with_stock", "via", "confirm_twins", "block",
     "lines": [{"item", "from", "to", "serials": [...] or "A-001..A-100", "quantity", "unit_cost", "unit_price",
                "role", "lot", "reference", "missing", "source_line", "supplier", "parent_item", "parent_serial",
                "units": [{"serial", "unit_cost", "unit_price", "lot", "warranty_until", "identifiers",
                           "custom", "right_serial", "parent_serial"}]}]}

What is not of this shape raises MisreadError, which says where; a code that nobody knows is refused with NotFound.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from sys import intern
from typing import Any
from uuid import UUID, uuid4

from seriatim.catalog.selectors import item_by_code, location_by_code, party_by_code
from seriatim.documents.drafts import NOTHING, DocumentDraft, LineDraft, UnitDraft
from seriatim.exchange.misread import MisreadError
from seriatim.kernel import amounts, refusals
from seriatim.kernel.identifiers import IDENTIFIER_TYPES
from seriatim.kernel.kinds import KINDS
from seriatim.kernel.refusals import Case, Refusal
from seriatim.numbering import Entry, read_entry, read_list
from seriatim.series.selectors import base_of_item

MISSING = ("", "generate", "wait", "refuse")
WITH_STOCK = ("", "pending", "posted")
FIRST_YEAR, LAST_YEAR = 1900, 9000
_DOCUMENT = frozenset(
    [
        "id",
        "kind",
        "party",
        "date",
        "reference",
        "note",
        "due_date",
        "override_reason",
        "with_stock",
        "confirm_twins",
        "block",
        "via",
        "lines",
        "post",
        "pending",
        "rest",
    ]
)
_LINE = frozenset(
    [
        "item",
        "from",
        "to",
        "serials",
        "quantity",
        "unit_cost",
        "unit_price",
        "role",
        "lot",
        "reference",
        "missing",
        "source_line",
        "supplier",
        "parent_item",
        "parent_serial",
        "units",
    ]
)
_UNIT = frozenset(
    [
        "serial",
        "unit_cost",
        "unit_price",
        "lot",
        "warranty_until",
        "identifiers",
        "custom",
        "right_serial",
        "parent_serial",
    ]
)


_IDENTIFIERS = frozenset(IDENTIFIER_TYPES)


def draft_from(data: object) -> DocumentDraft:
    """The draft that plain data describe; without an id it gets a new one. Raises MisreadError and refusals."""
    said = _mapping(data, "document", _DOCUMENT)
    kind = _text(said, "kind", "")
    if kind not in KINDS:
        raise MisreadError("kind", f"{kind!r} is none of {', '.join(KINDS)}" if kind else "say which kind")
    lines = said.get("lines")
    if not isinstance(lines, list):
        raise MisreadError("lines", "a list of lines")
    codes = _Codes()
    wrong: list[Refusal] = []
    drafts = [_line(line, position, codes, wrong) for position, line in enumerate(lines, start=1)]
    if wrong:
        raise refusals.first_of(wrong)
    return DocumentDraft(
        id=_id(said),
        kind=kind,
        party=codes.party(_text(said, "party", "")),
        date=read_date(_text(said, "date", ""), "date"),
        reference=_text(said, "reference", ""),
        note=_text(said, "note", ""),
        due_date=_day(said, "due_date", ""),
        override_reason=_text(said, "override_reason", ""),
        with_stock=_one_of(said, "with_stock", WITH_STOCK, ""),
        confirm_twins=_yes(said, "confirm_twins", ""),
        block=_whole(said, "block", ""),
        via=codes.location(_text(said, "via", "")),
        lines=drafts,
    )


def read_date(text: str, field: str) -> date | datetime | None:
    """A day or a moment in ISO 8601; a moment without an offset is meant in the site's time zone."""
    if not text:
        return None
    try:
        read = date.fromisoformat(text) if len(text) <= len("2026-11-20") else datetime.fromisoformat(text)
    except ValueError:
        raise MisreadError(
            field, f"{text!r} is not a day like 2026-11-20 or a moment like 2026-11-20T14:30"
        ) from None
    # At the ends of the calendar no moment has a place in every time zone.
    if not FIRST_YEAR <= read.year <= LAST_YEAR:
        raise MisreadError(field, f"{text!r} is not between {FIRST_YEAR} and {LAST_YEAR}")
    return read


class _Codes:
    """Codes looked up once each, however many lines name them."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], int] = {}
        self._bases: dict[str, int] = {}

    def item(self, code: str) -> int | None:
        return self._id(code, "item", lambda: item_by_code(code).pk)

    def location(self, code: str) -> int | None:
        return self._id(code, "location", lambda: location_by_code(code).pk)

    def party(self, code: str) -> int | None:
        return self._id(code, "party", lambda: party_by_code(code).pk)

    def base(self, item: str) -> int:
        """What ranges of the item's serials count in."""
        if item not in self._bases:
            pk = self.item(item)
            self._bases[item] = base_of_item(pk) if pk is not None else 10
        return self._bases[item]

    def _id(self, code: str, what: str, look_up: Callable[[], int]) -> int | None:
        if not code:
            return None
        if (what, code) not in self._known:
            self._known[what, code] = look_up()
        return self._known[what, code]


def _line(data: object, position: int, codes: _Codes, wrong: list[Refusal]) -> LineDraft:
    where = f"lines[{position}]."
    said = _mapping(data, where.rstrip("."), _LINE)
    code = _text(said, "item", where)
    item = codes.item(code)
    if item is None:
        raise MisreadError(f"{where}item", "say which item")
    units = said.get("units") or []
    if not isinstance(units, list):
        raise MisreadError(f"{where}units", "a list of units")
    return LineDraft(
        item=item,
        quantity=_amount(said, "quantity", where, amounts.quantity),
        serials=_serials(said.get("serials"), f"{where}serials", position, code, wrong, codes),
        units=_units(units, where),
        role=_text(said, "role", where),
        source=codes.location(_text(said, "from", where)),
        target=codes.location(_text(said, "to", where)),
        cost=_amount(said, "unit_cost", where, amounts.money),
        price=_amount(said, "unit_price", where, amounts.money),
        lot=_text(said, "lot", where),
        reference=_text(said, "reference", where),
        missing=_one_of(said, "missing", MISSING, where),
        source_line=_whole(said, "source_line", where),
        supplier=codes.party(_text(said, "supplier", where)),
        parent_item=codes.item(_text(said, "parent_item", where)),
        parent_serial=_text(said, "parent_serial", where),
    )


def line_from(data: object) -> LineDraft:
    """The one line that plain data say, as in ``lines``. Raises MisreadError and refusals."""
    wrong: list[Refusal] = []
    try:
        line = _line(data, 1, _Codes(), wrong)
    except MisreadError as error:
        raise MisreadError(error.field.removeprefix("lines[1]").removeprefix("."), error.reason) from None
    if wrong:
        raise refusals.first_of(wrong)
    return line


def units_from(data: Sequence[object]) -> list[UnitDraft]:
    """What plain data say of single units, as in ``lines[].units``. Raises MisreadError."""
    return _units(data, "")


def unit_from(data: object) -> UnitDraft:
    """What plain data say of one unit. Drafts may stand in place of plain data wherever units do. Raises MisreadError."""
    return data if isinstance(data, UnitDraft) else _unit(data)


def _units(data: Sequence[object], where: str) -> list[UnitDraft]:
    drafts = []
    for number, unit in enumerate(data, start=1):
        try:
            drafts.append(unit_from(unit))
        except MisreadError as error:
            # Where it is, is said of the one that is wrong: there may be 100,000 others.
            place = f"{where}units[{number}]"
            raise MisreadError(f"{place}.{error.field}" if error.field else place, error.reason) from None
    return drafts


def _unit(data: object) -> UnitDraft:
    said = _mapping(data, "", _UNIT)
    serial = _text(said, "serial", "")
    if not serial:
        raise MisreadError("serial", "say which serial number")
    identifiers = said.get("identifiers")
    if identifiers:
        identifiers = {
            name: _numbers(identifiers, name, "identifiers.")
            for name in _mapping(identifiers, "identifiers", _IDENTIFIERS)
        }
    custom = said.get("custom")
    return UnitDraft(
        serial=serial,
        cost=_amount(said, "unit_cost", "", amounts.money),
        price=_amount(said, "unit_price", "", amounts.money),
        # One text for all of a lot.
        lot=intern(_text(said, "lot", "")),
        warranty_until=_day(said, "warranty_until", ""),
        identifiers=identifiers or NOTHING,
        custom=_custom(custom, "custom") if custom else NOTHING,
        right_serial=_text(said, "right_serial", ""),
        parent_serial=_text(said, "parent_serial", ""),
    )


def _numbers(said: Mapping[str, Any], name: str, where: str) -> str | list[str]:
    """A further number, or several of one type: a telephone has two IMEIs."""
    value = said[name]
    if not isinstance(value, list):
        return _text(said, name, where)
    if not all(isinstance(one, str) for one in value):
        raise MisreadError(f"{where}{name}", "texts")
    return [one.strip() for one in value]


def _custom(said: object, where: str) -> dict[str, str]:
    """Values of custom fields: which there are, and what they may hold, is for the catalog to say."""
    if not isinstance(said, dict) or not all(isinstance(name, str) for name in said):
        raise MisreadError(where, "an object with the fields’ names")
    found = {}
    for name, value in said.items():
        if isinstance(value, dict | list):
            raise MisreadError(f"{where}.{name}", "a text, a number, true or false")
        text = "" if value is None else str(value)
        found[name] = {"True": "yes", "False": "no"}[text] if isinstance(value, bool) else text
    return found


def _serials(
    value: object, where: str, position: int, item: str, wrong: list[Refusal], codes: _Codes
) -> list[str]:
    if value is None:
        return []
    if isinstance(value, str):
        entry = read_entry(value, base=codes.base(item))
    elif isinstance(value, list) and all(isinstance(serial, str) for serial in value):
        entry = read_list(value)
    else:
        raise MisreadError(where, "a list of texts, or one text with one serial number or range a line")
    wrong.extend(_refusals(entry, position, item))
    return entry.serials


def typed_serials(text: str, *, item: str, base: int = 10) -> list[str]:
    """The serials of a typed list of one item's units; refuses with MalformedSerial, DoubledSerial.

    ``base``: what ranges count in, where the item's series says so.
    """
    entry = read_entry(text, base=base)
    if wrong := list(_refusals(entry, 0, item)):
        raise refusals.first_of(wrong)
    return entry.serials


def _refusals(entry: Entry, position: int, item: str) -> Iterable[Refusal]:
    doubled, malformed = [], []
    for problem in entry.problems:
        serial = str(problem.data.get("text", ""))
        if problem.code == "doubled":
            doubled.append(Case(serial=serial, item=item, line=position))
        else:
            malformed.append(Case(serial=serial, item=item, line=position, note=problem.message))
    if malformed:
        yield refusals.MalformedSerial(malformed)
    if doubled:
        yield refusals.DoubledSerial(doubled)


# --- values -----------------------------------------------------------------------------------------------


def _mapping(value: object, where: str, names: frozenset[str]) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise MisreadError(where, "an object with named fields")
    if unknown := sorted(map(str, set(value) - names)):
        # A misspelt field would otherwise be a fact that is silently lost.
        raise MisreadError(
            where, f"there is no field {', '.join(unknown)}; there are {', '.join(sorted(names))}"
        )
    return value


def _text(said: Mapping[str, Any], name: str, where: str) -> str:
    value = said.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise MisreadError(f"{where}{name}", "a text")
    return value.strip()


def _one_of(said: Mapping[str, Any], name: str, words: Sequence[str], where: str) -> str:
    value = _text(said, name, where)
    if value not in words:
        raise MisreadError(f"{where}{name}", f"{value!r} is none of {', '.join(filter(None, words))}")
    return value


def _amount(said: Mapping[str, Any], name: str, where: str, read: Callable[[Any], int]) -> int | None:
    value = said.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise MisreadError(f"{where}{name}", "a number")
    try:
        # A JSON number arrives as binary; its shortest text is what was written.
        text = str(value)
        amount = _read_before(read, text) if len(text) <= _SHORT else read(text)
    except amounts.AmountInvalid as error:
        raise MisreadError(f"{where}{name}", str(error)) from None
    if amount < 0:
        raise MisreadError(f"{where}{name}", f"{value} is less than nothing")
    return amount


#: Of 100,000 units most cost the same, which is read once, and is one number for all. Long texts are not kept.
_SHORT = 20
_read_before = lru_cache(maxsize=1024)(lambda read, text: read(text))


def _yes(said: Mapping[str, Any], name: str, where: str) -> bool:
    value = said.get(name, False)
    if not isinstance(value, bool):
        raise MisreadError(f"{where}{name}", "true or false")
    return value


def _whole(said: Mapping[str, Any], name: str, where: str) -> int | None:
    value = said.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise MisreadError(f"{where}{name}", "a whole number")
    return int(value)


def _day(said: Mapping[str, Any], name: str, where: str) -> date | None:
    text = _text(said, name, where)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise MisreadError(f"{where}{name}", f"{text!r} is not a day like 2026-11-20") from None


def _id(said: Mapping[str, Any]) -> UUID:
    text = _text(said, "id", "")
    try:
        return UUID(text) if text else uuid4()
    except ValueError:
        raise MisreadError("id", f"{text!r} is not a UUID") from None
