"""The icon and the tone of what happened and of what a unit is; a word always stands beside them."""

from typing import NamedTuple


class Look(NamedTuple):
    """An icon (lucide's name) and a tone: good, warn, bad, info or plain."""

    icon: str
    tone: str


PLAIN = Look("circle-dot", "")

KINDS: dict[str, Look] = {
    "opening_stock": Look("archive", "info"),
    "purchase_receipt": Look("package-plus", "good"),
    "purchase_return": Look("package-minus", "warn"),
    "vendor_bill": Look("receipt", "info"),
    "delivery_note": Look("truck", "good"),
    "sales_invoice": Look("receipt", "info"),
    "sales_return": Look("undo-2", "warn"),
    "material_receipt": Look("package-plus", "good"),
    "material_issue": Look("package-minus", "info"),
    "transfer": Look("arrow-left-right", "info"),
    "manufacture": Look("factory", "info"),
    "disassemble": Look("ungroup", "info"),
    "serialize_stock": Look("hash", "info"),
    "allocation": Look("hash", "info"),
    "correction": Look("replace", "warn"),
    "count_adjustment": Look("clipboard-check", "warn"),
    "scrap": Look("trash-2", "bad"),
    "loan_out": Look("calendar-clock", "info"),
    "loan_in": Look("undo-2", "info"),
    "repair_in": Look("wrench", "warn"),
    "repair_out": Look("wrench", "good"),
}

EVENTS: dict[str, Look] = {
    "reversed": Look("rotate-ccw", "warn"),
    "revalued": Look("receipt", "info"),
    "changed": Look("pencil", ""),
    "marked": Look("flag", "bad"),
    "cleared": Look("flag-off", "good"),
    "printed": Look("printer", ""),
}

DISPOSITIONS: dict[str, Look] = {
    "registered": Look("circle-dashed", ""),
    "available": Look("circle-check", "good"),
    "reserved": Look("lock", "info"),
    "on_hold": Look("circle-pause", "warn"),
    "quarantined": Look("shield-alert", "warn"),
    "recalled": Look("megaphone", "bad"),
    "lost": Look("circle-question-mark", "bad"),
    "stolen": Look("siren", "bad"),
    "not_for_sale": Look("circle-minus", ""),
    "in_custody": Look("hand-heart", "info"),
    "in_transit": Look("truck", "info"),
    "in_service": Look("wrench", "warn"),
    "installed": Look("puzzle", "info"),
    "sold": Look("badge-check", "info"),
    "on_loan": Look("calendar-clock", "warn"),
    "returned_to_supplier": Look("package-minus", ""),
    "with_repairer": Look("wrench", "warn"),
    "consumed": Look("flame", ""),
    "scrapped": Look("trash-2", ""),
    "removed": Look("circle-x", ""),
    "superseded": Look("replace", ""),
}

STATES: dict[str, Look] = {
    "draft": Look("pencil-line", ""),
    "pending": Look("clock", "warn"),
    "posted": Look("circle-check", "good"),
    "reversed": Look("rotate-ccw", "warn"),
    "cancelled": Look("circle-x", ""),
}

#: How far a stocktake is.
STAGES: dict[str, Look] = {
    "open": Look("scan-line", "info"),
    "closed": Look("circle-check", "good"),
    "abandoned": Look("circle-x", ""),
}

#: What a stocktake says of a unit.
COUNT_RESULTS: dict[str, Look] = {
    "missing": Look("package-search", "warn"),
    "found": Look("circle-check-big", "good"),
    "misplaced": Look("move-right", "warn"),
    "elsewhere": Look("map-pin-x", "warn"),
    "unknown": Look("circle-question-mark", "warn"),
    "moved": Look("route", ""),
}
