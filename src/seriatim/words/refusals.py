"""The words for every refusal of the core, a row per code of ``kernel.refusals.PRECEDENCE``.

A row offers several wordings, the fullest first; the first one whose facts are all known is used, so a sentence
never has a hole in it (see ``wording``). How they are put together is told in ``telling``.
"""

from django.utils.translation import gettext_lazy as _

from seriatim.words.wording import Words

#: Of the core, by code, in the order of precedence.
REFUSALS: dict[str, Words] = {
    # --- who and what ---------------------------------------------------------------------------------------
    "not_permitted": Words(
        whole=(
            _("{user} may not work at {location}."),
            _("This token may not do this: it takes the scope “{scope}”."),
            _("{user} may not do this: it takes the right “{right}”."),
            _("You may not work at {location}."),
            _("You may not do this: it takes the right “{right}”."),
            _("You may not do this."),
        ),
        case=(_("{serial} is at {place}, where you may not work."), _("You may not work at {place}.")),
        todo=_("Ask an administrator for the right, or somebody who has it to do it."),
    ),
    "not_found": Words(
        whole=(_("There is no {what} {name}."), _("There is no such {what}."), _("There is no such thing.")),
        case=(_("There is no {what} {note}."), _("There is no {serial}."), _("There is no {note}.")),
        todo=_("Check the spelling, or create it first."),
    ),
    "invalid": Words(
        whole=(
            _("The {field} cannot be “{value}”: {reason}."),
            _("The {field} cannot be taken: {reason}."),
            _("The {field} cannot be “{value}”."),
            _("The {field} cannot be taken."),
            _("A value cannot be taken."),
        ),
        case=(_("{serial}: {note}"), _("{item}: {note}"), _("{note}"), _("{serial}"), _("{item}")),
        todo=_("Change the value and try again."),
    ),
    "in_use": Words(
        whole=(_("The {what} {name} is in use."), _("It is in use.")),
        case=(_("{item}: {note}"), _("{item} is in use."), _("{note}")),
        todo=_("End first what it is used for, or archive it: what stands on documents stays."),
    ),
    "changed_meanwhile": Words(
        whole=(
            _("{user} has changed it while you were editing. Nothing of yours was saved."),
            _("It was changed while you were editing. Nothing of yours was saved."),
        ),
        case=(_("{note}"), _("It was changed.")),
        todo=_("Look at what was changed, put it right in the form, and save again."),
    ),
    # --- the document as a whole ----------------------------------------------------------------------------
    "id_conflict": Words(
        whole=(
            _("This id was used before, for {document}, with different content."),
            _("This id was used before, with different content."),
        ),
        case=(_("The id belongs to {document}."),),
        todo=_("Give the new document an id of its own."),
    ),
    "wrong_state": Words(
        whole=(
            _("{document} is {state}, so it cannot be {action}."),
            _("The document is {state}, so it cannot be {action}."),
            _("The document is {state}."),
            _("The document’s state does not allow this."),
        ),
        case=(_("{document}: {note}"), _("{document}"), _("{note}")),
        todo=_("Look at the document first: somebody may have done it already."),
    ),
    "no_lines": Words(
        whole=(_("There is nothing to post: the document has no lines with serial numbers or quantities."),),
        case=(_("Line {line} is empty."),),
        todo=_("Add serial numbers or a quantity."),
    ),
    "future_date": Words(
        whole=(_("{date} lies in the future."), _("The date lies in the future.")),
        case=(_("{note} lies in the future."),),
        todo=_("Take today or an earlier day."),
    ),
    "party_missing": Words(
        whole=(_("The document needs a party who is a {roles}."), _("The document needs a party.")),
        case=(_("Line {line} needs a party."),),
        todo=_("Name the party."),
    ),
    "party_wrong_role": Words(
        whole=(_("{party} is not a {roles}."), _("The party is not in the role that this document needs.")),
        case=(_("{holder} is not in the role that this document needs."),),
        todo=_("Choose another party, or give this one the role."),
    ),
    "archived": Words(
        whole=(_("The {what} {name} is archived."), _("What the document names is archived.")),
        case=(_("{item} is archived."), _("{place} is archived."), _("{holder} is archived."), _("{note}")),
        todo=_("Take another one, or bring it back from the archive."),
    ),
    "location_not_allowed": Words(
        whole=(),
        case=(
            _("Line {line}: {place} is not a place for this kind of document; {note}."),
            _("Line {line}: {place} is not a place for this kind of document."),
            _("Line {line}: {note}."),
            _("{place} is not a place for this kind of document."),
            _("Line {line} lacks a place."),
            _("The place does not fit this kind of document."),
        ),
        todo=_("Choose a place of the type that this kind leads from or to."),
    ),
    "item_not_stocked": Words(
        whole=(),
        case=(
            _("Line {line}: {item} is tracked in another way ({note})."),
            _("Line {line}: {item} is not stocked in this way."),
            _("{item} is not stocked in this way."),
            _("An item is not stocked in this way."),
        ),
        todo=_("Give serial numbers for items by serial number, and a quantity for items by quantity."),
    ),
    "quantity_invalid": Words(
        whole=(),
        case=(
            _("Line {line}: the quantity of {item} cannot be {note}."),
            _("Line {line}: the quantity of {item} is not a whole number above zero."),
            _("Line {line}: the quantity must be above zero."),
            _("The quantity must be above zero."),
        ),
        todo=_("Numbered units are counted in whole numbers above zero."),
    ),
    "link_invalid": Words(
        whole=(),
        case=(
            _("Line {line}: {serial} is not among the goods of {document}."),
            _("Line {line}: {item} cannot be linked to {document} ({note})."),
            _("Line {line}: it cannot be linked to {document}."),
            _("Line {line}: the line it refers to does not fit ({note})."),
            _("Line {line}: the line it refers to does not fit."),
            _("The line it refers to does not fit."),
        ),
        todo=_("Refer to a posted line of the right kind with the same item and party."),
    ),
    # --- the serial text ------------------------------------------------------------------------------------
    "malformed_serial": Words(
        whole=(),
        case=(
            _("“{serial}” cannot be a serial number: {note}."),
            _("“{serial}” cannot be a serial number."),
            _("Line {line}: {note}."),
            _("That cannot be a serial number."),
        ),
        todo=_("A serial number has at most 80 printable characters. Scan or type it again."),
    ),
    "doubled_serial": Words(
        whole=(),
        case=(
            _("{serial} is on this document twice ({note})."),
            _("{serial} is on this document twice."),
            _("A serial number is on this document twice."),
        ),
        todo=_("Take it out once."),
    ),
    "too_many_serials": Words(
        whole=(),
        case=(
            _("Line {line}: more serial numbers of {item} than its quantity ({note})."),
            _("Line {line}: more serial numbers than its quantity."),
            _("More serial numbers than the quantity ({note})."),
            _("More serial numbers than the quantity."),
        ),
        todo=_("Raise the quantity, or take serial numbers out."),
    ),
    "serials_missing": Words(
        whole=(),
        case=(
            _("Line {line}: serial numbers of {item} are missing ({note})."),
            _("Line {line}: serial numbers of {item} are missing."),
            _("Line {line}: serial numbers are missing."),
            _("Serial numbers are missing."),
        ),
        todo=_("Scan the rest: these goods may not go without their serial numbers."),
    ),
    "over_receipt": Words(
        whole=(),
        case=(
            _("Line {line}: more of {item} than was expected ({note})."),
            _("Line {line}: more of {item} than was expected."),
            _("{serial} was not expected."),
            _("More than was expected."),
        ),
        todo=_("Count again; book the surplus on a receipt of its own if it is meant."),
    ),
    "not_on_document": Words(
        whole=(),
        case=(
            _("{item} is not on this document."),
            _("{serial} is not on this document."),
            _("It is not on this document."),
        ),
        todo=_("Set it aside: the document was confirmed without it. Receive or deliver it by another one."),
    ),
    "scan_misread": Words(
        whole=(),
        case=(_("The code cannot be read: {note}."), _("The code cannot be read.")),
        todo=_(
            "Scan it again. If it stays so, the label is damaged: type the serial number as it is printed."
        ),
    ),
    "scan_unclear": Words(
        whole=(_("The code can be read in several ways, since the scanner left out a separator."),),
        case=(
            _("Serial number {serial}, {note}"),
            _("Serial number {serial}"),
            _("No serial number, {note}"),
        ),
        todo=_(
            "Type the serial number as it is printed, and set the scanner up so that it sends separators: "
            "“Test your scanner” shows how."
        ),
    ),
    "scan_without_unit": Words(
        whole=(),
        case=(
            _("{serial} has as many of these as one unit can have: {note} is another unit’s."),
            _("Some of line {line} are here already, not of lot {note}."),
            _("{note} names no unit."),
            _("The code names no unit."),
        ),
        todo=_(
            "Scan the unit’s serial number first: what its other codes say is kept with it. Goods without serial "
            "numbers take a line for each lot."
        ),
    ),
    "item_unclear": Words(
        whole=(),
        case=(
            _("{serial} is a number of several items: {note}."),
            _("Nothing says of which item {serial} is."),
            _("Nothing says of which item it is."),
        ),
        todo=_("Scan the item’s barcode first, or choose its line."),
    ),
    "scans_open": Words(
        whole=(_("Scans wait for an answer."),),
        case=(_("{serial} waits for an answer."), _("A scan waits for an answer.")),
        todo=_("Look at them in the list: confirm, acknowledge or remove each."),
    ),
    "rest_undecided": Words(
        whole=(),
        case=(
            _("Line {line}: less of {item} than was expected ({note})."),
            _("Line {line}: less of {item} than was expected."),
            _("Less than was expected."),
        ),
        todo=_("Say whether the rest stays pending or is closed short."),
    ),
    # --- series and blocks ----------------------------------------------------------------------------------
    "pattern_refused": Words(
        whole=(_("The pattern {pattern} cannot be taken."), _("The pattern cannot be taken.")),
        case=(_("{note}"), _("It is not safe.")),
        todo=_("Change the pattern: every number that it makes has to be a new one."),
    ),
    "series_exhausted": Words(
        whole=(
            _("The series {series} has {left} numbers left, and {wanted} are needed."),
            _("The series {series} has not enough numbers left."),
            _("The series has not enough numbers left."),
        ),
        case=(_("{note}"), _("There are not enough numbers left.")),
        todo=_("Give the serial numbers by hand, or give the item another series."),
    ),
    "block_unavailable": Words(
        whole=(_("Numbers of the series {series} are taken."), _("Numbers are taken.")),
        case=(_("{serial}: {note}"), _("{note}"), _("{serial} is taken."), _("These are taken.")),
        todo=_("Choose numbers that are free."),
    ),
    # --- the units ------------------------------------------------------------------------------------------
    "unknown_serial": Words(
        whole=(),
        case=(
            _("There is no {serial}. This looks like it: {note}."),
            _("There is no {serial} of {item}."),
            _("There is no {serial}."),
            _("There is no such unit."),
        ),
        todo=_("Check the serial number; a unit that is new here has to be received first."),
    ),
    "stolen": Words(
        whole=(),
        case=(
            _("{serial} is marked as stolen ({note})."),
            _("{serial} is marked as stolen."),
            _("It is marked as stolen."),
        ),
        todo=_("Keep it and tell your manager. The mark has to be cleared before it can move."),
    ),
    "lost": Words(
        whole=(),
        case=(
            _("{serial} is marked as lost ({note})."),
            _("{serial} is marked as lost."),
            _("It is marked as lost."),
        ),
        todo=_("If it has turned up, clear the mark first."),
    ),
    "already_in_stock": Words(
        whole=(),
        case=(
            _("{serial} is with us already: it is at {place}."),
            _("{serial} is with us already ({note})."),
            _("{serial} is with us already."),
            _("It is with us already."),
        ),
        todo=_("Check the serial number; to move the unit within the house, use a transfer."),
    ),
    "serial_taken": Words(
        whole=(),
        case=(
            _("{serial} is the serial number of a unit of {note}."),
            _("{serial} is the serial number of another item’s unit."),
            _("Another item has this serial number."),
        ),
        todo=_("Serial numbers are unique across all items here. Check item and serial number."),
    ),
    "identifier_taken": Words(
        whole=(),
        case=(
            _("{serial} is given a number that another unit has: {note}."),
            _("{serial} is given a number that another unit has."),
            _("Another unit has this number."),
        ),
        todo=_("Check the number: an IMEI, MAC address or asset tag belongs to one unit only."),
    ),
    "block_not_theirs": Words(
        whole=(),
        case=(
            _("{serial} belongs to a block of numbers that is reserved for {holder}."),
            _("{serial} belongs to a block of numbers that is reserved for somebody else."),
            _("It belongs to a block of numbers that is reserved for somebody else."),
        ),
        todo=_("Check the number. Whoever holds the block has to use it, or return it first."),
    ),
    "not_at_source": Words(
        whole=(),
        case=(
            _("{serial} is with {holder}, not at {source}."),
            _("{serial} is at {place}, not at {source}."),
            _("{serial} is with {holder}, not where this document takes it from."),
            _("{serial} is at {place}, not where this document takes it from."),
            _("{serial} has not come in yet, so it is nowhere."),
            _("It is not where this document takes it from."),
        ),
        todo=_("Take it from where it really is, or move it first."),
    ),
    "reserved": Words(
        whole=(),
        case=(
            _("{serial} is reserved for {document}."),
            _("{serial} is reserved for another document."),
            _("It is reserved for another document."),
        ),
        todo=_("Take another unit, or cancel that document to free this one."),
    ),
    "on_hold": Words(
        whole=(),
        case=(_("{serial} is on hold ({note})."), _("{serial} is on hold."), _("It is on hold.")),
        todo=_("Take another unit, or have the hold cleared."),
    ),
    "quarantined": Words(
        whole=(),
        case=(
            _("{serial} is in quarantine ({note})."),
            _("{serial} is in quarantine."),
            _("It is in quarantine."),
        ),
        todo=_("Take another unit, or have the quarantine cleared."),
    ),
    "recalled": Words(
        whole=(),
        case=(_("{serial} is recalled ({note})."), _("{serial} is recalled."), _("It is recalled.")),
        todo=_("A recalled unit may only go back to where it came from."),
    ),
    "not_ours": Words(
        whole=(),
        case=(
            _("{serial} belongs to {holder}, not to us."),
            _("{serial} does not belong to us."),
            _("It does not belong to us."),
        ),
        todo=_("Hand it back with a repair document, or buy it first."),
    ),
    "not_theirs": Words(
        whole=(),
        case=(
            _("{serial} belongs to {holder}, not to the party of this document."),
            _("{serial} does not belong to the party of this document."),
            _("It does not belong to the party of this document."),
        ),
        todo=_("Check the party and the serial number."),
    ),
    "not_sold_to_party": Words(
        whole=(),
        case=(
            _("{serial} was sold to {holder}, not to this customer."),
            _("{serial} was not sold to this customer."),
            _("It was not sold to this customer."),
        ),
        todo=_("Check the customer. A manager can take it back anyway, with a reason."),
    ),
    "wrong_supplier": Words(
        whole=(),
        case=(
            _("{serial} came from {holder}, not from this supplier."),
            _("{serial} did not come from this supplier."),
            _("It did not come from this supplier."),
        ),
        todo=_("Check the supplier. A manager can send it there anyway, with a reason."),
    ),
    "not_held_by_party": Words(
        whole=(),
        case=(
            _("{serial} is with {holder}, not with this party."),
            _("{serial} is not with this party."),
            _("It is not with this party."),
        ),
        todo=_("Check the party. A manager can override it where the document allows, with a reason."),
    ),
    "not_in_parent": Words(
        whole=(),
        case=(
            _("{serial} is not installed in {note}."),
            _("{serial} is not installed in that unit."),
            _("It is not installed in that unit."),
        ),
        todo=_("Name the unit that it really sits in."),
    ),
    "has_components": Words(
        whole=(),
        case=(
            _("{serial} has other units installed ({note})."),
            _("{serial} has other units installed."),
            _("It has other units installed."),
        ),
        todo=_("Take all of them out on the same document."),
    ),
    "out_of_order": Words(
        whole=(),
        case=(
            _("{serial} moved last on {note}, after this document’s date."),
            _("{serial} moved after this document’s date."),
            _("It moved after this document’s date."),
        ),
        todo=_("Take a later date, or reverse the later document first."),
    ),
    "near_twin": Words(
        whole=(),
        case=(
            _("{serial} looks like {note}, which is at {place} already."),
            _("{serial} looks like {note}, which is known already."),
            _("{serial} looks like another serial number of the item."),
            _("It looks like another serial number of the item."),
        ),
        todo=_("Compare the labels. If they really are different units, confirm it and post again."),
    ),
    # --- quantities -----------------------------------------------------------------------------------------
    "not_enough": Words(
        whole=(),
        case=(
            _("Line {line}: {place} has only {note} of {item}."),
            _("{place} has only {note} of {item}."),
            _("Line {line}: {place} does not have that much of {item}."),
            _("Line {line}: there is not that much of {item}."),
            _("There is not that much there."),
        ),
        todo=_("Take less, or take it from another place."),
    ),
    "not_enough_waiting": Words(
        whole=(),
        case=(
            _("Line {line}: only {note} of {item} waits for serial numbers at {place}."),
            _("Line {line}: only {note} of {item} waits for serial numbers."),
            _("Line {line}: not that much of {item} waits for serial numbers."),
            _("Not that much waits for serial numbers there."),
        ),
        todo=_("Check the place and how many still lack serial numbers."),
    ),
    "negative_later": Words(
        whole=(),
        case=(
            _("Line {line}: {place} would have less than nothing of {item} on {note}."),
            _("{place} would have less than nothing of {item} on {note}."),
            _("Line {line}: there would be less than nothing of {item} later on."),
            _("There would be less than nothing later on."),
        ),
        todo=_("Take a later date: what is there was already used afterwards."),
    ),
    # --- reversal, and the machine --------------------------------------------------------------------------
    "later_documents": Words(
        whole=(_("Later documents stand in the way, in this order:"),),
        case=(
            _("{serial} went on with {document} ({note})."),
            _("{serial} went on with {document}."),
            _("{document} ({note})"),
            _("{document}"),
            _("{serial} has moved on since."),
            _("It has moved on since."),
        ),
        todo=_("Reverse them first, the last one first."),
    ),
    "busy": Words(
        whole=(_("Others are writing to the same units at the moment. Nothing was changed."),),
        case=(_("{serial} is being written by somebody else."), _("Somebody else is writing there.")),
        todo=_("Try again: it is safe."),
    ),
}
