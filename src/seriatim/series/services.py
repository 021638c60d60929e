"""Defining series, changing and archiving them, the items they number, voiding numbers."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from seriatim.accounts.models import User
from seriatim.accounts.services import record_changes, require
from seriatim.catalog.models import Item, Location, SerialSource, Tracking
from seriatim.catalog.selectors import in_batches
from seriatim.kernel import refusals
from seriatim.kernel.places import INSIDE
from seriatim.kernel.refusals import Case
from seriatim.numbering import Pattern, Runs, read_pattern
from seriatim.numbering import PatternRefused as PatternProblems
from seriatim.series import register
from seriatim.series.models import Block, Counter, GapRule, RunState, Series, SeriesItem, SeriesPattern
from seriatim.series.taking import current, proved
from seriatim.series.typed import Typed, enter_typed, positions

#: Existing serials that are entered together.
BATCH = 50_000
#: Places whose codes a pattern with {location} is tried with: the longest ones.
_PLACES = 50


def read(text: str, *, items: Iterable[Item] = ()) -> Pattern:
    """A pattern in our notation or a foreign one, proved safe for these items. Raises PatternRefused."""
    try:
        pattern = Pattern.parse(read_pattern(text).text)
    except PatternProblems as refused:
        cases = [Case(note=problem.message) for problem in refused.problems]
        raise refusals.PatternRefused(cases, pattern=text[:200]) from None
    if len(pattern.text) > 200:
        raise refusals.PatternRefused([Case(note="too_long: over 200 characters")], pattern=text[:200])
    places: list[str | None] = [None]
    if any(part.field == "location" for part in pattern.parts):
        rows = Location.objects.filter(type__in=[type_.value for type_ in INSIDE], archived_at=None)
        places += sorted(rows.values_list("code", flat=True), key=lambda code: -len(code.encode()))[:_PLACES]
    users: list[Item | None] = [*items]
    for item in users or [None]:
        for place in places:
            proved(pattern, item=item, location=place)
    return pattern


@transaction.atomic
def define(*, user: User, code: str, pattern: str, name: str = "", gap_rule: str = GapRule.GAPLESS) -> Series:
    """Define a series. Raises NotPermitted, Invalid, PatternRefused."""
    require(user, "catalog")
    code = code.strip()
    if not code or len(code) > 60 or not code.isprintable():
        raise refusals.Invalid(field="code", reason="1 to 60 characters", value=code[:60])
    if gap_rule not in GapRule.values:
        raise refusals.Invalid(field="gap_rule", reason="unknown", value=gap_rule)
    if Series.objects.filter(code__iexact=code).exists():
        raise refusals.Invalid(field="code", reason="taken", value=code)
    text = read(pattern).text
    series = Series.objects.create(code=code, name=_name(name), gap_rule=gap_rule)
    _new_version(user, series, text, 1, "")
    record_changes(
        user=user, subject="series", subject_id=series.pk, changes={"code": ("", code), "pattern": ("", text)}
    )
    return series


@transaction.atomic
def change(
    *, user: User, series: Series, name: str | None = None, gap_rule: str | None = None, reason: str = ""
) -> Series:
    """Change a series' name or gap rule; both are told in its history. Raises NotPermitted, Invalid."""
    require(user, "catalog")
    series = locked(series)
    if gap_rule is not None and gap_rule not in GapRule.values:
        raise refusals.Invalid(field="gap_rule", reason="unknown", value=gap_rule)
    said = {"name": None if name is None else _name(name), "gap_rule": gap_rule}
    changes = {
        field: (getattr(series, field), value)
        for field, value in said.items()
        if value is not None and value != getattr(series, field)
    }
    for field, (_, new) in changes.items():
        setattr(series, field, new)
    series.save(update_fields=["name", "gap_rule"])
    record_changes(user=user, subject="series", subject_id=series.pk, changes=changes, reason=reason)
    return series


@transaction.atomic
def change_pattern(*, user: User, series: Series, pattern: str, reason: str = "") -> SeriesPattern:
    """Put a new pattern in force. What was issued under the old ones is never issued again.

    Serials that the items have already are entered by ``documents.series``, which knows the units.
    Raises NotPermitted, Archived, PatternRefused.
    """
    require(user, "catalog")
    series = locked(series)
    _refuse_archived(series)
    items = list(Item.objects.filter(pk__in=series.items.values("item_id")))
    text = read(pattern, items=items).text
    before = current(series)
    if text == before.text:
        return before
    version = _new_version(user, series, text, before.version + 1, reason)
    record_changes(
        user=user,
        subject="series",
        subject_id=series.pk,
        changes={"pattern": (before.text, text)},
        reason=reason,
    )
    return version


def _new_version(user: User, series: Series, text: str, version: int, reason: str) -> SeriesPattern:
    return SeriesPattern.objects.create(
        series=series, version=version, text=text, user=user, at=timezone.now(), reason=reason
    )


@transaction.atomic
def archive(*, user: User, series: Series, reason: str = "") -> Series:
    """Take a series out of use; its numbers and history stay. Raises NotPermitted, InUse.

    Not while items take numbers from it, or blocks of it are out.
    """
    require(user, "catalog")
    series = locked(series)
    items = series.items.order_by("item__code").values_list("item__code", flat=True)
    blocks = Block.objects.filter(counter__pattern__series=series, returned_at=None).count()
    cases = [Case(item=code, note="takes its numbers from it") for code in items[:100]]
    if blocks:
        cases.append(Case(note=f"{blocks} blocks are not returned"))
    if cases:
        raise refusals.InUse(cases, what="series", name=series.code)
    return _archived(user, series, archived=True, reason=reason)


@transaction.atomic
def unarchive(*, user: User, series: Series, reason: str = "") -> Series:
    """Bring a series back into use. Raises NotPermitted."""
    require(user, "catalog")
    return _archived(user, locked(series), archived=False, reason=reason)


def _archived(user: User, series: Series, *, archived: bool, reason: str) -> Series:
    before = series.archived_at
    if (before is not None) != archived:
        series.archived_at = timezone.now() if archived else None
        series.save(update_fields=["archived_at"])
        record_changes(
            user=user,
            subject="series",
            subject_id=series.pk,
            changes={"archived_at": (before, series.archived_at)},
            reason=reason,
        )
    return series


@transaction.atomic
def attach(*, user: User, item: Item, series: Series, existing: Iterable[str] = ()) -> None:
    """Let an item's numbers come from a series. Its ``existing`` serials that fit count as used.

    Raises NotPermitted, Archived, ItemNotStocked, PatternRefused.
    """
    require(user, "catalog")
    series = locked(series)
    _refuse_archived(series)
    if item.archived_at is not None:
        raise refusals.Archived(what="item", name=item.code)
    if item.tracking == Tracking.NONE:
        raise refusals.ItemNotStocked([Case(item=item.code, note="not stocked")])
    read(current(series).text, items=[item])
    before = SeriesItem.objects.filter(item=item).select_related("series").first()
    if before is not None and before.series_id == series.pk:
        return
    SeriesItem.objects.update_or_create(item=item, defaults={"series": series})
    _source(item, SerialSource.AUTO)
    record_changes(
        user=user,
        subject="item",
        subject_id=item.pk,
        changes={"series": (before.series.code if before else "", series.code)},
    )
    enter_existing(user=user, item=item, series=series, existing=existing)


def enter_existing(*, user: User, item: Item, series: Series, existing: Iterable[str]) -> None:
    """Enter serials that the item has already in the register of the pattern in force."""
    now = timezone.now()
    for serials in in_batches(existing, BATCH):
        enter_typed(
            Typed(
                series=series,
                item=item,
                serials=serials,
                line=0,
                location=None,
                party=None,
                user=user,
                at=now,
                document=None,
                existing=True,
            )
        )


@transaction.atomic
def detach(*, user: User, item: Item) -> None:
    """From now on every serial of the item is entered or scanned."""
    require(user, "catalog")
    row = SeriesItem.objects.filter(item=item).select_related("series").first()
    if row is None:
        return
    record_changes(user=user, subject="item", subject_id=item.pk, changes={"series": (row.series.code, "")})
    row.delete()
    _source(item, SerialSource.OEM)


def _source(item: Item, source: str) -> None:
    Item.objects.filter(pk=item.pk).update(serial_source=source)
    item.serial_source = source


@transaction.atomic
def void(*, user: User, series: Series, numbers: Iterable[str], reason: str, item: Item | None = None) -> int:
    """Declare numbers void: spoilt labels, lost cards. Returns how many.

    Raises NotPermitted, Invalid, and BlockUnavailable for used or void ones. ``item`` is needed where the
    pattern shows it and several items share the series.
    """
    require(user, "catalog")
    if not reason.strip():
        raise refusals.Invalid(field="reason", reason="required", value="")
    row = current(series)
    pattern = Pattern.parse(row.text)
    by_period = positions(pattern, _named(pattern, numbers, _code_of(series, item)), _code_of(series, item))
    count = 0
    for period in sorted(by_period):
        count += _void_period(user, register.locked(row, period), by_period[period], reason.strip())
    return count


def _void_period(user: User, counter: Counter, texts: dict[int, str], reason: str) -> int:
    values = Runs.of_values(texts)
    low, high = values.intervals[0].first, values.intervals[-1].last
    used = values & register.in_register(counter, since=low, until=high)
    if used:
        raise refusals.BlockUnavailable(
            [Case(serial=texts[value], note="used or void") for value in used.values()],
            series=counter.pattern.series.code,
        )
    entry = register.Entry(state=RunState.VOID, user=user, at=timezone.now(), reason=reason)
    register.enter(counter, values, entry)
    return values.size


def _named(pattern: Pattern, numbers: Iterable[str], item: str) -> list[str]:
    named = list(numbers)
    found = positions(pattern, named, item)
    fitting = {serial for values in found.values() for serial in values.values()}
    if bad := [number for number in named if number not in fitting]:
        cases = [Case(serial=number[:80], note="not of this series") for number in bad]
        raise refusals.Invalid(cases, field="number", reason="not of this series", value=bad[0][:80])
    return named


def _code_of(series: Series, item: Item | None) -> str:
    """The item that numbers are read for: the one that is named, or the only one that there is."""
    if item is not None:
        return item.code
    codes = list(series.items.values_list("item__code", flat=True)[:2])
    return codes[0] if len(codes) == 1 else ""


def _name(name: str) -> str:
    name = name.strip()
    if len(name) > 200:
        raise refusals.Invalid(field="name", reason="too long", value=name[:80])
    return name


def _refuse_archived(series: Series) -> None:
    if series.archived_at is not None:
        raise refusals.Archived(what="series", name=series.code)


def locked(series: Series) -> Series:
    """The series as it is now, its row taken by this transaction: two who change it do so one after the other."""
    # On SQLite the transaction itself is the lock.
    row = Series.objects.select_for_update().filter(pk=series.pk).first()
    if row is None:
        raise refusals.NotFound(what="series", name=series.code)
    return row
