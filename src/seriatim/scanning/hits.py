"""What of a scan is known here: units, items, places, parties and documents that carry one of its numbers.

A handful of statements over indexes, however many readings the text has. Reads only.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Lower

from seriatim.catalog.models import Item, Location, Party
from seriatim.catalog.texts import lowered, tidy
from seriatim.documents.models import Document
from seriatim.kernel.disposition import disposition
from seriatim.kernel.identity import unit_key
from seriatim.kernel.marks import codes_in
from seriatim.ledger.sql import fetch, key_param, key_value
from seriatim.numbering.serials import fold
from seriatim.scanning.values import Meaning


class Thing(StrEnum):
    """What sort of thing was found."""

    UNIT = "unit"
    ITEM = "item"
    LOCATION = "location"
    PARTY = "party"
    DOCUMENT = "document"


class Match(StrEnum):
    """How the text fits the thing, the surest first."""

    SERIAL = "serial"
    IDENTIFIER = "identifier"
    GTIN = "gtin"
    CODE = "code"
    NUMBER = "number"
    REFERENCE = "reference"
    #: The serial number is there, but on another item than the code says.
    OTHER_ITEM = "other_item"
    #: Differs in letter case, O and 0, I and 1, blanks or dashes.
    TWIN = "twin"


#: The thing itself carries exactly what was scanned.
EXACT = frozenset(Match) - {Match.OTHER_ITEM, Match.TWIN}
_RANK = {match: rank for rank, match in enumerate(Match)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A thing that a scan was found on. ``code`` is what its page is called by: a unit's item and ``serial``."""

    thing: Thing
    match: Match
    #: The item's code, the place's, the party's, the document's number (or id).
    code: str
    name: str = ""
    serial: str = ""
    #: The number that fits, and its type where it is an identifier.
    text: str = ""
    type: str = ""
    #: The key of a unit, the id of a document; the row's number for the others.
    key: UUID | None = None
    pk: int = 0
    #: Of a unit.
    disposition: str = ""
    marks: tuple[str, ...] = ()
    place: str = ""
    place_name: str = ""
    holder: str = ""
    holder_name: str = ""
    #: Of a document.
    kind: str = ""
    state: str = ""
    archived: bool = False
    #: Which of the readings it follows from.
    meaning: int = 0

    @property
    def exact(self) -> bool:
        """Whether it carries exactly what was scanned."""
        return self.match in EXACT

    def as_dict(self) -> dict[str, Any]:
        """The hit as plain data, without what is empty."""
        names = ("name", "serial", "text", "type", "disposition", "place", "holder", "kind", "state")
        said: dict[str, Any] = {name: value for name in names if (value := getattr(self, name))}
        if self.marks:
            said["marks"] = list(self.marks)
        if self.archived:
            said["archived"] = True
        code = "item" if self.thing is Thing.UNIT else "code"
        return {"thing": self.thing.value, "match": self.match.value, code: self.code, **said}


@dataclass(slots=True)
class Found:
    """The hits, whether there are more than were asked for, and the items that the readings name."""

    hits: list[Hit] = field(default_factory=list)
    more: bool = False
    #: Place of the reading → the item it names.
    items: dict[int, Item] = field(default_factory=dict)


def look_up(meanings: Sequence[Meaning], *, limit: int) -> Found:
    """Everything that carries one of the readings' numbers: exactly, and what looks like it unless one thing does."""
    found = Found()
    items, by_code = _items(meanings)
    found.items = items
    hits = [*_named_items(meanings, items, by_code), *_units(meanings, items, limit)]
    hits += _coded(meanings)
    hits += _documents(meanings, limit)
    hits = _each_once(hits)
    if sum(hit.exact for hit in hits) != 1:
        hits = _each_once([*hits, *_twins(meanings, limit)])
    found.more = len(hits) > limit
    found.hits = hits[:limit]
    return found


def _each_once(hits: Iterable[Hit]) -> list[Hit]:
    """Each thing once, with its surest match; the surest first."""
    best: dict[tuple[Thing, Any], Hit] = {}
    for hit in sorted(hits, key=lambda one: (_RANK[one.match], one.meaning)):
        best.setdefault((hit.thing, hit.key or hit.pk), hit)
    return list(best.values())


# --- items, places, parties -------------------------------------------------------------------------------


def _items(meanings: Sequence[Meaning]) -> tuple[dict[int, Item], dict[int, Item]]:
    """The item that each reading names, and the item whose code the text of a reading is."""
    gtins = {one.gtin for one in meanings if one.gtin}
    forms = {
        form for one in meanings for code in (one.item_code, *one.numbers) if code for form in _forms(code)
    }
    if not gtins and not forms:
        return {}, {}
    rows = list(
        Item.objects.annotate(form=Lower("code")).filter(Q(gtin__in=gtins) | Q(form__in=forms)).order_by("pk")
    )
    by_gtin = {row.gtin: row for row in rows if row.gtin}
    by_form: dict[str, Item] = {row.form: row for row in rows}
    named, coded = {}, {}
    for place, one in enumerate(meanings):
        item = by_gtin.get(one.gtin) if one.gtin else _by_form(by_form, one.item_code)
        if item is not None:
            named[place] = item
        for number in one.numbers:
            if (row := _by_form(by_form, number)) is not None:
                coded[place] = row
    return named, coded


def _named_items(
    meanings: Sequence[Meaning], named: dict[int, Item], coded: dict[int, Item]
) -> Iterator[Hit]:
    """The items that a reading is about: not those of which it names a unit."""
    for place, item in named.items():
        if not meanings[place].serial:
            yield _item(item, Match.GTIN if meanings[place].gtin else Match.CODE, place)
    for place, item in coded.items():
        yield _item(item, Match.CODE, place)


def _item(row: Item, match: Match, place: int) -> Hit:
    return Hit(
        thing=Thing.ITEM,
        match=match,
        code=row.code,
        name=row.name,
        text=row.gtin or "" if match is Match.GTIN else row.code,
        pk=row.pk,
        archived=row.archived_at is not None,
        meaning=place,
    )


def _coded(meanings: Sequence[Meaning]) -> Iterator[Hit]:
    """Places and parties whose code it is."""
    asked: dict[str, int] = {}
    for place, one in enumerate(meanings):
        for number in one.numbers:
            for form in _forms(number):
                asked.setdefault(form, place)
    if not asked:
        return
    for thing, rows in ((Thing.LOCATION, Location.objects.all()), (Thing.PARTY, Party.objects.all())):
        for row in rows.annotate(form=Lower("code")).filter(form__in=asked).order_by("pk"):
            yield Hit(
                thing=thing,
                match=Match.CODE,
                code=row.code,
                name=row.name,
                text=row.code,
                pk=row.pk,
                archived=row.archived_at is not None,
                meaning=asked[row.form],
            )


def _forms(code: str) -> tuple[str, ...]:
    """The forms in which a code of this spelling may be kept; none for what can be no code."""
    kept = tidy(code)
    return lowered(kept) if 0 < len(kept) <= 60 and kept.isprintable() else ()


def _by_form(rows: dict[str, Item], code: str) -> Item | None:
    return next((rows[form] for form in _forms(code) if form in rows), None)


# --- documents --------------------------------------------------------------------------------------------


def _documents(meanings: Sequence[Meaning], limit: int) -> Iterator[Hit]:
    """Documents by number or id; and by the reference that the other side gave them."""
    asked: dict[str, int] = {}
    for place, one in enumerate(meanings):
        for name in (one.document, *one.numbers):
            if 0 < len(name) <= 100 and name.isprintable():
                asked.setdefault(name, place)
    if not asked:
        return
    ids = {UUID(name): name for name in asked if _is_id(name)}
    rows = Document.objects.filter(Q(number__in=asked) | Q(pk__in=ids) | Q(reference__in=asked))
    for row in rows.order_by("-created_at")[: limit + 1]:
        by_name = row.number or ""
        text = by_name if by_name in asked else ids.get(row.pk, row.reference)
        yield Hit(
            thing=Thing.DOCUMENT,
            match=Match.REFERENCE if by_name not in asked and row.pk not in ids else Match.NUMBER,
            code=row.number or str(row.pk),
            text=text,
            key=row.pk,
            kind=row.kind,
            state=row.state,
            meaning=asked[text],
        )


def _is_id(name: str) -> bool:
    try:
        return str(UUID(name)) == name.lower()
    except ValueError:
        return False


# --- units ------------------------------------------------------------------------------------------------

_FACTS = """
       i.code, i.name, u.serial, u.marks, u.reserved_by IS NOT NULL, u.owner_id IS NULL, l.code, l.name, l.type,
       l.sellable, p.code, p.name,
       EXISTS (SELECT 1 FROM ledger_supersession s WHERE s.wrong_id = u.key AND NOT s.reversed)
  FROM f
  JOIN ledger_unit u ON u.key = f.key
  JOIN catalog_item i ON i.id = u.item_id
  LEFT JOIN catalog_location l ON l.id = u.location_id
  LEFT JOIN catalog_party p ON p.id = u.holder_id
 ORDER BY f.rank, f.text, u.serial, u.item_id
"""

# Each part by an index of its own, and bounded by itself: a serial number that thousands of items have must not
# keep away the one unit that the code names.
_EXACT = """
WITH f(rank, key, text, type) AS (
    SELECT 1, key, serial, '' FROM ledger_unit WHERE key :IN_LIST
    UNION ALL
    SELECT * FROM (SELECT 2, key, serial, '' FROM ledger_unit WHERE serial :IN_LIST
                    ORDER BY serial, item_id LIMIT %s) a
    UNION ALL
    SELECT * FROM (SELECT 3, unit_id, value, type FROM ledger_identifier WHERE value :IN_LIST
                    ORDER BY value, id LIMIT %s) b
)
SELECT f.rank, f.key, f.text, f.type, :FACTS
""".replace(":FACTS", _FACTS)

_ALIKE = """
WITH f(rank, key, text, type) AS (
    SELECT * FROM (SELECT 1, key, serial, '' FROM ledger_unit WHERE folded :IN_LIST
                    ORDER BY folded, serial, item_id LIMIT %s) a
    UNION ALL
    SELECT * FROM (SELECT 2, unit_id, value, type FROM ledger_identifier WHERE folded :IN_LIST
                    ORDER BY folded, value, id LIMIT %s) b
)
SELECT f.rank, f.key, f.text, f.type, :FACTS
""".replace(":FACTS", _FACTS)


def _units(meanings: Sequence[Meaning], items: dict[int, Item], limit: int) -> Iterator[Hit]:
    """Units that carry a reading's serial number, or one of its numbers as an identifier."""
    asked: dict[str, list[int]] = {}
    keys: dict[UUID, int] = {}
    for place, one in enumerate(meanings):
        for text in dict.fromkeys((one.serial, *one.numbers)):
            if _may_be_kept(text):
                asked.setdefault(text, []).append(place)
        if place in items and _may_be_kept(one.serial):
            keys.setdefault(unit_key(items[place].uid, one.serial), place)
    if not asked:
        return
    texts = _texts(list(asked))
    params = [_keys(list(keys)), texts, limit + 1, texts, limit + 1]
    for rank, raw, text, type_, *facts in fetch(_EXACT, params):
        key = key_value(raw)
        exact = Match.IDENTIFIER if rank == 3 else Match.SERIAL
        hit = _unit(key, text, type_, exact, facts)
        if key in keys:
            yield replace(hit, meaning=keys[key])
            continue
        for place in asked[text]:
            # A code that says which item it is says nothing of the same number on another one.
            same = not meanings[place].names_item or (place in items and items[place].code == hit.code)
            yield replace(hit, match=exact if same else Match.OTHER_ITEM, meaning=place)


def _twins(meanings: Sequence[Meaning], limit: int) -> Iterator[Hit]:
    asked: dict[str, int] = {}
    for place, one in enumerate(meanings):
        for text in (one.serial, *one.numbers):
            if _may_be_kept(text):
                asked.setdefault(fold(text), place)
    if not asked:
        return
    forms = _texts(list(asked))
    # The exact ones are among these again, so their number is added to the limit.
    for _, raw, text, type_, *facts in fetch(_ALIKE, [forms, 2 * limit + 1, forms, 2 * limit + 1]):
        yield replace(_unit(key_value(raw), text, type_, Match.TWIN, facts), meaning=asked.get(fold(text), 0))


def _unit(key: UUID, text: str, type_: str, match: Match, facts: Sequence[Any]) -> Hit:
    item, item_name, serial, marks, reserved, ours, place, place_name, place_type, sellable, *rest = facts
    holder, holder_name, superseded = rest
    return Hit(
        thing=Thing.UNIT,
        match=match,
        code=item,
        name=item_name,
        serial=serial,
        text=text,
        type=type_,
        key=key,
        disposition=disposition(
            place=place_type,
            sellable=bool(sellable),
            marks=marks,
            reserved=bool(reserved),
            ours=bool(ours),
            superseded=bool(superseded),
        ).value,
        marks=tuple(codes_in(marks)),
        place=place or "",
        place_name=place_name or "",
        holder=holder or "",
        holder_name=holder_name or "",
    )


def _may_be_kept(text: str) -> bool:
    """Whether a serial number or identifier can be this: nothing else is worth asking a database, nor safe to."""
    return 0 < len(text) <= 80 and text.isprintable()


def _keys(keys: Sequence[UUID]) -> Any:
    return list(keys) if connection.vendor == "postgresql" else json.dumps([key_param(key) for key in keys])


def _texts(texts: Sequence[str]) -> Any:
    return list(texts) if connection.vendor == "postgresql" else json.dumps(texts)
