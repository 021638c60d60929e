"""The site's own settings."""

from typing import TypedDict, Unpack

from seriatim.accounts.models import User
from seriatim.accounts.services import record_changes, require
from seriatim.accounts.versions import refuse_changed
from seriatim.catalog import amounts, fields, uniqueness
from seriatim.catalog.models import SerialUniqueness, Site
from seriatim.catalog.transactions import one_transaction, queue_up


class SiteFields(TypedDict, total=False):
    """What may be set."""

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


@one_transaction
def change_site(*, user: User, seen: int | None = None, **said: Unpack[SiteFields]) -> Site:
    """Change the settings that are said. ``seen`` is the version (``accounts.versions``) that they were changed from.

    Refuses with NotPermitted, Invalid (also another currency while amounts stand in the present one),
    ChangedMeanwhile, and with SerialTaken a change to serials that are unique across all items
    while some are not; it lists them.
    """
    require(user, "administer")
    values = fields.cleaned(fields.SITE, {**said})
    # The row is taken before it is read, so that two who change it do so one after the other.
    queue_up()
    site = Site.objects.get()
    refuse_changed("site", site.pk, seen)
    changes = {}
    for field, new in values.items():
        old = getattr(site, field)
        if old != new:
            changes[field] = (old, new)
            setattr(site, field, new)
    if "currency" in changes:
        amounts.refuse_amounts(site_currency=str(changes["currency"][0]))
    if changes:
        site.save(update_fields=list(changes))
        record_changes(user=user, subject="site", subject_id=site.pk, changes=changes)
    if "serial_uniqueness" in changes:
        uniqueness.switch_to(SerialUniqueness(site.serial_uniqueness))
    return site
