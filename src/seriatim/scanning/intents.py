"""What a scan means in a screen that collects units: add this unit, set the item, set the lot … Pure.

A manufacturer's box often has two codes, the GTIN and the serial number, scanned in turn: the first sets the
item, the second adds its unit. Where a text can be either, both are offered and the screen asks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from seriatim.scanning.reading import interpret
from seriatim.scanning.values import ANY_SCANNER, Doubt, Flaw, Form, Meaning, Profile

#: Doubts that somebody has to settle; a date without its day is just shown.
_ASKED = frozenset({Doubt.SEPARATOR, Doubt.UNMARKED, Doubt.BRACKETS, Doubt.DIVISION})
#: A text that begins like one of these and is damaged is hardly a plain number. That a number of thirteen digits is
#: no GTIN says nothing against it.
MESSAGES = frozenset({Form.GS1, Form.DIGITAL_LINK, Form.IUID, Form.HIBC})


class Act(StrEnum):
    """What a scan does in the screen."""

    #: Add the unit ``meaning.serial``, with its item, lot, dates and identifiers where the code says them.
    ADD_UNIT = "add_unit"
    #: The following units are of the item ``meaning.gtin`` or ``meaning.item_code``.
    SET_ITEM = "set_item"
    #: The following units are of this lot, or end on this date.
    SET_LOT = "set_lot"
    SET_QUANTITY = "set_quantity"
    #: A further number of the unit added last.
    ADD_IDENTIFIER = "add_identifier"
    #: Post, undo, next line: ``meaning.command``.
    COMMAND = "command"
    #: Nothing that is collected here: a document, a pallet. To be looked up.
    LOOK_UP = "look_up"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The item that a screen has set. ``by_serial``: its units are numbered; else a scan of it counts one."""

    code: str
    gtin: str = ""
    by_serial: bool = True


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing that the scan can mean here."""

    act: Act
    meaning: Meaning
    #: A unit to be added whose item neither the code nor the screen says.
    wants_item: bool = False
    #: The code names another item than the screen has set.
    other_item: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """What the scan can mean here, the likeliest first; with several of them the screen asks."""

    text: str
    intents: Sequence[Intent] = ()
    flaws: Sequence[Flaw] = ()

    @property
    def certain(self) -> Intent | None:
        """The one thing it means, where nothing has to be asked."""
        if any(flaw.form in MESSAGES for flaw in self.flaws):
            return None
        # A unit of no item cannot be added: a reading that says which item it is goes before.
        ready = [one for one in self.intents if not one.wants_item] or self.intents
        if len(ready) == 1 and _ASKED.isdisjoint(ready[0].meaning.doubts):
            return ready[0]
        return None


def meaning(text: str, *, item: Chosen | None = None, profile: Profile = ANY_SCANNER) -> Understanding:
    """What the scan means in a screen where this item is set, or none yet."""
    read = interpret(text, profile=profile, item_known=item is not None)
    intents = [_intent(one, item) for one in read.meanings]
    return Understanding(text=read.text, intents=_without_repeats(intents, item), flaws=read.flaws)


def _intent(one: Meaning, item: Chosen | None) -> Intent:
    other = item is not None and _is_other(one, item)
    if one.command:
        return Intent(Act.COMMAND, one)
    if one.serial:
        wants = item is None and not one.names_item
        return Intent(Act.ADD_UNIT, one, wants_item=wants, other_item=other)
    if one.names_item:
        return Intent(Act.SET_ITEM, one, other_item=other)
    if one.lot or one.expiry or one.best_before or one.produced:
        return Intent(Act.SET_LOT, one)
    if one.quantity is not None:
        return Intent(Act.SET_QUANTITY, one)
    if one.identifiers:
        return Intent(Act.ADD_IDENTIFIER, one)
    return Intent(Act.LOOK_UP, one)


def _is_other(one: Meaning, item: Chosen) -> bool:
    if one.gtin:
        return bool(item.gtin) and one.gtin != item.gtin
    return bool(one.item_code) and one.item_code.lower() != item.code.lower()


def _without_repeats(intents: list[Intent], item: Chosen | None) -> list[Intent]:
    """Readings that a screen need not ask about are left out.

    The GTIN of the very item that is set is no serial number of it; a model's number (TAC) or a pallet's is none
    that somebody means while collecting units, so the plain reading stands.
    """
    same = [
        one
        for one in intents
        if one.act is Act.SET_ITEM and item is not None and one.meaning.gtin and one.meaning.gtin == item.gtin
    ]
    if same:
        return same[:1]
    forms = {one.meaning.form for one in intents}
    passed_over = {Form.TAC, Form.SSCC} if Form.PLAIN in forms else set()
    if Form.HIBC in forms:
        # It begins with a plus and its check character is right.
        passed_over.add(Form.PLAIN)
    return [one for one in intents if one.meaning.form not in passed_over]
