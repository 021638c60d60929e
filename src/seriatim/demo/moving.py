"""Goods move between our own places, and are used up."""

from seriatim.demo.goods import TRADED
from seriatim.demo.schedule import Story
from seriatim.demo.shelves import home
from seriatim.demo.world import World

#: item → the most that a week takes
_USED = {"TP-04": 12, "SC-M2": 60, "CB-ET": 2}


def transfer(world: World) -> Story:
    """Some items go from the main warehouse to the shop or to the north, directly or by van."""
    rng, office, shelves = world.rng, world.office, world.shelves
    goal = rng.choice(("SHOP", "SHOP", "NORTH"))
    lines, moved = [], []
    for good in rng.sample(TRADED, 4):
        start = home(good.code, "MAIN")
        spare = shelves.spare(good.code, start)
        serials = shelves.take(good.code, start, min(spare, max(spare // 6, 1)))
        if serials:
            end = home(good.code, goal)
            lines.append(office.line(good.code, serials, source=start, target=end))
            moved.append((good.code, end, serials))
    if not lines:
        return
    if rng.random() < 0.6:
        office.submit("transfer", lines)
    else:
        first = office.submit("transfer", lines, via="VAN-1")
        yield 1
        office.post(first.made.get())
    for item, place, serials in moved:
        shelves.put(item, place, serials)


def used_up(world: World) -> Story:
    """What the benches use, written down every other week."""
    office, shelves, rng = world.office, world.shelves, world.rng
    while True:
        lines = []
        for item, most in _USED.items():
            place = home(item, "MAIN")
            pieces = min(rng.randrange(1, most + 1), shelves.amounts[item, place])
            if pieces > 0:
                shelves.add(item, place, -pieces)
                lines.append(office.line(item, pieces=pieces, source=place))
        if lines:
            office.submit("material_issue", lines, note="Workshop")
        yield 14


def built_in(world: World) -> Story:
    """A drive is used up in one of our own servers; an old one turns up and is taken into stock."""
    office = world.office
    office.submit(
        "material_issue",
        [office.line("SP-SSD", world.take("SP-SSD", 1), source=home("SP-SSD", "MAIN"))],
        note="Our own file server",
    )
    yield 12
    found = world.new("DK-01", 1)
    office.submit(
        "material_receipt",
        [
            world.arriving("DK-01", found, "SHOP", cost=350_000),
            office.line("CB-UC", pieces=15, target="SHOP", cost=0),
        ],
        note="Found while tidying up the shop",
    )
    world.shelves.put("DK-01", "SHOP", found)


def to_the_showcase(world: World) -> Story:
    """A new model stands in the showcase, not for sale, and is sold from the shop a quarter later."""
    office = world.office
    item = world.rng.choice(("LT-15P", "PH-67", "TB-12"))
    shown = world.take(item, 1)
    office.submit("transfer", [office.line(item, shown, target="SHOWCASE")])
    yield 90
    office.submit("transfer", [office.line(item, shown, target="SHOP")])
    world.shelves.put(item, "SHOP", shown)


def scrapped(world: World) -> Story:
    """Swollen batteries, and what was broken with them."""
    office = world.office
    batteries = world.take("BA-14", 2)
    place = home("CB-ET", "MAIN")
    world.shelves.add("CB-ET", place, -3)
    office.submit(
        "scrap",
        [office.line("BA-14", batteries), office.line("CB-ET", pieces=3, source=place)],
        note="Swollen; handed in at the recycling yard",
    )
    yield 0
