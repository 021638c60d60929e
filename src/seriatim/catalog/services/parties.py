"""Parties with their roles and addresses: made, changed, archived, deleted while unused."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypedDict, Unpack

from seriatim.accounts.models import User
from seriatim.accounts.services import record_changes, require
from seriatim.catalog import fields
from seriatim.catalog.models import Address, Party, PartyRoleHeld
from seriatim.catalog.services import writing
from seriatim.catalog.transactions import one_transaction, queue_up
from seriatim.kernel.refusals import Invalid


class AddressFields(TypedDict, total=False):
    """What may be said of an address; ``lines`` must be."""

    label: str
    lines: str
    postcode: str
    city: str
    country: str


class PartyFields(TypedDict, total=False):
    """What may be said of a party. ``roles`` and ``addresses``, where said, replace those that there are."""

    code: str
    name: str
    email: str
    phone: str
    note: str
    roles: Sequence[str]
    addresses: Sequence[AddressFields]


@one_transaction
def create_party(*, user: User, **said: Unpack[PartyFields]) -> Party:
    """Create a party; ``code`` and ``name`` must be said. Refuses with NotPermitted, Invalid."""
    require(user, "catalog")
    party = Party()
    values, roles, addresses = _cleaned({"code": "", "name": "", **said})
    writing.set_values(party, values)
    writing.refuse_taken(party)
    party.save(force_insert=True)
    writing.record_created(party, user)
    _set_roles(party, roles or [])
    _set_addresses(party, addresses or [])
    return party


@one_transaction
def change_party(*, user: User, party: Party, seen: int | None = None, **said: Unpack[PartyFields]) -> Party:
    """Change what is said of a party, and leave the rest. ``seen``: the version (``accounts.versions``) it is made from.

    Refuses with NotPermitted, NotFound, ChangedMeanwhile, Invalid.
    """
    require(user, "catalog")
    writing.refuse_changed_since(party, seen)
    party = writing.fresh(party)
    values, roles, addresses = _cleaned({**said})
    changes = writing.set_values(party, values)
    if "code" in changes:
        writing.refuse_taken(party)
    writing.save_changed(party, user, changes)
    more: dict[str, tuple[object, object]] = {}
    if roles is not None:
        before = sorted(party.roles.values_list("role", flat=True))
        more["roles"] = (", ".join(before), ", ".join(roles))
        _set_roles(party, roles)
    if addresses is not None:
        before = [_told(address) for address in party.addresses.order_by("pk")]
        more["addresses"] = ("\n".join(before), "\n".join(map(_told, addresses)))
        if more["addresses"][0] != more["addresses"][1]:
            _set_addresses(party, addresses)
    record_changes(user=user, subject="party", subject_id=party.pk, changes=more)
    return party


@one_transaction
def archive_party(*, user: User, party: Party) -> Party:
    """Take a party out of use: it stays on what it stands on, and new documents refuse it."""
    require(user, "catalog")
    party = writing.fresh(party)
    writing.set_archived(party, user, archived=True)
    return party


@one_transaction
def unarchive_party(*, user: User, party: Party) -> Party:
    """Bring a party back into use."""
    require(user, "catalog")
    party = writing.fresh(party)
    writing.set_archived(party, user, archived=False)
    return party


@one_transaction
def delete_party(*, user: User, party: Party) -> None:
    """Delete a party that nothing refers to; its roles and addresses go with it. Refuses with InUse."""
    require(user, "catalog")
    queue_up()
    writing.delete_unused(writing.fresh(party), user)


def _cleaned(said: dict[str, object]) -> tuple[dict[str, object], list[str] | None, list[Address] | None]:
    values = dict(said)
    roles = _roles(values.pop("roles")) if "roles" in values else None
    addresses = _addresses(values.pop("addresses")) if "addresses" in values else None
    return fields.cleaned(fields.PARTY, values), roles, addresses


def _roles(said: object) -> list[str]:
    if isinstance(said, str) or not isinstance(said, Iterable):
        raise Invalid(field="roles", reason="not a list of roles", value=str(said))
    return sorted({fields.role(role).value for role in said})


def _addresses(said: object) -> list[Address]:
    if isinstance(said, str) or not isinstance(said, Iterable):
        raise Invalid(field="addresses", reason="not a list of addresses", value=str(said))
    addresses = []
    for one in said:
        if not isinstance(one, Mapping) or not set(one) <= set(fields.ADDRESS):
            raise Invalid(field="addresses", reason="not an address", value=str(one))
        addresses.append(Address(**fields.cleaned(fields.ADDRESS, {"lines": "", **one})))
    return addresses


def _set_roles(party: Party, roles: Sequence[str]) -> None:
    party.roles.exclude(role__in=roles).delete()
    held = set(party.roles.values_list("role", flat=True))
    PartyRoleHeld.objects.bulk_create(
        PartyRoleHeld(party=party, role=role) for role in roles if role not in held
    )


def _set_addresses(party: Party, addresses: Sequence[Address]) -> None:
    party.addresses.all().delete()
    for address in addresses:
        address.party = party
    Address.objects.bulk_create(addresses)


def _told(address: Address) -> str:
    parts = (
        address.label,
        address.lines.replace("\n", ", "),
        address.postcode,
        address.city,
        address.country,
    )
    return " | ".join(parts)
