"""The words for what a scan means, what is wrong with it, and what one can do next."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from seriatim.words.names import identifier_name

Sentences = dict[str, str | Promise]

FORMS: Sentences = {
    "plain": _("The text itself"),
    "address": _("Address of one of our pages"),
    "gs1": _("GS1 code"),
    "digital_link": _("GS1 Digital Link"),
    "gtin": _("GTIN (EAN, UPC)"),
    "sscc": _("SSCC, a pallet or parcel"),
    "imei": _("IMEI"),
    "tac": _("TAC, the model of a phone"),
    "mac": _("MAC address"),
    "iuid": _("Unique identifier (ISO/IEC 15434)"),
    "hibc": _("HIBC"),
    "command": _("Command"),
}

COMMANDS: Sentences = {"post": _("Post"), "undo": _("Undo the last scan"), "next": _("Next line")}

DOUBTS: Sentences = {
    "separator_missing": _(
        "The scanner sent no separator, so where one value ends and the next begins cannot be told."
    ),
    "unmarked": _("Nothing marks it as a GS1 code: it may as well be a plain serial number."),
    "day_missing": _("The date has no day; the last day of the month is meant."),
    "brackets": _("A bracket may stand around an identifier or be a part of the value."),
    "division": _("Where the item’s code ends cannot be told from the address alone."),
}

#: Why a reading is refused. ``{at}`` is the identifier, ``{value}`` what stands there.
WRONGS: Sentences = {
    "empty": _("Nothing was scanned."),
    "too_long": _("It is longer than any code can be."),
    "not_printable": _("It contains signs that cannot be seen, and no serial number has those."),
    "wrong_check": _("The check digit of {value} is wrong: it was misread, or misprinted."),
    "unknown_identifier": _("There is no identifier that begins with {value}."),
    "malformed_value": _("{value} cannot be the value of {at}."),
    "cut_short": _("The value of {at} is shorter than it has to be: a part of the code was lost."),
    "impossible_date": _("{value} is no date ({at})."),
    "partner_missing": _("{at} says nothing without {value}, which is not there."),
    "doubled_identifier": _("{at} stands there twice, with different values."),
    "identifiers_exclude_each_other": _("{at} and {value} cannot stand in one code."),
    "malformed": _("It begins like such a code and does not go on like one."),
    "compressed": _(
        "Its data are compressed, and compressed addresses are not read here. Type the serial number as it is printed, "
        "or scan another code of the label."
    ),
}

NEXT: Sentences = {
    "scan_again": _(
        "Scan it again, or check letter by letter: O and 0, I and 1 are easily taken for each other. If the unit is "
        "new here, it has to be received first."
    ),
    "check_alike": _("Is it one of those that look like it?"),
    "receive": _("No unit of {item} has this serial number. If it is new here, it has to be received first."),
    "scan_serial": _("Scan the serial number next."),
    "make_item": _("No item has this GTIN: make the item."),
    "link_item": _("Or give the GTIN to the item that it is."),
    "set_up_scanner": _("Set the scanner up so that it sends separators, and test it."),
}

_WHOLE = _("{form}: {said}")


def form_name(code: str) -> str:
    """“GS1 code”."""
    return str(FORMS[code])


def doubt_told(code: str) -> str:
    """What cannot be told from the text alone, as a sentence."""
    return str(DOUBTS[code])


def wrong_told(*, form: str, why: str, at: str = "", value: str = "") -> str:
    """What is wrong with a reading, as a sentence; with the form where it was not just plain text."""
    said = str(WRONGS[why]).format(at=at or form_name(form), value=_visible(value))
    return said if form == "plain" else str(_WHOLE).format(form=form_name(form), said=said)


#: The same in short, for a list of scans.
_MISREAD: Sentences = {
    "too_long": _("it is longer than any code can be"),
    "not_printable": _("it contains signs that cannot be seen"),
    "wrong_check": _("a check digit is wrong"),
    "unknown_identifier": _("it names an identifier that there is not"),
    "malformed_value": _("a value is not what it has to be"),
    "cut_short": _("a part of it is missing"),
    "impossible_date": _("it gives a date that there is not"),
    "partner_missing": _("it does not say of which item it is; scan the code with the GTIN first"),
    "doubled_identifier": _("it says the same thing twice"),
    "identifiers_exclude_each_other": _("it says things that exclude each other"),
    "malformed": _("a part of it is missing or was changed on the way"),
    "compressed": _("it is a compressed GS1 Digital Link; scan another code of the label"),
    "place": _("it is the label of a place; scan what stands there"),
    "web_address": _("it is the address of a page, not a serial number; scan another code of the label"),
}


def misread_told(why: str) -> str:
    """“a check digit is wrong”; "" for what is no such reason."""
    return str(_MISREAD.get(why, ""))


def next_told(code: str, *, item: str = "") -> str:
    """What one can do next, as a sentence."""
    return str(NEXT[code]).format(item=item)


def _visible(text: str) -> str:
    shown = text if len(text) <= 60 else f"{text[:60]}…"
    return "".join(sign if sign.isprintable() else "�" for sign in shown)


#: What a meaning may say, and its word; in the order in which it is told.
_FACTS: tuple[tuple[str, str | Promise], ...] = (
    ("item_code", _("Item")),
    ("gtin", _("GTIN")),
    ("serial", _("Serial number")),
    ("lot", _("Lot")),
    ("expiry", _("Expires")),
    ("best_before", _("Best before")),
    ("produced", _("Made")),
    ("document", _("Document")),
)


def facts_of(meaning: Any) -> list[tuple[str, str]]:
    """What a meaning says, as (word, value) pairs; ``meaning`` is a ``scanning.Meaning``."""
    said = [(str(word), str(getattr(meaning, name))) for name, word in _FACTS if getattr(meaning, name)]
    if meaning.quantity is not None:
        said.append((str(_("Quantity")), f"{meaning.quantity / 1000:g}"))
    said += [(identifier_name(type_), value) for type_, value in meaning.identifiers]
    if meaning.command:
        said.append((str(_("Command")), str(COMMANDS[meaning.command])))
    return said
