"""The benches: repairs with and without a loaner, loans, and what is built and taken apart."""

from seriatim.demo.goods import BY_CODE
from seriatim.demo.office import lines_of
from seriatim.demo.schedule import Story
from seriatim.demo.shelves import home
from seriatim.demo.world import World
from seriatim.documents.drafts import UnitDraft
from seriatim.kernel.amounts import money

_PHONES = ("PH-61", "PH-67", "PH-52", "TB-10", "TB-12")
_LAPTOPS = ("LT-14", "LT-15P", "LT-13E")


def repair(world: World) -> Story:
    """A customer's phone, repaired on our bench; half of them go by way of the display workshop."""
    office = world.office
    sold = world.shelves.recall(_PHONES)
    if sold is None:
        return
    unit = [office.line(sold.item, [sold.serial], target="BENCH-1")]
    office.submit("repair_in", unit, sold.customer, reference=office.order("REP"))
    yield world.rng.randrange(1, 4)
    if world.rng.random() < 0.5:
        out = [office.line(sold.item, [sold.serial], target="supplier")]
        office.submit("repair_out", out, "GLASSMEND", note="Display")
        yield world.rng.randrange(5, 12)
        office.submit("repair_in", unit, "GLASSMEND")
        yield 1
    else:
        display = office.line("SP-D61", world.take("SP-D61", 1), source=home("SP-D61", "MAIN"))
        office.submit("material_issue", [display], note="Built in under repair")
    back = [office.line(sold.item, [sold.serial], target="customer")]
    office.submit("repair_out", back, sold.customer)
    labour = [office.line("SV-REP", pieces=1, price=BY_CODE["SV-REP"].unit_price)]
    office.submit("sales_invoice", labour, sold.customer)


def repair_with_loaner(world: World) -> Story:
    """A laptop is repaired for weeks; the customer gets one of ours meanwhile."""
    office = world.office
    sold = world.shelves.recall(_LAPTOPS)
    if sold is None:
        return
    loaner = world.take("LT-13E", 1)
    due = world.day.fromordinal(world.day.toordinal() + 21)
    office.submit("repair_in", [office.line(sold.item, [sold.serial], target="BENCH-2")], sold.customer)
    office.submit(
        "loan_out", [office.line("LT-13E", loaner)], sold.customer, due_date=due, note="For the repair"
    )
    yield 2
    board = office.line("SP-B14", world.take("SP-B14", 1), source=home("SP-B14", "MAIN"))
    office.submit("material_issue", [board], note="Built in under repair")
    yield 9
    office.submit("repair_out", [office.line(sold.item, [sold.serial], target="customer")], sold.customer)
    office.submit("loan_in", [office.line("LT-13E", loaner, target="BENCH-2")], sold.customer)
    yield 1
    office.submit("transfer", [office.line("LT-13E", loaner, target=home("LT-13E", "MAIN"))])
    world.put("LT-13E", loaner)


def strangers_device(world: World) -> Story:
    """A device that we never sold comes in for repair: it gets a record, and stays its owner's."""
    office = world.office
    serial = world.new("LT-14", 1)
    customer = world.customer()
    office.submit(
        "repair_in", [office.line("LT-14", serial, target="BENCH-2")], customer, note="Bought elsewhere"
    )
    yield 7
    office.submit("repair_out", [office.line("LT-14", serial, target="customer")], customer)


def our_own_repaired(world: World) -> Story:
    """One of ours goes to the board repairer; what that costs is added to the unit's cost."""
    office = world.office
    unit = world.take("LT-15P", 1)
    office.submit("transfer", [office.line("LT-15P", unit, target="BENCH-2")], note="Does not start")
    yield 1
    bill = money("84.00")
    office.submit("repair_out", [office.line("LT-15P", unit, target="supplier", cost=bill)], "FIXARO")
    yield 13
    office.submit("repair_in", [office.line("LT-15P", unit, target="BENCH-2")], "FIXARO")
    yield 1
    office.submit("transfer", [office.line("LT-15P", unit, target=home("LT-15P", "MAIN"))])
    world.put("LT-15P", unit)


def loan(world: World, item: str, borrower: str, days: int) -> Story:
    """Lent and brought back; a loan that begins near the end of the year is still out."""
    office = world.office
    units = world.take(item, 1)
    due = world.day.fromordinal(world.day.toordinal() + days)
    office.submit("loan_out", [office.line(item, units)], borrower, due_date=due)
    yield days - 2
    office.submit("loan_in", [office.line(item, units, target=home(item, "MAIN"))], borrower)
    world.put(item, units)


def forgotten_loan(world: World, item: str, borrower: str, days: int) -> Story:
    """Lent, and never brought back: overdue."""
    office = world.office
    due = world.day.fromordinal(world.day.toordinal() + days)
    office.submit("loan_out", [office.line(item, world.take(item, 1))], borrower, due_date=due)
    yield 0


def loan_that_was_bought(world: World) -> Story:
    """A school tries two tablets and buys one of them: it is sold from where it is."""
    office = world.office
    first, second = world.take("TB-10", 2)
    due = world.day.fromordinal(world.day.toordinal() + 30)
    office.submit("loan_out", [office.line("TB-10", [first, second])], "SCHOOL-ELM", due_date=due)
    yield 24
    price = BY_CODE["TB-10"].unit_price
    line = office.line("TB-10", [first], source="customer", price=price)
    office.submit("delivery_note", [line], "SCHOOL-ELM")
    office.submit("loan_in", [office.line("TB-10", [second], target=home("TB-10", "MAIN"))], "SCHOOL-ELM")
    world.put("TB-10", [second])


# --- built and taken apart ---------------------------------------------------------------------------------


def workstation_kits(world: World, count: int) -> Story:
    """Kits of a laptop, a dock and a monitor, with cables; one of them is taken apart again."""
    office = world.office
    kits = world.new("WS-KIT", count)
    parts = {item: world.take(item, count) for item in ("LT-14", "DK-01", "MN-27")}
    cables = home("CB-UC", "MAIN")
    world.shelves.add("CB-UC", cables, -count)
    lines = [
        office.line(
            item,
            units=[
                UnitDraft(serial=serial, parent_serial=kit) for serial, kit in zip(serials, kits, strict=True)
            ],
            role="component",
            parent_item="WS-KIT",
            target="assembly",
        )
        for item, serials in parts.items()
    ]
    lines.append(office.line("CB-UC", pieces=count, source=cables, target="production", role="component"))
    lines.append(
        office.line("WS-KIT", kits, target=home("WS-KIT", "MAIN"), role="output", cost=money("12.50"))
    )
    office.submit("manufacture", lines, reference=office.order("JOB"))
    yield 10
    customer = world.customer()
    price = BY_CODE["WS-KIT"].unit_price
    office.submit("delivery_note", [office.line("WS-KIT", kits[1:], price=price)], customer)
    yield 20
    back = [
        office.line(
            item,
            serials[:1],
            target=home(item, "MAIN"),
            role="part",
            parent_item="WS-KIT",
            parent_serial=kits[0],
        )
        for item, serials in parts.items()
    ]
    office.submit("disassemble", [office.line("WS-KIT", kits[:1], role="parent"), *back])
    for item, serials in parts.items():
        world.put(item, serials[:1])


def battery_packs(world: World, count: int, *, numbered: bool) -> Story:
    """Packs of loose cells; their serials are engraved a day later, or not yet."""
    office = world.office
    cells = home("CE-21", "MAIN")
    lot = "C-2170"
    lines = [
        office.line("CE-21", pieces=8 * count, source=cells, target="production", role="component", lot=lot),
        office.line(
            "BP-RB",
            pieces=count,
            target=home("BP-RB", "MAIN"),
            role="output",
            cost=money("6.00"),
            missing="wait",
        ),
    ]
    job = office.submit("manufacture", lines, reference=office.order("JOB"))
    yield 1
    if numbered:
        # Named by nobody: the item's series numbers them.
        line = office.line("BP-RB", pieces=count, source_line=lines_of(job)[1])
        engraved = office.submit("allocation", [line])
        world.put("BP-RB", engraved.lines.get().serials.split("\n"))


def laptop_for_parts(world: World) -> Story:
    """A laptop beyond repair is taken apart: a drive and memory come out of it, with numbers of their own."""
    office = world.office
    laptop = world.take("LT-13E", 1)
    drive, memory = world.new("SP-SSD", 1), world.new("SP-RAM", 1)
    office.submit(
        "disassemble",
        [
            office.line("LT-13E", laptop, role="parent"),
            office.line("SP-SSD", drive, target="SHOP", role="part"),
            office.line("SP-RAM", memory, target="SHOP", role="part"),
        ],
        note="Cracked frame",
    )
    world.shelves.put("SP-SSD", "SHOP", drive)
    world.shelves.put("SP-RAM", "SHOP", memory)
    yield 0
