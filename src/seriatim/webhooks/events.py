"""The events that others can subscribe to, as data."""

from django.utils.translation import gettext_lazy as _

#: name → what it tells, in words.
EVENTS = {
    "document.posted": _("A document was posted"),
    "document.reversed": _("A document was reversed"),
    "unit.disposition_changed": _("Units changed their disposition by a posting, a reversal or a mark"),
    "allocation.waiting": _("A posted document has goods that wait for serial numbers"),
    "warranty.expiring": _("Warranties of units at customers will end soon"),
    "unit.stolen_scanned": _("Somebody scanned a unit that is marked as stolen"),
}

#: What a subscriber's button sends, to try the way.
PING = "ping"

#: Units that one event names at most; more make more events.
UNITS_PER_EVENT = 1_000
