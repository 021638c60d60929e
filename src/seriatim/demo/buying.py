"""Goods come in: receipts whole, in parts, without serials, or made by the supplier's bill; and the bills."""

from collections.abc import Sequence

from seriatim.demo.goods import BY_CODE, BY_QUANTITY
from seriatim.demo.office import lines_of
from seriatim.demo.schedule import Story
from seriatim.demo.shelves import home
from seriatim.demo.world import World
from seriatim.documents.drafts import LineDraft
from seriatim.documents.models import Document

Goods = Sequence[tuple[str, int]]

#: The ways in which a supplier's goods come, and how often of a hundred.
_WAYS = {"whole": 58, "in parts": 14, "late serials": 8, "with the bill": 10, "bill first": 10}


def receipt(world: World, supplier: str, goods: Goods) -> Story:
    """One delivery of a supplier, in one of the ways."""
    ways = dict(_WAYS)
    if not any(BY_CODE[item].late for item, _ in goods):
        del ways["late serials"]
    way = world.rng.choices(tuple(ways), tuple(ways.values()))[0]
    story = {
        "whole": _whole,
        "in parts": _in_parts,
        "late serials": _late_serials,
        "with the bill": _with_bill,
        "bill first": _bill_first,
    }[way]
    yield from story(world, supplier, goods)


def _warehouse(world: World) -> str:
    return world.rng.choice(("MAIN", "MAIN", "MAIN", "NORTH"))


class _Truck:
    """What a supplier sent: which serials, and to which warehouse they go."""

    def __init__(self, world: World, goods: Goods) -> None:
        self.world = world
        self.order = world.office.order("PO")
        self.warehouse = _warehouse(world)
        self.parts = [(item, world.new(item, count)) for item, count in goods]

    def lines(self) -> list[LineDraft]:
        """The lines of its papers. They are large, so nobody keeps them."""
        return [
            self.world.arriving(item, serials, home(item, self.warehouse), reference=self.order)
            for item, serials in self.parts
        ]

    def unload(self) -> None:
        """Put everything on its shelf."""
        for item, serials in self.parts:
            self.world.put(item, serials, self.warehouse)
        self.parts = []


def _whole(world: World, supplier: str, goods: Goods) -> Story:
    truck = _Truck(world, goods)
    document = world.office.submit("purchase_receipt", truck.lines(), supplier, reference=truck.order)
    truck.unload()
    yield world.rng.randrange(3, 25)
    _bill(world, document, supplier)


def _with_bill(world: World, supplier: str, goods: Goods) -> Story:
    truck = _Truck(world, goods)
    world.office.submit("vendor_bill", truck.lines(), supplier, reference=truck.order, with_stock="posted")
    truck.unload()
    yield 0


def _bill_first(world: World, supplier: str, goods: Goods) -> Story:
    """The bill comes by mail and makes a pending receipt; the warehouse validates it when the goods are here."""
    truck = _Truck(world, goods)
    bill = world.office.submit(
        "vendor_bill", truck.lines(), supplier, reference=truck.order, with_stock="pending"
    )
    yield world.rng.randrange(1, 5)
    world.office.post(bill.made.get())
    truck.unload()


def _in_parts(world: World, supplier: str, goods: Goods) -> Story:
    """Announced with a list of serials; a part comes first, the rest some days later."""
    truck = _Truck(world, goods)
    office = world.office
    document = office.announce("purchase_receipt", truck.lines(), supplier, reference=truck.order)
    yield world.rng.randrange(2, 6)
    rests = []
    for place, (item, serials) in enumerate(truck.parts, start=1):
        came = (len(serials) * 2 + 2) // 3
        if came < len(serials):
            office.amend(document, place, serials[:came])
            rests.append((item, serials[came:]))
        world.put(item, serials[:came], truck.warehouse)
    truck.parts = rests
    office.post(document, rest="pending" if rests else "")
    if rests:
        yield world.rng.randrange(3, 10)
        office.post(document.continued_by.get())
        truck.unload()


def _late_serials(world: World, supplier: str, goods: Goods) -> Story:
    """Boxes without a list of serials: the quantity waits, and is allocated when the boxes are opened."""
    office, warehouse, order = world.office, _warehouse(world), world.office.order("PO")
    late = [(item, count) for item, count in goods if BY_CODE[item].late]
    listed = [(item, world.new(item, count)) for item, count in goods if not BY_CODE[item].late]
    boxes = [
        office.line(
            item,
            pieces=count,
            target=home(item, warehouse),
            cost=world.cost(BY_CODE[item]),
            missing="wait",
            lot=f"L{world.day:%y%m}-W" if BY_CODE[item].lots else "",
        )
        for item, count in late
    ]
    rest = (world.arriving(item, serials, home(item, warehouse)) for item, serials in listed)
    document = office.submit("purchase_receipt", [*boxes, *rest], supplier, reference=order)
    for item, serials in listed:
        world.put(item, serials, warehouse)
    listed = []
    waiting = lines_of(document)
    yield world.rng.randrange(1, 4)
    for (item, count), line in zip(late, waiting, strict=False):
        serials = world.new(item, count)
        office.submit("allocation", [office.line(item, serials, source_line=line)])
        world.put(item, serials, warehouse)
    yield 6
    _bill(world, document, supplier)


def _bill(world: World, document: Document, supplier: str) -> None:
    """The supplier's bill for a receipt: mostly what was agreed, sometimes with freight on top."""
    office = world.office
    freight = world.rng.choice((0, 0, 0, 1, 2))
    codes = {item.pk: code for code, item in world.company.items.items()}
    rows = document.lines.order_by("position").values_list("pk", "item", "quantity", "cost")
    billed = [
        office.line(codes[item], quantity=quantity, cost=(cost or 0) * (100 + freight) // 100, source_line=pk)
        for pk, item, quantity, cost in rows
    ]
    office.submit("vendor_bill", billed, supplier, reference=office.order("INV"))


def small_things(world: World) -> Story:
    """Cables, screws, paste and cells, every few weeks; by quantity."""
    office, shelves = world.office, world.shelves
    while True:
        for supplier in ("PARTIVO", "AMPELO"):
            lines = []
            # The headsets are not bought any more once they are tracked by serial.
            for good in BY_QUANTITY:
                if good.supplier == supplier and good.code != "HS-02":
                    pieces = 100 * world.rng.randrange(1, 4)
                    place = home(good.code, "MAIN")
                    lot = "C-2170" if good.code == "CE-21" else ""
                    cost = world.cost(good)
                    lines.append(office.line(good.code, pieces=pieces, target=place, cost=cost, lot=lot))
                    if not lot:
                        shelves.add(good.code, place, pieces)
            office.submit("purchase_receipt", lines, supplier, reference=office.order("PO"))
        yield world.rng.randrange(35, 60)
