"""What a scan is aimed at: the line, the item, the unit. Reads a few rows by index, whatever is on the list."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from seriatim.catalog.models import Item, Tracking
from seriatim.catalog.selectors import item_by_code, locations_by_code
from seriatim.catalog.texts import CODE_LENGTH
from seriatim.documents.lines import append_line
from seriatim.documents.models import Document, Line, Scan
from seriatim.documents.scans.keeping import belongs, has_room
from seriatim.documents.scans.progress import line_progress, lines_of
from seriatim.documents.scans.values import Act, Chosen, Said
from seriatim.kernel import refusals
from seriatim.kernel.kinds import KINDS
from seriatim.kernel.refusals import Case
from seriatim.kernel.states import State
from seriatim.ledger.models import Unit
from seriatim.ledger.selectors import find
from seriatim.ledger.selectors.units import Match
from seriatim.numbering.errors import SerialMalformed
from seriatim.numbering.serials import normalise

#: A number may be a unit's of several items; more than this many are not asked about one by one.
_ITEMS = 20
_ADDRESS = ("http://", "https://", "www.")
#: Why a code is not read as a serial number: it leads to a page, of which nothing is known here.
WEB_ADDRESS = "web_address"
#: It is the label on a shelf.
PLACE = "place"
#: What is shorter, or all digits, may be the code of a place and the number of a new unit by chance.
_LABELLED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a scan names: a unit of a line's item, an item's line, or a command."""

    line: Line | None = None
    serial: str = ""
    quantity: int | None = None
    command: str = ""
    #: What the code says of the unit beside its number.
    said: Said | None = None
    #: It says nothing but that: of the line's next units, or of the unit ``serial`` that was scanned last.
    only_said: bool = False


class Aim:
    """Finds out what scans mean on one document, whose row the caller has locked."""

    def __init__(self, document: Document, device: str = "") -> None:
        self._document = document
        self._device = device
        self._kind = KINDS[document.kind]
        #: Whether units come into being by the document: then what a code says of one is kept.
        self.creates = any(leg.creates for leg in self._kind.legs)
        # Without the long texts: a scan must not cost more on a long list.
        self.lines: list[Line] = lines_of(document)

    def line(self, position: int) -> Line | None:
        """The line at a position."""
        return next((line for line in self.lines if line.position == position), None)

    def chosen(self, line: Line | None) -> Chosen | None:
        """The line's item, as a reader of scans wants it."""
        if line is None:
            return None
        item = line.item
        return Chosen(code=item.code, gtin=item.gtin or "", by_serial=item.tracking == Tracking.SERIAL)

    def line_named(self, said: Sequence[Said]) -> Line | None:
        """The line of the item that a code names, where it names no unit of it. Raises NotFound, NotOnDocument."""
        named = next((one for one in said if one.act is Act.ITEM), None)
        if named is None:
            return None
        item = _item(named)
        if item is None:
            name = named.item_code or named.gtin
            raise refusals.NotFound([Case(note=name)], what="item", name=name)
        return self._line_of(item)

    def target(self, said: Sequence[Said], current: Line | None) -> Target:
        """What the scan means here.

        Raises ScanUnclear, ScanMisread, MalformedSerial, UnknownSerial, ItemUnclear, NotOnDocument, NotFound, ScanWithoutUnit.
        """
        for one in said:
            if one.act is Act.COMMAND:
                return Target(command=one.command)
        named = _named(said)
        plain = next((one for one in said if one.act is Act.UNIT and not (one.item_code or one.gtin)), None)
        item_said = next((one for one in said if one.act is Act.ITEM), None)
        if named is not None and (item := _item(named)) is not None:
            return replace(self._unit(self._line_of(item), named.serial), said=named)
        if plain is not None and current is not None and _exists(current.item_id, plain.serial):
            return self._unit(current, plain.serial)
        if (beside := self._beside_a_unit(said, plain, current)) is not None:
            return beside
        item = _item(item_said) if item_said is not None else None
        if item is None and plain is not None:
            item = _item_by_code(plain.serial)
        if item is not None:
            return Target(line=self._line_of(item), quantity=(item_said.quantity if item_said else None))
        if plain is None:
            unknown = named or item_said
            name = (unknown.item_code or unknown.gtin) if unknown is not None else ""
            raise refusals.NotFound([Case(note=name)], what="item", name=name)
        return replace(self._plain(plain.serial, current), said=plain)

    def _beside_a_unit(self, said: Sequence[Said], plain: Said | None, current: Line | None) -> Target | None:
        """What names no unit: a lot for the next ones, a further number of the last one."""
        lot = next((one for one in said if one.act is Act.LOT), None)
        if lot is not None and plain is None:
            if not self.creates or current is None:
                raise refusals.ScanWithoutUnit([Case(note=_beside(lot))])
            return Target(line=current, said=lot, only_said=True)
        number = next((one for one in said if one.act is Act.IDENTIFIER), None)
        if number is None or not self.creates or current is None or current.item.tracking != Tracking.SERIAL:
            return None
        last = self._last()
        if belongs(number, last, current) and last is not None:
            if has_room(current, last.serial, number):
                return Target(line=current, serial=last.serial, said=number, only_said=True)
            raise refusals.ScanWithoutUnit([Case(serial=last.serial, note=_number_told(number))])
        if plain is None:
            raise refusals.ScanWithoutUnit([Case(note=_number_told(number))])
        return None

    def _last(self) -> Scan | None:
        """The unit that this device scanned last and that still counts."""
        rows = Scan.objects.filter(document=self._document, device=self._device, counts=True)
        return rows.order_by("-id").first()

    def _plain(self, text: str, current: Line | None) -> Target:
        """A number by itself that the line's own item does not have yet."""
        by_serial = current is not None and current.item.tracking == Tracking.SERIAL
        if self.creates and by_serial:
            if text.lower().startswith(_ADDRESS):
                # The maker's advertisement beside the serial number; a new unit is never called so by accident.
                raise refusals.ScanMisread([Case(serial=text[:80], note=WEB_ADDRESS)])
            if len(text) >= _LABELLED and not text.isdecimal() and _is_place(text):
                raise refusals.ScanMisread([Case(serial=text[:80], note=PLACE)])
            return self._unit(current, text)
        hits = [hit for hit in find(text, limit=_ITEMS) if hit.match is not Match.TWIN]
        on_lines = [hit for hit in hits if any(line.item_id == hit.item_id for line in self.lines)]
        found = on_lines or hits
        items = {hit.item_id for hit in found}
        if len(found) == 1 or len({(hit.item_id, hit.serial) for hit in found}) == 1:
            return self._unit(self._line_of(Item.objects.get(pk=found[0].item_id)), found[0].serial)
        if not hits and _is_place(text):
            raise refusals.ScanMisread([Case(serial=text[:80], note=PLACE)])
        if by_serial:
            return self._unit(current, text)
        note = ", ".join(sorted({hit.item_code for hit in found if hit.item_id in items}))
        raise refusals.ItemUnclear([Case(serial=text, note=note)])

    def _unit(self, line: Line | None, text: str) -> Target:
        if line is not None and line_progress(line).done:
            # What is more than one line takes goes on the next one of the same item.
            line = self._line_of(line.item)
        try:
            return Target(line=line, serial=normalise(text))
        except SerialMalformed as error:
            note = str(error.data["reason"])
            raise refusals.MalformedSerial([Case(serial=text[:80], note=note)]) from None

    def _line_of(self, item: Item) -> Line:
        """The line for an item: the first that is not complete, else the last; a draft gets one if it has none."""
        fitting = [line for line in self.lines if line.item_id == item.pk]
        if fitting:
            return next((line for line in fitting if not line_progress(line).done), fitting[-1])
        if self._document.state != State.DRAFT:
            raise refusals.NotOnDocument([Case(item=item.code)])
        line = append_line(self._document, item)
        self.lines.append(line)
        return line


def _named(said: Sequence[Said]) -> Said | None:
    """The unit that a code names together with its item. Raises ScanUnclear where its readings differ in it."""
    named = [one for one in said if one.act is Act.UNIT and (one.item_code or one.gtin)]
    if len(named) < 2:
        return named[0] if named else None
    items = [(one, item) for one in named if (item := _item(one)) is not None]
    known = [one for one, item in items if _exists(item.pk, one.serial)]
    if len(known) == 1:
        return known[0]
    readings = known or [one for one, _ in items] or named
    if len(readings) > 1 and any(one.unsure for one in readings):
        raise refusals.ScanUnclear(
            Case(serial=one.serial, item=one.item_code, note=_beside(one)) for one in readings
        )
    return readings[0]


def _beside(said: Said) -> str:
    """What a reading says beside the serial number, by which it is told from the others."""
    facts = (said.lot, said.end_of_life.isoformat() if said.end_of_life else "")
    return ", ".join(fact for fact in facts if fact)


def _number_told(said: Said) -> str:
    return ", ".join(value for _, value in said.identifiers)


def _exists(item: int, text: str) -> bool:
    return Unit.objects.filter(serial=text.strip(), item_id=item).exists()


def _item(said: Said) -> Item | None:
    if said.gtin:
        return Item.objects.filter(gtin=said.gtin).first()
    return _item_by_code(said.item_code) if said.item_code else None


def _item_by_code(code: str) -> Item | None:
    try:
        return item_by_code(code)
    except refusals.NotFound:
        return None


def plain(text: str, chosen: Chosen | None) -> Sequence[Said]:
    """The reader that knows plain texts only: a serial number, or an item's code."""
    del chosen
    return [Said(act=Act.UNIT, serial=text)]


def _is_place(text: str) -> bool:
    return len(text) <= CODE_LENGTH and bool(locations_by_code([text]))
