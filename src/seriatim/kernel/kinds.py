"""The table of kinds: what a document does, as rows of data.

A kind has legs; a leg is one way in which things may go under it. Nothing else in the program asks "is this a
delivery note?": it asks the leg. If a row seems to need an ``if`` elsewhere, this table lacks a column.
"""

from dataclasses import dataclass
from enum import StrEnum

from seriatim.kernel.marks import NO_MARKS, Mark
from seriatim.kernel.places import ON_HAND, LocationType, PartyRole

_L = LocationType
_STORAGE = frozenset({_L.STORAGE})
_BENCHES = frozenset({_L.STORAGE, _L.SERVICE})
_EVERYWHERE = frozenset(_L)

_SUPPLIERS = frozenset({PartyRole.SUPPLIER})
_CUSTOMERS = frozenset({PartyRole.CUSTOMER})
_TRADERS = frozenset({PartyRole.CUSTOMER, PartyRole.SUPPLIER})
_BORROWERS = frozenset({PartyRole.BORROWER, PartyRole.CUSTOMER})
_OWNERS = frozenset({PartyRole.CUSTOMER, PartyRole.BORROWER})
_REPAIRERS = frozenset({PartyRole.SERVICE_PROVIDER, PartyRole.SUPPLIER})

# What a mark blocks is a property of the leg. Held goods stay in the house; recalled and quarantined ones may
# go back where they came from; a lost or stolen unit that turns up has to be cleared first.
_LEAVING = Mark.HELD | Mark.QUARANTINED | Mark.LOST | Mark.STOLEN | Mark.RECALLED
_GOING_BACK = Mark.HELD | Mark.LOST | Mark.STOLEN
_TURNING_UP = Mark.LOST | Mark.STOLEN


class OwnerBefore(StrEnum):
    """Whose the unit has to be."""

    ANY = "any"
    US = "us"
    THEIRS = "theirs"


class OwnerAfter(StrEnum):
    """Whose it is afterwards."""

    SAME = "same"
    US = "us"
    PARTY = "party"
    PARTY_IF_NEW = "party_if_new"
    COPIED = "copied"


class Match(StrEnum):
    """Which fact of the unit the document's party has to match."""

    NONE = "none"
    HOLDER = "holder"
    OWNER = "owner"
    LAST_BUYER = "last_buyer"
    LAST_SUPPLIER = "last_supplier"


class Cost(StrEnum):
    """What becomes of the unit's cost."""

    KEEP = "keep"
    SET = "set"
    ADD_IF_OURS = "add_if_ours"
    GIVEN_OR_LAST = "given_or_last"
    SHARE = "share"
    COPIED = "copied"


class Origin(StrEnum):
    """Whether the leg becomes the unit's origin: the supplier and purchase document it is remembered by."""

    NEVER = "never"
    ALWAYS = "always"
    IF_NEW = "if_new"
    COPIED = "copied"


class Parent(StrEnum):
    """What becomes of the assembly that the unit sits in."""

    SAME = "same"
    SET = "set"
    CLEARED = "cleared"
    COPIED = "copied"


class Values(StrEnum):
    """What a bill or invoice does to the leg that it is for."""

    NONE = "none"
    COST = "cost"
    PRICE = "price"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One way for things to go under a kind."""

    source: frozenset[LocationType]
    target: frozenset[LocationType]
    #: Which lines take this leg; kinds with one sort of line leave it empty.
    role: str = ""
    #: The roles of which the document's party must have one; empty where no party is needed.
    party: frozenset[PartyRole] = frozenset()
    match: Match = Match.NONE
    #: The match may be overridden, by permission and with a reason.
    overridable: bool = False
    owner_before: OwnerBefore = OwnerBefore.ANY
    owner: OwnerAfter = OwnerAfter.SAME
    #: May bring units into being.
    creates: bool = False
    #: May leave, or take along, quantity that still waits for serials.
    waits: bool = False
    #: May name new serials against quantity that waits at the source.
    names: bool = False
    cost: Cost = Cost.KEEP
    origin: Origin = Origin.NEVER
    #: The party becomes the unit's supplier.
    supplies: bool = False
    #: Numbered units only: what a stranger owns or borrows has to be known one by one.
    by_quantity: bool = True
    #: Becomes the unit's sale: the customer, price and document it is remembered by; its warranty starts.
    sale: bool = False
    parent: Parent = Parent.SAME
    #: Nothing may be left inside: whatever is installed in it comes out by the same document.
    emptied: bool = False
    blocked_by: Mark = NO_MARKS

    @property
    def reserves(self) -> bool:
        """Whether a pending document holds the units that this leg names."""
        return not self.creates and bool(self.source & ON_HAND)

    @property
    def enters(self) -> bool:
        """Whether things come into the house by this leg."""
        return not (self.source & (ON_HAND | {_L.ASSEMBLY}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One row of the table."""

    code: str
    name: str
    #: The start of its documents' numbers.
    prefix: str
    #: The right that a user needs to write, post and reverse it.
    right: str
    legs: tuple[Leg, ...] = ()
    #: The kind that is the ordinary way back, if there is one.
    undo: str = ""
    #: A bill or invoice: the kind of document that it makes or is for, and what it sets there.
    bills: str = ""
    sets: Values = Values.NONE
    party: frozenset[PartyRole] = frozenset()
    #: Lines name the line whose waiting quantity they take.
    takes_waiting_of_line: bool = False
    #: Every line with serials replaces them, pair by pair.
    corrects: bool = False
    #: Turns a balance by quantity into waiting quantity.
    serializes: bool = False
    #: Carries a date by which things are due back.
    due_date: bool = False

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles of lines, in the table's order; ``("",)`` where lines have none."""
        return tuple(dict.fromkeys(leg.role for leg in self.legs)) or ("",)


_ROWS = (
    Kind(
        code="opening_stock",
        name="Opening stock",
        prefix="OS",
        right="adjust",
        legs=(
            Leg(
                source=frozenset({_L.OPENING}),
                target=_STORAGE,
                creates=True,
                waits=True,
                owner=OwnerAfter.US,
                cost=Cost.SET,
                origin=Origin.ALWAYS,
                blocked_by=_TURNING_UP,
            ),
            Leg(
                source=frozenset({_L.OPENING}),
                target=frozenset({_L.CUSTOMER}),
                party=_CUSTOMERS,
                creates=True,
                owner=OwnerAfter.PARTY,
                cost=Cost.SET,
                origin=Origin.ALWAYS,
                sale=True,
                blocked_by=_TURNING_UP,
            ),
        ),
    ),
    Kind(
        code="purchase_receipt",
        name="Purchase receipt",
        prefix="PR",
        right="receive",
        undo="purchase_return",
        legs=(
            Leg(
                source=frozenset({_L.SUPPLIER}),
                target=_STORAGE,
                party=_SUPPLIERS,
                creates=True,
                waits=True,
                owner_before=OwnerBefore.THEIRS,
                owner=OwnerAfter.US,
                cost=Cost.SET,
                origin=Origin.ALWAYS,
                supplies=True,
                blocked_by=_TURNING_UP,
            ),
            Leg(
                source=frozenset({_L.CUSTOMER}),
                target=_STORAGE,
                party=_TRADERS,
                match=Match.HOLDER,
                overridable=True,
                owner_before=OwnerBefore.THEIRS,
                owner=OwnerAfter.US,
                cost=Cost.SET,
                origin=Origin.ALWAYS,
                supplies=True,
                blocked_by=_TURNING_UP,
            ),
        ),
    ),
    Kind(
        code="purchase_return",
        name="Purchase return",
        prefix="RT",
        right="deliver",
        undo="purchase_receipt",
        legs=(
            Leg(
                source=_STORAGE,
                target=frozenset({_L.SUPPLIER}),
                party=_SUPPLIERS,
                match=Match.LAST_SUPPLIER,
                overridable=True,
                waits=True,
                owner_before=OwnerBefore.US,
                owner=OwnerAfter.PARTY,
                blocked_by=_GOING_BACK,
            ),
        ),
    ),
    Kind(
        code="vendor_bill",
        name="Vendor bill",
        prefix="VB",
        right="bill",
        bills="purchase_receipt",
        sets=Values.COST,
        party=_SUPPLIERS,
    ),
    Kind(
        code="delivery_note",
        name="Delivery note",
        prefix="DN",
        right="deliver",
        undo="sales_return",
        legs=(
            Leg(
                source=_STORAGE,
                target=frozenset({_L.CUSTOMER}),
                party=_CUSTOMERS,
                names=True,
                owner_before=OwnerBefore.US,
                owner=OwnerAfter.PARTY,
                sale=True,
                blocked_by=_LEAVING,
            ),
            Leg(
                source=frozenset({_L.CUSTOMER}),
                target=frozenset({_L.CUSTOMER}),
                party=_CUSTOMERS,
                match=Match.HOLDER,
                owner_before=OwnerBefore.US,
                owner=OwnerAfter.PARTY,
                sale=True,
                blocked_by=_LEAVING,
            ),
        ),
    ),
    Kind(
        code="sales_invoice",
        name="Sales invoice",
        prefix="SI",
        right="bill",
        bills="delivery_note",
        sets=Values.PRICE,
        party=_CUSTOMERS,
    ),
    Kind(
        code="sales_return",
        name="Sales return",
        prefix="SR",
        right="receive",
        undo="delivery_note",
        legs=(
            Leg(
                source=frozenset({_L.CUSTOMER}),
                target=_BENCHES,
                party=_CUSTOMERS,
                match=Match.LAST_BUYER,
                overridable=True,
                owner_before=OwnerBefore.THEIRS,
                owner=OwnerAfter.US,
                blocked_by=_TURNING_UP,
            ),
        ),
    ),
    Kind(
        code="material_receipt",
        name="Material receipt",
        prefix="MR",
        right="adjust",
        undo="material_issue",
        legs=(
            Leg(
                source=frozenset({_L.ADJUSTMENT}),
                target=_STORAGE,
                creates=True,
                waits=True,
                owner=OwnerAfter.US,
                cost=Cost.SET,
                origin=Origin.ALWAYS,
                blocked_by=_TURNING_UP,
            ),
            # What was issued and not used up after all: the same unit, of the same origin.
            Leg(
                source=frozenset({_L.PRODUCTION}),
                target=_STORAGE,
                owner=OwnerAfter.US,
                cost=Cost.GIVEN_OR_LAST,
                blocked_by=_TURNING_UP,
            ),
        ),
    ),
    Kind(
        code="material_issue",
        name="Material issue",
        prefix="MI",
        right="produce",
        undo="material_receipt",
        legs=(
            Leg(
                source=_STORAGE,
                target=frozenset({_L.PRODUCTION}),
                names=True,
                owner_before=OwnerBefore.US,
                owner=OwnerAfter.US,
                blocked_by=_LEAVING,
            ),
        ),
    ),
    Kind(
        code="transfer",
        name="Transfer",
        prefix="TR",
        right="move",
        undo="transfer",
        legs=(
            Leg(
                source=ON_HAND,
                target=ON_HAND,
                waits=True,
                names=True,
                blocked_by=_TURNING_UP,
            ),
        ),
    ),
    Kind(
        code="manufacture",
        name="Manufacture",
        prefix="MF",
        right="produce",
        undo="disassemble",
        legs=(
            Leg(
                role="component",
                source=_STORAGE,
                target=frozenset({_L.ASSEMBLY}),
                names=True,
                owner_before=OwnerBefore.US,
                owner=OwnerAfter.US,
                parent=Parent.SET,
                blocked_by=_LEAVING,
            ),
            Leg(
                role="component",
                source=_STORAGE,
                target=frozenset({_L.PRODUCTION}),
                names=True,
                owner_before=OwnerBefore.US,
                owner=OwnerAfter.US,
                blocked_by=_LEAVING,
            ),
            Leg(
                role="output",
                source=frozenset({_L.PRODUCTION}),
                target=_STORAGE,
                creates=True,
                waits=True,
                owner=OwnerAfter.US,
                cost=Cost.SHARE,
                origin=Origin.ALWAYS,
                blocked_by=_TURNING_UP,
            ),
        ),
    ),
    Kind(
        code="disassemble",
        name="Disassembly",
        prefix="DA",
        right="produce",
        undo="manufacture",
        legs=(
            Leg(
                role="parent",
                source=_STORAGE,
                target=frozenset({_L.PRODUCTION}),
                names=True,
                emptied=True,
                owner_before=OwnerBefore.US,
                owner=OwnerAfter.US,
                blocked_by=_LEAVING,
            ),
            Leg(
                role="part",
                source=frozenset({_L.ASSEMBLY}),
                target=_STORAGE | {_L.SCRAP},
                owner=OwnerAfter.US,
                parent=Parent.CLEARED,
                blocked_by=_TURNING_UP,
            ),
            Leg(
                role="part",
                source=frozenset({_L.PRODUCTION}),
                target=_STORAGE | {_L.SCRAP},
                creates=True,
                waits=True,
                owner=OwnerAfter.US,
                cost=Cost.SHARE,
                origin=Origin.ALWAYS,
                blocked_by=_TURNING_UP,
            ),
        ),
    ),
    Kind(
        code="serialize_stock",
        name="Serialize stock",
        prefix="SS",
        right="adjust",
        serializes=True,
        legs=(Leg(source=ON_HAND, target=ON_HAND, waits=True),),
    ),
    Kind(
        code="allocation",
        name="Allocation",
        prefix="AL",
        right="receive",
        takes_waiting_of_line=True,
        # Units that were known before come back by the way that the goods came: sold or installed ones do not.
        legs=(
            Leg(
                source=frozenset({_L.SUPPLIER}),
                target=ON_HAND,
                creates=True,
                by_quantity=False,
                owner_before=OwnerBefore.THEIRS,
                owner=OwnerAfter.US,
                cost=Cost.SET,
                origin=Origin.ALWAYS,
                blocked_by=_TURNING_UP,
            ),
            Leg(
                source=frozenset({_L.OPENING, _L.ADJUSTMENT, _L.PRODUCTION}),
                target=ON_HAND,
                creates=True,
                by_quantity=False,
                owner=OwnerAfter.US,
                cost=Cost.SET,
                origin=Origin.ALWAYS,
                blocked_by=_TURNING_UP,
            ),
        ),
    ),
    Kind(
        code="correction",
        name="Correction",
        prefix="CO",
        right="adjust",
        undo="correction",
        corrects=True,
        legs=(
            Leg(
                source=_EVERYWHERE,
                target=_EVERYWHERE,
                creates=True,
                owner=OwnerAfter.COPIED,
                cost=Cost.COPIED,
                origin=Origin.COPIED,
                parent=Parent.COPIED,
            ),
        ),
    ),
    Kind(
        code="count_adjustment",
        name="Count adjustment",
        prefix="CA",
        right="adjust",
        undo="count_adjustment",
        legs=(
            Leg(
                role="loss",
                source=_STORAGE,
                target=frozenset({_L.ADJUSTMENT}),
                waits=True,
                owner=OwnerAfter.US,
            ),
            Leg(
                role="gain",
                source=frozenset({_L.ADJUSTMENT}),
                target=_STORAGE,
                creates=True,
                owner=OwnerAfter.US,
                cost=Cost.GIVEN_OR_LAST,
                origin=Origin.IF_NEW,
            ),
        ),
    ),
    Kind(
        code="scrap",
        name="Scrap",
        prefix="SC",
        right="adjust",
        legs=(
            Leg(
                source=_BENCHES,
                target=frozenset({_L.SCRAP}),
                waits=True,
                names=True,
                owner=OwnerAfter.US,
                blocked_by=_GOING_BACK,
            ),
        ),
    ),
    Kind(
        code="loan_out",
        name="Loan out",
        prefix="LO",
        right="lend",
        undo="loan_in",
        due_date=True,
        legs=(
            Leg(
                source=_STORAGE,
                target=frozenset({_L.CUSTOMER}),
                party=_BORROWERS,
                names=True,
                owner_before=OwnerBefore.US,
                by_quantity=False,
                blocked_by=_LEAVING,
            ),
        ),
    ),
    Kind(
        code="loan_in",
        name="Loan in",
        prefix="LI",
        right="lend",
        undo="loan_out",
        legs=(
            Leg(
                source=frozenset({_L.CUSTOMER}),
                target=_BENCHES,
                party=_BORROWERS,
                match=Match.HOLDER,
                owner_before=OwnerBefore.US,
                by_quantity=False,
                blocked_by=_TURNING_UP,
            ),
        ),
    ),
    Kind(
        code="repair_in",
        name="Repair in",
        prefix="RI",
        right="repair",
        undo="repair_out",
        legs=(
            Leg(
                source=frozenset({_L.CUSTOMER}),
                target=frozenset({_L.SERVICE}),
                party=_OWNERS,
                match=Match.HOLDER,
                overridable=True,
                creates=True,
                owner=OwnerAfter.PARTY_IF_NEW,
                origin=Origin.IF_NEW,
                by_quantity=False,
                blocked_by=_TURNING_UP,
            ),
            Leg(
                source=frozenset({_L.SUPPLIER}),
                target=frozenset({_L.SERVICE}),
                party=_REPAIRERS,
                match=Match.HOLDER,
                by_quantity=False,
                blocked_by=_TURNING_UP,
            ),
        ),
    ),
    Kind(
        code="repair_out",
        name="Repair out",
        prefix="RO",
        right="repair",
        undo="repair_in",
        legs=(
            Leg(
                source=_BENCHES,
                target=frozenset({_L.CUSTOMER}),
                party=_OWNERS,
                match=Match.OWNER,
                owner_before=OwnerBefore.THEIRS,
                by_quantity=False,
                blocked_by=_GOING_BACK,
            ),
            Leg(
                source=_BENCHES,
                target=frozenset({_L.SUPPLIER}),
                party=_REPAIRERS,
                cost=Cost.ADD_IF_OURS,
                by_quantity=False,
                blocked_by=_GOING_BACK,
            ),
        ),
    ),
)

KINDS: dict[str, Kind] = {kind.code: kind for kind in _ROWS}
#: Every right that some kind asks for.
KIND_RIGHTS = tuple(dict.fromkeys(kind.right for kind in _ROWS))
