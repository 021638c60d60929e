"""The columns that make up a unit's state, named in one place.

They stand in every movement as the state after it, and in the unit as a cache of its last movement. Whoever
copies, compares, restores or rebuilds a state goes by this tuple, so that no column is ever left out.
"""

#: Names of columns (and of attributes), in the order in which both tables have them.
STATE: tuple[str, ...] = (
    "location_id",
    "holder_id",
    "owner_id",
    "parent_id",
    "supplier_id",
    "customer_id",
    "origin_seq",
    "sale_seq",
    "cost",
    "price",
    "warranty_until",
)
