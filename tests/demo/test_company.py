"""The demo company: whole, believable, and nothing in it that could not be."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from seriatim.accounts.models import User
from seriatim.catalog.models import Item, Location, Party
from seriatim.demo import FEWEST_UNITS, LOGINS, DemoResult, load, logins_here
from seriatim.documents.models import Document, Line
from seriatim.documents.verify import verify
from seriatim.exchange.backup_refusals import DatabaseNotEmpty
from seriatim.kernel.kinds import KINDS
from seriatim.kernel.marks import MARKS
from seriatim.kernel.places import LocationType, PartyRole
from seriatim.kernel.states import State
from seriatim.ledger.models import Balance, Identifier, Movement, Unit
from seriatim.numbering.checks import read_gtin, read_imei, read_mac
from tests.support.databases import Template


def test_it_has_exactly_the_units_that_were_asked_for_and_the_ledger_adds_up(company: DemoResult) -> None:
    assert company.units == Unit.objects.count() == FEWEST_UNITS
    assert company.documents == Document.objects.count()
    assert list(verify()) == []


def test_every_kind_was_posted(company: DemoResult) -> None:
    posted = Document.objects.filter(state=State.POSTED)
    assert set(posted.values_list("kind", flat=True)) == set(KINDS)


def test_documents_are_in_every_state(company: DemoResult) -> None:
    assert set(Document.objects.values_list("state", flat=True)) == {state.value for state in State}


def test_the_year_ends_now_and_nothing_lies_in_the_future(company: DemoResult) -> None:
    now = timezone.now()
    moments = list(Movement.objects.values_list("happened_at", flat=True))
    assert max(moments) <= now
    assert max(moments) > now - timedelta(hours=1)
    months = {(moment.year, moment.month) for moment in moments if moment > now - timedelta(days=365)}
    assert len(months) >= 12


def test_each_of_the_three_worklists_has_goods_that_wait_for_serials(company: DemoResult) -> None:
    waiting = Balance.objects.filter(source_line__gt=0, quantity__gt=0).values("source_line")
    kinds = set(Line.objects.filter(pk__in=waiting).values_list("document__kind", flat=True))
    assert kinds >= {"purchase_receipt", "opening_stock", "manufacture"}


def test_pending_documents_hold_units_and_nothing_else_does(company: DemoResult) -> None:
    pending = Document.objects.filter(state=State.PENDING)
    holders = set(Unit.objects.exclude(reserved_by=None).values_list("reserved_by", flat=True))
    assert holders
    assert holders <= set(pending.values_list("pk", flat=True))
    # An announced receipt has a list of serials, one came in part, and one waits behind its bill.
    announced = Line.objects.filter(document__in=pending, document__kind="purchase_receipt")
    assert announced.exclude(expected_serials="").exists()
    assert pending.filter(continues__isnull=False).exists()
    assert pending.filter(made_by__kind="sales_invoice").exists()


def test_some_loans_are_overdue(company: DemoResult) -> None:
    ours_outside = Unit.objects.filter(location__type=LocationType.CUSTOMER, owner=None)
    lines = Movement.objects.filter(unit__in=ours_outside, location__type=LocationType.CUSTOMER).values(
        "line_id"
    )
    late = Document.objects.filter(kind="loan_out", due_date__lt=timezone.now().date(), lines__in=lines)
    assert late.exists()


def test_units_are_in_every_kind_of_place_and_bear_every_mark(company: DemoResult) -> None:
    types = set(Unit.objects.exclude(location=None).values_list("location__type", flat=True))
    # From the opening things only come; nothing stands there.
    assert types == {type_.value for type_ in LocationType} - {LocationType.OPENING}
    assert Unit.objects.filter(seq=0).count() == 2
    marks = list(Unit.objects.exclude(marks=0).values_list("marks", flat=True))
    assert all(any(value & mark for value in marks) for mark in MARKS)
    recalled = Unit.objects.filter(marks=16).values_list("lot", flat=True).distinct()
    assert len(recalled) == 1


def test_components_sit_in_what_is_built_of_them(company: DemoResult) -> None:
    inside = Unit.objects.filter(location__type=LocationType.ASSEMBLY)
    assert inside.exists()
    assert not inside.filter(parent=None).exists()
    assert not Unit.objects.exclude(location__type=LocationType.ASSEMBLY).exclude(parent=None).exists()


def test_there_are_people_places_and_goods_of_all_sorts(company: DemoResult) -> None:
    assert Party.objects.filter(roles__role=PartyRole.SUPPLIER).count() == 6
    assert Party.objects.filter(roles__role=PartyRole.CUSTOMER).count() >= 30
    assert not Party.objects.filter(addresses=None).exists()
    assert set(Item.objects.values_list("tracking", flat=True)) == {"serial", "quantity", "none"}
    assert set(Item.objects.values_list("warranty_from", flat=True)) == {
        "receipt",
        "delivery",
        "installation",
        "fixed",
    }
    assert Location.objects.filter(parent__parent__code="NORTH").count() >= 12


def test_check_digits_are_right(company: DemoResult) -> None:
    gtins = [item.gtin for item in Item.objects.all() if item.gtin is not None]
    assert [read_gtin(gtin) for gtin in gtins] == gtins
    assert len(gtins) > 20
    readers = {"imei": read_imei, "mac": read_mac}
    for type_, read in readers.items():
        values = list(Identifier.objects.filter(type=type_).values_list("value", flat=True))
        assert values
        assert [read(value) for value in values] == values


def test_one_user_per_role_can_log_in(company: DemoResult) -> None:
    assert logins_here() == list(LOGINS) == list(company.logins)
    roles = {user.username: [group.name for group in user.groups.all()] for user in User.objects.all()}
    assert all(roles[login.username] == [login.role] for login in LOGINS)


def test_a_database_that_holds_anything_is_left_alone(company: DemoResult) -> None:
    before = Document.objects.count()
    with pytest.raises(DatabaseNotEmpty):
        load(units=FEWEST_UNITS)
    assert Document.objects.count() == before


def test_the_same_seed_makes_the_same_company(company: DemoResult, migrated: Template) -> None:
    def told() -> list[tuple[object, ...]]:
        rows = Movement.objects.filter(happened_at__lt=timezone.now() - timedelta(days=2))
        return sorted(rows.values_list("unit__serial", "seq", "happened_at", "location__code", "cost"))

    once = told()
    with migrated.copy():
        load(units=FEWEST_UNITS)
        assert told() == once


def test_what_a_small_company_lacks_comes_by_express(company: DemoResult, migrated: Template) -> None:
    with migrated.copy():
        load(units=FEWEST_UNITS, seed=1)
        assert Document.objects.filter(kind="purchase_receipt", note="By express").exists()
        assert list(verify()) == []
        assert Unit.objects.count() == FEWEST_UNITS
