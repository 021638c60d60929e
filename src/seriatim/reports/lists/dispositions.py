"""A disposition as a condition on units: the same rules as the kernel's, the other way round.

The kernel says the word for a unit; a list asks for all units with a word. That both agree is tested over every
combination of what the kernel looks at.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache

from django.db.models import Exists, OuterRef, Q

from seriatim.catalog.models import Location
from seriatim.kernel.disposition import Disposition, disposition
from seriatim.kernel.marks import MARKS
from seriatim.kernel.places import WITH_PARTY, LocationType
from seriatim.ledger.models import Supersession


def with_dispositions(words: Sequence[str], *, location: str = "location_id") -> Q:
    """Units that are any of these. ``location`` is the column, or what stands for it, that says where they are."""
    places = list(Location.objects.values_list("pk", "type", "sellable"))
    condition = Q(pk__in=())
    for word in words:
        condition |= _condition(Disposition(word), places, location)
    return condition


def _condition(word: Disposition, places: Sequence[tuple[int, str, bool]], location: str) -> Q:
    if marked := _marked()[word]:
        # Said twice: the partial index of marked units is known to serve by the first.
        return Q(marks__gt=0, marks__in=marked)
    free = Q(marks=0, reserved_by__isnull=True)
    if word is Disposition.RESERVED:
        return Q(marks=0, reserved_by__isnull=False)
    if word is Disposition.REGISTERED:
        # With nobody, at a supplier: what brought it in was reversed.
        suppliers = [pk for pk, type_, _sellable in places if type_ == LocationType.SUPPLIER]
        back = Q(**{f"{location}__in": suppliers}) & Q(owner__isnull=True, holder__isnull=True)
        return free & (Q(**{f"{location}__isnull": True}) | back)
    condition = Q(pk__in=())
    for ours, owned in ((True, Q(owner__isnull=True)), (False, Q(owner__isnull=False))):
        at = _at(places, word, ours=ours, superseded=False)
        corrected = _at(places, word, ours=ours, superseded=True)
        if at and _apart(word):
            # Whoever has a unit is its holder: said beside the place, it lets the few that are not where their owner
            # is be found by the indexes of these, among all that were sold or are in stock.
            owned &= Q(holder__isnull=not ours)
        # Where it makes no difference whether a unit was superseded, nobody asks.
        both = [pk for pk in at if pk in set(corrected)]
        if both:
            condition |= Q(**{f"{location}__in": both}) & owned
        if only := [pk for pk in at if pk not in set(corrected)]:
            condition |= Q(**{f"{location}__in": only}) & owned & Q(~_superseded())
        if only := [pk for pk in corrected if pk not in set(at)]:
            condition |= Q(**{f"{location}__in": only}) & owned & Q(_superseded())
    return free & condition


def _superseded() -> Exists:
    return Exists(Supersession.objects.filter(wrong_id=OuterRef("pk"), reversed=False))


def _at(
    places: Iterable[tuple[int, str, bool]], word: Disposition, *, ours: bool, superseded: bool
) -> list[int]:
    """The places at which an unmarked and unreserved unit is this."""
    named = _named(ours=ours, superseded=superseded)
    return [pk for pk, type_, sellable in places if named(type_, sellable) is word]


def by_place(words: Sequence[str]) -> bool:
    """Whether these are told by where a unit is, and not by what few have: a mark, a reservation, another owner."""
    return not any(
        _marked()[Disposition(word)] or word == Disposition.RESERVED or _apart(Disposition(word))
        for word in words
    )


def _apart(word: Disposition) -> bool:
    """Whether it is said only of what is ours and with somebody, or somebody's and in our storage."""
    lent = {_named(ours=True, superseded=False)(type_, False) for type_ in WITH_PARTY}
    return word in {*lent, _named(ours=False, superseded=False)(LocationType.STORAGE, True)}


def _named(*, ours: bool, superseded: bool) -> Callable[[str, bool], Disposition]:
    return lambda type_, sellable: disposition(
        place=type_, sellable=sellable, marks=0, reserved=False, ours=ours, superseded=superseded
    )


@cache
def _marked() -> dict[Disposition, list[int]]:
    """Disposition → the combinations of marks that name it."""
    found: dict[Disposition, list[int]] = {word: [] for word in Disposition}
    for marks in range(1, 2 ** len(MARKS)):
        word = disposition(place=LocationType.STORAGE, sellable=True, marks=marks, reserved=False, ours=True)
        found[word].append(marks)
    return found
