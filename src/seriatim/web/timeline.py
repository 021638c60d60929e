"""A unit's events as rows of its history: an icon, a title, what belongs to it, when and who."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from seriatim.documents.selectors import Event, Paper, What
from seriatim.kernel.amounts import money_text
from seriatim.kernel.places import WITH_PARTY
from seriatim.reports.unit_card import UnitCard
from seriatim.web import looks
from seriatim.words import names

#: Written down later than this after it happened, both moments are shown.
_SOON = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the history."""

    icon: str
    tone: str
    title: str
    #: The document's number, or its id while it has none.
    document: str
    details: Sequence[str]
    happened_at: datetime
    #: None where it was written down at once.
    recorded_at: datetime | None
    user: str


def rows(card: UnitCard, *, currency: str) -> list[Row]:
    """The history, newest first: what one looks for is mostly what happened last."""
    return [_row(event, card, currency) for event in reversed(card.events)]


def _row(event: Event, card: UnitCard, currency: str) -> Row:
    paper = event.paper
    kind = paper.kind if paper else ""
    look = looks.EVENTS.get(event.what.value) or looks.KINDS.get(kind, looks.PLAIN)
    late = event.recorded_at is not None and event.recorded_at - event.happened_at > _SOON
    return Row(
        icon=look.icon,
        tone=look.tone,
        title=names.event_name(event.what.value, kind=kind, mark=event.field),
        document=(paper.number or str(paper.id)) if paper else "",
        details=[detail for detail in _details(event, card, currency) if detail],
        happened_at=event.happened_at,
        recorded_at=event.recorded_at if late else None,
        user=event.user,
    )


def _details(event: Event, card: UnitCard, currency: str) -> Iterable[str]:
    if event.movement is not None:
        yield _way(event)
    if event.serial and event.serial != card.unit.serial:
        yield _("As {serial}").format(serial=event.serial)
    if event.what is What.CHANGED:
        yield _("{field}: {old} → {new}").format(
            field=names.field_name(event.field).capitalize(), old=event.old or "–", new=event.new or "–"
        )
    if event.what is What.PRINTED:
        yield _("{template}, labels: {count}").format(template=event.field, count=event.new)
    yield event.reason
    if event.paper:
        yield _reference(event.paper)
    yield from _amounts(event, card, currency)


def _way(event: Event) -> str:
    """From where to where; the party stands for the outside place that it is at."""
    movement = event.movement
    if movement is None:
        return ""
    party = event.paper.party_name if event.paper else ""
    source, target = movement.source, movement.location
    if target.place in WITH_PARTY and (whose := movement.holder.name if movement.holder else party):
        return _("{source} → {target}").format(source=source.name, target=whose)
    if source.place in WITH_PARTY and party:
        return _("{source} → {target}").format(source=party, target=target.name)
    return _("{source} → {target}").format(source=source.name, target=target.name)


def _reference(paper: Paper) -> str:
    reference = paper.line_reference or paper.reference
    return _("Reference: {reference}").format(reference=reference) if reference else ""


def _amounts(event: Event, card: UnitCard, currency: str) -> Iterable[str]:
    movement = event.movement
    if (
        movement is not None
        and card.see_cost
        and movement.cost is not None
        and movement.origin_seq == movement.seq
    ):
        yield _("Cost {amount} {currency}").format(amount=money_text(movement.cost), currency=currency)
    if (
        movement is not None
        and card.see_price
        and movement.price is not None
        and movement.sale_seq == movement.seq
    ):
        yield _("Price {amount} {currency}").format(amount=money_text(movement.price), currency=currency)
    if event.cost_delta and card.see_cost:
        yield _("Cost changed by {amount} {currency}").format(
            amount=money_text(event.cost_delta), currency=currency
        )
    if event.price_delta and card.see_price:
        yield _("Price changed by {amount} {currency}").format(
            amount=money_text(event.price_delta), currency=currency
        )
