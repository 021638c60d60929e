"""Parties with their roles and addresses: looked up, made, changed, archived, deleted while unused."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Status
from pydantic import Field

from seriatim.api.lists import listed
from seriatim.api.operations import Resource, Special
from seriatim.api.records import MADE, put, put_fields, tagged, unchanged, who
from seriatim.api.values import Moment, Said, Shown, Text, left_out
from seriatim.catalog import services
from seriatim.catalog.selectors import party_by_code
from seriatim.reports.lists import LISTINGS

parties = Resource("Parties")

#: Texts that null empties.
_EMPTIED = frozenset({"email", "phone", "note"})


class SaidAddress(Said):
    """An address, as it is sent."""

    label: Text = Field("", description="What it is for.")
    lines: Text
    postcode: Text = ""
    city: Text = ""
    country: Text = Field("", description="Two letters (ISO 3166-1).")


class PartyFields(Said):
    """What may be said of a party; roles and addresses, where said, replace those that there are."""

    name: Text = left_out("What it is called.")
    email: Text | None = left_out()
    phone: Text | None = left_out()
    note: Text | None = left_out()
    roles: list[Text] = left_out(
        "Any of supplier, customer, borrower, insurer, service_provider.", max_length=20
    )
    addresses: list[SaidAddress] = left_out(max_length=1_000)


class NewParty(PartyFields):
    """A party to be made."""

    code: Text = Field(
        description="1 to 60 characters; no two parties have one code, in whatever letter case."
    )
    name: Text


class ChangedParty(PartyFields):
    """What is to change of a party."""

    code: Text = left_out()


class Address(Shown):
    """An address of a party."""

    label: str
    lines: str
    postcode: str
    city: str
    country: str


class Party(Shown):
    """A party."""

    code: str
    name: str
    email: str
    phone: str
    note: str
    roles: list[str]
    addresses: list[Address]
    archived: bool
    archived_at: Moment | None


def _fields(said: PartyFields) -> dict[str, Any]:
    fields = said.model_dump(exclude_unset=True)
    return {name: "" if value is None and name in _EMPTIED else value for name, value in fields.items()}


def shown(party: Any) -> dict[str, Any]:
    """The party as it is answered."""
    fields = ("label", "lines", "postcode", "city", "country")
    return {
        "code": party.code,
        "name": party.name,
        "email": party.email,
        "phone": party.phone,
        "note": party.note,
        "roles": sorted(role.role for role in party.roles.all()),
        "addresses": [
            {name: getattr(address, name) for name in fields} for address in party.addresses.order_by("pk")
        ],
        "archived": party.archived_at is not None,
        "archived_at": party.archived_at,
    }


listed(parties, "/parties", LISTINGS["parties"])


@parties.post("/parties", takes="catalog", answers=Party, status=201)
def create(request: HttpRequest, response: HttpResponse, said: NewParty) -> Any:
    """Make a party."""
    party = services.create_party(user=who(request), **_fields(said))
    return tagged(response, shown(party), address=f"/api/v1/parties/{party.code}")


@parties.post("/parties/{path:code}/archive", takes="catalog", answers=Party)
def archive(request: HttpRequest, response: HttpResponse, code: str) -> Any:
    """Take a party out of use; it stays on what it stands on."""
    with unchanged(request, party_by_code(code), shown) as party:
        return tagged(response, shown(services.archive_party(user=who(request), party=party)))


@parties.post("/parties/{path:code}/unarchive", takes="catalog", answers=Party)
def unarchive(request: HttpRequest, response: HttpResponse, code: str) -> Any:
    """Bring a party back into use."""
    with unchanged(request, party_by_code(code), shown) as party:
        return tagged(response, shown(services.unarchive_party(user=who(request), party=party)))


@parties.get("/parties/{path:code}", takes="look", answers=Party)
def read(request: HttpRequest, response: HttpResponse, code: str) -> Any:
    """One party."""
    return tagged(response, shown(party_by_code(code)))


@parties.patch("/parties/{path:code}", takes="catalog", answers=Party)
def change(request: HttpRequest, response: HttpResponse, code: str, said: ChangedParty) -> Any:
    """Change what is said of a party, and leave the rest."""
    with unchanged(request, party_by_code(code), shown) as party:
        changed = services.change_party(user=who(request), party=party, **_fields(said))
        return tagged(response, shown(changed))


@parties.put("/parties/{path:code}", takes="catalog", answers=Party, special=Special(also=MADE))
def put_(request: HttpRequest, response: HttpResponse, code: str, said: ChangedParty) -> Any:
    """Make a party of this code, or change what is said of the one that there is, and leave the rest."""
    user, fields = who(request), put_fields(_fields(said), code)
    status, party = put(
        request,
        lambda: party_by_code(code),
        shown,
        create=lambda: services.create_party(user=user, **{"name": "", **fields, "code": code}),
        change=lambda row: services.change_party(user=user, party=row, **fields),
    )
    return Status(status, tagged(response, shown(party), address=f"/api/v1/parties/{party.code}"))


@parties.delete("/parties/{path:code}", takes="catalog", answers=None, status=204)
def delete(request: HttpRequest, code: str) -> None:
    """Delete a party that nothing refers to; its roles and addresses go with it."""
    with unchanged(request, party_by_code(code), shown) as party:
        services.delete_party(user=who(request), party=party)
