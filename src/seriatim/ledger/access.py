"""Whether a user may work where units are: what the ledger adds to ``catalog.access``. Writes nothing.

What stands at no place of ours (registered, sold, at a supplier, used up, scrapped) is at nobody's place, and
everybody's. A component is where the unit is that it sits in.
"""

from collections.abc import Collection, Iterable
from uuid import UUID

from seriatim.accounts.models import User
from seriatim.catalog.access import granted_paths, within
from seriatim.catalog.selectors import in_batches
from seriatim.kernel.places import ON_HAND
from seriatim.kernel.refusals import Case, NotPermitted
from seriatim.ledger.models import Unit


def require_units(user: User, keys: Iterable[UUID]) -> None:
    """Refuse with NotPermitted unless the user may work where all of these units are; it names those elsewhere.

    One statement for somebody who is not restricted, whatever the number of units.
    """
    barred = barred_units(user, keys)
    if not barred:
        return
    cases = []
    for batch in in_batches(sorted(barred)):
        rows = Unit.objects.filter(key__in=batch).values_list("key", "serial", "item__code")
        cases += [Case(serial=serial, item=item, place=barred[key]) for key, serial, item in rows]
    cases.sort(key=lambda case: (case.place, case.item, case.serial))
    raise NotPermitted(cases, location=cases[0].place, user=user.get_username())


def barred_units(user: User, keys: Iterable[UUID]) -> dict[UUID, str]:
    """Those of the units that are at places where the user may not work, and the codes of these."""
    granted = granted_paths(user)
    if granted is None:
        return {}
    found: dict[UUID, str] = {}
    for batch in in_batches(sorted(set(keys))):
        tops = _outermost(batch)
        places = _elsewhere(set(tops.values()), granted)
        found |= {key: places[top] for key, top in tops.items() if top in places}
    return found


def _elsewhere(keys: Collection[UUID], granted: Collection[str]) -> dict[UUID, str]:
    rows = Unit.objects.filter(key__in=keys, location__type__in=[type_.value for type_ in ON_HAND])
    return dict(rows.exclude(within(granted, "location__path")).values_list("key", "location__code"))


def _outermost(keys: Collection[UUID]) -> dict[UUID, UUID]:
    """Each of the units, and the one that it sits in at last: itself, if it sits in none."""
    tops = {key: key for key in keys}
    level: Collection[UUID] = keys
    while level:
        rows = Unit.objects.filter(key__in=level, parent_id__isnull=False)
        parents: dict[UUID, UUID] = dict(rows.values_list("key", "parent_id"))
        tops = {key: parents.get(top, top) for key, top in tops.items()}
        level = set(parents.values())
    return tops
