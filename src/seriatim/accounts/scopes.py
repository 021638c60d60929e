"""What a token can be good for, as data: scopes, each a set of rights. Every right is in exactly one scope.

A scope gives nothing by itself: a token can do what its scopes let through *and* its user may do.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from seriatim.accounts.roles import RIGHTS
from seriatim.kernel.kinds import KIND_RIGHTS


@dataclass(frozen=True, slots=True)
class Scope:
    """One scope: what it is in words, and the rights that it lets through."""

    words: str
    rights: frozenset[str]


SCOPES: dict[str, Scope] = {
    "read": Scope("See items, units, documents and stock", frozenset({"look"})),
    "money": Scope("See costs and prices", frozenset({"see_cost", "see_price"})),
    "documents": Scope(
        "Write, post and reverse documents", frozenset({*KIND_RIGHTS, "receive", "reverse", "override"})
    ),
    "units": Scope("Create units by hand, edit their records, set marks", frozenset({"register", "mark"})),
    "catalog": Scope("Edit items, locations, parties, series and blocks", frozenset({"catalog"})),
    "administer": Scope("Manage users and site settings", frozenset({"administer"})),
}


def rights_of(scopes: Iterable[str]) -> frozenset[str]:
    """The rights that these scopes let through; those of a scope that is no more, none."""
    return frozenset().union(*(SCOPES[scope].rights for scope in scopes if scope in SCOPES))


def scope_of(right: str) -> str:
    """The scope that lets the right through."""
    return next(code for code, scope in SCOPES.items() if right in scope.rights)


_placed = [right for scope in SCOPES.values() for right in scope.rights]
if sorted(_placed) != sorted(RIGHTS):
    raise AssertionError(f"every right stands in one scope: {sorted(_placed)} are not {sorted(RIGHTS)}")
