"""A unit's events as rows of its history: an icon, a title, what belongs to it, when and who."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from seriatim.documents.selectors import Event, Paper, What
from seriatim.kernel.identifiers import IDENTIFIER_TYPES
from seriatim.kernel.kinds import KINDS, Cost
from seriatim.kernel.places import WITH_PARTY
from seriatim.web import looks
from seriatim.words import names
from seriatim.words.figures import money_words

#: Written down later than this after it happened, both moments are shown.
_SOON = timedelta(hours=1)
#: Characters of a document's note in a unit's history; the document has all of it.
_LONGEST_NOTE = 200


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads the history, of what."""

    serial: str
    see_cost: bool
    see_price: bool
    currency: str
    #: Custom fields' names → their labels.
    labels: Mapping[str, str]


def rows(events: Iterable[Event], reader: Reader) -> list[Row]:
    """The events of a page, in their order."""
    return [_row(event, reader) for event in events]


def _row(event: Event, reader: Reader) -> Row:
    paper = event.paper
    kind = paper.kind if paper else ""
    late = event.recorded_at is not None and event.recorded_at - event.happened_at > _SOON
    title = names.event_name(event.what.value, kind=kind, mark=event.field)
    look = looks.EVENTS.get(event.what.value) or looks.KINDS.get(kind, looks.PLAIN)
    if event.what is What.CHANGED:
        title, look = _of_change(event, title, look)
    return Row(
        icon=look.icon,
        tone=look.tone,
        title=title,
        document=(paper.number or str(paper.id)) if paper else "",
        details=[detail for detail in _details(event, reader) if detail],
        happened_at=event.happened_at,
        recorded_at=event.recorded_at if late else None,
        user=event.user,
    )


def _of_change(event: Event, title: str, look: looks.Look) -> tuple[str, looks.Look]:
    """Some changes have a name of their own."""
    if event.field == "file":
        words = _("File added") if event.new else _("File removed")
        return words, looks.Look("paperclip", "")
    if event.field == "registered":
        return _("Registered"), looks.Look("circle-plus", "info")
    if event.field in IDENTIFIER_TYPES:
        words = _("Number added") if not event.old else _("Number removed") if not event.new else title
        return words, looks.Look("fingerprint-pattern", "")
    return title, look


def _change(event: Event, reader: Reader) -> str:
    if event.field == "registered":
        return ""
    if event.field == "file":
        return event.new or event.old
    field = (
        names.identifier_name(event.field)
        if event.field in IDENTIFIER_TYPES
        else reader.labels.get(event.field) or names.field_name(event.field).capitalize()
    )
    if not event.old or not event.new:
        form = _("{field}: {value}") if event.new else _("{field}: {value} taken away")
        return form.format(field=field, value=event.new or event.old)
    return _("{field}: {old} → {new}").format(field=field, old=event.old, new=event.new)


def _details(event: Event, reader: Reader) -> Iterable[str]:
    if event.movement is not None:
        yield _way(event)
    if event.serial and event.serial != reader.serial:
        yield _("As {serial}").format(serial=event.serial)
    if event.what is What.CHANGED:
        yield _change(event, reader)
    if event.what is What.PRINTED:
        yield _("{template}, labels: {count}").format(template=event.field, count=event.new)
    yield event.reason
    if event.paper and event.what is What.MOVED:
        yield Truncator(" ".join(event.paper.note.split())).chars(_LONGEST_NOTE)
    if event.paper:
        yield _reference(event.paper)
    yield from _amounts(event, reader)


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


def _amounts(event: Event, reader: Reader) -> Iterable[str]:
    currency = reader.currency
    movement = event.movement
    if (
        movement is not None
        and reader.see_cost
        and movement.cost is not None
        and movement.origin_seq == movement.seq
    ):
        yield _("Cost {amount} {currency}").format(amount=money_words(movement.cost), currency=currency)
    elif movement is not None and reader.see_cost and movement.cost is not None and _adds_cost(event):
        yield _("Cost afterwards {amount} {currency}").format(
            amount=money_words(movement.cost), currency=currency
        )
    if (
        movement is not None
        and reader.see_price
        and movement.price is not None
        and movement.sale_seq == movement.seq
    ):
        yield _("Price {amount} {currency}").format(amount=money_words(movement.price), currency=currency)
    if event.cost_delta and reader.see_cost:
        yield _("Cost changed by {amount} {currency}").format(
            amount=money_words(event.cost_delta), currency=currency
        )
    if event.price_delta and reader.see_price:
        yield _("Price changed by {amount} {currency}").format(
            amount=money_words(event.price_delta), currency=currency
        )


def _adds_cost(event: Event) -> bool:
    """Whether such a document may add to what the unit has cost: a repair of what is ours."""
    kind = KINDS.get(event.paper.kind) if event.paper else None
    return kind is not None and any(leg.cost is Cost.ADD_IF_OURS for leg in kind.legs)
