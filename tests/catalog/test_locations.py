"""Locations: a tree that stays one, with the outside world beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from seriatim.accounts.models import Change
from seriatim.catalog import services, tree
from seriatim.catalog.access import require_locations
from seriatim.catalog.models import Location, LocationGrant
from seriatim.documents.models import Line
from seriatim.kernel.places import SYSTEM
from seriatim.kernel.refusals import Archived, InUse, Invalid, NotFound, NotPermitted
from tests.support import rows
from tests.support.cast import Cast
from tests.support.databases import Copy
from tests.support.threads import in_threads


def create(cast: Cast, code: str, parent: Location | None = None, **more: Any) -> Location:
    return services.create_location(user=cast.manager, code=code, name=code, parent=parent, **more)


def move(cast: Cast, location: Location, parent: Location | None) -> Location:
    return services.change_location(user=cast.manager, location=location, parent=parent)


def changes_of(location: Location) -> list[tuple[str, str, str]]:
    found = Change.objects.filter(subject="location", subject_id=str(location.pk)).order_by("id")
    return [(change.field, change.old, change.new) for change in found]


def assert_paths_right() -> None:
    """Every path says the ids from the root down."""
    every = {row.pk: row for row in Location.objects.all()}
    for row in every.values():
        way, at = [], row
        while True:
            way.append(at.pk)
            assert len(way) <= len(every), "the tree has a circle"
            if at.parent_id is None:
                break
            at = every[at.parent_id]
        assert row.path == "/" + "".join(f"{pk}/" for pk in reversed(way)), row


def test_a_location_is_created_below_another_with_its_path(cast: Cast) -> None:
    shelf = create(cast, "A-01-1", cast.a01, sellable=False)
    assert shelf.path == f"{cast.a01.path}{shelf.pk}/"
    assert (shelf.type, shelf.sellable) == ("storage", False)
    assert changes_of(shelf) == [("code", "", "A-01-1")]
    assert_paths_right()


@pytest.mark.parametrize("above", ["storage", "service", "transit"])
@pytest.mark.parametrize("below", ["storage", "service", "transit"])
def test_places_inside_may_stand_below_each_other(cast: Cast, above: str, below: str) -> None:
    create(cast, "BELOW", create(cast, "ABOVE", type=above), type=below)
    assert_paths_right()


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("code", "", "required"),
        ("code", "a-01", "taken"),
        ("name", "", "required"),
        ("type", "moon", "none of service, storage, transit"),
        ("sellable", "yes", "neither yes nor no"),
        *[("type", type_.value, "made by the system") for type_ in sorted(SYSTEM)],
    ],
)
def test_a_value_that_cannot_be_taken_is_refused(cast: Cast, field: str, value: Any, reason: str) -> None:
    said: dict[str, Any] = {"code": "NEW", "name": "New", field: value}
    with pytest.raises(Invalid) as refused:
        services.create_location(user=cast.manager, **said)
    assert (refused.value.facts["field"], refused.value.facts["reason"]) == (field, reason)
    with pytest.raises(Invalid):
        services.change_location(user=cast.manager, location=cast.a02, **{field: value})
    assert not Change.objects.exists()


def test_a_branch_moves_with_all_that_stands_below_it_in_as_many_statements_as_a_leaf(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for number in range(30):
        create(cast, f"S-{number}", cast.a01)
    with CaptureQueriesContext(connection) as leaf:
        move(cast, cast.a02, cast.shop)
    with django_assert_num_queries(len(leaf)):
        move(cast, cast.a01, cast.shop)
    assert_paths_right()
    assert cast.main.children.count() == 0
    assert changes_of(cast.a01) == [("parent", "MAIN", "SHOP")]
    move(cast, cast.a01, None)
    assert_paths_right()
    assert changes_of(cast.a01)[-1] == ("parent", "SHOP", "")


def test_no_location_stands_below_itself(cast: Cast) -> None:
    shelf = create(cast, "SHELF", cast.a01)
    for below in (cast.main, cast.a01, shelf):
        with pytest.raises(Invalid) as refused:
            move(cast, cast.main, below)
        assert refused.value.facts == {"field": "parent", "reason": "stands below it", "value": below.code}
    assert_paths_right()


def test_nothing_stands_below_the_outside_world(cast: Cast) -> None:
    for act in (
        lambda: create(cast, "X", cast.outside("customer")),
        lambda: move(cast, cast.a01, cast.outside("scrap")),
    ):
        with pytest.raises(Invalid) as refused:
            act()
        assert refused.value.facts["reason"] == "made by the system"


def test_a_tree_that_is_too_deep_is_refused_not_cut_off(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        _string_of_places(cast, cast.main)
    assert refused.value.facts["reason"] == "too many levels"
    top = create(cast, "TOP")
    with pytest.raises(Invalid) as refused:
        move(cast, cast.main, top)
    assert refused.value.facts["reason"] == "too many levels"
    assert_paths_right()


def _string_of_places(cast: Cast, at: Location) -> None:
    for level in range(tree.LONGEST_PATH):
        at = create(cast, f"L-{level}", at)


def test_two_who_hang_each_others_branches_at_once_make_no_circle(real_db: Copy, real_cast: Cast) -> None:
    cast = real_cast
    for _ in range(5):
        pairs = [(cast.main, cast.shop), (cast.shop, cast.main)]
        answers = in_threads(2, lambda n, pairs=pairs: move(cast, *pairs[n]))  # type: ignore[misc]
        assert sum(isinstance(one, Location) for one in answers) == 1, answers
        assert sum(isinstance(one, Invalid) for one in answers) == 1, answers
        assert_paths_right()
        for place in (cast.main, cast.shop):
            move(cast, place, None)


def test_a_place_made_while_its_parent_moves_has_the_right_path(real_db: Copy, real_cast: Cast) -> None:
    cast = real_cast
    for turn in range(5):
        parent = cast.shop if turn % 2 == 0 else None
        answers = in_threads(
            2,
            lambda n, turn=turn, parent=parent: (  # type: ignore[misc]
                move(cast, cast.main, parent) if n else create(cast, f"NEW-{turn}", cast.a01)
            ),
        )
        assert all(isinstance(one, Location) for one in answers), answers
        assert_paths_right()


def _acts(cast: Cast, user: Any) -> list[Callable[[], object]]:
    return [
        lambda: services.create_location(user=user, code="X", name="X"),
        lambda: services.change_location(user=user, location=cast.a02, name="X"),
        lambda: services.archive_location(user=user, location=cast.a02),
        lambda: services.unarchive_location(user=user, location=cast.a02),
        lambda: services.delete_location(user=user, location=cast.a02),
    ]


def test_who_may_not_edit_master_data_is_refused_everywhere(cast: Cast) -> None:
    for act in _acts(cast, cast.operator):
        with pytest.raises(NotPermitted):
            act()


def test_a_location_that_is_gone_is_refused(cast: Cast) -> None:
    services.delete_location(user=cast.manager, location=cast.a02)
    for act in _acts(cast, cast.manager)[1:]:
        with pytest.raises(NotFound):
            act()
    with pytest.raises(NotFound):
        create(cast, "X", cast.a02)


# --- the outside world ------------------------------------------------------------------------------------


@pytest.mark.parametrize("type_", sorted(SYSTEM))
def test_the_outside_world_may_be_renamed_and_nothing_else(cast: Cast, type_: str) -> None:
    place = cast.outside(type_)
    services.change_location(user=cast.manager, location=place, name="Elsewhere")
    for act in (
        lambda: services.change_location(user=cast.manager, location=place, type="storage"),
        lambda: services.change_location(user=cast.manager, location=place, sellable=True),
        lambda: move(cast, place, cast.main),
        lambda: services.archive_location(user=cast.manager, location=place),
        lambda: services.delete_location(user=cast.manager, location=place),
    ):
        with pytest.raises(Invalid) as refused:
            act()
        assert (refused.value.facts["reason"], refused.value.facts["value"]) == (
            "made by the system",
            place.code,
        )


# --- in use -----------------------------------------------------------------------------------------------


def _left_behind(cast: Cast) -> None:
    """A unit was there once and has gone on; of all that is written only its movements still say so."""
    units = rows.received(cast.laptop, cast.a02, ["S-1"])
    rows.moved(units, cast.shop, at=rows.day(1))
    Line.objects.update(source=None, target=None)


@pytest.mark.parametrize(
    ("use", "label"),
    [
        (lambda cast: create(cast, "BELOW", cast.a02), "locations"),
        (lambda cast: LocationGrant.objects.create(user=cast.viewer, location=cast.a02), "grants"),
        (lambda cast: rows.a_line(rows.a_document(state="draft"), cast.laptop, target=cast.a02), "documents"),
        (_left_behind, "movements"),
    ],
)
def test_a_location_that_anything_refers_to_is_neither_deleted_nor_given_another_type(
    cast: Cast, use: Callable[[Cast], object], label: str
) -> None:
    use(cast)
    for act in (
        lambda: services.delete_location(user=cast.manager, location=cast.a02),
        lambda: services.change_location(user=cast.manager, location=cast.a02, type="service"),
    ):
        with pytest.raises(InUse) as refused:
            act()
        assert refused.value.facts == {"what": "location", "name": "A-02"}
        assert [case.note for case in refused.value.cases] == [label]


def test_a_location_that_nothing_refers_to_may_get_another_type_and_be_deleted(cast: Cast) -> None:
    assert services.change_location(user=cast.manager, location=cast.a02, type="service").type == "service"
    services.delete_location(user=cast.manager, location=cast.a02)
    assert not Location.objects.filter(code="A-02").exists()


def test_a_location_with_stock_is_not_archived(cast: Cast) -> None:
    units = rows.received(cast.laptop, cast.a02, ["S-1"])
    with pytest.raises(InUse) as refused:
        services.archive_location(user=cast.manager, location=cast.a02)
    assert [case.note for case in refused.value.cases] == ["units"]
    rows.moved(units, cast.shop, at=rows.day(1))
    assert services.archive_location(user=cast.manager, location=cast.a02).archived_at is not None


def test_a_location_with_a_quantity_is_not_archived(cast: Cast) -> None:
    line = rows.a_line(rows.a_document("opening_stock"), cast.cable, target=cast.a02)
    rows.a_quantity(line, rows.outside("opening"), cast.a02, 1_000)
    with pytest.raises(InUse) as refused:
        services.archive_location(user=cast.manager, location=cast.a02)
    assert [case.note for case in refused.value.cases] == ["stock"]


def test_a_location_is_archived_after_those_below_it_and_comes_back_before_them(cast: Cast) -> None:
    with pytest.raises(InUse):
        services.archive_location(user=cast.manager, location=cast.main)
    for place in (cast.a01, cast.a02, cast.main):
        services.archive_location(user=cast.manager, location=place)
    with pytest.raises(Archived) as refused:
        services.unarchive_location(user=cast.manager, location=cast.a01)
    assert refused.value.facts == {"what": "location", "name": "MAIN"}
    with pytest.raises(Archived):
        create(cast, "NEW", cast.main)
    with pytest.raises(Archived):
        move(cast, cast.shop, cast.main)
    for place in (cast.main, cast.a01):
        assert services.unarchive_location(user=cast.manager, location=place).archived_at is None


# --- who may work where -----------------------------------------------------------------------------------


def test_a_user_without_restriction_works_everywhere(cast: Cast) -> None:
    require_locations(cast.operator, {cast.main.pk, cast.shop.pk})


def test_a_restricted_user_works_at_the_granted_places_and_below_them(cast: Cast) -> None:
    services.restrict_to(user=cast.admin, whom=cast.operator, locations=[cast.main, cast.van])
    require_locations(cast.operator, {cast.main.pk, cast.a01.pk, cast.van.pk})
    require_locations(cast.operator, [])
    with pytest.raises(NotPermitted) as refused:
        require_locations(cast.operator, [cast.shop.pk, cast.a01.pk, cast.bench.pk])
    assert refused.value.facts == {"location": "BENCH", "user": "operator"}
    assert [case.place for case in refused.value.cases] == ["BENCH", "SHOP"]


def test_what_is_moved_below_a_granted_place_is_granted(cast: Cast) -> None:
    services.restrict_to(user=cast.admin, whom=cast.operator, locations=[cast.main])
    move(cast, cast.shop, cast.a01)
    require_locations(cast.operator, [cast.shop.pk])


def test_a_restriction_is_lifted_and_registered(cast: Cast) -> None:
    services.restrict_to(user=cast.admin, whom=cast.operator, locations=[cast.main, cast.van])
    services.restrict_to(user=cast.admin, whom=cast.operator, locations=[])
    require_locations(cast.operator, [cast.shop.pk])
    rows_ = Change.objects.filter(subject="user", subject_id=str(cast.operator.pk)).order_by("id")
    assert [(row.old, row.new) for row in rows_] == [("", "MAIN, VAN"), ("MAIN, VAN", "")]


def test_only_administrators_restrict_users(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        services.restrict_to(user=cast.manager, whom=cast.operator, locations=[cast.main])
