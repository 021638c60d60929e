"""Which HTTP status a code is answered with: one table, complete, for refusals of the core and the door's own.

Statuses are coarse and for machines that know HTTP only: 404 what does not exist, 409 what the present state of
stock or documents stands against, 422 what could be taken in no state. Programs go by the code.
"""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: code of a refusal of the core → status
STATUSES: dict[str, int] = {
    "not_permitted": 403,
    "not_found": 404,
    "invalid": 422,
    "in_use": 409,
    "changed_meanwhile": 409,
    "id_conflict": 409,
    "wrong_state": 409,
    "no_lines": 422,
    "future_date": 422,
    "party_missing": 422,
    "party_wrong_role": 422,
    "archived": 409,
    "location_not_allowed": 422,
    "item_not_stocked": 422,
    "quantity_invalid": 422,
    "link_invalid": 422,
    "scan_misread": 422,
    "scan_unclear": 422,
    "scan_without_unit": 422,
    "item_unclear": 422,
    "not_on_document": 409,
    "scans_open": 409,
    "malformed_serial": 422,
    "doubled_serial": 422,
    "too_many_serials": 422,
    "serials_missing": 422,
    "over_receipt": 409,
    "rest_undecided": 409,
    "pattern_refused": 422,
    "series_exhausted": 409,
    "block_unavailable": 409,
    "unknown_serial": 409,
    "stolen": 409,
    "lost": 409,
    "already_in_stock": 409,
    "serial_taken": 409,
    "identifier_taken": 409,
    "block_not_theirs": 409,
    "not_at_source": 409,
    "reserved": 409,
    "on_hold": 409,
    "quarantined": 409,
    "recalled": 409,
    "not_ours": 409,
    "not_theirs": 409,
    "not_sold_to_party": 409,
    "wrong_supplier": 409,
    "not_held_by_party": 409,
    "not_in_parent": 409,
    "has_components": 409,
    "out_of_order": 409,
    "near_twin": 409,
    "not_enough": 409,
    "not_enough_waiting": 409,
    "negative_later": 409,
    "later_documents": 409,
    "busy": 503,
    "table_refused": 422,
    "file_unusable": 422,
    "label_content": 422,
    "label_code_too_large": 422,
    "label_no_glyph": 422,
    "label_text_too_long": 422,
    "label_nothing": 422,
    # Not 503: what has come out of a printer cannot be taken back, so nobody may try again by themself.
    "printer_unreachable": 409,
}


class Own(NamedTuple):
    """A problem that only this door has: its status, what it is, and what to do."""

    status: int
    title: str | Promise
    todo: str | Promise


#: code of a problem of the door itself → what it is
OWN: dict[str, Own] = {
    "bad_request": Own(400, _("The request cannot be read."), _("Mend what is named and send it again.")),
    "bad_json": Own(400, _("The body is not JSON."), _("Send one JSON value, in UTF-8.")),
    "unauthorized": Own(
        401,
        _("Nobody is named by this request, or not by a token that is good."),
        _("Send “Authorization: Bearer” and a token that is neither expired nor revoked."),
    ),
    "forged": Own(
        403, _("The request may come from another site."), _("Send the page’s CSRF token, or use a token.")
    ),
    "no_such_path": Own(404, _("There is nothing at this address."), _("See /api/v1/openapi.json.")),
    "method_not_allowed": Own(
        405, _("This cannot be done at this address."), _("The Allow header says what can.")
    ),
    "not_acceptable": Own(
        406,
        _("This cannot be answered in a form that is accepted."),
        _("Accept application/json; lists also come as text/csv and application/x-ndjson."),
    ),
    "length_required": Own(411, _("The length of the body is not said."), _("Send Content-Length.")),
    "precondition_failed": Own(
        412, _("It has been changed since it was read."), _("Read it again, and change what is there now.")
    ),
    "body_too_large": Own(413, _("The body is too large."), _("Send it in several documents.")),
    "unsupported_media_type": Own(
        415, _("The body is of a type that is not read here."), _("Send Content-Type: application/json.")
    ),
    "misread": Own(
        422, _("The request is not of the shape that is wanted here."), _("Mend the fields that are named.")
    ),
    "key_reused": Own(
        422,
        _("This Idempotency-Key was used for another request."),
        _("Take a new key for each new request, and the same one only to send the same again."),
    ),
    "internal": Own(
        500,
        _("Something went wrong on our side. Nothing was changed."),
        _("Sending it again is safe. If it stays so, tell whoever runs the server; it is in the log."),
    ),
    "unavailable": Own(503, _("The database does not answer."), _("Try again in a while.")),
}


def status_of(code: str) -> int:
    """The status of any code; of one that nobody placed yet, that of a request that cannot be taken."""
    if code in OWN:
        return OWN[code].status
    return STATUSES.get(code, 422)
