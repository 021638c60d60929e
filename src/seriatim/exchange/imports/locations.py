"""Locations from a table: new codes are created, known ones changed or moved.

Columns: code (required), name, type, parent, sellable (yes or no). The parent is a code, of a location that exists or stands anywhere in
the file. A blank cell leaves what a location has; a new one needs a name, is of type storage unless said otherwise,
and stands at the root without a parent.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from seriatim.accounts.models import User
from seriatim.accounts.services import Changed
from seriatim.catalog import fields, tree, uses
from seriatim.catalog.models import Location
from seriatim.catalog.selectors import in_batches, locations_by_code
from seriatim.catalog.texts import clean_code, same_code
from seriatim.catalog.uses import Use
from seriatim.exchange.imports.report import Progress, Report
from seriatim.exchange.imports.rows import Import, Said, Work, no_progress, word, yes_or_no
from seriatim.exchange.tables import Source
from seriatim.kernel.places import ON_HAND, SYSTEM, LocationType
from seriatim.kernel.refusals import Invalid


def import_locations(
    *,
    user: User,
    source: Source,
    check_only: bool = False,
    name: str = "",
    progress: Progress = no_progress,
) -> Report:
    """Create, change and move locations, the whole file or nothing.

    Refuses with NotPermitted, FileUnusable, and with TableRefused, which lists every mistake of the file.
    """
    return LOCATIONS.run(user=user, source=source, check_only=check_only, name=name, progress=progress)


def _type(text: str) -> str:
    # Also those of the system, which a file that was exported has too; whether one fits is judged by row.
    try:
        return LocationType(word(text)).value
    except ValueError:
        known = ", ".join(sorted(ON_HAND))
        raise Invalid(field="type", reason=f"none of {known}", value=text) from None


def _write(work: Work) -> None:
    named = [said.code for said in work.rows] + [
        said.values["parent"] for said in work.rows if "parent" in said.values
    ]
    known = {same_code(code): row for code, row in locations_by_code(named).items()}
    for batch in work.batches():
        _check(work, batch, known)
    _check_parents(work, known)
    if work.problems.cells:
        return
    new = {same_code(said.code): _new(said) for said in work.rows if same_code(said.code) not in known}
    work.create(list(new.values()))
    old = [(known[same_code(said.code)], said) for said in work.rows if same_code(said.code) in known]
    moved = _hang(work, {**known, **new}, {row.pk for row in new.values()})
    work.change([(row, _plain(said)) for row, said in old], also=moved)


def _new(said: Said) -> Location:
    return Location(code=said.code, path="", **{"type": "storage", **_plain(said)})


def _plain(said: Said) -> dict[str, Any]:
    return {field: value for field, value in said.values.items() if field in ("name", "type", "sellable")}


def _check(work: Work, batch: Sequence[Said], known: Mapping[str, Location]) -> None:
    retyped = {}
    for said in batch:
        row = known.get(same_code(said.code))
        type_ = said.values.get("type")
        if row is None:
            if "name" not in said.values:
                work.problems.add(said.line, "name", "required")
            if type_ in SYSTEM:
                work.problems.add(said.line, "type", "made by the system", type_)
        elif type_ not in (None, row.type):
            if SYSTEM & {row.type, type_}:
                work.problems.add(said.line, "type", "made by the system", type_)
            retyped[row.pk] = said
    for pk, label in uses.used_by(Use.LOCATION, retyped).items():
        said = retyped[pk]
        work.problems.add(said.line, "type", f"cannot change while there are {label}", said.values["type"])


def _check_parents(work: Work, known: Mapping[str, Location]) -> None:
    """Every parent is there, may have something below it, and no way up leads round in a circle."""
    in_file = {same_code(said.code): said for said in work.rows}
    above = {}
    for said in work.rows:
        if "parent" not in said.values:
            continue
        key = same_code(said.values["parent"])
        reason = _parent_refused(said, in_file.get(key), known)
        if reason:
            work.problems.add(said.line, "parent", reason, said.values["parent"])
        above[same_code(said.code)] = key
    for code, parent in _others(known):
        above.setdefault(same_code(code), same_code(parent))
    round_about = _circles(above)
    for key, said in in_file.items():
        if key in round_about and "parent" in said.values:
            work.problems.add(said.line, "parent", "stands below it", said.values["parent"])


def _parent_refused(said: Said, row: Said | None, known: Mapping[str, Location]) -> str:
    child = known.get(same_code(said.code))
    parent = known.get(same_code(said.values["parent"]))
    if child is not None and child.place in SYSTEM:
        return "made by the system"
    if parent is None and row is None:
        return "not found"
    if child is not None and parent is not None and child.parent_id == parent.pk:
        return ""
    type_ = (
        parent.type if parent is not None else (row.values.get("type", "storage") if row is not None else "")
    )
    if type_ in SYSTEM:
        return "made by the system"
    return "archived" if parent is not None and parent.archived_at is not None else ""


def _others(known: Mapping[str, Location]) -> list[tuple[str, str]]:
    """(code, parent's code) of all locations that stand below another: the ways up from what the file names."""
    rows = Location.objects.filter(parent__isnull=False) if known else Location.objects.none()
    return list(rows.order_by().values_list("code", "parent__code"))


def _circles(above: Mapping[str, str]) -> set[str]:
    """Those from whom the way up leads back to themselves."""
    circles: set[str] = set()
    seen: set[str] = set()
    for start in above:
        way: list[str] = []
        at: str | None = start
        while at is not None and at not in seen:
            seen.add(at)
            way.append(at)
            at = above.get(at)
        if at in way:
            circles.update(way[way.index(at) :])
    return circles


def _hang(work: Work, rows: Mapping[str, Location], new: set[int]) -> set[int]:
    """Give all locations the parents and paths that they should have; gives the ids of those that moved."""
    # The whole tree, since what stands below a moved one is in no file; without its names it is small.
    before = {
        pk: (parent, path)
        for pk, parent, path in Location.objects.order_by().values_list("pk", "parent", "path")
    }
    parents = {pk: parent for pk, (parent, _) in before.items()}
    lines = {}
    for said in work.rows:
        pk = rows[same_code(said.code)].pk
        lines[pk] = said.line
        if "parent" in said.values:
            parents[pk] = rows[same_code(said.values["parent"])].pk
    paths: dict[int, str] = {}
    changed = [
        pk for pk in before if _path(pk, parents, paths) != before[pk][1] or parents[pk] != before[pk][0]
    ]
    for pk in changed:
        if len(paths[pk]) > tree.LONGEST_PATH:
            work.problems.add(lines.get(pk, 0), "parent", "too many levels")
    work.problems.refuse()
    by_pk = {row.pk: row for row in rows.values()}
    for batch in in_batches(changed):
        # Those that the file does not name move along with the one above them.
        others = Location.objects.in_bulk([pk for pk in batch if pk not in by_pk])
        there = [by_pk.get(pk) or others[pk] for pk in batch]
        for row in there:
            row.parent_id, row.path = parents[row.pk], paths[row.pk]
        work.write_back(there, ["parent", "path"])
    moved = {pk for pk in changed if parents[pk] != before[pk][0]} - new
    codes = _codes([before[pk][0] for pk in moved]) | _codes([parents[pk] for pk in moved])
    work.record(
        Changed("location", pk, "parent", codes.get(before[pk][0], ""), codes.get(parents[pk], ""))
        for pk in moved
    )
    return moved


def _codes(pks: Sequence[int | None]) -> dict[int | None, str]:
    found: dict[int | None, str] = {}
    for batch in in_batches({pk for pk in pks if pk is not None}):
        found.update(Location.objects.filter(pk__in=batch).values_list("pk", "code"))
    return found


def _path(pk: int, parents: Mapping[int, int | None], paths: dict[int, str]) -> str:
    """The path by the parents. It stops growing where it is too long: a file may hang all its rows on one string."""
    if pk not in paths:
        way = []
        at: int | None = pk
        while at is not None and at not in paths:
            way.append(at)
            at = parents[at]
        path = paths[at] if at is not None else "/"
        for step in reversed(way):
            if len(path) <= tree.LONGEST_PATH:
                path = f"{path}{step}/"
            paths[step] = path
    return paths[pk]


LOCATIONS = Import(
    model=Location,
    one="location",
    what="locations",
    readers={
        "code": fields.code,
        "name": fields.name,
        "type": _type,
        "parent": lambda text: clean_code(text, field="parent"),
        "sellable": yes_or_no("sellable"),
    },
    write=_write,
)
