"""The words for what a label is made of: subjects, codes, contents, and how texts are set."""

from django.utils.translation import gettext_lazy as _

from seriatim.words.names import Names

SUBJECTS: Names = {"unit": _("Units"), "item": _("Items"), "location": _("Locations")}

CODE_TYPES: Names = {
    "qr": _("QR code"),
    "datamatrix": _("DataMatrix"),
    "gs1_datamatrix": _("GS1 DataMatrix"),
    "gs1_128": _("GS1-128"),
    "code128": _("Code 128"),
}

CONTENTS: Names = {
    "number": _("The number itself"),
    "gs1": _("GS1: GTIN and serial number"),
    "gs1_lot": _("GS1: GTIN, lot and serial number"),
    "gs1_full": _("GS1: GTIN, expiry, lot and serial number"),
    "link": _("GS1 Digital Link"),
    "link_full": _("GS1 Digital Link with lot and expiry"),
    "page": _("Address of the unit’s page"),
    "public": _("Address of its public page"),
}

FONTS: Names = {"sans": _("For words"), "mono": _("For numbers")}

ALIGNS: Names = {"left": _("Left"), "center": _("Middle"), "right": _("Right")}

FITS: Names = {
    "shrink": _("Set smaller"),
    "wrap": _("Break into lines"),
    "cut": _("Cut off (…)"),
    "refuse": _("Refuse to print"),
}

ELEMENTS: Names = {"text": _("Text"), "code": _("Code"), "rule": _("Line"), "frame": _("Frame")}

OUTPUTS: Names = {"pdf": _("PDF"), "zpl": _("ZPL file"), "printer": _("Printer")}

JOB_STATES: Names = {
    "made": _("made"),
    "waiting": _("on its way"),
    "sent": _("sent"),
    "failed": _("not taken"),
}
