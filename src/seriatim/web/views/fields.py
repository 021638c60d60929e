"""The fields that a site adds to the records of its items and units: listed, made, changed, put in order."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from seriatim.accounts.versions import version_of
from seriatim.catalog import services
from seriatim.catalog.custom import (
    Definition,
    codes_of_items,
    custom_field,
    custom_fields,
    fields_in_use,
)
from seriatim.kernel.refusals import Refusal
from seriatim.web.field_forms import FieldForm, said_of
from seriatim.web.forms import refuse
from seriatim.web.missing import or_404
from seriatim.web.once import once
from seriatim.web.people_forms import posted
from seriatim.web.views.rights import person, takes
from seriatim.words import choices
from seriatim.words.telling import Told, told

#: What a field's changes stand under in the register.
_WHAT = "custom field"


@require_safe
@takes("catalog")
def fields(request: HttpRequest) -> HttpResponse:
    """All fields, of items and of units, in their order."""
    subjects = []
    for subject, words in choices.FIELD_SUBJECTS.items():
        rows = custom_fields(subject, archived=True)
        codes = codes_of_items(rows)
        subjects.append(
            {
                "subject": subject,
                "words": words,
                "rows": [
                    {
                        "field": row,
                        "type": choices.FIELD_TYPES[row.type],
                        "items": ", ".join(codes.get(row.id, ())),
                    }
                    for row in rows
                ],
            }
        )
    context = {"subjects": subjects, "any": any(one["rows"] for one in subjects)}
    return render(request, "web/fields/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@takes("catalog")
@once
def field_new(request: HttpRequest) -> HttpResponse:
    """A new field."""
    asked = request.GET.get("of", "")
    form = FieldForm(posted(request), initial={"subject": asked} if asked in choices.FIELD_SUBJECTS else None)
    refused: list[Told] = []
    if form.is_bound and form.is_valid():
        try:
            made = services.define_field(user=person(request), **form.facts)
        except Refusal as refusal:
            refused = refuse(form, refusal)
        else:
            messages.success(request, _("{label} is there.").format(label=made.label), extra_tags="list-plus")
            return redirect("fields")
    return _page(request, form, refused, None)


@require_http_methods(["GET", "HEAD", "POST"])
@takes("catalog")
def field(request: HttpRequest, subject: str, name: str) -> HttpResponse:
    """One field, to be changed, taken out of use, brought back or deleted."""
    row = _found(subject, name)
    do = request.POST.get("do", "")
    if do in {"archive", "back", "delete"}:
        return _act(request, row, do)
    form = _form(row, posted(request))
    refused: list[Told] = []
    if form.is_bound and form.is_valid():
        try:
            services.change_field(
                user=person(request), field=row, seen=form.cleaned_data["seen"], **form.facts
            )
        except Refusal as refusal:
            refused = refuse(form, refusal)
            form.see(version_of(_WHAT, row.id))
        else:
            messages.success(request, _("{label} is saved.").format(label=form.cleaned_data["label"]))
            return redirect("fields")
    return _page(request, form, refused, row)


@require_POST
@takes("catalog")
def field_move(request: HttpRequest, subject: str, name: str) -> HttpResponse:
    """One place up or down among the fields of the same things."""
    row = _found(subject, name)
    names = [one.name for one in custom_fields(row.subject, archived=True)]
    here = names.index(row.name)
    there = here + (1 if request.POST.get("do") == "down" else -1)
    # At the end of the list there is nowhere to go: somebody else has moved it meanwhile.
    if 0 <= there < len(names):
        names[here], names[there] = names[there], names[here]
        services.order_fields(user=person(request), subject=row.subject, names=names)
    return redirect("fields")


def _found(subject: str, name: str) -> Definition:
    if "\x00" in subject + name:
        raise Http404
    return or_404(lambda: custom_field(subject, name))


def _form(row: Definition, said: Any = None) -> FieldForm:
    initial = said_of(row, codes_of_items([row]).get(row.id, [])) | {"seen": version_of(_WHAT, row.id)}
    return FieldForm(said, initial=initial, field=row, used=bool(fields_in_use([row])))


def _act(request: HttpRequest, row: Definition, do: str) -> HttpResponse:
    user = person(request)
    try:
        if do == "delete":
            services.delete_field(user=user, field=row)
        else:
            services.archive_field(user=user, field=row, archived=do == "archive")
    except Refusal as refusal:
        return _page(request, _form(row), [told(one) for one in refusal.all], row, status=422)
    words, icon = {
        "archive": (_("{label} is archived: what stands in it stays, and nothing new is asked."), "archive"),
        "back": (_("{label} is in use again."), "archive-restore"),
        "delete": (_("{label} is deleted."), "trash-2"),
    }[do]
    messages.success(request, words.format(label=row.label), extra_tags=icon)
    return redirect("fields")


def _page(
    request: HttpRequest, form: FieldForm, refused: list[Told], row: Definition | None, *, status: int = 0
) -> HttpResponse:
    context = {
        "form": form,
        "told": refused,
        "field": row,
        "of": choices.FIELD_SUBJECTS[row.subject] if row else "",
        "used": row is not None and form.fields["type"].disabled,
    }
    status = status or (422 if form.is_bound else 200)
    return render(request, "web/fields/form.html", context, status=status)


urlpatterns = [
    path("settings/fields/", fields, name="fields"),
    path("settings/fields/new", field_new, name="field_new"),
    path("settings/fields/<str:subject>/<str:name>", field, name="field"),
    path("settings/fields/<str:subject>/<str:name>/move", field_move, name="field_move"),
]
