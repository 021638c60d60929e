"""The kinds of documents by task, in the warehouse's words: what one does, and what the button says."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from seriatim.kernel.kinds import KINDS, Leg
from seriatim.kernel.places import ON_HAND, PartyRole

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Task:
    """One sort of work, and the kinds of documents that do it."""

    words: Text
    kinds: tuple[str, ...]


TASKS = (
    Task(
        _("Goods come in"), ("purchase_receipt", "sales_return", "loan_in", "repair_in", "material_receipt")
    ),
    Task(_("Goods go out"), ("delivery_note", "purchase_return", "loan_out", "repair_out", "material_issue")),
    Task(_("Inside the house"), ("transfer", "scrap", "count_adjustment", "opening_stock")),
    Task(_("Making and taking apart"), ("manufacture", "disassemble")),
    Task(_("Bills and invoices"), ("vendor_bill", "sales_invoice")),
    Task(_("Putting things right"), ("correction", "serialize_stock")),
)

#: kind → what one does, one sentence about it, and the words of the button that posts it.
_ROWS: dict[str, tuple[Text, Text, Text]] = {
    "purchase_receipt": (
        _("Receive from a supplier"),
        _("Goods arrive: scan what came, and it is in stock."),
        _("Post receipt"),
    ),
    "sales_return": (
        _("Take back from a customer"),
        _("A customer returns what was sold to them."),
        _("Post return"),
    ),
    "loan_in": (_("Take back from a loan"), _("What was lent out comes back."), _("Post loan in")),
    "repair_in": (
        _("Take in for repair"),
        _("A customer’s unit, or ours from the repairer."),
        _("Post repair in"),
    ),
    "material_receipt": (
        _("Book in without a supplier"),
        _("Found, made, given: goods that nobody sold us."),
        _("Post receipt"),
    ),
    "delivery_note": (
        _("Deliver to a customer"),
        _("Goods leave, sold: the warranty starts."),
        _("Post delivery"),
    ),
    "purchase_return": (
        _("Return to a supplier"),
        _("Goods go back to where they were bought."),
        _("Post return"),
    ),
    "loan_out": (_("Lend out"), _("It stays ours, and is due back."), _("Post loan")),
    "repair_out": (
        _("Hand out from repair"),
        _("Back to its owner, or on to a repairer."),
        _("Post repair out"),
    ),
    "material_issue": (_("Use up"), _("Consumed in our own work."), _("Post issue")),
    "transfer": (_("Move"), _("From one of our places to another."), _("Post transfer")),
    "scrap": (_("Scrap"), _("It is thrown away, and written off."), _("Post scrap")),
    "count_adjustment": (
        _("Adjust after a count"),
        _("What a count found to be missing, or more."),
        _("Post adjustment"),
    ),
    "opening_stock": (
        _("Opening stock"),
        _("What was there before this system."),
        _("Post opening stock"),
    ),
    "manufacture": (
        _("Manufacture"),
        _("Components become new units, and stay known in them."),
        _("Post manufacture"),
    ),
    "disassemble": (_("Take apart"), _("A unit becomes its parts again."), _("Post disassembly")),
    "vendor_bill": (_("Record a vendor bill"), _("What goods have cost in the end."), _("Post bill")),
    "sales_invoice": (_("Record an invoice"), _("What goods have fetched."), _("Post invoice")),
    "correction": (
        _("Correct a serial number"),
        _("The wrong number goes, the right one takes its place with its history."),
        _("Post correction"),
    ),
    "serialize_stock": (
        _("Number stock that has no numbers"),
        _("A quantity becomes units that wait for their serial numbers."),
        _("Post"),
    ),
    "allocation": (_("Give serial numbers"), _("Goods that wait get their numbers."), _("Post")),
}


def do_words(kind: str) -> Text:
    """What one does by it."""
    return _ROWS[kind][0]


def about_words(kind: str) -> Text:
    """One sentence about it."""
    return _ROWS[kind][1]


def post_words(kind: str) -> Text:
    """What the button says that posts it."""
    return _ROWS[kind][2]


@dataclass(frozen=True, slots=True)
class Head:
    """What a kind's head asks for: the roles of its party, from where, to where, whether it is due back."""

    roles: tuple[PartyRole, ...]
    party_needed: bool
    source: bool
    target: bool
    due_date: bool
    with_stock: bool
    #: The roles of its lines, where these differ.
    line_roles: tuple[str, ...]
    #: It is filled by scanning: units or quantities go on its lines one after the other.
    scans: bool


def head_of(kind: str) -> Head:
    """Read from the table of kinds: nothing here knows a kind by name."""
    row = KINDS[kind]
    legs: Sequence[Leg] = row.legs
    # What the first leg asks for is the usual case, and what the field is called by.
    first = next((leg.party for leg in legs if leg.party), row.party)
    return Head(
        roles=tuple(sorted(first)),
        party_needed=bool(row.party) or bool(legs and all(leg.party for leg in legs)),
        source=any(leg.source & ON_HAND for leg in legs) and not row.corrects,
        target=any(leg.target & ON_HAND for leg in legs) and not row.corrects and not row.serializes,
        due_date=row.due_date,
        with_stock=bool(row.bills),
        line_roles=row.roles if row.roles != ("",) else (),
        scans=bool(legs) and not (row.corrects or row.serializes or row.takes_waiting_of_line),
    )
