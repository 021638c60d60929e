"""The actions that a unit's page offers now, to this user: read from the table of kinds, in the order people look."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from seriatim.accounts.people import User
from seriatim.accounts.services import may
from seriatim.kernel.actions import Way, blocked, ways
from seriatim.kernel.kinds import KINDS, Leg, Match
from seriatim.kernel.places import ON_HAND, PartyRole
from seriatim.ledger.access import barred_units
from seriatim.reports.unit_card import UnitCard
from seriatim.web import looks

#: Kind → what one does, in one or two words; in the order in which the likeliest come first. Behind the colon a role
#: of the leg's party: what goes to a repairer is not handed out to its owner.
_WORDS: dict[str, str | Promise] = {
    "loan_in": gettext_lazy("Take back"),
    "sales_return": gettext_lazy("Take back"),
    "repair_in:service_provider": gettext_lazy("Take back from repair"),
    "repair_out": gettext_lazy("Hand out"),
    "delivery_note": gettext_lazy("Deliver"),
    "transfer": gettext_lazy("Move"),
    "repair_in": gettext_lazy("Take in for repair"),
    "purchase_receipt": gettext_lazy("Receive"),
    "loan_out": gettext_lazy("Lend out"),
    "repair_out:service_provider": gettext_lazy("Send for repair"),
    "purchase_return": gettext_lazy("Return to supplier"),
    "manufacture": gettext_lazy("Build in"),
    "disassemble": gettext_lazy("Take apart"),
    "material_receipt": gettext_lazy("Book in"),
    "material_issue": gettext_lazy("Use up"),
    "count_adjustment": gettext_lazy("Adjust after a count"),
    "opening_stock": gettext_lazy("Enter as opening stock"),
    "scrap": gettext_lazy("Scrap"),
}
_ORDER = {key: place for place, key in enumerate(_WORDS)}
#: From here on: only behind "More".
_RARE = "repair_out:service_provider"
#: Buttons beside the head; the rest is behind "More".
_IN_SIGHT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing to do: its words, its icon, the page where it is done."""

    words: str
    icon: str
    address: str
    #: Done every day: it may stand in sight.
    daily: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What the page offers: what stands in sight, what is behind “More”, and what marks stand in the way of."""

    first: Sequence[Action]
    more: Sequence[Action]
    blocked: Sequence[str]
    #: The code of the unit's place, if the user does not work there: then nothing is offered that changes it.
    barred: str = ""


def offer(card: UnitCard, user: User) -> Offer:
    """The actions that are possible now and that the user may do."""
    row = card.unit
    barred = barred_units(user, [row.key]).get(row.key, "")
    if barred:
        return Offer(first=(), more=_reading(card), blocked=(), barred=barred)
    found = _documents(card, user)
    first = [action for action in found if action.daily][:_IN_SIGHT]
    return Offer(
        first=first,
        more=[*(action for action in found if action not in first), *_others(card, user)],
        blocked=_blocked(card),
    )


def _documents(card: UnitCard, user: User) -> list[Action]:
    row = card.unit
    possible = ways(
        place=row.location.place if row.location else None,
        ours=row.owner_id is None,
        marks=row.marks,
        reserved=row.reserved_by is not None,
        installed=row.parent_id is not None,
        has_origin=row.origin_seq is not None,
    )
    actions = []
    for way in sorted((way for way in possible if may(user, way.kind.right)), key=_rank):
        address = _new_document(card, way.kind.code, way.leg)
        if address:
            actions.append(
                Action(
                    words=_words(way),
                    icon=looks.KINDS[way.kind.code].icon,
                    address=address,
                    daily=_rank(way) < _ORDER[_RARE],
                )
            )
    return actions


def _others(card: UnitCard, user: User) -> list[Action]:
    row = card.unit
    query = urlencode({"item": row.item.code, "serial": row.serial})
    actions = []
    correction = _new_document(card, "correction", None)
    if correction and row.location is not None and may(user, KINDS["correction"].right):
        actions.append(Action(words=_("Correct the serial number"), icon="replace", address=correction))
    if may(user, "register"):
        actions.append(
            Action(words=_("Edit the record"), icon="pencil", address=f"{reverse('unit_edit')}?{query}")
        )
    if may(user, "mark"):
        words = _("Hold, lost, stolen …") if not row.marks else _("Set or clear marks")
        actions.append(Action(words=words, icon="flag", address=f"{reverse('unit_mark')}?{query}"))
    return [*actions, *_reading(card)]


def _reading(card: UnitCard) -> list[Action]:
    """What changes nothing."""
    query = urlencode({"item": card.unit.item.code, "serial": card.unit.serial})
    label = _reversed("label_print")
    words = _("Print label")
    return [Action(words=words, icon="printer", address=f"{label}?{query}")] if label else []


def _blocked(card: UnitCard) -> list[str]:
    row = card.unit
    stopped = blocked(
        place=row.location.place if row.location else None,
        ours=row.owner_id is None,
        marks=row.marks,
        installed=row.parent_id is not None,
    )
    return [_words(way) for way in sorted(stopped, key=_rank)]


def _key(way: Way) -> str:
    named = f"{way.kind.code}:{PartyRole.SERVICE_PROVIDER}"
    return named if PartyRole.SERVICE_PROVIDER in way.leg.party and named in _WORDS else way.kind.code


def _words(way: Way) -> str:
    return str(_WORDS.get(_key(way), way.kind.name))


def _rank(way: Way) -> int:
    key = _key(way)
    return _ORDER[key] if key in _ORDER else len(_ORDER)


def _new_document(card: UnitCard, kind: str, leg: Leg | None) -> str:
    """The page that begins such a document, with all that the unit says of it filled in."""
    row = card.unit
    said = {"unit": f"{row.item.code}/{row.serial}"}
    if leg is not None:
        if row.location is not None and row.location.place in ON_HAND:
            said["source"] = row.location.code
        if party := _party(card, leg.match):
            said["party"] = party
        if leg.role:
            said["role"] = leg.role
    page = _reversed("document_begin", kind)
    return f"{page}?{urlencode(said)}" if page else ""


def _party(card: UnitCard, match: Match) -> str:
    row = card.unit
    party = {
        Match.HOLDER: row.holder,
        Match.OWNER: row.owner,
        Match.LAST_BUYER: row.customer,
        Match.LAST_SUPPLIER: row.supplier,
    }.get(match)
    return party.code if party is not None else ""


def _reversed(page: str, *args: str) -> str:
    try:
        return reverse(page, args=args)
    except NoReverseMatch:
        return ""
