"""Parties with their roles and addresses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from seriatim.accounts.models import Change
from seriatim.catalog import services
from seriatim.catalog.models import Address, Party, PartyRoleHeld
from seriatim.kernel.refusals import InUse, Invalid, NotFound, NotPermitted
from tests.support import rows
from tests.support.cast import Cast

HOME: services.AddressFields = {
    "lines": "Quay 1\nDock B",
    "postcode": "20457",
    "city": "Hamburg",
    "country": "de",
}


def roles_of(party: Party) -> set[str]:
    return set(party.roles.values_list("role", flat=True))


def changes_of(party: Party) -> list[tuple[str, str, str]]:
    found = Change.objects.filter(subject="party", subject_id=str(party.pk)).order_by("id")
    return [(change.field, change.old, change.new) for change in found]


def test_a_party_is_created_with_roles_and_addresses(cast: Cast) -> None:
    party = services.create_party(
        user=cast.manager,
        code="KAI",
        name="Kai Traders",
        email="office@example.com",
        phone="+49 40 1",
        note="Rings first.\r\nThen comes.",
        roles=["supplier", "customer", "supplier"],
        addresses=[HOME, {"label": "Bill", "lines": "PO Box 1"}],
    )
    party.refresh_from_db()
    assert (party.email, party.note) == ("office@example.com", "Rings first.\nThen comes.")
    assert roles_of(party) == {"supplier", "customer"}
    assert list(party.addresses.order_by("pk").values_list("label", "lines", "country")) == [
        ("", "Quay 1\nDock B", "DE"),
        ("Bill", "PO Box 1", ""),
    ]
    assert changes_of(party) == [("code", "", "KAI")]


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("code", "", "code"),
        ("code", "hafen", "code"),
        ("name", " ", "name"),
        ("email", "nowhere", "email"),
        ("phone", "1" * 61, "phone"),
        ("note", "a\x00b", "note"),
        ("roles", ["friend"], "role"),
        ("roles", "supplier", "roles"),
        ("addresses", [{"city": "Hamburg"}], "lines"),
        ("addresses", [{"lines": "x", "country": "DEU"}], "country"),
        ("addresses", [{"lines": "x", "planet": "Mars"}], "addresses"),
        ("addresses", "Quay 1", "addresses"),
    ],
)
def test_a_value_that_cannot_be_taken_is_refused(cast: Cast, field: str, value: Any, told: str) -> None:
    said: dict[str, Any] = {"code": "NEW", "name": "New", field: value}
    with pytest.raises(Invalid) as refused:
        services.create_party(user=cast.manager, **said)
    assert refused.value.facts["field"] == told
    with pytest.raises(Invalid):
        services.change_party(user=cast.manager, party=cast.lind, **{field: value})
    assert not Change.objects.exists()


def test_roles_and_addresses_are_replaced_where_they_are_said(cast: Cast) -> None:
    services.change_party(user=cast.manager, party=cast.acme, addresses=[HOME])
    services.change_party(user=cast.manager, party=cast.acme, roles=["supplier", "insurer"], name="Acme")
    assert roles_of(cast.acme) == {"supplier", "insurer"}
    assert cast.acme.addresses.count() == 1
    services.change_party(user=cast.manager, party=cast.acme, addresses=[])
    assert not Address.objects.exists()
    told = " | Quay 1, Dock B | 20457 | Hamburg | DE"
    assert changes_of(cast.acme) == [
        ("addresses", "", told),
        ("name", "Acme Devices", "Acme"),
        ("roles", "service_provider, supplier", "insurer, supplier"),
        ("addresses", told, ""),
    ]


def test_saying_what_is_so_already_changes_nothing(cast: Cast) -> None:
    services.change_party(
        user=cast.manager, party=cast.acme, roles=["supplier", "service_provider"], addresses=[], code="ACME"
    )
    assert not Change.objects.exists()


def _acts(cast: Cast, user: Any) -> list[Callable[[], object]]:
    return [
        lambda: services.create_party(user=user, code="X", name="X"),
        lambda: services.change_party(user=user, party=cast.lind, name="X"),
        lambda: services.archive_party(user=user, party=cast.lind),
        lambda: services.unarchive_party(user=user, party=cast.lind),
        lambda: services.delete_party(user=user, party=cast.lind),
    ]


def test_who_may_not_edit_master_data_is_refused_everywhere(cast: Cast) -> None:
    for act in _acts(cast, cast.operator):
        with pytest.raises(NotPermitted):
            act()


def test_an_unused_party_is_deleted_with_its_roles_and_addresses(cast: Cast) -> None:
    services.change_party(user=cast.manager, party=cast.lind, addresses=[HOME])
    pk = cast.lind.pk
    services.delete_party(user=cast.manager, party=cast.lind)
    assert not PartyRoleHeld.objects.filter(party=pk).exists()
    assert not Address.objects.exists()
    for act in _acts(cast, cast.manager)[1:]:
        with pytest.raises(NotFound):
            act()


def _owner(cast: Cast) -> None:
    rows.a_unit(cast.laptop, owner=cast.lind)


@pytest.mark.parametrize(
    ("use", "label"),
    [
        (lambda cast: rows.a_document(state="draft", party=cast.lind), "documents"),
        (lambda cast: rows.a_line(rows.a_document(state="draft"), cast.laptop, supplier=cast.lind), "lines"),
        (_owner, "units"),
        (lambda cast: type(cast.laptop).objects.update(default_supplier=cast.lind), "items"),
    ],
)
def test_a_party_that_anything_refers_to_is_not_deleted(
    cast: Cast, use: Callable[[Cast], object], label: str
) -> None:
    use(cast)
    with pytest.raises(InUse) as refused:
        services.delete_party(user=cast.manager, party=cast.lind)
    assert refused.value.facts == {"what": "party", "name": "LIND"}
    assert [case.note for case in refused.value.cases] == [label]


def test_a_party_that_units_once_were_with_is_not_deleted(cast: Cast) -> None:
    unit = rows.received(cast.laptop, cast.a01, ["S-1"])
    line = rows.moved(unit, rows.outside("customer"), at=rows.day(1), holder_id=cast.lind.pk)
    rows.move(unit[0], cast.a01, line=line, at=rows.day(2), holder_id=None)
    with pytest.raises(InUse) as refused:
        services.delete_party(user=cast.manager, party=cast.lind)
    assert [case.note for case in refused.value.cases] == ["movements"]


def test_a_party_in_use_is_archived_and_brought_back(cast: Cast) -> None:
    rows.a_document(party=cast.lind)
    assert services.archive_party(user=cast.manager, party=cast.lind).archived_at is not None
    assert services.unarchive_party(user=cast.manager, party=cast.lind).archived_at is None
    assert changes_of(cast.lind) == [("archived", "False", "True"), ("archived", "True", "False")]
