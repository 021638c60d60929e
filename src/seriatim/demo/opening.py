"""The first day: what was in stock, what customers had bought before, and what was there without serials."""

from datetime import UTC, datetime, time, timedelta

from seriatim.demo.goods import BY_CODE, BY_QUANTITY, TRADED
from seriatim.demo.office import lines_of
from seriatim.demo.schedule import Story
from seriatim.demo.serials import lot_of
from seriatim.demo.shelves import home
from seriatim.demo.sizes import split
from seriatim.demo.world import World

#: item → whole units of measure on the first day
_QUANTITIES = {"HS-02": 24, "CB-UC": 400, "CB-ET": 260, "SC-M2": 5_000, "TP-04": 900, "CE-21": 320}
#: Papers for what was sold before, at the usual size.
_OLD_SALES = 12


def opening(world: World) -> Story:
    """Go live: everything on the shelves is recorded, in the shop and in both warehouses."""
    office, shelves = world.office, world.shelves
    for supplier in dict.fromkeys(good.supplier for good in TRADED):
        lines, placed = [], []
        for good in (good for good in TRADED if good.supplier == supplier):
            serials = world.new(good.code, world.sizes.opening[good.code])
            north = len(serials) // 3 if len(serials) > 12 else 0
            for warehouse, part in (("MAIN", serials[north:]), ("NORTH", serials[:north])):
                if part:
                    place = home(good.code, warehouse)
                    lines.append(world.arriving(good.code, part, place, supplier=supplier))
                    placed.append((good.code, place, part))
        office.submit("opening_stock", lines, note="Counted on the day of going live")
        for item, place, part in placed:
            shelves.put(item, place, part)
    lines = []
    for good in BY_QUANTITY:
        place = home(good.code, "MAIN")
        lines.append(
            office.line(
                good.code,
                pieces=_QUANTITIES[good.code],
                target=place,
                cost=good.unit_cost,
                lot=lot_of(good, world.day, world.rng) if good.code == "CE-21" else "",
            )
        )
        shelves.add(good.code, place, _QUANTITIES[good.code])
    office.submit("opening_stock", lines, note="Goods without serials, counted")
    yield 0


def unread(world: World) -> Story:
    """Batteries in sealed boxes: their serials are read when somebody opens the box."""
    line = world.office.line(
        "BA-61",
        pieces=14,
        target=home("BA-61", "NORTH"),
        cost=BY_CODE["BA-61"].unit_cost,
        supplier="AMPELO",
        missing="wait",
        lot="L-OLD",
    )
    document = world.office.submit("opening_stock", [line], note="Two sealed boxes, serials not read yet")
    yield 45
    serials = world.new("BA-61", 6)
    world.office.submit(
        "allocation", [world.office.line("BA-61", serials, source_line=lines_of(document)[0])]
    )
    world.put("BA-61", serials, "NORTH")


def sold_before(world: World) -> None:
    """Units that customers had bought before the system came: they are on record for warranty and service.

    Dated when they were sold, which is before the first day, so they stand at the beginning of everything.
    """
    office, rng = world.office, world.rng
    papers = max(round(_OLD_SALES * world.sizes.factor), 4)
    amounts = {item: split(count, papers, rng) for item, count in world.sizes.sold_before.items()}
    first = datetime.combine(world.schedule.start, time(15), UTC)
    for number in range(papers):
        customer = world.customer()
        office.at = first - timedelta(days=rng.randrange(20, 600))
        lines, sold = [], []
        for item, parts in amounts.items():
            if parts[number]:
                serials = world.serials.new(BY_CODE[item], parts[number], office.at.date())
                price = BY_CODE[item].unit_price
                supplier = BY_CODE[item].supplier
                lines.append(world.arriving(item, serials, "customer", supplier=supplier, price=price))
                sold.append((item, serials))
        if not lines:
            continue
        document = office.submit("opening_stock", lines, customer, reference=office.order("OLD"))
        for (item, serials), line in zip(sold, lines_of(document), strict=True):
            world.shelves.remember(item, serials, customer, line)
