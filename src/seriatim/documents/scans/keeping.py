"""What codes say of units beside their numbers: lot, expiry, further numbers; and what the next units are said to be.

A maker's box may have its lot in a code of its own: scanned by itself it holds for the units that this device scans
into the line from then on, until another one is scanned or it is put away.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from seriatim.documents.further_numbers import packed, pairs_of
from seriatim.documents.models import Line, LineUnit
from seriatim.documents.scan_models import Following, Scan
from seriatim.documents.scans.values import Act, Said
from seriatim.kernel.refusals import Case, IdentifierTaken, Refusal
from seriatim.ledger.identifiers import read, unique_value
from seriatim.ledger.models import Identifier
from seriatim.numbering.checks import read_imei, read_mac
from seriatim.numbering.errors import NumberingError

LONGEST_LOT = 60
#: What a scan was told that can be taken back like a unit: a lot for the next ones, a further number of the last one.
LOT = "lot"
NUMBER = "identifier"
#: A telephone takes two SIM cards; what comes third belongs to the next one.
MOST_OF_A_TYPE = {"imei": 2}
_READERS = {"imei": read_imei, "mac": read_mac}
_ROWS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is said of one unit beside its serial number."""

    lot: str = ""
    end_of_life: date | None = None
    identifiers: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.lot or self.end_of_life or self.identifiers)

    def over(self, other: "Facts") -> "Facts":
        """Both together; where they differ, this one's."""
        return Facts(
            lot=self.lot or other.lot,
            end_of_life=self.end_of_life or other.end_of_life,
            identifiers=tuple(dict.fromkeys((*self.identifiers, *other.identifiers))),
        )

    def as_dict(self) -> dict[str, Any]:
        """As plain data, for the scan's row."""
        said: dict[str, Any] = {
            "lot": self.lot,
            "end_of_life": self.end_of_life.isoformat() if self.end_of_life else "",
            "identifiers": [list(pair) for pair in self.identifiers],
        }
        return {name: value for name, value in said.items() if value}


NOTHING = Facts()


def facts_of(said: Said | None) -> Facts:
    """What a code says of its unit; no lot is as long as what does not fit."""
    if said is None:
        return NOTHING
    lot = said.lot if len(said.lot) <= LONGEST_LOT else ""
    return Facts(lot=lot, end_of_life=said.end_of_life, identifiers=tuple(said.identifiers))


def facts_beside(readings: Iterable[Sequence[Said]]) -> Facts:
    """What the other codes of one label say of its unit. A number with a check is one of these sooner than plain."""
    found = NOTHING
    for said in readings:
        telling = next((one for one in said if one.act in (Act.IDENTIFIER, Act.LOT)), None)
        telling = telling or next((one for one in said if one.lot or one.end_of_life), None)
        if telling is not None:
            found = found.over(facts_of(telling))
    return found


def keep(line: Line, serial: str, facts: Facts) -> None:
    """Write down what is said of a unit; it goes when the scan is taken back."""
    if not facts:
        return
    row = LineUnit.objects.filter(line=line, serial=serial).first() or LineUnit(line=line, serial=serial)
    row.lot = facts.lot or row.lot
    row.end_of_life = facts.end_of_life or row.end_of_life
    row.identifiers = packed((*pairs_of(row.identifiers), *facts.identifiers))
    row.save()


def keep_all(line: Line, serials: Sequence[str], facts: Facts) -> None:
    """The same of many units of which nothing was said before."""
    if facts:
        rows = (
            LineUnit(line=line, serial=serial, lot=facts.lot, end_of_life=facts.end_of_life)
            for serial in serials
        )
        LineUnit.objects.bulk_create(rows, batch_size=_ROWS, ignore_conflicts=True)


def without(line_id: int, serial: str, numbers: Iterable[Sequence[str]]) -> None:
    """Take further numbers from a unit again."""
    row = LineUnit.objects.filter(line=line_id, serial=serial).first()
    if row is not None:
        gone = {tuple(one) for one in numbers}
        row.identifiers = packed(pair for pair in pairs_of(row.identifiers) if pair not in gone)
        row.save(update_fields=["identifiers"])


def refuse_taken(line: Line, serial: str, numbers: Iterable[tuple[str, str]]) -> None:
    """Refuse with IdentifierTaken numbers that another unit has; with Invalid those that are none."""
    asked = {
        unique: (type_, value)
        for type_, text in numbers
        if (unique := unique_value(type_, value := read(type_, text))) is not None
    }
    if not asked:
        return
    there = Identifier.objects.filter(unique_value__in=asked).exclude(
        unit__serial=serial, unit__item=line.item_id
    )
    cases = []
    for unique, other in there.values_list("unique_value", "unit__serial"):
        type_, value = asked[str(unique)]
        cases.append(Case(serial=serial, item=line.item.code, note=f"{type_} {value}: {other}"))
    if cases:
        raise IdentifierTaken(cases)


def refusal_of(line: Line, serial: str, facts: Facts) -> Refusal | None:
    """The refusal of what is said of a unit, if there is one."""
    try:
        refuse_taken(line, serial, facts.identifiers)
    except Refusal as refusal:
        return refusal
    return None


def belongs(said: Said, last: Scan | None, line: Line) -> bool:
    """Whether a further number that was scanned belongs to the unit scanned before it.

    Not where that one's serial number is of the same kind: then the line's units are numbered by their IMEIs, or
    their MAC addresses, and this is the next one.
    """
    if last is None or last.line_id != line.pk or not last.serial:
        return False
    return not any(_is_a(type_, last.serial) for type_, _ in said.identifiers)


def has_room(line: Line, serial: str, said: Said) -> bool:
    """Whether the unit may have one more number of that type."""
    row = LineUnit.objects.filter(line=line, serial=serial).first()
    there = dict.fromkeys((*pairs_of(row.identifiers if row else {}), *said.identifiers))
    return all(sum(type_ == other for other, _ in there) <= most for type_, most in MOST_OF_A_TYPE.items())


def _is_a(type_: str, text: str) -> bool:
    if (reader := _READERS.get(type_)) is None:
        return False
    try:
        reader(text)
    except NumberingError:
        return False
    return True


# --- the next units -----------------------------------------------------------------------------------------


def following(line_id: int | None, device: str) -> Facts:
    """What this device's next units of a line are said to be."""
    row = Following.objects.filter(line=line_id, device=device).first() if line_id else None
    return Facts(lot=row.lot, end_of_life=row.end_of_life) if row is not None else NOTHING


def follow(line_id: int, device: str, facts: Facts) -> None:
    """From now on the line's units are of this lot, or end on this day; nothing puts it away."""
    if not (facts.lot or facts.end_of_life):
        Following.objects.filter(line=line_id, device=device).delete()
        return
    said = {"lot": facts.lot, "end_of_life": facts.end_of_life}
    Following.objects.update_or_create(line_id=line_id, device=device, defaults=said)


def next_facts(before: Facts, said: Facts) -> Facts:
    """A lot begins anew: the date of the one before it is not its own. A date by itself goes with the lot."""
    if said.lot and said.lot != before.lot:
        return replace(said, identifiers=())
    return replace(said.over(before), identifiers=())


def was(row: Scan) -> Facts:
    """What held before a scan that set the lot."""
    before = (row.case or {}).get("was", {})
    end = before.get("end_of_life")
    return Facts(lot=before.get("lot", ""), end_of_life=date.fromisoformat(end) if end else None)
