"""What waits for somebody, what stands where, what came and went: the figures of the first page.

Each figure is one look into an index, so that the page is as quick over a million units as over ten. Whoever may work
at some places only gets the figures of these; what is at no place of ours, sold for instance, is everybody's.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from seriatim.accounts.models import User
from seriatim.accounts.services import may
from seriatim.catalog.access import granted_paths
from seriatim.catalog.models import Item, Location, Party
from seriatim.documents import worklists
from seriatim.documents.models import Document, Line
from seriatim.kernel.kinds import KINDS
from seriatim.kernel.marks import Mark, codes_in
from seriatim.kernel.places import ON_HAND, SYSTEM, LocationType, PartyRole
from seriatim.kernel.states import State
from seriatim.ledger.models import Movement, Unit

#: A warranty that ends within so many days is told of.
WARRANTY_DAYS = 30
#: So many days of what came and went, today included.
DAYS = 14
#: Places of the chart; the others are one sum.
PLACES = 8
#: The outside, as far as goods come from it and go to it. What is built in is still in the house.
_OUTSIDE = SYSTEM - {LocationType.ASSEMBLY}
_ALLOCATING = ("receive", "adjust", "produce")


@dataclass(frozen=True, slots=True)
class Place:
    """How many units stand at a place and below it."""

    code: str
    name: str
    units: int


@dataclass(frozen=True, slots=True)
class Day:
    """How many units came into the house and left it on a day."""

    day: date
    came: int
    went: int


@dataclass(frozen=True, slots=True)
class Steps:
    """What an empty site needs first, and whether it is there."""

    item: bool
    location: bool
    supplier: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """All figures. What does not concern the user is 0."""

    #: Lines whose goods wait for their serial numbers.
    allocations: int = 0
    #: Kind → pending documents that the user may post.
    pending: Mapping[str, int] = field(default_factory=dict)
    #: The user's own drafts.
    drafts: int = 0
    in_transit: int = 0
    #: Mark → marked units; a unit with two marks counts for both.
    marks: Mapping[str, int] = field(default_factory=dict)
    warranties: int = 0
    places: Sequence[Place] = ()
    #: Units at places beyond those that are shown, and how many places these are.
    elsewhere: int = 0
    places_elsewhere: int = 0
    days: Sequence[Day] = ()
    documents: Sequence[Document] = ()
    #: None once anything has moved.
    steps: Steps | None = None


def home(user: User, *, today: date) -> Home:
    """The figures for a user. The number of queries does not depend on how much there is."""
    if not Movement.objects.exists() and not Document.objects.exclude(state=State.DRAFT).exists():
        return Home(steps=_steps(), drafts=_drafts(user), documents=_latest(user))
    here = _Here(user)
    rows, elsewhere, others = _places(here)
    return Home(
        allocations=_allocations(user, here),
        pending=_pending(user, here),
        drafts=_drafts(user),
        in_transit=here.at(LocationType.TRANSIT),
        marks=_marks(here),
        warranties=_warranties(here, today),
        places=rows,
        elsewhere=elsewhere,
        places_elsewhere=others,
        days=_days(here, today),
        documents=_latest(user, here),
    )


class _Here:
    """The places that concern the user, and how many units stand at each."""

    def __init__(self, user: User) -> None:
        granted = granted_paths(user)
        self.restricted = granted is not None
        self.all = list(Location.objects.order_by("code"))
        self.inside = [
            place
            for place in self.all
            if place.place in ON_HAND
            and (granted is None or any(place.path.startswith(path) for path in granted))
        ]
        self.ids = [place.pk for place in self.inside]
        #: Places of ours that are not theirs.
        self.foreign = [
            place.pk for place in self.all if place.place in ON_HAND and place.pk not in set(self.ids)
        ]
        counts = Unit.objects.filter(location_id__in=self.ids).values_list("location_id")
        self.units: dict[int, int] = dict(counts.annotate(n=Count("*")).order_by())

    def at(self, type_: LocationType) -> int:
        """Units at places of a type."""
        return sum(self.units.get(place.pk, 0) for place in self.inside if place.place is type_)


def _allocations(user: User, here: _Here) -> int:
    if not any(may(user, right) for right in _ALLOCATING):
        return 0
    return sum(worklists.counts(here.ids if here.restricted else None).values())


def _pending(user: User, here: _Here) -> dict[str, int]:
    kinds = [kind.code for kind in KINDS.values() if may(user, kind.right)]
    rows: QuerySet[Document, Any] = Document.objects.filter(kind__in=kinds, state=State.PENDING)
    if here.restricted:
        lines = Line.objects.filter(document__state=State.PENDING)
        lines = lines.filter(Q(source__in=here.ids) | Q(target__in=here.ids))
        rows = rows.filter(pk__in=lines.values("document_id"))
    return dict(rows.values_list("kind").annotate(n=Count("*")).order_by("kind"))


def _drafts(user: User) -> int:
    return Document.objects.filter(kind__in=list(KINDS), state=State.DRAFT, created_by=user).count()


def _marks(here: _Here) -> dict[str, int]:
    rows: QuerySet[Unit, Any] = Unit.objects.filter(marks__gt=0)
    if here.restricted:
        rows = rows.filter(location_id__in=here.ids)
    found: dict[str, int] = defaultdict(int)
    for marks, number in rows.values_list("marks").annotate(n=Count("*")).order_by():
        for code in codes_in(marks):
            found[code] += number
    return {mark.code: found[mark.code] for mark in reversed(Mark) if found[mark.code]}


def _warranties(here: _Here, today: date) -> int:
    last = today + timedelta(days=WARRANTY_DAYS)
    rows = Unit.objects.filter(
        warranty_until__isnull=False, warranty_until__gte=today, warranty_until__lte=last
    )
    if here.restricted:
        rows = rows.filter(Q(location__isnull=True) | ~Q(location_id__in=here.foreign))
    return rows.count()


def _places(here: _Here) -> tuple[list[Place], int, int]:
    """The largest places with what stands below them: the outermost ones, or what is in the only one."""
    tops = _tops(here.inside)
    sums = [
        Place(
            top.code,
            top.name,
            sum(here.units.get(one.pk, 0) for one in here.inside if one.path.startswith(top.path)),
        )
        for top in tops
    ]
    filled = sorted((place for place in sums if place.units), key=lambda place: -place.units)
    rest = filled[PLACES:]
    return filled[:PLACES], sum(place.units for place in rest), len(rest)


def _tops(places: Sequence[Location]) -> list[Location]:
    paths = {place.path for place in places}

    def outermost(among: Sequence[Location]) -> list[Location]:
        return [
            place
            for place in among
            if not any(other != place.path and place.path.startswith(other) for other in paths)
        ]

    found = outermost(places)
    while len(found) == 1 and len(paths) > 1:
        (only,) = found
        paths.discard(only.path)
        found = outermost([place for place in places if place.path in paths])
    return found


def _days(here: _Here, today: date) -> list[Day]:
    outside = [place.pk for place in here.all if place.place in _OUTSIDE]
    first = today - timedelta(days=DAYS - 1)
    since = datetime.combine(first, time.min, timezone.get_current_timezone())
    rows = Movement.objects.filter(happened_at__gte=since)
    came, went = rows.filter(source_id__in=outside), rows.filter(location_id__in=outside)
    if here.restricted:
        came, went = came.filter(location_id__in=here.ids), went.filter(source_id__in=here.ids)
    sums = {day: [0, 0] for day in (first + timedelta(days=number) for number in range(DAYS))}
    for which, found in enumerate((came, went)):
        # All units of a document moved at one moment: the groups are as many as the documents.
        for at, number in found.values_list("happened_at").annotate(n=Count("*")).order_by():
            day = timezone.localtime(at).date()
            if day in sums:
                sums[day][which] += number
    return [Day(day, came, went) for day, (came, went) in sums.items()]


def _latest(user: User, here: _Here | None = None) -> list[Document]:
    rows = Document.objects.select_related("party", "created_by").order_by("-created_at")
    if here is not None and here.restricted:
        lines = Line.objects.filter(document=OuterRef("pk"))
        rows = rows.filter(
            Exists(lines.filter(Q(source__in=here.ids) | Q(target__in=here.ids)))
            | Q(source__in=here.ids)
            | Q(target__in=here.ids)
            | Q(created_by=user)
        )
    return list(rows[:8])


def _steps() -> Steps:
    return Steps(
        item=Item.objects.exists(),
        location=Location.objects.filter(type=LocationType.STORAGE).exists(),
        supplier=Party.objects.filter(roles__role=PartyRole.SUPPLIER).exists(),
    )
