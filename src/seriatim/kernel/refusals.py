"""Every refusal of the core: one class and one stable code each, with data and without prose.

The words, translations and HTTP statuses live at the doors. ``PRECEDENCE`` is the documented order: where
several refusals apply to one unit, the first names it; where a document has several, the first leads and the
others follow in ``also``.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Case:
    """One offending thing of a refusal, with where it really is.

    ``line`` is the line's position in the document (from 1; 0 where no line is meant), ``place`` a location's
    code, ``holder`` a party's code, ``document`` a number, ``note`` one further fact whose meaning the refusal
    says (a date, a quantity, the party it was sold to …).
    """

    serial: str = ""
    item: str = ""
    line: int = 0
    place: str = ""
    holder: str = ""
    document: str = ""
    note: str = ""


class Refusal(Exception):
    """What the core says instead of doing something. Nothing has been changed when it is raised."""

    code: ClassVar[str] = "refused"

    def __init__(
        self, cases: Iterable[Case] = (), *, also: Iterable["Refusal"] = (), **facts: str | int
    ) -> None:
        self.cases = tuple(cases)
        self.also = tuple(also)
        self.facts = facts
        super().__init__(self.code)

    def __str__(self) -> str:
        facts = "".join(f" {name}={value}" for name, value in self.facts.items())
        named = ", ".join(case.serial or case.item for case in self.cases[:5])
        more = f" and {len(self.cases) - 5} more" if len(self.cases) > 5 else ""
        return f"{self.code}{facts}{': ' if named else ''}{named}{more}"

    @property
    def all(self) -> tuple["Refusal", ...]:
        """This refusal and those that follow it, in order of precedence."""
        return (self, *self.also)

    def as_dict(self) -> dict[str, Any]:
        """The refusal as plain data, for the doors that answer with JSON."""
        cases = [{name: value for name, value in asdict(case).items() if value} for case in self.cases]
        answer: dict[str, Any] = {"code": self.code, **self.facts, "cases": cases}
        if self.also:
            answer["also"] = [other.as_dict() for other in self.also]
        return answer


# --- who and what -----------------------------------------------------------------------------------------


class NotPermitted(Refusal):
    """The user lacks the right (``right``), or may not work at a location (``location``)."""

    code = "not_permitted"


class NotFound(Refusal):
    """Nothing of that name exists (``what``, ``name``)."""

    code = "not_found"


class Invalid(Refusal):
    """A field's value cannot be taken (``field``, ``reason``, ``value``)."""

    code = "invalid"


class InUse(Refusal):
    """The thing is in use and can be archived, not deleted or changed in this way (``what``, ``name``)."""

    code = "in_use"


class ChangedMeanwhile(Refusal):
    """Somebody else (``user``) has changed the record since it was read; each case says what."""

    code = "changed_meanwhile"


# --- the document as a whole ------------------------------------------------------------------------------


class IdConflict(Refusal):
    """The id was used before, with different content."""

    code = "id_conflict"


class WrongState(Refusal):
    """The document's state (``state``) does not allow this (``action``)."""

    code = "wrong_state"


class NoLines(Refusal):
    """There is nothing to post."""

    code = "no_lines"


class FutureDate(Refusal):
    """The date lies in the future."""

    code = "future_date"


class PartyMissing(Refusal):
    """The kind needs a party in one of these roles (``roles``)."""

    code = "party_missing"


class PartyWrongRole(Refusal):
    """The party is in none of the roles that the kind needs (``party``, ``roles``)."""

    code = "party_wrong_role"


class Archived(Refusal):
    """An archived item, location or party cannot be used on new documents (``what``, ``name``)."""

    code = "archived"


class LocationNotAllowed(Refusal):
    """The kind does not lead from or to such a location; each case names line and place."""

    code = "location_not_allowed"


class ItemNotStocked(Refusal):
    """The item is not stocked, or is tracked in another way than the kind or line supposes."""

    code = "item_not_stocked"


class QuantityInvalid(Refusal):
    """Not above zero, or not whole for numbered units."""

    code = "quantity_invalid"


class LinkInvalid(Refusal):
    """The line that this one refers to is not of the right kind, item, party or state."""

    code = "link_invalid"


# --- the serial text --------------------------------------------------------------------------------------


class MalformedSerial(Refusal):
    """Not printable, too long, or not readable as what it seems to be."""

    code = "malformed_serial"


class DoubledSerial(Refusal):
    """The same serial twice in one document."""

    code = "doubled_serial"


class TooManySerials(Refusal):
    """More serials than the line's quantity; ``note`` gives the two counts."""

    code = "too_many_serials"


class SerialsMissing(Refusal):
    """Fewer serials than the quantity, and the line may not wait for them."""

    code = "serials_missing"


class OverReceipt(Refusal):
    """More than was expected, beyond the site's tolerance."""

    code = "over_receipt"


class NotOnDocument(Refusal):
    """A pending document has no line for the item that was scanned."""

    code = "not_on_document"


class ItemUnclear(Refusal):
    """Nothing says of which item the number is: none is chosen, or several have it (``note`` lists them)."""

    code = "item_unclear"


class ScanMisread(Refusal):
    """A scanned code begins like a message and cannot be read as one: damaged, or misprinted (``note`` says how)."""

    code = "scan_misread"


class ScanUnclear(Refusal):
    """A scanned code can be read in several ways, and nothing known here tells which is meant; each case is one."""

    code = "scan_unclear"


class ScanWithoutUnit(Refusal):
    """A scanned lot or further number (``note``) is of no unit that it could be kept with."""

    code = "scan_without_unit"


class ScansOpen(Refusal):
    """Scans wait for an answer: near twins to be confirmed, alarms to be acknowledged."""

    code = "scans_open"


class RestUndecided(Refusal):
    """Less than was expected: the rest must either stay pending or be closed short."""

    code = "rest_undecided"


# --- series and blocks ------------------------------------------------------------------------------------


class PatternRefused(Refusal):
    """A pattern could repeat, overflow, grow too long or leave its character set; each case notes one problem."""

    code = "pattern_refused"


class SeriesExhausted(Refusal):
    """The series (or block) has fewer numbers left than are needed (``left``, ``wanted``)."""

    code = "series_exhausted"


class BlockUnavailable(Refusal):
    """These numbers are used, void or in another block; each case notes a run that is in the way."""

    code = "block_unavailable"


# --- the units, in order of precedence --------------------------------------------------------------------


class UnknownSerial(Refusal):
    """No such unit, and this kind may not bring one into being."""

    code = "unknown_serial"


class Stolen(Refusal):
    """Marked as stolen."""

    code = "stolen"


class Lost(Refusal):
    """Marked as lost."""

    code = "lost"


class AlreadyInStock(Refusal):
    """To be created or received, but it is with us already; ``place`` says where."""

    code = "already_in_stock"


class SerialTaken(Refusal):
    """Serials are unique across all items here, and another item has this one (``note``)."""

    code = "serial_taken"


class IdentifierTaken(Refusal):
    """An identifier of a type that stands on one unit only is another one's; ``note`` gives it and that unit."""

    code = "identifier_taken"


class BlockNotTheirs(Refusal):
    """The number belongs to a block that is reserved for somebody else (``holder``)."""

    code = "block_not_theirs"


class NotAtSource(Refusal):
    """It is not where the line takes it from; ``place`` and ``holder`` say where it is."""

    code = "not_at_source"


class Reserved(Refusal):
    """Held for another pending document (``document``)."""

    code = "reserved"


class OnHold(Refusal):
    """Marked as held."""

    code = "on_hold"


class Quarantined(Refusal):
    """Marked as quarantined."""

    code = "quarantined"


class Recalled(Refusal):
    """Marked as recalled."""

    code = "recalled"


class NotOurs(Refusal):
    """It belongs to somebody else (``holder``), and this kind is for our own."""

    code = "not_ours"


class NotTheirs(Refusal):
    """It does not belong to the document's party."""

    code = "not_theirs"


class NotSoldToParty(Refusal):
    """It was not sold to this customer; ``holder`` says to whom, if to anybody."""

    code = "not_sold_to_party"


class WrongSupplier(Refusal):
    """It did not come from this supplier; ``holder`` says from whom."""

    code = "wrong_supplier"


class NotHeldByParty(Refusal):
    """It is not with this party; ``holder`` says with whom."""

    code = "not_held_by_party"


class NotInParent(Refusal):
    """It is not installed in the unit that is taken apart."""

    code = "not_in_parent"


class HasComponents(Refusal):
    """Other units are installed in it; ``note`` counts them."""

    code = "has_components"


class OutOfOrder(Refusal):
    """The document is dated before the unit's own last movement (``note``)."""

    code = "out_of_order"


class NearTwin(Refusal):
    """New, but alike another unit's but for case, O/0, I/1/L, blanks and dashes (``note``): to be confirmed."""

    code = "near_twin"


# --- quantities -------------------------------------------------------------------------------------------


class NotEnough(Refusal):
    """The place holds less than that; ``note`` says how much."""

    code = "not_enough"


class NotEnoughWaiting(Refusal):
    """Less quantity waits for serials there than is asked for; ``note`` says how much."""

    code = "not_enough_waiting"


class NegativeLater(Refusal):
    """A backdated quantity would make the balance negative at a later moment (``note``)."""

    code = "negative_later"


# --- reversal, and the machine ----------------------------------------------------------------------------


class LaterDocuments(Refusal):
    """Later documents stand in the way of a reversal; the cases list them in order."""

    code = "later_documents"


class Busy(Refusal):
    """Others kept writing the same rows; nothing was changed, and trying again is safe."""

    code = "busy"


#: All refusals, the most telling first.
PRECEDENCE: tuple[type[Refusal], ...] = (
    NotPermitted,
    NotFound,
    Invalid,
    InUse,
    ChangedMeanwhile,
    IdConflict,
    WrongState,
    NoLines,
    FutureDate,
    PartyMissing,
    PartyWrongRole,
    Archived,
    LocationNotAllowed,
    ItemNotStocked,
    QuantityInvalid,
    LinkInvalid,
    MalformedSerial,
    DoubledSerial,
    TooManySerials,
    SerialsMissing,
    OverReceipt,
    NotOnDocument,
    ScanMisread,
    ScanUnclear,
    ScanWithoutUnit,
    ItemUnclear,
    ScansOpen,
    RestUndecided,
    PatternRefused,
    SeriesExhausted,
    BlockUnavailable,
    UnknownSerial,
    Stolen,
    Lost,
    AlreadyInStock,
    SerialTaken,
    IdentifierTaken,
    BlockNotTheirs,
    NotAtSource,
    Reserved,
    OnHold,
    Quarantined,
    Recalled,
    NotOurs,
    NotTheirs,
    NotSoldToParty,
    WrongSupplier,
    NotHeldByParty,
    NotInParent,
    HasComponents,
    OutOfOrder,
    NearTwin,
    NotEnough,
    NotEnoughWaiting,
    NegativeLater,
    LaterDocuments,
    Busy,
)
BY_CODE: dict[str, type[Refusal]] = {refusal.code: refusal for refusal in PRECEDENCE}
_RANK = {refusal: rank for rank, refusal in enumerate(PRECEDENCE)}


def first_of(refusals: Iterable[Refusal]) -> Refusal:
    """One refusal out of several: the first in precedence leads, those of one code are joined."""
    by_class: dict[type[Refusal], list[Refusal]] = {}
    for refusal in refusals:
        for single in refusal.all:
            by_class.setdefault(type(single), []).append(single)
    joined = []
    for cls in sorted(by_class, key=_RANK.__getitem__):
        same = by_class[cls]
        facts: dict[str, Any] = {}
        for refusal in same:
            facts = {**refusal.facts, **facts}
        one = cls(case for refusal in same for case in refusal.cases)
        one.facts = facts
        joined.append(one)
    lead = joined[0]
    lead.also = tuple(joined[1:])
    return lead
