"""The permission matrix as data: which role has which right.

Rights are Django permissions of the ``accounts`` app, roles are Django groups, so that a site may add roles of
its own. The rights of the document kinds are the values of the column ``right`` in the KINDS table.
"""

from seriatim.kernel.kinds import KIND_RIGHTS

#: right → what it allows, in words.
RIGHTS: dict[str, str] = {
    "look": "See items, units, documents and stock",
    "see_cost": "See costs and purchase values",
    "see_price": "See sale prices",
    "receive": "Receive goods, take back returns, allocate serial numbers",
    "deliver": "Deliver goods, return goods to suppliers",
    "move": "Transfer goods between locations",
    "produce": "Issue material, manufacture, disassemble",
    "lend": "Lend goods and take them back",
    "repair": "Take in and hand out repairs",
    "adjust": "Opening stock, counts, corrections, scrap",
    "bill": "Record vendor bills and sales invoices",
    "reverse": "Reverse posted documents",
    "override": "Override a proof of sale or supplier, with a reason",
    "mark": "Put units on hold, mark them lost or stolen, and clear such marks",
    "register": "Create units by hand and edit their records",
    "catalog": "Edit items, locations, parties and series",
    "administer": "Manage users and site settings",
}

_DESK = ("look", "receive", "deliver", "move", "produce", "lend", "repair", "register", "mark", "see_price")

#: role → its rights.
ROLES: dict[str, tuple[str, ...]] = {
    "viewer": ("look",),
    "operator": _DESK,
    "manager": (*_DESK, "see_cost", "adjust", "bill", "reverse", "override", "catalog"),
    "administrator": tuple(RIGHTS),
}

if missing := set(KIND_RIGHTS) - set(RIGHTS):
    raise AssertionError(f"rights that kinds ask for but nobody can have: {missing}")
