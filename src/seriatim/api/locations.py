"""Locations: looked up, made, changed, moved in the tree, archived, deleted while unused."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Status
from pydantic import Field

from seriatim.api.lists import listed
from seriatim.api.operations import Resource, Special
from seriatim.api.records import MADE, put, put_fields, tagged, unchanged, who
from seriatim.api.values import Flag, Moment, Said, Shown, Text, left_out
from seriatim.catalog import services
from seriatim.catalog.selectors import location_by_code
from seriatim.reports.lists import LISTINGS

locations = Resource("Locations")


class LocationFields(Said):
    """What may be said of a location; what is left out stays as it is."""

    name: Text = left_out("What it is called.")
    type: Text = left_out("storage, transit or service; storage unless said.")
    parent: Text | None = left_out("The code of the location that it stands in; null: in none.")
    sellable: Flag = left_out("Whether a unit here counts as available.")


class NewLocation(LocationFields):
    """A location to be made."""

    code: Text = Field(
        description="1 to 60 characters; no two locations have one code, in whatever letter case."
    )
    name: Text


class ChangedLocation(LocationFields):
    """What is to change of a location."""

    code: Text = left_out()


class Location(Shown):
    """A location."""

    code: str
    name: str
    type: str
    parent: str | None
    sellable: bool
    archived: bool
    archived_at: Moment | None


def shown(location: Any) -> dict[str, Any]:
    """The location as it is answered."""
    return {
        "code": location.code,
        "name": location.name,
        "type": location.type,
        "parent": location.parent.code if location.parent else None,
        "sellable": location.sellable,
        "archived": location.archived_at is not None,
        "archived_at": location.archived_at,
    }


def _fields(said: LocationFields) -> dict[str, Any]:
    fields = said.model_dump(exclude_unset=True)
    if fields.get("parent") is not None:
        fields["parent"] = location_by_code(fields["parent"])
    return fields


listed(locations, "/locations", LISTINGS["locations"])


@locations.post("/locations", takes="catalog", answers=Location, status=201)
def create(request: HttpRequest, response: HttpResponse, said: NewLocation) -> Any:
    """Make a location."""
    location = services.create_location(user=who(request), **_fields(said))
    return tagged(response, shown(location), address=f"/api/v1/locations/{location.code}")


@locations.post("/locations/{path:code}/archive", takes="catalog", answers=Location)
def archive(request: HttpRequest, response: HttpResponse, code: str) -> Any:
    """Take a location out of use; it has to be empty."""
    with unchanged(request, location_by_code(code), shown) as location:
        return tagged(response, shown(services.archive_location(user=who(request), location=location)))


@locations.post("/locations/{path:code}/unarchive", takes="catalog", answers=Location)
def unarchive(request: HttpRequest, response: HttpResponse, code: str) -> Any:
    """Bring a location back into use."""
    with unchanged(request, location_by_code(code), shown) as location:
        return tagged(response, shown(services.unarchive_location(user=who(request), location=location)))


@locations.get("/locations/{path:code}", takes="look", answers=Location)
def read(request: HttpRequest, response: HttpResponse, code: str) -> Any:
    """One location."""
    return tagged(response, shown(location_by_code(code)))


@locations.patch("/locations/{path:code}", takes="catalog", answers=Location)
def change(request: HttpRequest, response: HttpResponse, code: str, said: ChangedLocation) -> Any:
    """Change what is said of a location; with a new parent, all below it moves along."""
    with unchanged(request, location_by_code(code), shown) as location:
        location = services.change_location(user=who(request), location=location, **_fields(said))
        return tagged(response, shown(location))


@locations.put("/locations/{path:code}", takes="catalog", answers=Location, special=Special(also=MADE))
def put_(request: HttpRequest, response: HttpResponse, code: str, said: ChangedLocation) -> Any:
    """Make a location of this code, or change what is said of the one that there is, and leave the rest."""
    user, fields = who(request), put_fields(_fields(said), code)
    status, location = put(
        request,
        lambda: location_by_code(code),
        shown,
        create=lambda: services.create_location(user=user, **{"name": "", **fields, "code": code}),
        change=lambda row: services.change_location(user=user, location=row, **fields),
    )
    return Status(status, tagged(response, shown(location), address=f"/api/v1/locations/{location.code}"))


@locations.delete("/locations/{path:code}", takes="catalog", answers=None, status=204)
def delete(request: HttpRequest, code: str) -> None:
    """Delete a location that nothing refers to."""
    with unchanged(request, location_by_code(code), shown) as location:
        services.delete_location(user=who(request), location=location)
