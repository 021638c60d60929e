"""What a scan means while units are collected on a document: the bridge from readings to ``documents.scans``. Pure."""

from collections.abc import Sequence

from seriatim.documents.scans import values as scans
from seriatim.scanning.intents import Act, Chosen, Intent, meaning
from seriatim.scanning.values import ANY_SCANNER, Profile

_ACTS = {
    Act.ADD_UNIT: scans.Act.UNIT,
    Act.SET_ITEM: scans.Act.ITEM,
    Act.COMMAND: scans.Act.COMMAND,
}


def reader(profile: Profile = ANY_SCANNER) -> scans.Reader:
    """A reader of scans from such a scanner."""

    def read(text: str, chosen: scans.Chosen | None) -> Sequence[scans.Said]:
        item = None
        if chosen is not None:
            item = Chosen(code=chosen.code, gtin=chosen.gtin, by_serial=chosen.by_serial)
        return [_said(intent) for intent in meaning(text, item=item, profile=profile).intents]

    return read


def _said(intent: Intent) -> scans.Said:
    one = intent.meaning
    return scans.Said(
        act=_ACTS.get(intent.act, scans.Act.OTHER),
        item_code=one.item_code,
        gtin=one.gtin,
        serial=one.serial,
        quantity=one.quantity,
        command=one.command,
    )
