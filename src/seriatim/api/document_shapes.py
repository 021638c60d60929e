"""The shapes of documents in JSON, as they are sent and as they are answered."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, ValidatorFunctionWrapHandler, WrapValidator

from seriatim.api.json_reader import Fold, Way
from seriatim.api.problems import OneProblem
from seriatim.api.values import (
    Day,
    Flag,
    Id,
    Moment,
    Money,
    Quantity,
    Said,
    SaidAmount,
    Shown,
    Text,
    left_out,
)
from seriatim.documents.drafts import UnitDraft
from seriatim.exchange.drafting import unit_from
from seriatim.exchange.misread import MisreadError

DATE = "A day or a moment in ISO 8601; without an offset in the site's time zone; left out: now, when it is posted."


class SaidUnit(Said):
    """What is said of one unit of a line, where it differs from the line's own values."""

    serial: Text
    unit_cost: SaidAmount | None = left_out()
    unit_price: SaidAmount | None = left_out()
    lot: Text | None = left_out()
    warranty_until: Text | None = left_out("A day, as 2028-11-20.")
    identifiers: dict[str, Text | list[Text] | None] | None = left_out(
        "Further numbers by type: imei, mac, asset_tag …; a list where the unit has several of a type."
    )
    custom: dict[str, Any] | None = left_out("Custom fields of the unit by name.")
    right_serial: Text | None = left_out("In a correction: the serial that takes this one's place.")
    parent_serial: Text | None = left_out("In an assembly: the unit that this component goes into.")


def unit_folded(data: Any) -> Any:
    """What is kept of a unit as soon as it is read: its draft. One that is wrong stays, to be told with its place."""
    try:
        return unit_from(data)
    except MisreadError:
        return data


def _as_folded(unit: Any, check: ValidatorFunctionWrapHandler) -> Any:
    return unit if isinstance(unit, UnitDraft) else check(unit)


#: A unit in an array that is folded: a draft, with ``serial`` and ``identifiers`` alike, unless it is wrong.
FoldedUnit = Annotated[SaidUnit, WrapValidator(_as_folded)]
#: The folds of a document's body, and of one with a single line's.
UNITS_OF_DOCUMENT: dict[Way, Fold] = {("lines", "units"): unit_folded}
UNITS_OF_LINE: dict[Way, Fold] = {("units",): unit_folded}


class SaidLine(Said):
    """A line: an item, how many, from where to where, and the serials."""

    item: Text = Field(description="The item's code.")
    from_: Text | None = Field(None, alias="from", description="The location that it comes from.")
    to: Text | None = left_out("The location that it goes to.")
    serials: list[Text] | Text | None = left_out(
        "Serial numbers, one each; or a text: one per line, with commas, or ranges as A-001..A-100."
    )
    quantity: SaidAmount | None = left_out("How many; left out: as many as there are serials.")
    unit_cost: SaidAmount | None = left_out("Of each.")
    unit_price: SaidAmount | None = left_out("Of each.")
    role: Text | None = left_out("Where the kind has several sorts of lines: component, output …")
    lot: Text | None = left_out()
    reference: Text | None = left_out("The line's number on the other side: of a purchase order …")
    missing: Text | None = left_out("What to do about missing serials: generate, wait or refuse.")
    source_line: Id | None = left_out("The id of the line that this one is for: billed, returned, allocated.")
    supplier: Text | None = left_out("Who it was bought from, in an opening stock.")
    parent_item: Text | None = left_out()
    parent_serial: Text | None = left_out()
    units: list[FoldedUnit] | None = left_out("Units with more to say of each; with or without ``serials``.")


class SaidDocument(Said):
    """A document, as it is sent."""

    id: UUID | None = left_out("Made by whoever sends it; the same again is the same document.")
    kind: Text = Field(description="purchase_receipt, delivery_note, transfer …")
    party: Text | None = left_out("The code of the supplier, customer …")
    date: Text | None = left_out(DATE)
    reference: Text | None = left_out("Their number, or that of your own system; findable.")
    note: Text | None = left_out()
    due_date: Text | None = left_out("Of a loan: the day on which it is due back.")
    override_reason: Text | None = left_out("Why a proof of sale or supplier is overridden; takes a right.")
    with_stock: Text | None = left_out("Of a bill or invoice: pending or posted, if it moves the goods too.")
    confirm_twins: Flag = left_out("Serials that look like others are meant as they are.")
    block: Id | None = left_out("The block that numbers are drawn from.")
    via: Text | None = left_out("Of a transfer: the transit location by way of which it goes.")
    lines: list[SaidLine]
    post: Flag = left_out("Post it at once.")
    pending: Flag = left_out("Confirm it at once: numbered, its outgoing units reserved.")
    rest: Text | None = left_out("Where less came than was expected: pending or short.")


class Line(Shown):
    """A line, with how many serials it names."""

    id: int
    position: int
    role: str
    item: str
    from_: str | None = Field(alias="from")
    to: str | None
    quantity: Quantity
    expected: Quantity | None = Field(description="What was promised when it was confirmed.")
    serials: int = Field(description="How many; which, is at /documents/{name}/serials.")
    missing: str
    lot: str
    reference: str
    source_line: int | None
    supplier: str | None
    parent_item: str | None
    parent_serial: str
    unit_cost: Money | None = None
    unit_price: Money | None = None


class Document(Shown):
    """A document with its lines. Costs and prices are absent for whoever may not see them."""

    id: UUID
    number: str | None
    kind: str
    state: str
    party: str | None
    date: Moment | None
    reference: str
    note: str
    due_date: Day | None
    override_reason: str
    with_stock: str
    confirm_twins: bool
    block: int | None
    made_by: str | None = Field(description="The document that made this one.")
    continues: str | None = Field(description="The document whose rest this one carries on.")
    reverse_reason: str
    created_by: str | None
    created_at: Moment | None
    confirmed_by: str | None
    confirmed_at: Moment | None
    posted_by: str | None
    posted_at: Moment | None
    reversed_by: str | None
    reversed_at: Moment | None
    cancelled_by: str | None
    cancelled_at: Moment | None
    lines: list[Line]


class SerialOfLine(Shown):
    """A serial number on a line of a document."""

    line: int
    item: str
    serial: str


class SerialsPage(Shown):
    """Serial numbers of a document, in its order."""

    rows: list[SerialOfLine]
    next: str | None


class Misread(Shown):
    """A part of a list of serials that cannot be read, or comes twice."""

    text: str
    detail: str


class There(Shown):
    """A serial that exists, and where it is."""

    serial: str
    place: str
    holder: str


class Twin(Shown):
    """A new serial that looks like another one."""

    serial: str
    twin: str
    place: str


class InBlock(Shown):
    """Serials that belong to a block."""

    block: int
    holder: str
    count: int
    theirs: bool


class LinePreview(Shown):
    """What the serials of a line would meet, if it were posted now."""

    position: int
    item: str
    count: int
    bad: int = Field(description="How many would be refused, as far as can be told without posting.")
    needs_confirmation: bool
    malformed: list[Misread]
    doubled: list[Misread]
    in_stock: list[There]
    elsewhere: list[There]
    outside: list[There]
    registered: list[str]
    unknown: list[str]
    twins: list[Twin]
    blocks: list[InBlock]
    fits_series: int


class DocumentPreview(Shown):
    """What a document would meet. Nothing is written."""

    bad: int = Field(
        description="How many serials would be refused, for themselves or for their further numbers."
    )
    needs_confirmation: bool
    lines: list[LinePreview]
    refusals: list[OneProblem] = Field(description="What posting would refuse of the units' further numbers.")


class Tried(Shown):
    """What posting would be refused for, in the order of precedence; nothing, if it would be posted."""

    refusals: list[OneProblem]


class SaidPosting(Said):
    """How a document is posted."""

    date: Text | None = left_out(DATE)
    rest: Text | None = left_out("Where less came than was expected: pending or short.")
    confirm_twins: Flag = left_out("Serials that look like others are meant as they are.")


class SaidReversal(Said):
    """How a document is reversed."""

    date: Text | None = left_out(DATE)
    reason: Text | None = left_out()


class SaidReason(Said):
    """Why."""

    reason: Text | None = left_out()


class SaidAmendment(Said):
    """What really came, or is to go, on a line."""

    serials: list[Text] | Text | None = left_out("In place of those that the line names.")
    quantity: SaidAmount | None = left_out("Left out: as many as there are serials.")
