"""Custom fields of items and units: looked up, defined, changed, put in order, archived, deleted while empty."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path
from pydantic import Field

from seriatim.api.operations import Resource
from seriatim.api.pages import PARAMETERS, in_memory, paged, text_said
from seriatim.api.problems import Problem
from seriatim.api.records import tagged, unchanged_since, who
from seriatim.api.values import Flag, Said, Shown, Text, left_out
from seriatim.catalog import services
from seriatim.catalog.custom import Definition, codes_of_items, custom_field, custom_fields
from seriatim.catalog.selectors import items_by_code
from seriatim.kernel.refusals import NotFound

fields = Resource("Custom fields")

_SUBJECTS = ("item", "unit")
Subject = Annotated[str, Path(pattern=r"^(item|unit)$")]


class FieldSaid(Said):
    """What may be said of a field; what is left out stays as it is."""

    label: Text = left_out("What it is called on pages; made of its name unless said.")
    type: Text = left_out("text, number, date, choice, yes_no or link; text unless said.")
    required: Flag = left_out("Whether it must be filled.")
    choices: list[Text] = left_out("Of a choice: what may be chosen, in order.")
    items: list[Text] = left_out("The codes of the items that have it; none: all of them.")


class NewField(FieldSaid):
    """A field to be defined."""

    subject: Text = Field(description="item or unit.")
    name: Text = Field(description="Small letters, digits and underscores; it never changes.")


class SaidOrder(Said):
    """Fields in the order in which they are to stand; those that are not named come after them."""

    names: list[Text]


class CustomField(Shown):
    """A custom field."""

    subject: str
    name: str
    label: str
    type: str
    required: bool
    choices: list[str]
    items: list[str] = Field(description="The items that have it; empty: all of them.")
    archived: bool


class CustomFieldsPage(Shown):
    """Custom fields, in their order."""

    rows: list[CustomField]
    next: str | None


def _said(field: Definition, items: list[str]) -> dict[str, Any]:
    names = ("subject", "name", "label", "type", "required", "archived")
    said = {name: getattr(field, name) for name in names}
    return {**said, "choices": list(field.choices), "items": items}


def _one(subject: str, name: str) -> dict[str, Any]:
    field = custom_field(subject, name)
    return _said(field, codes_of_items([field]).get(field.id, []))


def _fields(said: FieldSaid) -> dict[str, Any]:
    found = said.model_dump(exclude_unset=True, exclude={"subject", "name"})
    if "items" in found:
        codes = dict.fromkeys(found["items"])
        items = items_by_code(codes)
        if unknown := [code for code in codes if code not in items]:
            raise NotFound(what="item", name=unknown[0])
        found["items"] = [items[code] for code in codes]
    return found


@fields.get(
    "/custom-fields",
    takes="look",
    answers=CustomFieldsPage,
    streams=True,
    query={
        **PARAMETERS,
        "subject": {"type": "string", "enum": list(_SUBJECTS)},
        "archived": {"type": "string", "enum": ["yes", "no"], "default": "no"},
    },
)
def list_(request: HttpRequest) -> Any:
    """Custom fields, in their order."""
    subject, archived = text_said(request, "subject"), text_said(request, "archived") == "yes"
    if subject and subject not in _SUBJECTS:
        raise Problem("misread", "subject is item or unit.", field="subject")
    found = [one for of in _SUBJECTS if subject in {"", of} for one in custom_fields(of, archived=archived)]
    items = codes_of_items(found)
    behind = in_memory(
        found,
        lambda one: (one.subject, one.position, one.id),
        lambda one: _said(one, items.get(one.id, [])),
    )
    return paged(request, behind, tuple(CustomField.model_fields))


@fields.post("/custom-fields", takes="catalog", answers=CustomField, status=201)
def create(request: HttpRequest, response: HttpResponse, said: NewField) -> Any:
    """Define a field, behind those that there are."""
    made = services.define_field(user=who(request), subject=said.subject, name=said.name, **_fields(said))
    address = f"/api/v1/custom-fields/{made.subject}/{made.name}"
    return tagged(response, _one(made.subject, made.name), address=address)


@fields.put("/custom-fields/{subject}", takes="catalog", answers=CustomFieldsPage)
def order(request: HttpRequest, subject: Subject, said: SaidOrder) -> Any:
    """Put the fields of items, or of units, in another order."""
    services.order_fields(user=who(request), subject=subject, names=said.names)
    found = custom_fields(subject, archived=True)
    items = codes_of_items(found)
    return {"rows": [_said(one, items.get(one.id, [])) for one in found], "next": None}


@fields.get("/custom-fields/{subject}/{name}", takes="look", answers=CustomField)
def read(request: HttpRequest, response: HttpResponse, subject: Subject, name: str) -> Any:
    """One field."""
    return tagged(response, _one(subject, name))


@fields.patch("/custom-fields/{subject}/{name}", takes="catalog", answers=CustomField)
def change(request: HttpRequest, response: HttpResponse, subject: Subject, name: str, said: FieldSaid) -> Any:
    """Change what is said of a field, and leave the rest; its type only while nothing stands in it."""
    with unchanged_since(request, lambda: _one(subject, name)):
        services.change_field(user=who(request), field=custom_field(subject, name), **_fields(said))
        return tagged(response, _one(subject, name))


@fields.post("/custom-fields/{subject}/{name}/archive", takes="catalog", answers=CustomField)
def archive(request: HttpRequest, response: HttpResponse, subject: Subject, name: str) -> Any:
    """Take a field out of use, with what stands in it."""
    return _archived(request, response, subject, name, archived=True)


@fields.post("/custom-fields/{subject}/{name}/unarchive", takes="catalog", answers=CustomField)
def unarchive(request: HttpRequest, response: HttpResponse, subject: Subject, name: str) -> Any:
    """Bring a field back into use."""
    return _archived(request, response, subject, name, archived=False)


def _archived(
    request: HttpRequest, response: HttpResponse, subject: str, name: str, *, archived: bool
) -> Any:
    with unchanged_since(request, lambda: _one(subject, name)):
        services.archive_field(user=who(request), field=custom_field(subject, name), archived=archived)
        return tagged(response, _one(subject, name))


@fields.delete("/custom-fields/{subject}/{name}", takes="catalog", answers=None, status=204)
def delete(request: HttpRequest, subject: Subject, name: str) -> None:
    """Delete a field in which nothing stands."""
    with unchanged_since(request, lambda: _one(subject, name)):
        services.delete_field(user=who(request), field=custom_field(subject, name))
