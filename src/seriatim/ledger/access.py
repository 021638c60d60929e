"""Whether a user may work where units are: what the ledger adds to ``catalog.access``. Writes nothing.

What stands at no place of ours (registered, sold, at a supplier, used up, scrapped) is at nobody's place, and
everybody's. A component is where the unit is that it sits in.
"""

from collections.abc import Iterable
from uuid import UUID

from seriatim.accounts.models import User
from seriatim.catalog.access import granted_paths, within
from seriatim.catalog.models import Location
from seriatim.kernel.places import ON_HAND
from seriatim.kernel.refusals import Case, NotPermitted
from seriatim.ledger.sql import fetch, ids_param, key_value, keys_param

# From each unit up to the one that it sits in at last, itself as a rule. UNION, so that two which should sit in each
# other end it.
_ELSEWHERE = """
    WITH RECURSIVE up (key, location_id, parent_id) AS (
        SELECT u.key, u.location_id, u.parent_id FROM ledger_unit u WHERE u.key :IN_LIST
        UNION
        SELECT up.key, p.location_id, p.parent_id FROM up JOIN ledger_unit p ON p.key = up.parent_id
    )
    SELECT u.key, l.code, i.code, u.serial
      FROM up
      JOIN catalog_location l ON l.id = up.location_id
      JOIN ledger_unit u ON u.key = up.key
      JOIN catalog_item i ON i.id = u.item_id
     WHERE up.location_id :IN_LIST
     ORDER BY l.code, i.code, u.serial
"""


def require_units(user: User, keys: Iterable[UUID]) -> None:
    """Refuse with NotPermitted unless the user may work where all of these units are; it names those elsewhere.

    One statement for somebody who is not restricted, three for others, whatever the number of units.
    """
    cases = [Case(serial=serial, item=item, place=place) for _, place, item, serial in _elsewhere(user, keys)]
    if cases:
        raise NotPermitted(cases, location=cases[0].place, user=user.get_username())


def barred_units(user: User, keys: Iterable[UUID]) -> dict[UUID, str]:
    """Those of the units that are at places where the user may not work, and the codes of these."""
    return {key: place for key, place, _, _ in _elsewhere(user, keys)}


def _elsewhere(user: User, keys: Iterable[UUID]) -> list[tuple[UUID, str, str, str]]:
    """The units at foreign places, with the codes of place and item, and their serials."""
    granted = granted_paths(user)
    if granted is None:
        return []
    ours = Location.objects.filter(type__in=[type_.value for type_ in ON_HAND])
    foreign = list(ours.exclude(within(granted)).values_list("pk", flat=True))
    rows = fetch(_ELSEWHERE, [keys_param(sorted(set(keys))), ids_param(foreign)])
    return [(key_value(key), place, item, serial) for key, place, item, serial in rows]
