"""The site's own settings, and the register of changes of every record."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from seriatim.api.lists import listed
from seriatim.api.operations import Resource
from seriatim.api.records import tagged, unchanged_since, who
from seriatim.api.values import Flag, Said, Shown, Text, Whole, left_out
from seriatim.catalog.selectors import site as here
from seriatim.catalog.services import change_site
from seriatim.reports.lists import LISTINGS

site = Resource("Site")


class ChangedSite(Said):
    """What is to change of the settings."""

    name: Text = left_out("Stands on papers and in mails.")
    currency: Text = left_out("Three letters; it stays once anything has a cost or price.")
    time_zone: Text = left_out("As Europe/Berlin: what “today” is.")
    serial_uniqueness: Text = left_out("item: within its item; site: across all items.")
    over_receipt_percent: Whole = left_out("How much more than expected a receipt may bring.")
    reminder_days: Whole = left_out("How long before warranties end one is reminded.")
    second_factor_for: Text = left_out("nobody, administrators, managers or all.")
    public_units: Flag = left_out("Tell strangers whether a unit is genuine.")
    public_model: Flag = left_out("And which model it is.")
    public_warranty: Flag = left_out("And until when its warranty runs.")
    scanner_prefix: Text = left_out("What the site's scanners put before each code.")
    scanner_suffix: Text = left_out("And after it; Enter and Tab need not be said.")
    scanner_separator: Text = left_out("What they send for the separator of GS1 codes, if it is not GS.")
    scanner_sends_separators: Flag = left_out("They send separators: a code without one has none.")


class Site(Shown):
    """The settings."""

    name: str
    currency: str
    time_zone: str
    serial_uniqueness: str
    over_receipt_percent: int
    reminder_days: int
    second_factor_for: str
    public_units: bool
    public_model: bool
    public_warranty: bool
    scanner_prefix: str
    scanner_suffix: str
    scanner_separator: str
    scanner_sends_separators: bool


def _shown() -> dict[str, Any]:
    row = here()
    return {name: getattr(row, name) for name in Site.model_fields}


@site.get("/site", takes="look", answers=Site)
def read(request: HttpRequest, response: HttpResponse) -> Any:
    """The site's settings: its currency, its time zone, its rules."""
    return tagged(response, _shown())


@site.patch("/site", takes="administer", answers=Site)
def change(request: HttpRequest, response: HttpResponse, said: ChangedSite) -> Any:
    """Change settings, and leave the rest."""
    with unchanged_since(request, _shown):
        change_site(user=who(request), **said.model_dump(exclude_unset=True))
        return tagged(response, _shown())


listed(site, "/changes", LISTINGS["changes"])
