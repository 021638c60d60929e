"""The words for what labels refuse, by code."""

from django.utils.translation import gettext_lazy as _

from seriatim.words.wording import Words

LABELS: dict[str, Words] = {
    "label_content": Words(
        whole=(),
        case=(
            _("{serial}: {note}."),
            _("{item}: {note}."),
            _("{place}: {note}."),
            _("{serial} cannot be said by this code."),
            _("A code cannot say this."),
        ),
        todo=_("Take a template with another type of code, or put right what is missing."),
    ),
    "label_code_too_large": Words(
        whole=(),
        case=(
            _("{serial}: its code {note}."),
            _("{item}: its code {note}."),
            _("{place}: its code {note}."),
            _("The code of {serial} does not fit."),
            _("A code does not fit."),
        ),
        todo=_("Give the code more room, take a QR or DataMatrix code, or a printer with finer dots."),
    ),
    "label_no_glyph": Words(
        whole=(),
        case=(
            _("{serial}: no font here sets {note}."),
            _("{item}: no font here sets {note}."),
            _("{place}: no font here sets {note}."),
            _("{serial} has characters that no font here sets."),
            _("There are characters that no font here sets."),
        ),
        todo=_("Leave that text off the label, or have a font added (SERIATIM_LABEL_FONTS)."),
    ),
    "label_text_too_long": Words(
        whole=(),
        case=(
            _("{serial}: “{note}” does not fit its box."),
            _("{item}: “{note}” does not fit its box."),
            _("{place}: “{note}” does not fit its box."),
            _("A text of {serial} does not fit its box."),
            _("A text does not fit its box."),
        ),
        todo=_("Give the text more room or a smaller size, or let it wrap or be cut."),
    ),
    "label_nothing": Words(
        whole=(_("There is nothing to print: no serial number was chosen."),),
        case=(_("{note}"), _("There is nothing to print.")),
        todo=_("Choose what the labels are for."),
    ),
    "printer_unreachable": Words(
        whole=(
            _("The printer {printer} ({host}) did not take the labels: {reason}."),
            _("The printer {printer} did not take the labels."),
            _("The printer did not take the labels."),
        ),
        case=(_("{note}"), _("It did not take them.")),
        todo=_("Look whether it is on, has labels and is in the network, then print again."),
    ),
}
