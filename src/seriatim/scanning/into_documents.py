"""What a scan means while units are collected on a document: the bridge from readings to ``documents.scans``."""

from collections.abc import Sequence

from seriatim.documents.scans import values as scans
from seriatim.kernel.refusals import Case, ScanMisread
from seriatim.scanning.intents import MESSAGES, Act, Chosen, Intent, meaning
from seriatim.scanning.public import by_short_name
from seriatim.scanning.values import ANY_SCANNER, Doubt, Profile

_ACTS = {
    Act.ADD_UNIT: scans.Act.UNIT,
    Act.SET_ITEM: scans.Act.ITEM,
    Act.COMMAND: scans.Act.COMMAND,
    Act.SET_LOT: scans.Act.LOT,
    Act.ADD_IDENTIFIER: scans.Act.IDENTIFIER,
}


def reader(profile: Profile = ANY_SCANNER) -> scans.Reader:
    """A reader of scans from such a scanner; it refuses damaged codes with ScanMisread."""

    def read(text: str, chosen: scans.Chosen | None) -> Sequence[scans.Said]:
        item = None
        if chosen is not None:
            item = Chosen(code=chosen.code, gtin=chosen.gtin, by_serial=chosen.by_serial)
        understood = meaning(text, item=item, profile=profile)
        damaged = next((flaw for flaw in understood.flaws if flaw.form in MESSAGES), None)
        if damaged is not None or (understood.flaws and not understood.intents):
            why = (damaged or understood.flaws[0]).why
            raise ScanMisread(
                [Case(serial=understood.text[:80] if understood.intents else "", note=why.value)]
            )
        return [_said(intent) for intent in understood.intents]

    return read


def _said(intent: Intent) -> scans.Said:
    one = intent.meaning
    if one.short_name and (named := by_short_name(one.short_name)) is not None:
        return scans.Said(act=scans.Act.UNIT, item_code=named.item_code, serial=named.serial)
    return scans.Said(
        act=_ACTS.get(intent.act, scans.Act.OTHER),
        item_code=one.item_code,
        gtin=one.gtin,
        serial=one.serial,
        lot=one.lot,
        # What is best before a day is not sold after it: to whoever keeps units it is their end as well.
        end_of_life=one.expiry or one.best_before,
        identifiers=one.identifiers,
        quantity=one.quantity,
        command=one.command,
        unsure=Doubt.SEPARATOR in one.doubts or Doubt.BRACKETS in one.doubts,
    )
