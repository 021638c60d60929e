"""The words for what an item, location or party can be, in the order in which they are offered."""

from django.utils.translation import gettext_lazy as _

from seriatim.words.names import Names

TRACKING: Names = {
    "serial": _("By serial number: every unit is known"),
    "quantity": _("By quantity: only how many"),
    "none": _("Not stocked: a service"),
}
SERIAL_SOURCES: Names = {
    "oem": _("The manufacturer’s: scanned or typed"),
    "auto": _("Ours: made from the item’s series"),
}
SERIAL_POLICIES: Names = {
    "before_leaving": _("Before goods leave, at the latest"),
    "on_entry": _("When goods come in"),
}
WARRANTY_STARTS: Names = {
    "delivery": _("Delivery to the customer"),
    "receipt": _("Receipt from the supplier"),
    "installation": _("Installation"),
    "fixed": _("A fixed date"),
}
PLACES: Names = {
    "storage": _("Storage: a warehouse, a shelf, a shop"),
    "transit": _("Transit: a van, goods on their way"),
    "service": _("Service: a workshop, a repair bench"),
}
PARTY_ROLES: Names = {
    "supplier": _("Supplier"),
    "customer": _("Customer"),
    "borrower": _("Borrower or employee"),
    "service_provider": _("Service provider: repairs for us"),
    "insurer": _("Insurer"),
}
FIELD_SUBJECTS: Names = {"item": _("Items"), "unit": _("Units")}
FIELD_TYPES: Names = {
    "text": _("Text"),
    "number": _("Number"),
    "date": _("Date"),
    "choice": _("Choice"),
    "yes_no": _("Yes or no"),
    "link": _("Link"),
}
