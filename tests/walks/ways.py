"""What each kind does, written down a second time from the rules: the model goes by this table, not by the program's.

Places are types; ``+`` joins several. ``blocks`` lists the marks that stop a unit.
"""

from __future__ import annotations

from dataclasses import dataclass

HOUSE = {"storage", "transit", "service"}
WITH_US = HOUSE | {"assembly"}
ONE_ONLY = {"assembly", "supplier", "customer", "production", "scrap", "adjustment", "opening"}

LEAVING = {"held", "quarantined", "lost", "stolen", "recalled"}
BACK = {"held", "lost", "stolen"}
GONE = {"lost", "stolen"}


@dataclass(frozen=True)
class Way:
    kind: str
    role: str
    start: frozenset[str]
    end: frozenset[str]
    #: The roles of which the party needs one.
    party: frozenset[str] = frozenset()
    #: The fact of a unit that must be the party: holder, owner, customer (last buyer) or supplier.
    proof: str = ""
    override: bool = False
    #: "us", "them" or "" (anybody's).
    whose: str = ""
    #: "us", "party", "party if new" or "" (unchanged).
    then: str = ""
    new: bool = False
    waits: bool = False
    names: bool = False
    #: "set", "add", "given", "learn" or "" (unchanged).
    cost: str = ""
    #: "always", "if new" or "".
    origin: str = ""
    supplies: bool = False
    bulk: bool = True
    sale: bool = False
    #: "set", "clear" or "".
    parent: str = ""
    blocks: frozenset[str] = frozenset()


def _way(
    kind: str, ends: str, *, role: str = "", party: str = "", blocks: set[str] = frozenset(), **more
) -> Way:  # type: ignore[no-untyped-def, assignment]
    start, end = (frozenset(side.split("+")) for side in ends.split(" > "))
    return Way(kind, role, start, end, frozenset(party.split()), blocks=frozenset(blocks), **more)


_ENTRY = {"new": True, "then": "us", "cost": "set", "origin": "always"}
_HOUSE = "storage+transit+service"

WAYS: tuple[Way, ...] = (
    _way("opening_stock", "opening > storage", waits=True, blocks=GONE, **_ENTRY),
    _way("opening_stock", "opening > customer", party="customer", sale=True, blocks=GONE, **_ENTRY | {"then": "party"}),
    _way(
        "purchase_receipt", "supplier > storage", party="supplier", waits=True, whose="them", supplies=True,
        blocks=GONE, **_ENTRY,
    ),
    _way(
        "purchase_receipt", "customer > storage", party="customer supplier", proof="holder", override=True,
        whose="them", supplies=True, blocks=GONE, **_ENTRY | {"new": False},
    ),
    _way(
        "purchase_return", "storage > supplier", party="supplier", proof="supplier", override=True, waits=True,
        whose="us", then="party", blocks=BACK,
    ),
    _way(
        "delivery_note", "storage > customer", party="customer", names=True, whose="us", then="party", sale=True,
        blocks=LEAVING,
    ),
    _way(
        "delivery_note", "customer > customer", party="customer", proof="holder", whose="us", then="party", sale=True,
        blocks=LEAVING,
    ),
    _way(
        "sales_return", "customer > storage+service", party="customer", proof="customer", override=True, whose="them",
        then="us", blocks=GONE,
    ),
    _way("material_receipt", "adjustment > storage", waits=True, blocks=GONE, **_ENTRY),
    _way("material_receipt", "production > storage", then="us", cost="given", blocks=GONE),
    _way("material_issue", "storage > production", names=True, whose="us", then="us", blocks=LEAVING),
    _way("transfer", f"{_HOUSE} > {_HOUSE}", waits=True, names=True, blocks=GONE),
    _way(
        "manufacture", "storage > assembly", role="component", names=True, whose="us", then="us", parent="set",
        blocks=LEAVING,
    ),
    _way("manufacture", "storage > production", role="component", names=True, whose="us", then="us", blocks=LEAVING),
    _way(
        "manufacture", "production > storage", role="output", waits=True, blocks=GONE, **_ENTRY | {"cost": "learn"}
    ),
    _way("disassemble", "storage > production", role="parent", names=True, whose="us", then="us", blocks=LEAVING),
    _way("disassemble", "assembly > storage+scrap", role="part", then="us", parent="clear", blocks=GONE),
    _way(
        "disassemble", "production > storage+scrap", role="part", waits=True, blocks=GONE, **_ENTRY | {"cost": "learn"}
    ),
    _way("serialize_stock", f"{_HOUSE} > {_HOUSE}", waits=True),
    _way(
        "allocation", f"supplier > {_HOUSE}", bulk=False, whose="them", blocks=GONE, **_ENTRY | {"cost": "learn"}
    ),
    _way(
        "allocation", f"production+adjustment+opening > {_HOUSE}", bulk=False, blocks=GONE,
        **_ENTRY | {"cost": "learn"},
    ),
    _way("count_adjustment", "storage > adjustment", role="loss", waits=True, then="us"),
    _way(
        "count_adjustment", "adjustment > storage", role="gain", new=True, then="us", cost="given", origin="if new"
    ),
    _way("scrap", "storage+service > scrap", waits=True, names=True, then="us", blocks=BACK),
    _way(
        "loan_out", "storage > customer", party="borrower customer", names=True, whose="us", bulk=False, blocks=LEAVING
    ),
    _way(
        "loan_in", "customer > storage+service", party="borrower customer", proof="holder", whose="us", bulk=False,
        blocks=GONE,
    ),
    _way(
        "repair_in", "customer > service", party="customer borrower", proof="holder", override=True, new=True,
        then="party if new", origin="if new", bulk=False, blocks=GONE,
    ),
    _way("repair_in", "supplier > service", party="service_provider supplier", proof="holder", bulk=False, blocks=GONE),
    _way(
        "repair_out", "storage+service > customer", party="customer borrower", proof="owner", whose="them", bulk=False,
        blocks=BACK,
    ),
    _way(
        "repair_out", "storage+service > supplier", party="service_provider supplier", cost="add", bulk=False,
        blocks=BACK,
    ),
)  # fmt: skip

#: Kinds without ways of their own: what they make or are for, and what they set there.
BILLS = {"vendor_bill": ("purchase_receipt", "cost"), "sales_invoice": ("delivery_note", "price")}
BILL_PARTY = {"vendor_bill": {"supplier"}, "sales_invoice": {"customer"}}

#: All refusals that the model can predict, the most telling first.
ORDER = [
    "invalid",
    "in_use",
    "wrong_state",
    "no_lines",
    "party_missing",
    "party_wrong_role",
    "location_not_allowed",
    "item_not_stocked",
    "quantity_invalid",
    "link_invalid",
    "doubled_serial",
    "too_many_serials",
    "serials_missing",
    "over_receipt",
    "rest_undecided",
    "unknown_serial",
    "stolen",
    "lost",
    "already_in_stock",
    "not_at_source",
    "reserved",
    "on_hold",
    "quarantined",
    "recalled",
    "not_ours",
    "not_theirs",
    "not_sold_to_party",
    "wrong_supplier",
    "not_held_by_party",
    "not_in_parent",
    "has_components",
    "out_of_order",
    "not_enough",
    "not_enough_waiting",
    "negative_later",
    "later_documents",
]
