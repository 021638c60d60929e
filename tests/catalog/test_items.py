"""Items: made, changed, archived, deleted while unused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError

from seriatim.accounts.models import Change
from seriatim.catalog import services
from seriatim.catalog.models import Item
from seriatim.catalog.transactions import TRIES, one_transaction
from seriatim.catalog.uses import Use
from seriatim.kernel.refusals import Archived, Busy, InUse, Invalid, NotFound, NotPermitted
from tests.support import rows
from tests.support.cast import Cast
from tests.support.databases import Copy
from tests.support.threads import in_threads


def changes_of(row: Any, subject: str = "item") -> list[tuple[str, str, str]]:
    found = Change.objects.filter(subject=subject, subject_id=str(row.pk)).order_by("id")
    return [(change.field, change.old, change.new) for change in found]


def test_a_manager_creates_an_item_with_all_that_is_said_of_it(cast: Cast) -> None:
    item = services.create_item(
        user=cast.manager,
        code="  TABLET ",
        name="Tablet 11”",
        uom="pcs",
        gtin="96385074",
        tracking="serial",
        serial_source="auto",
        serial_policy="on_entry",
        warranty_days=730,
        warranty_from="receipt",
        end_of_life_days=1825,
        default_price=4_990_000,
        default_supplier=cast.acme,
    )
    item.refresh_from_db()
    assert (item.code, item.gtin, item.default_supplier) == ("TABLET", "00000096385074", cast.acme)
    assert (item.serial_source, item.serial_policy) == ("auto", "on_entry")
    assert (item.warranty_days, item.warranty_from, item.default_price) == (730, "receipt", 4_990_000)
    assert changes_of(item) == [("code", "", "TABLET")]


def test_an_item_is_tracked_by_serial_unless_said_otherwise(cast: Cast) -> None:
    item = services.create_item(user=cast.manager, code="X", name="X")
    assert (item.tracking, item.uom, item.serial_policy) == ("serial", "pcs", "before_leaving")


def _acts(cast: Cast, user: Any) -> list[Callable[[], object]]:
    return [
        lambda: services.create_item(user=user, code="X", name="X"),
        lambda: services.change_item(user=user, item=cast.phone, name="X"),
        lambda: services.archive_item(user=user, item=cast.phone),
        lambda: services.unarchive_item(user=user, item=cast.phone),
        lambda: services.delete_item(user=user, item=cast.phone),
    ]


@pytest.mark.parametrize("who", ["viewer", "operator"])
def test_who_may_not_edit_master_data_is_refused_everywhere(cast: Cast, who: str) -> None:
    user = getattr(cast, who)
    for act in _acts(cast, user):
        with pytest.raises(NotPermitted) as refused:
            act()
        assert refused.value.facts["right"] == "catalog"
    assert not Change.objects.exists()


#: field → a value that cannot be taken, and the reason.
BAD: list[tuple[str, Any, str]] = [
    ("code", "", "required"),
    ("code", "   ", "required"),
    ("code", "A" * 61, "longer than 60 characters"),
    ("code", "A\u200bB", "has characters that cannot be seen"),
    ("code", "A\nB", "has characters that cannot be seen"),
    ("code", 12, "not a text"),
    ("code", "laptop", "taken"),
    ("name", "", "required"),
    ("name", "N" * 201, "longer than 200 characters"),
    ("uom", "", "required"),
    ("gtin", "4006381333932", "wrong check digit"),
    ("gtin", "40063813339", "not 8, 12, 13 or 14 digits"),
    ("gtin", "ABCDEFGH", "not 8, 12, 13 or 14 digits"),
    ("gtin", "4006381333931", "taken"),
    ("tracking", "lot", "none of serial, quantity, none"),
    ("serial_source", "thin air", "none of oem, auto"),
    ("serial_policy", "never", "none of on_entry, before_leaving"),
    ("warranty_from", "birth", "none of receipt, delivery, installation, fixed"),
    ("warranty_days", -1, "not between 0 and 36525"),
    ("warranty_days", 1.5, "not a whole number"),
    ("warranty_days", True, "not a whole number"),
    ("warranty_date", "2026-01-01", "not a day"),
    ("end_of_life_days", 99_999, "not between 0 and 36525"),
    ("default_price", -1, "not between 0 and 9000000000000"),
]


@pytest.mark.parametrize(("field", "value", "reason"), BAD)
def test_a_value_that_cannot_be_taken_is_refused_with_its_reason(
    cast: Cast, field: str, value: Any, reason: str
) -> None:
    said: dict[str, Any] = {"code": "NEW", "name": "New", field: value}
    with pytest.raises(Invalid) as refused:
        services.create_item(user=cast.manager, **said)
    assert (refused.value.facts["field"], refused.value.facts["reason"]) == (field, reason)
    with pytest.raises(Invalid):
        services.change_item(user=cast.manager, item=cast.phone, **{field: value})
    assert not Change.objects.exists()


def test_a_code_is_kept_in_one_unicode_form(cast: Cast) -> None:
    item = services.create_item(user=cast.manager, code="Gera\u0308t", name="Gera\u0308t")
    assert (item.code, item.name) == ("Gerät", "Gerät")
    with pytest.raises(Invalid):
        services.create_item(user=cast.manager, code="Gerät", name="other")


def test_a_fixed_warranty_needs_its_date(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        services.change_item(user=cast.manager, item=cast.phone, warranty_from="fixed")
    assert refused.value.facts == {"field": "warranty_date", "reason": "required"}
    services.change_item(
        user=cast.manager, item=cast.phone, warranty_from="fixed", warranty_date=date(2027, 1, 1)
    )


def test_the_default_supplier_is_a_supplier_in_use(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        services.change_item(user=cast.manager, item=cast.phone, default_supplier=cast.lind)
    assert refused.value.facts["reason"] == "not a supplier"
    acme = services.archive_party(user=cast.manager, party=cast.acme)
    with pytest.raises(Archived):
        services.change_item(user=cast.manager, item=cast.phone, default_supplier=acme)


def test_an_item_may_be_changed_though_its_supplier_was_archived_since(cast: Cast) -> None:
    services.change_item(user=cast.manager, item=cast.phone, default_supplier=cast.acme)
    services.archive_party(user=cast.manager, party=cast.acme)
    services.change_item(user=cast.manager, item=cast.phone, name="Phone")
    services.change_item(user=cast.manager, item=cast.phone, default_supplier=None)


def test_what_is_changed_is_registered_with_old_and_new_and_the_rest_is_left(cast: Cast) -> None:
    item = services.change_item(
        user=cast.manager, item=cast.phone, name="Phone 6.7”", warranty_days=None, default_supplier=cast.acme
    )
    item.refresh_from_db()
    assert (item.name, item.warranty_days, item.code) == ("Phone 6.7”", None, "PHONE")
    assert changes_of(item) == [
        ("name", "Phone 6.1”", "Phone 6.7”"),
        ("warranty_days", "365", ""),
        ("default_supplier", "", "ACME"),
    ]


def test_saying_what_is_so_already_changes_nothing(cast: Cast) -> None:
    services.change_item(user=cast.manager, item=cast.phone, name="Phone 6.1”", code="PHONE")
    assert not Change.objects.exists()


def test_a_code_may_change_its_letter_case(cast: Cast) -> None:
    assert services.change_item(user=cast.manager, item=cast.phone, code="Phone").code == "Phone"


def test_an_item_that_is_gone_is_refused(cast: Cast) -> None:
    services.delete_item(user=cast.manager, item=cast.phone)
    for act in _acts(cast, cast.manager)[1:]:
        with pytest.raises(NotFound) as refused:
            act()
        assert refused.value.facts == {"what": "item", "name": "PHONE"}


def test_an_unused_item_is_deleted_and_that_is_registered(cast: Cast) -> None:
    pk = cast.phone.pk
    services.delete_item(user=cast.manager, item=cast.phone)
    assert not Item.objects.filter(pk=pk).exists()
    assert Change.objects.filter(subject="item", subject_id=str(pk), old="PHONE", new="").exists()


def _draft_line(cast: Cast) -> None:
    rows.a_line(rows.a_document(state="draft"), cast.phone)


def _balance(cast: Cast) -> None:
    line = rows.a_line(rows.a_document("opening_stock"), cast.phone, target=cast.a01)
    rows.a_quantity(line, rows.outside("opening"), cast.a01, 1_000)


@pytest.mark.parametrize(
    ("use", "label"),
    [
        (lambda cast: rows.a_unit(cast.phone), "units"),
        (_draft_line, "documents"),
        (
            lambda cast: rows.a_line(rows.a_document(state="draft"), cast.laptop, parent_item=cast.phone),
            "documents",
        ),
        (_balance, "stock"),
    ],
)
def test_an_item_that_anything_refers_to_is_not_deleted(
    cast: Cast, use: Callable[[Cast], object], label: str
) -> None:
    use(cast)
    with pytest.raises(InUse) as refused:
        services.delete_item(user=cast.manager, item=cast.phone)
    assert refused.value.facts == {"what": "item", "name": "PHONE"}
    assert [case.note for case in refused.value.cases] == [label]
    assert Item.objects.filter(pk=cast.phone.pk).exists()


def test_an_item_that_only_the_database_knows_to_be_in_use_is_refused_all_the_same(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows.a_unit(cast.phone)
    monkeypatch.setattr("seriatim.catalog.uses._checks", {use: {} for use in Use})
    with pytest.raises(InUse) as refused:
        services.delete_item(user=cast.manager, item=cast.phone)
    assert [case.note for case in refused.value.cases] == ["units"]


def test_an_item_in_use_is_archived_and_brought_back(cast: Cast) -> None:
    rows.a_unit(cast.phone)
    assert services.archive_item(user=cast.manager, item=cast.phone).archived_at is not None
    services.archive_item(user=cast.manager, item=cast.phone)
    assert services.unarchive_item(user=cast.manager, item=cast.phone).archived_at is None
    assert changes_of(cast.phone) == [("archived", "False", "True"), ("archived", "True", "False")]


# --- tracking ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("item", ["phone", "cable", "setup"])
@pytest.mark.parametrize("tracking", ["serial", "quantity", "none"])
def test_the_tracking_of_an_item_that_was_never_used_may_change_freely(
    cast: Cast, item: str, tracking: str
) -> None:
    changed = services.change_item(user=cast.manager, item=getattr(cast, item), tracking=tracking)
    assert changed.tracking == tracking


@pytest.mark.parametrize("tracking", ["quantity", "none"])
def test_an_item_stays_tracked_by_serial_while_units_exist(cast: Cast, tracking: str) -> None:
    rows.a_unit(cast.phone)
    with pytest.raises(InUse) as refused:
        services.change_item(user=cast.manager, item=cast.phone, tracking=tracking)
    assert refused.value.cases[0].note == "units"


def test_an_item_stays_tracked_by_serial_while_goods_wait_for_theirs(cast: Cast) -> None:
    line = rows.a_line(rows.a_document(), cast.phone, target=cast.a01)
    rows.a_quantity(line, rows.outside("supplier"), cast.a01, 2_000, target_waiting=line.pk)
    with pytest.raises(InUse):
        services.change_item(user=cast.manager, item=cast.phone, tracking="quantity")


def test_a_stock_by_quantity_becomes_one_by_serial_by_a_document_only(cast: Cast) -> None:
    line = rows.a_line(rows.a_document("opening_stock"), cast.cable, target=cast.a01)
    rows.a_quantity(line, rows.outside("opening"), cast.a01, 2_000)
    with pytest.raises(InUse):
        services.change_item(user=cast.manager, item=cast.cable, tracking="serial")
    # What that document calls.
    services.set_tracking(item=cast.cable, tracking="serial", user=cast.manager)
    cast.cable.refresh_from_db()
    assert cast.cable.tracking == "serial"
    assert changes_of(cast.cable) == [("tracking", "quantity", "serial")]


def test_an_item_without_stock_left_may_be_tracked_in_another_way(cast: Cast) -> None:
    line = rows.a_line(rows.a_document("opening_stock"), cast.cable, target=cast.a01)
    rows.a_quantity(line, rows.outside("opening"), cast.a01, 2_000)
    rows.a_quantity(line, cast.a01, rows.outside("customer"), 2_000)
    assert services.change_item(user=cast.manager, item=cast.cable, tracking="serial").tracking == "serial"


# --- side by side -----------------------------------------------------------------------------------------


def test_of_many_who_create_one_code_at_once_one_succeeds_and_all_others_are_refused_by_name(
    real_db: Copy, real_cast: Cast
) -> None:
    answers = in_threads(
        6, lambda n: services.create_item(user=real_cast.manager, code="SAME" if n % 2 else "same", name="x")
    )
    made = [one for one in answers if isinstance(one, Item)]
    refused = [one for one in answers if isinstance(one, Invalid)]
    assert (len(made), len(refused)) == (1, 5), answers
    assert {one.facts["reason"] for one in refused} == {"taken"}


@pytest.mark.parametrize("message", ["database is locked", "UNIQUE constraint failed: x.y"])
def test_what_others_keep_writing_first_is_refused_as_busy(cast: Cast, message: str) -> None:
    tries = []

    @one_transaction
    def service() -> None:
        tries.append(1)
        raise (OperationalError if "locked" in message else IntegrityError)(message)

    with pytest.raises(Busy):
        service()
    assert len(tries) == TRIES


def test_our_own_mistakes_are_not_taken_for_others_work(cast: Cast) -> None:
    @one_transaction
    def service() -> None:
        raise IntegrityError("CHECK constraint failed: item_code_given")

    with pytest.raises(IntegrityError):
        service()
