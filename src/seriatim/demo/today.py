"""The present: what is open, what waits, what is marked. Written as of now."""

from uuid import UUID

from seriatim.demo.goods import BY_CODE
from seriatim.demo.office import lines_of
from seriatim.demo.shelves import home
from seriatim.demo.world import World
from seriatim.kernel.marks import Mark
from seriatim.ledger.marks import clear_mark, set_mark
from seriatim.ledger.models import Unit
from seriatim.ledger.records import add_identifier, change_record, register_unit
from seriatim.series.blocks import Holder, reserve_block


def today(world: World) -> None:
    """Everything of the present day but the last delivery."""
    world.office.at = None
    _waiting(world)
    _pending(world)
    _drafts(world)
    _marks(world)
    _records(world)


def last_delivery(world: World, missing: int) -> None:
    """This morning's truck stands in goods inwards; it makes the number of units whole."""
    items = ("LT-14", "LT-13E", "TB-10", "PB-20")
    lines = []
    for number, item in enumerate(items):
        count = missing // len(items) + (1 if number < missing % len(items) else 0)
        if count:
            lines.append(world.arriving(item, world.new(item, count), "MAIN-IN"))
    for supplier in dict.fromkeys(BY_CODE[item].supplier for item in items):
        ids = {world.company.items[item].pk for item in items if BY_CODE[item].supplier == supplier}
        theirs = [line for line in lines if line.item in ids]
        if theirs:
            world.office.submit(
                "purchase_receipt",
                theirs,
                supplier,
                reference=world.office.order("PO"),
                note="This morning's",
            )


def _waiting(world: World) -> None:
    """Boxes that came today and whose serials nobody has read, and one that is read halfway."""
    office = world.office
    for item, supplier, pieces, read in (("BA-14", "AMPELO", 20, 7), ("SP-B14", "PARTIVO", 4, 0)):
        line = office.line(
            item, pieces=pieces, target="MAIN-IN", cost=BY_CODE[item].unit_cost, missing="wait"
        )
        receipt = office.submit("purchase_receipt", [line], supplier, reference=office.order("PO"))
        if read:
            serials = world.new(item, read)
            office.submit("allocation", [office.line(item, serials, source_line=lines_of(receipt)[0])])


def _pending(world: World) -> None:
    """Held for customers, on the road, and announced by suppliers."""
    office = world.office
    for item, count, customer in (
        ("LT-15P", 2, "SEEFELD-FIN"),
        ("PH-67", 1, "DELMONTI"),
        ("RT-06", 3, "TRAM-EIK"),
    ):
        line = office.line(item, world.take(item, count), price=BY_CODE[item].unit_price)
        office.announce("delivery_note", [line], customer, reference=office.order("SO"))
    demand = office.line("LT-14", pieces=5, source=home("LT-14", "MAIN"), price=BY_CODE["LT-14"].unit_price)
    office.announce("delivery_note", [demand], "NORD-SURVEY", reference=office.order("SO"))
    paid = office.line("MN-27", world.take("MN-27", 1), price=BY_CODE["MN-27"].unit_price)
    office.submit("sales_invoice", [paid], "ATELIER-M", with_stock="pending")
    road = office.line("PB-20", world.take("PB-20", 2), target="SHOP")
    office.submit("transfer", [road], via="VAN-1")
    planned = office.line("DK-01", world.take("DK-01", 1), target="SHOP")
    office.announce("transfer", [planned])
    for item, count in (("PH-61", 6), ("TB-12", 4)):
        line = world.arriving(item, world.new(item, count), home(item, "MAIN"))
        office.announce("purchase_receipt", [line], BY_CODE[item].supplier, reference=office.order("PO"))
    # Came in part this morning: the rest is still on the road.
    serials = world.new("RT-MX", 6)
    line = world.arriving("RT-MX", serials, home("RT-MX", "MAIN"))
    partial = office.announce("purchase_receipt", [line], "KUVERO", reference=office.order("PO"))
    office.amend(partial, 1, serials[:4])
    office.post(partial, rest="pending")


def _drafts(world: World) -> None:
    """Begun and not finished."""
    office = world.office
    office.jot("delivery_note", [office.line("TB-12", pieces=3)], "CASA-RUIVO", note="Waits for their order")
    office.jot("transfer", [office.line("CB-UC", pieces=40, source=home("CB-UC", "MAIN"), target="SHOP")])
    office.jot("purchase_receipt", [office.line("SP-RAM", pieces=30, target="MAIN-IN")], "PARTIVO")
    office.jot("repair_in", [office.line("PH-52", pieces=1, target="BENCH-1")], "POLLARD")
    off = office.announce("delivery_note", [office.line("PB-20", world.take("PB-20", 1))], "BAKERY-OAT")
    office.cancel(off, "Ordered twice")


def _marks(world: World) -> None:
    """Held, quarantined, lost, stolen, recalled, each with its reason."""
    user = world.office.user("mark")
    held = _keys(world, "LT-15P", 1)
    set_mark(user, held, Mark.HELD, "Price is being discussed with the customer")
    set_mark(user, _keys(world, "TB-12", 1), Mark.QUARANTINED, "Seal broken, to be tested")
    set_mark(user, _keys(world, "PH-67", 1), Mark.STOLEN, "Taken from the showcase, police report 4471")
    set_mark(user, _keys(world, "PH-52", 1), Mark.LOST, "Not found at the last look round")
    again = _keys(world, "DK-01", 1)
    set_mark(user, again, Mark.HELD, "Missing its power supply")
    clear_mark(user, again, Mark.HELD, "Power supply found")
    item = world.company.items["BA-14"]
    lots = Unit.objects.filter(item=item, seq__gt=0).exclude(lot="").order_by("lot")
    lot = lots.values_list("lot", flat=True).first()
    recalled = lots.filter(lot=lot).values_list("key", flat=True)
    set_mark(user, list(recalled), Mark.RECALLED, f"Lot {lot}: the maker recalls it, fire hazard")


def _records(world: World) -> None:
    """Records made ahead of stock, notes, tags of our own, and numbers reserved for the north."""
    office = world.office
    user = office.user("register")
    reserve_block(
        user=office.user("catalog"),
        series=world.company.series["WS-KIT"],
        holder=Holder(location=world.company.places["NORTH"]),
        count=50,
        note="For kits that are built there",
    )
    for serial in world.new("RT-06", 2):
        register_unit(user, world.company.items["RT-06"], serial, twin_confirmed=True)
    shown = world.take("LT-14", 1)[0]
    office.submit("transfer", [office.line("LT-14", [shown], target="SHOWCASE")])
    unit = Unit.objects.get(key=office.key("LT-14", shown))
    add_identifier(user, unit, "asset_tag", "QM-0117")
    change_record(user, unit, note="Demonstration unit; user name “demo”", reference="Showcase, left")


def _keys(world: World, item: str, count: int) -> list[UUID]:
    return [world.office.key(item, serial) for serial in world.take(item, count)]
