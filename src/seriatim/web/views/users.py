"""Users, for who administers: listed, made, changed, shut out, helped back in."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from seriatim.accounts import second_factor
from seriatim.accounts.passwords import invite, mail_is_set_up, password_rules
from seriatim.accounts.people import (
    CONSOLE,
    User,
    change_user,
    people,
    set_active,
    set_password,
    user_by_id,
    user_named,
)
from seriatim.accounts.services import create_user, may, set_roles
from seriatim.accounts.sessions import end_all_sessions
from seriatim.accounts.tokens import revoke_token, tokens_of
from seriatim.accounts.versions import version_of
from seriatim.catalog.access import granted_locations
from seriatim.catalog.selectors import site
from seriatim.catalog.services import restrict_to
from seriatim.kernel.refusals import NotFound, Refusal
from seriatim.web.forms import refuse
from seriatim.web.logging_in import go_on, link_to_set_password
from seriatim.web.people_forms import FirstPasswordForm, NewUserForm, UserForm, posted
from seriatim.web.views.rights import person, takes
from seriatim.words.telling import Told, told


@require_safe
@takes("administer")
def users(request: HttpRequest) -> HttpResponse:
    """All users."""
    return render(request, "web/users/users.html", {"people": people(), "console": CONSOLE})


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@takes("administer")
def user_new(request: HttpRequest) -> HttpResponse:
    """A new user, with a first password or an invitation."""
    by = person(request)
    form = NewUserForm(posted(request), mail=mail_is_set_up(), initial={"roles": ["operator"]})
    refused: list[Told] = []
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            # All of it or nothing: no user stays who may work where they should not.
            with transaction.atomic():
                made = create_user(
                    by=by,
                    username=said["username"],
                    password=said["password"] if said["start"] == "password" else None,
                    roles=said["roles"],
                    email=said["email"],
                    name=said["name"],
                )
                if said["locations"]:
                    restrict_to(user=by, whom=made, locations=said["locations"])
                if said["start"] == "mail":
                    invite(by=by, user=made, link=link_to_set_password(request), site=site().name)
        except Refusal as refusal:
            refused = refuse(form, refusal)
        else:
            words = (
                gettext("{name} is made, and the invitation is on its way.")
                if said["start"] == "mail"
                else gettext("{name} is made. Tell them the password; they can change it on their own page.")
            )
            messages.success(request, words.format(name=made.get_username()), extra_tags="user-plus")
            return redirect("user", name=made.get_username())
    about = {"form": form, "told": refused, "rules": password_rules()}
    return render(request, "web/users/new.html", about, status=422 if form.errors or refused else 200)


@require_http_methods(["GET", "POST"])
@takes("administer")
def user(request: HttpRequest, name: str) -> HttpResponse:
    """One user: their facts, roles and places, and what can be done for them."""
    by, whom = person(request), _user(name)
    first = {
        "name": whom.get_full_name(),
        "email": whom.email,
        "roles": [group.name for group in whom.groups.all()],
        "locations": granted_locations(whom),
        "seen": version_of("user", whom.pk),
    }
    form = UserForm(posted(request), initial=first)
    refused: list[Told] = []
    if request.method == "POST" and form.is_valid():
        said = form.facts
        try:
            with transaction.atomic():
                change_user(
                    by=by,
                    user=whom,
                    name=said["name"],
                    email=said["email"],
                    seen=form.cleaned_data["seen"],
                )
                set_roles(by=by, user=whom, roles=said["roles"])
                restrict_to(user=by, whom=whom, locations=said["locations"])
        except Refusal as refusal:
            refused = refuse(form, refusal)
            form.see(version_of("user", whom.pk))
        else:
            messages.success(request, gettext("Saved."))
            # Who took the right from themself has no page to come back to.
            still = user_by_id(by.pk)
            return redirect(request.path if still and may(still, "administer") else "home")
    return _page(request, whom, status=422 if form.errors or refused else 200, form=form, told=refused)


@sensitive_post_parameters()
@require_POST
@takes("administer")
def user_act(request: HttpRequest, name: str, what: str) -> HttpResponse:
    """One of the things that are done for a user by a button."""
    by, whom = person(request), _user(name)
    try:
        words = _done(request, by, whom, what)
    except Refusal as refusal:
        return _page(request, whom, status=422, told=[told(one) for one in refusal.all])
    messages.success(request, words)
    return redirect("user", name=whom.get_username())


def _done(request: HttpRequest, by: User, whom: User, what: str) -> str:
    name = whom.get_username()
    if what == "deactivate":
        set_active(by=by, user=whom, active=False)
        return gettext("{name} is shut out. What they did stays under their name.").format(name=name)
    if what == "activate":
        set_active(by=by, user=whom, active=True)
        return gettext("{name} may log in again.").format(name=name)
    if what == "password":
        set_password(by=by, user=whom, password=request.POST.get("password", ""))
        if by.pk == whom.pk:
            go_on(request, whom)
        return gettext("{name} has a new password. Tell it to them; everywhere they are logged out.").format(
            name=name
        )
    if what == "invite":
        invite(by=by, user=whom, link=link_to_set_password(request), site=site().name)
        return gettext("The invitation is on its way to {email}.").format(email=whom.email)
    if what == "second-factor-off":
        second_factor.switch_off(by=by, user=whom)
        return gettext("The second factor of {name} is off.").format(name=name)
    if what == "log-out":
        end_all_sessions(by=by, user=whom)
        if by.pk == whom.pk:
            go_on(request, whom)
        return gettext("{name} is logged out everywhere.").format(name=name)
    raise Http404


@require_POST
@takes("administer")
def user_token_revoke(request: HttpRequest, id: int) -> HttpResponse:
    """End a token, whosever it is."""
    try:
        revoke_token(by=person(request), token_id=id)
    except NotFound as refusal:
        messages.error(request, told(refusal).headline, extra_tags="circle-x")
    else:
        messages.success(request, gettext("The token is revoked: it opens nothing any more."))
    name = request.POST.get("user", "")
    return redirect("user", name=name) if name and "/" not in name else redirect("users")


def _user(name: str) -> User:
    try:
        return user_named(username=name)
    except NotFound:
        raise Http404 from None


def _page(request: HttpRequest, whom: User, *, status: int, **about: Any) -> HttpResponse:
    if "form" not in about:
        first = {
            "name": whom.get_full_name(),
            "email": whom.email,
            "roles": [group.name for group in whom.groups.all()],
            "locations": granted_locations(whom),
            "seen": version_of("user", whom.pk),
        }
        about["form"] = UserForm(initial=first)
    about |= {
        "whom": whom,
        "name": whom.get_username(),
        "is_console": whom.get_username() == CONSOLE,
        "password_form": FirstPasswordForm(),
        "rules": password_rules(),
        "mail": mail_is_set_up(),
        "factor_on": second_factor.is_on(whom),
        "can_log_in": whom.has_usable_password(),
        "tokens": tokens_of(by=person(request), user=whom),
    }
    return render(request, "web/users/user.html", about, status=status)


urlpatterns = [
    path("users/", users, name="users"),
    path("users/new", user_new, name="user_new"),
    path("users/tokens/<int:id>/revoke", user_token_revoke, name="user_token_revoke"),
    path("users/<str:name>/edit", user, name="user"),
    path("users/<str:name>/do/<str:what>", user_act, name="user_act"),
]
