"""What of a scan is known here: units, items, places, parties and documents that carry one of its numbers.

A handful of statements over indexes, however many readings the text has. Reads only.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Lower

from seriatim.catalog.custom import sought
from seriatim.catalog.models import Item, Location, Party, Site
from seriatim.catalog.texts import lowered, tidy
from seriatim.documents.models import Document
from seriatim.kernel.disposition import disposition
from seriatim.kernel.identity import unit_key
from seriatim.kernel.marks import codes_in
from seriatim.kernel.short_keys import key_named
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
    #: One of the fields that the site adds to units; told apart neither by letter case nor by blanks.
    VALUE = "value"
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
    #: The number that fits, and its type where it is an identifier, or what its field is called.
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
    """The hits of one scan, whether there are more than were asked for, and the items that its readings name.

    ``Hit.meaning`` and the keys of ``items`` count the scan's own readings.
    """

    hits: list[Hit] = field(default_factory=list)
    more: bool = False
    items: dict[int, Item] = field(default_factory=dict)


def look_up(scans: Sequence[Sequence[Meaning]], *, limit: int) -> list[Found]:
    """Everything that carries one of the numbers of each scan's readings, in as many statements as for one scan.

    Exact ones; and what looks like it, unless exactly one thing carries it.
    """
    meanings = [one for readings in scans for one in readings]
    if not meanings:
        return [Found() for _ in scans]
    at_most = limit * len(scans)
    items, by_code = _items(meanings)
    hits = [*_named_items(meanings, items, by_code), *_units(meanings, items, at_most)]
    hits += _coded(meanings)
    hits += _documents(meanings, at_most)
    ranges = list(_ranges(scans))
    exact = [_each_once(hit for hit in hits if hit.meaning in places) for places in ranges]
    alike = [sum(hit.exact for hit in own) != 1 for own in exact]
    wanted = {place for places, want in zip(ranges, alike, strict=True) if want for place in places}
    twins = list(_twins(meanings, wanted, at_most))
    found = []
    for places, own, want in zip(ranges, exact, alike, strict=True):
        all_ = _each_once([*own, *(hit for hit in twins if hit.meaning in places)]) if want else own
        found.append(
            Found(
                hits=[replace(hit, meaning=hit.meaning - places.start) for hit in all_[:limit]],
                more=len(all_) > limit,
                items={place - places.start: items[place] for place in places if place in items},
            )
        )
    return found


def _ranges(scans: Sequence[Sequence[Meaning]]) -> Iterator[range]:
    """Where each scan's readings stand among all of them."""
    start = 0
    for readings in scans:
        yield range(start, start + len(readings))
        start += len(readings)


def _each_once(hits: Iterable[Hit]) -> list[Hit]:
    """Each thing once, with its surest match; the surest first."""
    best: dict[tuple[Thing, Any], Hit] = {}
    for hit in sorted(hits, key=lambda one: (_RANK[one.match], one.meaning)):
        best.setdefault((hit.thing, hit.key or hit.pk), hit)
    return list(best.values())


def _asked(meanings: Sequence[Meaning], texts: Callable[[Meaning], Iterable[str]]) -> dict[str, list[int]]:
    """Every text that is asked for, and the readings that ask for it."""
    asked: dict[str, list[int]] = {}
    for place, one in enumerate(meanings):
        for text in dict.fromkeys(texts(one)):
            asked.setdefault(text, []).append(place)
    return asked


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
    asked = _asked(meanings, lambda one: (form for number in one.numbers for form in _forms(number)))
    if not asked:
        return
    for thing, rows in ((Thing.LOCATION, Location.objects.all()), (Thing.PARTY, Party.objects.all())):
        for row in rows.annotate(form=Lower("code")).filter(form__in=asked).order_by("pk"):
            hit = Hit(
                thing=thing,
                match=Match.CODE,
                code=row.code,
                name=row.name,
                text=row.code,
                pk=row.pk,
                archived=row.archived_at is not None,
            )
            yield from (replace(hit, meaning=place) for place in asked[row.form])


def _forms(code: str) -> tuple[str, ...]:
    """The forms in which a code of this spelling may be kept; none for what can be no code."""
    kept = tidy(code)
    return lowered(kept) if 0 < len(kept) <= 60 and kept.isprintable() else ()


def _by_form(rows: dict[str, Item], code: str) -> Item | None:
    return next((rows[form] for form in _forms(code) if form in rows), None)


# --- documents --------------------------------------------------------------------------------------------


def _documents(meanings: Sequence[Meaning], limit: int) -> Iterator[Hit]:
    """Documents by number or id; and by the reference that the other side gave them."""
    asked = _asked(
        meanings,
        lambda one: (
            name for name in (one.document, *one.numbers) if 0 < len(name) <= 100 and name.isprintable()
        ),
    )
    if not asked:
        return
    ids = {UUID(name): name for name in asked if _is_id(name)}
    rows = Document.objects.filter(Q(number__in=asked) | Q(pk__in=ids) | Q(reference__in=asked))
    for row in rows.order_by("-created_at")[: limit + 1]:
        by_name = row.number or ""
        text = by_name if by_name in asked else ids.get(row.pk, row.reference)
        hit = Hit(
            thing=Thing.DOCUMENT,
            match=Match.REFERENCE if by_name not in asked and row.pk not in ids else Match.NUMBER,
            code=row.number or str(row.pk),
            text=text,
            key=row.pk,
            kind=row.kind,
            state=row.state,
        )
        yield from (replace(hit, meaning=place) for place in asked[text])


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
    UNION ALL
    SELECT * FROM (SELECT 4, v.unit_id, v.text, c.label FROM catalog_customfield c
                     JOIN ledger_unitvalue v ON v.field_id = c.id AND v.sought :IN_LIST
                    WHERE c.subject = 'unit' AND c.type IN ('text', 'number', 'link') AND c.archived_at IS NULL
                    ORDER BY v.sought, v.id LIMIT %s) d
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


#: By the rank of the parts.
_MATCHES = {1: Match.SERIAL, 2: Match.SERIAL, 3: Match.IDENTIFIER, 4: Match.VALUE}


def _units(meanings: Sequence[Meaning], items: dict[int, Item], limit: int) -> Iterator[Hit]:
    """Units that carry a reading's serial number, or one of its numbers as an identifier."""
    asked = _asked(meanings, _unit_numbers)
    keys: dict[UUID, list[int]] = _public_keys(meanings)
    if not asked and not keys:
        return
    for place, item in items.items():
        if _may_be_kept(serial := meanings[place].serial):
            keys.setdefault(unit_key(item.uid, serial), []).append(place)
    # Dates, choices, yes and no are no numbers by which anybody knows a thing.
    values: dict[str, list[int]] = _asked(meanings, lambda one: filter(None, map(sought, _unit_numbers(one))))
    texts = _texts(list(asked))
    params = [_keys(list(keys)), texts, limit + 1, texts, limit + 1, _texts(list(values)), limit + 1]
    for rank, raw, text, type_, *facts in fetch(_EXACT, params):
        key = key_value(raw)
        exact = _MATCHES[rank]
        hit = _unit(key, text, type_, exact, facts)
        if exact is Match.VALUE:
            yield from (replace(hit, meaning=place) for place in values.get(sought(text), ()))
            continue
        for place in keys.get(key, ()):
            yield replace(hit, meaning=place)
        for place in asked.get(text, ()):
            # A code that says which item it is says nothing of the same number on another one.
            same = not meanings[place].names_item or (place in items and items[place].code == hit.code)
            yield replace(hit, match=exact if same else Match.OTHER_ITEM, meaning=place)


def _public_keys(meanings: Sequence[Meaning]) -> dict[UUID, list[int]]:
    """The keys of the units whose short public names were scanned."""
    names = _asked(meanings, lambda one: (one.short_name,) if one.short_name else ())
    if not names:
        return {}
    secret = bytes.fromhex(Site.objects.get().public_secret)
    found = {name: key_named(name, secret) for name in names}
    return {key: names[name] for name, key in found.items() if key is not None}


def _twins(meanings: Sequence[Meaning], wanted: Collection[int], limit: int) -> Iterator[Hit]:
    asked = _asked(meanings, lambda one: map(fold, _unit_numbers(one)))
    asked = {form: own for form, places in asked.items() if (own := [one for one in places if one in wanted])}
    if not asked:
        return
    forms = _texts(list(asked))
    # The exact ones are among these again, so their number is added to the limit.
    for _, raw, text, type_, *facts in fetch(_ALIKE, [forms, 2 * limit + 1, forms, 2 * limit + 1]):
        hit = _unit(key_value(raw), text, type_, Match.TWIN, facts)
        yield from (replace(hit, meaning=place) for place in asked.get(fold(text), ()))


def _unit_numbers(one: Meaning) -> list[str]:
    return [text for text in (one.serial, *one.numbers) if _may_be_kept(text)]


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
            held=bool(holder),
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
