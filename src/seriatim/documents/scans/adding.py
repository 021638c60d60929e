"""Adding scans to a document: idempotent, in order, each judged by the rules of posting. One transaction each.

The work for a scan does not grow with what is on the list: its row is added, its line's count goes up.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, TextField, Value
from django.db.models.functions import Concat, StrIndex
from django.utils import timezone

from seriatim.accounts.models import User
from seriatim.catalog.models import Tracking
from seriatim.documents.lines import open_document
from seriatim.documents.models import Document, Line, Scan
from seriatim.documents.scan_models import Origin, Verdict
from seriatim.documents.scans import folding, reading, undoing
from seriatim.documents.scans.judging import Judgement, Refused, judge, judge_quantity, paper_of
from seriatim.documents.scans.keeping import (
    LOT,
    NOTHING,
    NUMBER,
    Facts,
    facts_beside,
    facts_of,
    follow,
    following,
    keep,
    keep_all,
    next_facts,
    refusal_of,
    refuse_taken,
)
from seriatim.documents.scans.progress import current_line, progress
from seriatim.documents.scans.values import LONGEST_TEXT, Answer, Reader, Sent
from seriatim.documents.transactions import one_transaction
from seriatim.kernel.amounts import LARGEST, ONE
from seriatim.kernel.refusals import (
    Case,
    DoubledSerial,
    MalformedSerial,
    NotFound,
    Refusal,
    ScanWithoutUnit,
)
from seriatim.kernel.states import State
from seriatim.numbering import read_entry, read_list
from seriatim.numbering.serials import fold_many
from seriatim.series.selectors import base_of_item

#: Refusals that nobody may miss: they have to be acknowledged.
ALARMS = frozenset({"stolen", "lost", "on_hold", "quarantined", "recalled"})
#: Accepted, though the manifest does not name it.
NOT_ANNOUNCED = "not_announced"
#: Values in one look-up.
_LOOK_UP = 5_000


@one_transaction
def add(
    *,
    user: User,
    document_id: UUID,
    scans: Sequence[Sent],
    device: str = "",
    reader: Reader = reading.plain,
) -> Answer:
    """Add scans in the order given. One that is known by its id is answered as it was the first time.

    Raises NotFound, NotPermitted, WrongState. What a scan itself is refused for stands in its row.
    """
    document = open_document(user, document_id)
    ids = [one.id for one in scans if one.id is not None]
    known = {row.client: row for row in Scan.objects.filter(document=document, client__in=ids)}
    # A desk begins to check what was announced. What was sent before, or nothing at all, begins nothing.
    desk: _Desk | None = None
    answers = []
    for one in scans:
        row = known.get(one.id) if one.id is not None else None
        if row is None:
            desk = desk or _Desk(document, user, device[:36], reader)
            row = desk.take(one)
            if one.id is not None:
                known[one.id] = row
        answers.append(row)
    said = desk.next_units if desk is not None else None
    return Answer(scans=answers, progress=progress(document, device=device[:36], known=said))


@one_transaction
def add_list(
    *,
    user: User,
    document_id: UUID,
    line: int,
    entry: str | Sequence[str],
    device: str = "",
    origin: str = Origin.LIST,
    request: UUID | None = None,
) -> Answer:
    """Add a typed, pasted or uploaded list to a line: a text in the entry grammar, or serials one by one.

    The good ones are on the line afterwards, the others stand in the list with what is wrong; the answer has
    those others, and it may have good ones. ``request`` sent again adds nothing. Raises as ``add``, and NotFound (line).
    """
    document = open_document(user, document_id)
    done = request is not None and Scan.objects.filter(document=document, client=request).exists()
    rows = (
        []
        if done
        else _Desk(document, user, device[:36], reading.plain).take_list(line, entry, origin, request)
    )
    return Answer(scans=rows, progress=progress(document, device=device[:36]))


@one_transaction
def add_as_unit(*, user: User, document_id: UUID, scan: int, device: str = "") -> Answer:
    """What was taken for a further number of the unit before it is a unit of its own. Raises as ``add``, NotFound."""
    document = open_document(user, document_id)
    row = Scan.objects.filter(document=document, pk=scan).select_related("line__item").first()
    if row is None or row.line is None:
        raise NotFound(what="scan", name=str(scan))
    rows = [row]
    if row.is_kept and row.code == NUMBER:
        undoing.take_back([row], user)
        desk = _Desk(document, user, device[:36], reading.plain)
        rows = desk.take_list(row.line.position, [row.text], Origin.SCAN, None)
    return Answer(scans=rows, progress=progress(document, device=device[:36]))


class _Desk:
    """One call's work on a document whose row is locked."""

    def __init__(self, document: Document, user: User, device: str, reader: Reader) -> None:
        self._document = document
        self._user = user
        self._device = device
        self._reader = reader
        self._now: datetime = timezone.now()
        #: What the next units of each line are said to be, as far as it was asked for.
        self.next_units: dict[int, Facts] = {}
        if document.state == State.PENDING:
            folding.open_announced(document)
        self._aim = reading.Aim(document, device)
        self._current = current_line(document, self._aim.lines, device)

    def take(self, sent: Sent) -> Scan:
        """One scan."""
        text = sent.text.strip()
        if sent.line is not None and (line := self._aim.line(sent.line)) is not None:
            self._current = line
            if not text:
                return self._told(sent, "line")
        try:
            beside = self._beside(sent)
            said = self._reader(text, self._aim.chosen(self._current))
            target = self._aim.target(said, self._current)
            if target.only_said and target.line is not None:
                return self._kept(sent, target.line, target)
        except Refusal as refusal:
            case = refusal.cases[0] if refusal.cases else Case(note=str(refusal.facts.get("name", "")))
            return self._write(sent, self._current, refused=Refused(refusal.code, case))
        if target.command:
            return self._command(sent, target.command)
        line = target.line
        if line is None:
            return self._write(sent, None, refused=Refused("item_unclear", Case(serial=text[:80])))
        self._current = line
        if line.item.tracking != Tracking.SERIAL:
            return self._quantity(sent, line, target.quantity or sent.quantity or ONE)
        if not target.serial:
            return self._told(sent, "item")
        facts = NOTHING
        if self._aim.creates:
            facts = facts_of(target.said).over(beside).over(self._next_of(line))
            if (refusal_ := refusal_of(line, target.serial, facts)) is not None:
                return self._write(sent, line, refused=Refused(refusal_.code, refusal_.cases[0]))
        row = self._units(line, [target.serial], Origin.SCAN, [sent])[0]
        if facts and row.verdict in (Verdict.ACCEPTED, Verdict.QUESTION):
            keep(line, row.serial, facts)
            if row.verdict == Verdict.ACCEPTED:
                row.case = facts.as_dict()
                row.save(update_fields=["case"])
        return row

    def _beside(self, sent: Sent) -> Facts:
        """What the label's other codes say; one of them may say which item it is."""
        readings = []
        for text in sent.beside if self._aim.creates else ():
            said = self._reader(text, self._aim.chosen(self._current))
            readings.append(said)
            if (line := self._aim.line_named(said)) is not None:
                self._current = line
        return facts_beside(readings)

    def _kept(self, sent: Sent, line: Line, target: reading.Target) -> Scan:
        """A further number of the unit scanned last; or a lot, or its end, for the units that follow."""
        facts = facts_of(target.said)
        row = self._row(sent.id, sent.text, line, Verdict.TOLD, serial=target.serial)
        row.case = facts.as_dict()
        if target.serial:
            refuse_taken(line, target.serial, facts.identifiers)
            keep(line, target.serial, Facts(identifiers=facts.identifiers))
            row.code = NUMBER
        elif line.item.tracking != Tracking.SERIAL:
            self._lot_of_line(line, facts)
            row.code = LOT
        else:
            before = self._next_of(line)
            then = next_facts(before, facts)
            follow(line.pk, self._device, then)
            self.next_units[line.pk] = then
            row.code, row.case = LOT, {**then.as_dict(), "was": before.as_dict()}
        row.save(force_insert=True)
        return row

    def _next_of(self, line: Line) -> Facts:
        if line.pk not in self.next_units:
            self.next_units[line.pk] = following(line.pk, self._device)
        return self.next_units[line.pk]

    def _lot_of_line(self, line: Line, facts: Facts) -> None:
        """Goods without numbers are of the lot of their line: one line for each."""
        if not facts.lot:
            raise ScanWithoutUnit([Case(line=line.position)])
        if line.lot not in ("", facts.lot) or (line.scanned and not line.lot):
            raise ScanWithoutUnit([Case(line=line.position, note=facts.lot)])
        line.lot = facts.lot
        line.save(update_fields=["lot"])

    def take_list(
        self, position: int, entry: str | Sequence[str], origin: str, request: UUID | None
    ) -> list[Scan]:
        """Many at once, into one line."""
        line = self._aim.line(position)
        if line is None:
            raise NotFound(what="line", name=str(position))
        self._current = line
        read = (
            read_entry(entry, base=base_of_item(line.item_id)) if isinstance(entry, str) else read_list(entry)
        )
        rows = []
        for problem in read.problems:
            text = str(problem.data.get("text", ""))
            if problem.code == "doubled":
                rows.append(self._row(None, text, line, Verdict.DOUBLED, serial=text[:80], origin=origin))
                continue
            case = Case(serial=text[:80], item=line.item.code, line=line.position, note=problem.code)
            rows.append(self._refused_row(None, text, line, Refused(MalformedSerial.code, case), origin))
        folding.write(rows)
        # The first row carries the id by which the whole list is known when it is sent again.
        sent = [Sent(id=None if place else request, text=serial) for place, serial in enumerate(read.serials)]
        rows += self._units(line, read.serials, origin, sent)
        if not read.serials and rows and request is not None:
            Scan.objects.filter(pk=rows[0].pk).update(client=request)
        return rows

    def _units(self, line: Line, serials: Sequence[str], origin: str, sent: Sequence[Sent]) -> list[Scan]:
        """Different serials of one line: doubled, refused, to be confirmed, or accepted."""
        if not serials:
            return []
        folding.open_line(line, user=self._user)
        forms = fold_many(serials)
        listed = self._listed(line, serials, forms)
        new = [serial for serial in serials if serial not in listed]
        found = judge(paper_of(self._document, line, self._user), line, new) if new else Judgement()
        surplus = self._not_announced(line, serials)
        if surplus and self._aim.creates and not self._document.confirm_twins:
            self._twins_of_announced(found, line, surplus)
        rows, accepted, plain = [], 0, []
        for serial, folded, one in zip(serials, forms, sent, strict=True):
            unremarkable = serial not in listed and serial not in surplus and found.is_plain(serial)
            if origin != Origin.SCAN and one.id is None and unremarkable:
                plain.append((serial, folded))
                continue
            row = self._judged_row(line, serial, one, origin, doubled=serial in listed, found=found)
            row.folded = folded
            if row.counts and serial in surplus:
                row.code = NOT_ANNOUNCED
            accepted += row.quantity if row.counts else 0
            rows.append(row)
        folding.write(rows)
        if plain:
            folding.write_units(self._unit_row(None, "", line, "", origin), plain)
        if accepted or plain:
            count_on(line, accepted + len(plain) * ONE)
        if origin != Origin.SCAN and self._aim.creates:
            # A list goes by what was said of the next units too.
            there = [row.serial for row in rows if row.counts or row.verdict == Verdict.QUESTION]
            keep_all(line, [*there, *(serial for serial, _ in plain)], self._next_of(line))
        return rows

    def _unit_row(self, client: UUID | None, text: str, line: Line, serial: str, origin: str) -> Scan:
        row = self._row(client, text, line, Verdict.ACCEPTED, serial=serial, origin=origin)
        row.quantity, row.counts = ONE, True
        return row

    def _judged_row(
        self, line: Line, serial: str, one: Sent, origin: str, *, doubled: bool, found: Judgement
    ) -> Scan:
        if doubled:
            case = Case(serial=serial, item=line.item.code, line=line.position)
            row = self._row(one.id, one.text, line, Verdict.DOUBLED, serial=serial, origin=origin)
            row.code, row.case = DoubledSerial.code, facts(case)
            return row
        if (refused := found.refused.get(serial)) is not None:
            return self._refused_row(one.id, one.text, line, refused, origin, serial=serial)
        if (case_ := found.twins.get(serial)) is not None:
            row = self._row(one.id, one.text, line, Verdict.QUESTION, serial=serial, origin=origin)
            row.code, row.case = "near_twin", facts(case_)
            row.names_waiting = serial in found.names_waiting
            return row
        row = self._unit_row(one.id, one.text, line, serial, origin)
        row.names_waiting = serial in found.names_waiting
        return row

    def _listed(self, line: Line, serials: Sequence[str], forms: Sequence[str]) -> set[str]:
        """Those of the serials that count on the document already."""
        rows = Scan.objects.filter(document=self._document, item_id=line.item_id, counts=True)
        found: set[str] = set()
        for start in range(0, len(serials), _LOOK_UP):
            part = slice(start, start + _LOOK_UP)
            # By the index of folded forms: the unique one is about rows with a serial, which a parameter cannot say.
            there = rows.filter(folded__in=forms[part], serial__in=serials[part])
            found |= set(there.values_list("serial", flat=True))
        return found

    def _not_announced(self, line: Line, serials: Sequence[str]) -> set[str]:
        """Those that a manifest does not name: they are accepted, and it is said."""
        rows = Line.objects.filter(pk=line.pk).exclude(expected_serials="")
        if line.expected is None or not rows.exists():
            return set()
        if len(serials) == 1:
            # Asked in the database: the manifest may be long, and this is asked for every scan.
            whole = Concat(Value("\n"), "expected_serials", Value("\n"), output_field=TextField())
            named = rows.annotate(at=StrIndex(whole, Value(f"\n{serials[0]}\n"))).filter(at__gt=0)
            return set() if named.exists() else set(serials)
        return set(serials).difference(rows.values_list("expected_serials", flat=True)[0].split("\n"))

    @staticmethod
    def _twins_of_announced(found: Judgement, line: Line, surplus: set[str]) -> None:
        """A number that nobody announced may be one that was, misread: then it is asked which is meant."""
        text = Line.objects.filter(pk=line.pk).values_list("expected_serials", flat=True)[0]
        announced = text.split("\n")
        by_form = dict(zip(fold_many(announced), announced, strict=True))
        for serial, form in zip(surplus, fold_many(list(surplus)), strict=True):
            if (meant := by_form.get(form)) is not None:
                case = Case(serial=serial, item=line.item.code, line=line.position, note=meant)
                found.twins.setdefault(serial, case)

    def _quantity(self, sent: Sent, line: Line, quantity: int) -> Scan:
        if line.scanned is None:
            line.scanned = 0
            line.save(update_fields=["scanned"])
        paper = paper_of(self._document, line, self._user)
        refused = judge_quantity(paper, line, quantity) if 0 < quantity <= LARGEST else _absurd(line)
        if refused is not None:
            return self._write(sent, line, refused=refused)
        row = self._row(sent.id, sent.text, line, Verdict.ACCEPTED)
        row.quantity, row.counts = quantity, True
        row.save(force_insert=True)
        count_on(line, quantity)
        return row

    def _command(self, sent: Sent, command: str) -> Scan:
        if command == "undo":
            undone = undoing.take_back_last(self._document, device=self._device, user=self._user)
            row = self._row(sent.id, sent.text, self._current, Verdict.TOLD)
            row.code = "undone" if undone is not None else "nothing_to_undo"
            if undone is not None:
                self.next_units.clear()
                row.serial = undone.serial
                row.line_id = undone.line_id
                self._recount(undone.line_id)
            row.save(force_insert=True)
            return row
        if command == "next":
            self._current = self._next()
            return self._told(sent, "line")
        return self._told(sent, command)

    def _recount(self, line_id: int | None) -> None:
        for line in self._aim.lines:
            if line.pk == line_id:
                line.refresh_from_db(fields=["scanned"])

    def _next(self) -> Line | None:
        lines = self._aim.lines
        if self._current is None or not lines:
            return lines[0] if lines else None
        at = next(place for place, line in enumerate(lines) if line.pk == self._current.pk)
        return lines[(at + 1) % len(lines)]

    def _told(self, sent: Sent, what: str) -> Scan:
        row = self._row(sent.id, sent.text, self._current, Verdict.TOLD)
        row.code = what
        row.save(force_insert=True)
        return row

    def _write(self, sent: Sent, line: Line | None, *, refused: Refused) -> Scan:
        row = self._refused_row(sent.id, sent.text, line, refused, Origin.SCAN)
        row.save(force_insert=True)
        return row

    def _refused_row(
        self,
        client: UUID | None,
        text: str,
        line: Line | None,
        refused: Refused,
        origin: str,
        *,
        serial: str = "",
    ) -> Scan:
        verdict = Verdict.ALARM if refused.code in ALARMS else Verdict.REFUSED
        row = self._row(client, text, line, verdict, serial=serial, origin=origin)
        row.code, row.case = refused.code, facts(refused.case)
        return row

    def _row(
        self,
        client: UUID | None,
        text: str,
        line: Line | None,
        verdict: str,
        *,
        serial: str = "",
        origin: str = Origin.SCAN,
    ) -> Scan:
        return Scan(
            document=self._document,
            client=client,
            device=self._device,
            line=line,
            item_id=line.item_id if line is not None else None,
            text=text[:LONGEST_TEXT],
            serial=serial,
            origin=origin,
            verdict=verdict,
            user=self._user,
            at=self._now,
        )


def count_on(line: Line, quantity: int) -> None:
    """So much more (or less) of the line is scanned."""
    Line.objects.filter(pk=line.pk).update(scanned=F("scanned") + quantity)
    line.scanned = (line.scanned or 0) + quantity


def facts(case: Case) -> dict[str, Any]:
    """A case as plain data, without what it does not know."""
    return {name: value for name, value in asdict(case).items() if value}


def _absurd(line: Line) -> Refused:
    return Refused("quantity_invalid", Case(item=line.item.code, line=line.position))
