"""Roles: the matrix of who may do what, and roles of the site's own."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from seriatim.accounts.own_roles import Role, delete_role, save_role
from seriatim.accounts.own_roles import roles as all_roles
from seriatim.accounts.roles import RIGHTS
from seriatim.kernel.refusals import Refusal
from seriatim.web.forms import refuse
from seriatim.web.people_forms import RoleForm, posted
from seriatim.web.views.rights import person, takes
from seriatim.words.telling import Told, told


@require_safe
@takes("administer")
def roles(request: HttpRequest) -> HttpResponse:
    """The matrix."""
    found = all_roles()
    rows = [(words, [(role.name, right in role.rights) for role in found]) for right, words in RIGHTS.items()]
    return render(request, "web/users/roles.html", {"roles": found, "rows": rows})


@require_http_methods(["GET", "POST"])
@takes("administer")
def role_new(request: HttpRequest) -> HttpResponse:
    """A role of the site's own."""
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@takes("administer")
def role_edit(request: HttpRequest, name: str) -> HttpResponse:
    """Change a role of the site's own."""
    role = next((one for one in all_roles() if one.name == name), None)
    if role is None:
        raise Http404
    if not role.own:
        messages.info(
            request,
            gettext("This role is built in: it stays what it is. Make one of your own."),
            extra_tags="info",
        )
        return redirect("roles")
    return _edit(request, role)


def _edit(request: HttpRequest, role: Role | None) -> HttpResponse:
    first = {"name": role.name, "rights": sorted(role.rights)} if role else {"rights": ["look"]}
    form = RoleForm(posted(request), initial=first)
    refused: list[Told] = []
    if request.method == "POST" and form.is_valid():
        try:
            save_role(by=person(request), was=role.name if role else "", **form.cleaned_data)
        except Refusal as refusal:
            refused = refuse(form, refusal)
        else:
            messages.success(request, gettext("Saved. Who has the role may do this from now on."))
            return redirect("roles")
    about = {"form": form, "told": refused, "role": role}
    return render(request, "web/users/role.html", about, status=422 if form.errors or refused else 200)


@require_POST
@takes("administer")
def role_delete(request: HttpRequest, name: str) -> HttpResponse:
    """Delete a role of the site's own that nobody has."""
    try:
        delete_role(by=person(request), name=name)
    except Refusal as refusal:
        words = told(refusal)
        messages.error(request, " ".join([words.headline, *words.cases]), extra_tags="circle-x")
    else:
        messages.success(request, gettext("The role is deleted."), extra_tags="trash-2")
    return redirect("roles")


urlpatterns = [
    path("users/roles/", roles, name="roles"),
    path("users/roles/new", role_new, name="role_new"),
    path("users/roles/<str:name>/edit", role_edit, name="role_edit"),
    path("users/roles/<str:name>/delete", role_delete, name="role_delete"),
]
