"""A document that was begun on a unit's page: the unit goes on it at once, or as far as the kind lets it."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from seriatim.documents.scans import adding
from seriatim.documents.scans.values import Sent
from seriatim.kernel.kinds import KINDS
from seriatim.kernel.refusals import Refusal
from seriatim.scanning.into_documents import reader
from seriatim.web.addresses import document_address, splits, unit_address
from seriatim.web.views.rights import person

#: Longer than any item's code and serial number together.
_LONGEST = 400


def named_unit(said: str) -> tuple[str, str] | None:
    """``ITEM/SERIAL`` as the unit's page hands it on; where both hold slashes, the first way to read it."""
    text = said.replace("\x00", "").strip()[:_LONGEST]
    return next(iter((item, serial) for item, serial in splits(text) if item and serial), None)


def put(request: HttpRequest, document: UUID, kind: str, said: str, role: str = "") -> str:
    """Put the unit on a fresh draft; returns the page to go on with.

    What the unit is refused for stands in the draft as with any other scan.
    """
    unit = named_unit(said)
    name = str(document)
    if unit is None:
        return document_address(name)
    item, serial = unit
    row = KINDS[kind]
    if row.corrects or row.roles != ("",):
        # Such a line has more to it than a number: its page asks for the rest.
        asked = {"item": item, "role": role, "wrong_serial": serial}
        return f"{reverse('document_line_new', args=[name])}?{urlencode(asked)}"
    # Our own address says both which item and which number.
    text = f"http://localhost{unit_address(item, serial)}"
    try:
        adding.add(
            user=person(request),
            document_id=document,
            scans=[Sent(id=None, text=text)],
            reader=reader(),
        )
    except Refusal:
        # The draft is there, and what it is refused is told on its own page once somebody scans.
        return document_address(name)
    return document_address(name)
