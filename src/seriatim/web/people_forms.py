"""Forms about people: their facts, passwords, codes, tokens, roles."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from seriatim.accounts.own_roles import roles
from seriatim.accounts.roles import RIGHTS
from seriatim.accounts.scopes import SCOPES
from seriatim.catalog.selectors import locations_by_code


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is made from: what was sent, even where that is nothing; None where nothing was."""
    return request.POST if request.method == "POST" else None


def _password(words: Any, *, new: bool) -> forms.CharField:
    return forms.CharField(
        label=words,
        max_length=1000,
        # What stands in it is the user's, blanks included.
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password" if new else "current-password"}),
    )


class SeenForm(forms.Form):
    """A form over a record that others may edit too: it carries the version that it was made from."""

    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def see(self, version: int) -> None:
        """After a refusal the page shows the record as it is now, so the next press is over that version."""
        self.data = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict, which a request freezes
        self.data["seen"] = str(version)  # type: ignore[index]  # as above

    @property
    def facts(self) -> dict[str, Any]:
        """What was said, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


class CodeForm(forms.Form):
    """A code of the app, or one on paper."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("Six digits from the app on your phone, or one of your backup codes."),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "text",
                "autocapitalize": "off",
                "spellcheck": "false",
                "autofocus": True,
                "class": "serial",
            }
        ),
    )


class NewPasswordForm(forms.Form):
    """A new password, twice."""

    password = _password(_("New password"), new=True)
    again = _password(_("The same again"), new=True)

    def clean(self) -> dict[str, Any]:
        """Both are the same."""
        said = super().clean() or {}
        if {"password", "again"} <= said.keys() and said["password"] != said["again"]:
            self.add_error("again", _("The two are not the same."))
        return said


class ChangePasswordForm(NewPasswordForm):
    """A new password, and the one so far."""

    present = _password(_("Your password so far"), new=False)
    field_order = ("present", "password", "again")


class ConfirmForm(forms.Form):
    """The password, to prove who one is."""

    present = _password(_("Your password"), new=False)


class SetUpForm(CodeForm, ConfirmForm):
    """The first code of the app, and the password."""

    field_order = ("code", "present")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["code"].help_text = _("The six digits that the app shows now.")


class OwnForm(SeenForm):
    """What somebody may change of themself."""

    name = forms.CharField(label=_("Name"), max_length=150, required=False)
    email = forms.EmailField(
        label=_("Mail address"),
        max_length=254,
        required=False,
        help_text=_("A link goes there when you have forgotten your password."),
    )


class PagesForm(forms.Form):
    """How somebody likes their pages."""

    scan_box = forms.BooleanField(
        label=_("Scan box on top of every page"),
        required=False,
        help_text=_("Without it, a scanner’s text goes only where the focus is."),
    )
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if len(settings.LANGUAGES) < 2:
            del self.fields["language"]
        else:
            self.fields["language"].choices = settings.LANGUAGES  # type: ignore[attr-defined]  # a choice field's


class LocationsField(forms.CharField):
    """Codes of locations, one a line."""

    def __init__(self, **more: Any) -> None:
        more.setdefault(
            "widget",
            forms.Textarea(
                attrs={"rows": 3, "autocapitalize": "off", "spellcheck": "false", "class": "serial"}
            ),
        )
        super().__init__(**more)

    def clean(self, value: object) -> Sequence[Any]:
        """The locations themselves."""
        codes = [code.strip() for code in str(super().clean(value)).splitlines() if code.strip()]
        found = locations_by_code(codes)
        if unknown := [code for code in codes if code not in found]:
            raise ValidationError(
                _("There is no location %(codes)s."), code="unknown", params={"codes": ", ".join(unknown)}
            )
        return [found[code] for code in dict.fromkeys(codes)]

    def prepare_value(self, value: Any) -> Any:
        """Their codes."""
        return value if isinstance(value, str) or value is None else "\n".join(one.code for one in value)


class UserForm(OwnForm):
    """What an administrator changes of a user."""

    roles = forms.MultipleChoiceField(label=_("Roles"), required=False, widget=forms.CheckboxSelectMultiple)
    locations = LocationsField(
        label=_("Works only at"),
        required=False,
        help_text=_("Codes of locations, one a line; with all that stands below them. Empty: everywhere."),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["email"].help_text = ""
        choices = [(role.name, role_words(role.name)) for role in roles()]
        self.fields["roles"].choices = choices  # type: ignore[attr-defined]  # of a choice field


class NewUserForm(UserForm):
    """A new user: with a first password, or with an invitation by mail."""

    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        help_text=_("Letters, digits and @ . + - _ only. It cannot be changed later."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    start = forms.ChoiceField(label=_("First log-in"), widget=forms.RadioSelect)
    password = forms.CharField(
        label=_("First password"),
        max_length=1000,
        required=False,
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "serial"}),
    )
    field_order = ("username", "name", "email", "roles", "locations", "start", "password")

    def __init__(self, *args: Any, mail: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        ways = [("password", _("I set a password and tell it to them"))]
        if mail:
            ways.insert(0, ("mail", _("They get an invitation by mail")))
        self.fields["start"].choices = ways  # type: ignore[attr-defined]  # of a choice field
        self.fields["start"].initial = ways[0][0]
        if not mail:
            # There is one way only, and it needs this.
            self.fields["password"].required = True
            self.fields["password"].error_messages["required"] = _("Give a password.")

    def clean(self) -> dict[str, Any]:
        """What the chosen way needs."""
        said = super().clean() or {}
        if said.get("start") == "password" and not said.get("password") and "password" not in self.errors:
            self.add_error("password", _("Give a password, or send an invitation."))
        if said.get("start") == "mail" and not said.get("email") and "email" not in self.errors:
            self.add_error("email", _("The invitation needs a mail address."))
        return said


class FirstPasswordForm(forms.Form):
    """A password that an administrator sets for somebody."""

    password = forms.CharField(
        label=_("New password"),
        max_length=1000,
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "serial"}),
    )


class TokenForm(forms.Form):
    """A new token."""

    name = forms.CharField(label=_("What is it for?"), max_length=100, help_text=_("Such as “web shop”."))
    scopes = forms.MultipleChoiceField(
        label=_("What may it do?"),
        choices=[(code, scope.words) for code, scope in SCOPES.items()],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("It never may more than you."),
    )
    expires = forms.DateField(
        label=_("Good until the end of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: until it is revoked."),
    )


class RoleForm(forms.Form):
    """A role of the site's own."""

    name = forms.CharField(label=_("Name"), max_length=60)
    rights = forms.MultipleChoiceField(
        label=_("What may they do?"), choices=list(RIGHTS.items()), widget=forms.CheckboxSelectMultiple
    )


_ROLES = {
    "viewer": _("Viewer: looks, and sees no money"),
    "operator": _("Operator: receives, delivers, moves, repairs; sees prices"),
    "manager": _("Manager: also corrects, reverses, bills, edits items and parties; sees costs"),
    "administrator": _("Administrator: everything, users and settings included"),
}


def role_words(name: str) -> str:
    """A role with what it is for; a site's own is called what the site calls it."""
    return str(_ROLES.get(name, name))
