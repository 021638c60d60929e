"""The words for codes: kinds, states, dispositions, marks, identifiers, locations' types, things, fields."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

Names = Mapping[str, str | Promise]

KINDS: Names = {
    "opening_stock": _("Opening stock"),
    "purchase_receipt": _("Purchase receipt"),
    "purchase_return": _("Purchase return"),
    "vendor_bill": _("Vendor bill"),
    "delivery_note": _("Delivery note"),
    "sales_invoice": _("Sales invoice"),
    "sales_return": _("Sales return"),
    "material_receipt": _("Material receipt"),
    "material_issue": _("Material issue"),
    "transfer": _("Transfer"),
    "manufacture": _("Manufacture"),
    "disassemble": _("Disassembly"),
    "serialize_stock": _("Serialize stock"),
    "allocation": _("Allocation"),
    "correction": _("Correction"),
    "count_adjustment": _("Count adjustment"),
    "scrap": _("Scrap"),
    "loan_out": _("Loan out"),
    "loan_in": _("Loan in"),
    "repair_in": _("Repair in"),
    "repair_out": _("Repair out"),
}

#: What happened to the unit, in a history: one word or two.
HAPPENED: Names = {
    "opening_stock": _("Opening stock"),
    "purchase_receipt": _("Received"),
    "purchase_return": _("Returned to supplier"),
    "vendor_bill": _("Billed"),
    "delivery_note": _("Delivered"),
    "sales_invoice": _("Invoiced"),
    "sales_return": _("Returned by customer"),
    "material_receipt": _("Material received"),
    "material_issue": _("Issued"),
    "transfer": _("Moved"),
    "manufacture": _("Manufactured"),
    "disassemble": _("Disassembled"),
    "serialize_stock": _("Serialized"),
    "allocation": _("Serial number given"),
    "correction": _("Corrected"),
    "count_adjustment": _("Count adjusted"),
    "scrap": _("Scrapped"),
    "loan_out": _("Lent out"),
    "loan_in": _("Came back from loan"),
    "repair_in": _("Taken in for repair"),
    "repair_out": _("Handed out from repair"),
}

STATES: Names = {
    "draft": _("draft"),
    "pending": _("pending"),
    "posted": _("posted"),
    "reversed": _("reversed"),
    "cancelled": _("cancelled"),
    # Of stocktakes.
    "open": _("open"),
    "closed": _("finished"),
    "abandoned": _("given up"),
}

#: What a document in the wrong state cannot be.
ACTIONS: Names = {
    "change": _("changed"),
    "confirm": _("confirmed"),
    "post": _("posted"),
    "reverse": _("reversed"),
    "cancel": _("cancelled"),
    "count": _("counted on"),
    "close": _("finished"),
    "abandon": _("given up"),
}

DISPOSITIONS: Names = {
    "registered": _("Registered"),
    "available": _("Available"),
    "reserved": _("Reserved"),
    "on_hold": _("On hold"),
    "quarantined": _("In quarantine"),
    "recalled": _("Recalled"),
    "lost": _("Lost"),
    "stolen": _("Stolen"),
    "not_for_sale": _("Not for sale"),
    "in_custody": _("In our custody"),
    "in_transit": _("In transit"),
    "in_service": _("In service"),
    "installed": _("Installed"),
    "sold": _("Sold"),
    "on_loan": _("On loan"),
    "returned_to_supplier": _("Returned to supplier"),
    "with_repairer": _("With repairer"),
    "consumed": _("Used up"),
    "scrapped": _("Scrapped"),
    "removed": _("Removed"),
    "superseded": _("Superseded"),
}

MARKS: Names = {
    "held": _("On hold"),
    "quarantined": _("In quarantine"),
    "lost": _("Lost"),
    "stolen": _("Stolen"),
    "recalled": _("Recalled"),
}

#: A mark that was set, in a history.
MARKED: Names = {
    "held": _("Put on hold"),
    "quarantined": _("Put in quarantine"),
    "lost": _("Marked as lost"),
    "stolen": _("Marked as stolen"),
    "recalled": _("Recalled"),
}

#: What a stocktake says of a unit.
COUNT_RESULTS: Names = {
    "missing": _("Missing"),
    "found": _("Found"),
    "misplaced": _("In another bin"),
    "elsewhere": _("Recorded elsewhere"),
    "unknown": _("Unknown"),
    "moved": _("Moved meanwhile"),
}

IDENTIFIERS: Names = {
    "manufacturer_serial": _("Manufacturer’s serial"),
    "imei": _("IMEI"),
    "mac": _("MAC address"),
    "asset_tag": _("Asset tag"),
    "superseded": _("Superseded serial"),
}

LOCATION_TYPES: Names = {
    "storage": _("storage"),
    "transit": _("transit"),
    "service": _("service"),
    "assembly": _("assembly"),
    "supplier": _("supplier"),
    "customer": _("customer"),
    "production": _("production"),
    "scrap": _("scrap"),
    "adjustment": _("adjustment"),
    "opening": _("opening"),
}

#: What a refusal can be about, roles of parties included.
THINGS: Names = {
    "item": _("item"),
    "location": _("location"),
    "party": _("party"),
    "unit": _("unit"),
    "document": _("document"),
    "stocktake": _("stocktake"),
    "line": _("line"),
    "user": _("user"),
    "role": _("role"),
    "token": _("token"),
    "mark": _("mark"),
    "kind": _("kind of document"),
    "series": _("series"),
    "block": _("block"),
    "label_template": _("label template"),
    "printer": _("printer"),
    "file": _("file"),
    "identifier": _("identifier"),
    "supplier": _("supplier"),
    "customer": _("customer"),
    "borrower": _("borrower"),
    "insurer": _("insurer"),
    "service_provider": _("service provider"),
}

FIELDS: Names = {
    "username": _("user name"),
    "user": _("user"),
    "gtin": _("GTIN"),
    "uom": _("unit of measure"),
    "mac": _("MAC address"),
    "imei": _("IMEI"),
}

#: Why a value cannot be taken, where the core says it by a code.
REASONS: Names = {
    "taken": _("it is taken"),
    "required": _("it has to be given"),
    "already_set": _("it is set already"),
    "not_set": _("it is not set"),
    "unknown": _("there is no such value"),
    # Of stocktakes.
    "not_storage": _("goods are counted in storage locations"),
    "not_by_serial": _("its units have no serial numbers"),
    "not_here": _("it is not within what is counted"),
    # Of lists.
    "not_ours": _("it is not one of ours, or an old one"),
    "of_another_list": _("it belongs to another list or order"),
    "not_text": _("it has signs that no text has"),
    "too_long": _("it is too long"),
    "only_one": _("only one can be asked for"),
    "not_a_day": _("it is not a day such as 2026-12-31"),
    "not_a_moment": _("it is not a day or a moment such as 2026-12-31"),
    "not_yes_or_no": _("it is neither yes nor no"),
    "before_first": _("it lies before the first day"),
    "no_such_filter": _("the list has no such filter"),
    "no_search": _("the list has no search"),
}


def _named(names: Names, code: str) -> str:
    # A code without a word is shown readably rather than not at all.
    return str(names[code]) if code in names else code.replace("_", " ")


def kind_name(code: str) -> str:
    """“Purchase receipt”."""
    return _named(KINDS, code)


def happened_name(code: str) -> str:
    """“Received”."""
    return _named(HAPPENED, code)


def event_name(what: str, *, kind: str = "", mark: str = "") -> str:
    """What happened, in a history: “Received”, “Reversed: Delivered”, “Put on hold” …"""
    if what == "moved":
        return happened_name(kind)
    if what == "marked":
        return _named(MARKED, mark)
    if what == "cleared":
        return gettext("Cleared: {mark}").format(mark=mark_name(mark))
    if what == "reversed":
        return gettext("Reversed: {what}").format(what=happened_name(kind))
    if what == "revalued":
        return happened_name(kind)
    if what == "printed":
        return gettext("Label printed")
    return gettext("Record changed")


def state_name(code: str) -> str:
    """“posted”."""
    return _named(STATES, code)


def action_name(code: str) -> str:
    """“reversed”, as in “it cannot be reversed”."""
    return _named(ACTIONS, code)


def count_result_name(code: str) -> str:
    """“In another bin”."""
    return _named(COUNT_RESULTS, code)


def disposition_name(code: str) -> str:
    """“In transit”."""
    return _named(DISPOSITIONS, code)


def mark_name(code: str) -> str:
    """“On hold”."""
    return _named(MARKS, code)


def identifier_name(code: str) -> str:
    """“Asset tag”."""
    return _named(IDENTIFIERS, code)


def location_type_name(code: str) -> str:
    """“storage”."""
    return _named(LOCATION_TYPES, code)


def thing_name(code: str) -> str:
    """“item”."""
    return _named(THINGS, code)


def field_name(code: str) -> str:
    """“unit of measure”."""
    return _named(FIELDS, code)


def reason_name(code: str) -> str:
    """“it is taken”; what is a sentence already stays one."""
    return str(REASONS[code]) if code in REASONS else code.removesuffix(".")
