"""Goods go out: deliveries and invoices in every order, partial ones, and what comes back."""

from collections.abc import Sequence

from seriatim.demo.goods import BY_CODE
from seriatim.demo.office import lines_of
from seriatim.demo.schedule import Story
from seriatim.demo.shelves import home
from seriatim.demo.world import World
from seriatim.documents.drafts import LineDraft
from seriatim.documents.models import Document

#: Item, place, serials.
Picked = Sequence[tuple[str, str, list[str]]]

#: The ways in which a sale is written, and how often of a hundred.
_WAYS = {"note": 55, "invoice with goods": 20, "invoice first": 12, "reserved": 8, "in parts": 5}
_EXTRAS = ("CB-UC", "CB-ET")
_SERVICES = ("SV-SET", "SV-DAT")


def sale(world: World) -> Story:
    """One sale, in one of the ways; nothing happens on a day when the shelves are empty."""
    picked = _pick(world)
    if picked:
        way = world.rng.choices(tuple(_WAYS), tuple(_WAYS.values()))[0]
        story = {
            "note": _note_then_invoice,
            "invoice with goods": _invoice_with_goods,
            "invoice first": _invoice_first,
            "reserved": _reserved,
            "in parts": _in_parts,
        }[way]
        yield from story(world, picked, world.customer())


def _pick(world: World) -> Picked:
    """What a customer takes: one to four items, from wherever there is most."""
    rng, shelves = world.rng, world.shelves
    stocked = list(shelves.stocked())
    if not stocked:
        return []
    count = max(round(world.sizes.units_per_sale * rng.choice((0.2, 0.4, 0.7, 1.0, 1.6, 2.4))), 1)
    weights = [spare for _, _, spare in stocked]
    places = {rng.choices(range(len(stocked)), weights)[0] for _ in range(min(count, rng.randrange(1, 5)))}
    picked, left = [], count
    for number, place in enumerate(sorted(places)):
        item, where, spare = stocked[place]
        wanted = left if number == len(places) - 1 else max(left // 2, 1)
        serials = shelves.take(item, where, min(wanted, spare))
        left -= len(serials)
        if serials:
            picked.append((item, where, serials))
        if left <= 0:
            break
    return picked


def _lines(world: World, picked: Picked) -> list[LineDraft]:
    office = world.office
    lines = [office.line(item, serials, price=world.price(item)) for item, _, serials in picked]
    extra = world.rng.choice(_EXTRAS)
    place = home(extra, "MAIN")
    pieces = world.rng.randrange(1, 6)
    if world.rng.random() < 0.25 and world.shelves.amounts[extra, place] >= pieces:
        world.shelves.add(extra, place, -pieces)
        lines.append(office.line(extra, pieces=pieces, source=place, price=BY_CODE[extra].unit_price))
    return lines


def _remember(world: World, picked: Picked, customer: str, document: Document) -> None:
    for (item, _, serials), line in zip(picked, lines_of(document), strict=False):
        world.shelves.remember(item, serials, customer, line)


def _note_then_invoice(world: World, picked: Picked, customer: str) -> Story:
    office = world.office
    note = office.submit("delivery_note", _lines(world, picked), customer, reference=office.order("SO"))
    _remember(world, picked, customer, note)
    items = [item for item, _, _ in picked]
    yield world.rng.choice((0, 1, 1, 2, 4))
    invoice(world, note, items, customer)


def invoice(world: World, note: Document, items: Sequence[str], customer: str) -> None:
    """The invoice for a delivery's units, with an hour of setting up now and then."""
    office = world.office
    rows = note.lines.order_by("position").values_list("pk", "quantity", "price")
    lines = [
        office.line(item, quantity=quantity, price=price, source_line=pk)
        for item, (pk, quantity, price) in zip(items, rows, strict=False)
    ]
    if world.rng.random() < 0.3:
        service = world.rng.choice(_SERVICES)
        lines.append(office.line(service, pieces=1, price=BY_CODE[service].unit_price))
    office.submit("sales_invoice", lines, customer, reference=note.reference)


def _invoice_with_goods(world: World, picked: Picked, customer: str) -> Story:
    office = world.office
    paper = office.submit("sales_invoice", _lines(world, picked), customer, with_stock="posted")
    _remember(world, picked, customer, paper.made.get())
    yield 0


def _invoice_first(world: World, picked: Picked, customer: str) -> Story:
    """Paid in advance: the invoice makes a pending delivery, which the warehouse validates."""
    office = world.office
    paper = office.submit("sales_invoice", _lines(world, picked), customer, with_stock="pending")
    yield world.rng.randrange(1, 4)
    delivery = office.post(paper.made.get())
    _remember(world, picked, customer, delivery)


def _reserved(world: World, picked: Picked, customer: str) -> Story:
    """Picked and held for the customer, who fetches it some days later, or does not."""
    office = world.office
    note = office.announce(
        "delivery_note", _lines(world, picked), customer, reference=office.order("SO"), date=None
    )
    yield world.rng.randrange(1, 6)
    if world.rng.random() < 0.15:
        office.cancel(note, "The customer did not come")
        for item, place, serials in picked:
            world.shelves.put(item, place, serials)
        return
    _remember(world, picked, customer, office.post(note))


def _in_parts(world: World, picked: Picked, customer: str) -> Story:
    """A part goes at once, the rest follows."""
    office = world.office
    lines = [office.line(item, serials, price=world.price(item)) for item, _, serials in picked]
    note = office.announce("delivery_note", lines, customer, reference=office.order("SO"), date=None)
    yield 1
    rest = False
    for number, (_, _, serials) in enumerate(picked, start=1):
        if len(serials) > 1:
            office.amend(note, number, serials[: len(serials) // 2])
            rest = True
    office.post(note, rest="pending" if rest else "")
    _remember(
        world,
        [(item, where, serials[: max(len(serials) // 2, 1)]) for item, where, serials in picked],
        customer,
        note,
    )
    if rest:
        yield world.rng.randrange(2, 8)
        office.post(note.continued_by.get())


def sent_back(world: World) -> Story:
    """A customer returns a unit; it is looked at in quarantine and goes back on sale, or to scrap."""
    office = world.office
    sold = world.shelves.recall(tuple(BY_CODE))
    if sold is None:
        return
    office.submit(
        "sales_return",
        [office.line(sold.item, [sold.serial], target="QUARANTINE", source_line=sold.line)],
        sold.customer,
        reference=office.order("RMA"),
    )
    yield world.rng.randrange(2, 9)
    if world.rng.random() < 0.25:
        office.submit("scrap", [office.line(sold.item, [sold.serial])], note="Water damage")
    else:
        office.submit("transfer", [office.line(sold.item, [sold.serial], target="SHOP")])
        world.shelves.put(sold.item, "SHOP", [sold.serial])
