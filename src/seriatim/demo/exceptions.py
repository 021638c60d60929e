"""What does not go to plan: faulty goods, wrong serials, wrong papers, counts that do not add up."""

from seriatim.demo.goods import BY_CODE
from seriatim.demo.office import lines_of
from seriatim.demo.schedule import Story
from seriatim.demo.serials import mistyped
from seriatim.demo.shelves import home
from seriatim.demo.world import World
from seriatim.documents.drafts import UnitDraft
from seriatim.kernel.amounts import money


def faulty_on_arrival(world: World, item: str) -> Story:
    """Two units go back to their supplier; one comes back repaired: the same unit, a new leg."""
    office, supplier = world.office, BY_CODE[item].supplier
    units = world.take(item, 2)
    office.submit(
        "purchase_return",
        [office.line(item, units, source=home(item, "MAIN"))],
        supplier,
        reference=office.order("RMA"),
    )
    yield 16
    again = office.line(item, units[:1], target=home(item, "MAIN"), cost=BY_CODE[item].unit_cost)
    office.submit("purchase_receipt", [again], supplier, note="Exchanged under the supplier's warranty")
    world.put(item, units[:1])


def too_many_displays(world: World) -> Story:
    """Ten displays came instead of eight, unopened: two go back before anybody has read their serials."""
    office = world.office
    shelf = home("SP-D61", "MAIN")
    line = office.line("SP-D61", pieces=10, target=shelf, cost=BY_CODE["SP-D61"].unit_cost, missing="wait")
    receipt = office.submit("purchase_receipt", [line], "PARTIVO", reference=office.order("PO"))
    source = lines_of(receipt)[0]
    yield 2
    office.submit(
        "purchase_return", [office.line("SP-D61", pieces=2, source=shelf, source_line=source)], "PARTIVO"
    )
    yield 1
    # Sold straight out of the box: the delivery names the serials, which are allocated with it.
    serials = world.new("SP-D61", 3)
    customer = world.customer()
    named = office.line("SP-D61", serials, source=shelf, price=BY_CODE["SP-D61"].unit_price)
    office.submit("delivery_note", [named], customer)
    yield 1
    rest = world.new("SP-D61", 5)
    office.submit("allocation", [office.line("SP-D61", rest, source_line=source)])
    world.put("SP-D61", rest)


def returned_by_somebody_else(world: World) -> Story:
    """A hospital's phone is brought back by its service firm: the manager lets it pass, and says why."""
    office = world.office
    sold = world.shelves.recall(tuple(BY_CODE))
    if sold is None:
        return
    other = "TURBINA" if sold.customer != "TURBINA" else "GREENLINE"
    office.submit(
        "sales_return",
        [office.line(sold.item, [sold.serial], target="QUARANTINE")],
        other,
        override_reason=f"Bought by {sold.customer}, whose work this firm took over; invoice seen",
    )
    yield 4
    office.submit("transfer", [office.line(sold.item, [sold.serial], target="SHOP")])
    world.shelves.put(sold.item, "SHOP", [sold.serial])


def bought_back(world: World) -> Story:
    """An old laptop is bought back from its owner and sold again, second hand."""
    office = world.office
    sold = world.shelves.recall(("LT-14", "LT-15P", "LT-13E", "PH-61", "PH-67"))
    if sold is None:
        return
    cost = BY_CODE[sold.item].unit_cost * 4 // 10
    line = office.line(sold.item, [sold.serial], source="customer", target="SHOP", cost=cost)
    office.submit("purchase_receipt", [line], sold.customer, note="Bought back")
    yield 6
    price = BY_CODE[sold.item].unit_price * 6 // 10
    again = [office.line(sold.item, [sold.serial], price=price)]
    office.submit("delivery_note", again, "WALK-IN", note="Second hand")


def mistyped_on_arrival(world: World, item: str) -> Story:
    """Two characters were swapped when a serial was typed in; noticed when the label was read again."""
    office = world.office
    right = world.new(item, 1)[0]
    wrong = mistyped(right)
    shelf = home(item, "MAIN")
    office.submit(
        "purchase_receipt",
        [world.arriving(item, [wrong], shelf)],
        BY_CODE[item].supplier,
        reference=office.order("PO"),
    )
    yield 5
    fix = office.line(item, units=[UnitDraft(serial=wrong, right_serial=right)])
    office.submit("correction", [fix], note="Typed wrongly when it came in")
    world.put(item, [right])


def mistyped_and_sold(world: World) -> Story:
    """The wrong serial was noticed only after the phone had been sold: what was said of it passes over."""
    office = world.office
    right = world.new("PH-61", 1)[0]
    wrong = mistyped(right)
    line = world.arriving("PH-61", [wrong], home("PH-61", "MAIN"))
    office.submit("purchase_receipt", [line], "SIVARO", reference=office.order("PO"))
    yield 8
    price = BY_CODE["PH-61"].unit_price
    office.submit("delivery_note", [office.line("PH-61", [wrong], price=price)], "HAFENKLINIK")
    yield 11
    fix = office.line("PH-61", units=[UnitDraft(serial=wrong, right_serial=right)])
    office.submit("correction", [fix], note="The customer read it out over the phone")


def swapped_boxes(world: World) -> Story:
    """Two tablets lay in each other's boxes: one customer has what is written down for the other."""
    office = world.office
    one, other = world.take("TB-10", 2)
    price = BY_CODE["TB-10"].unit_price
    office.submit("delivery_note", [office.line("TB-10", [one], price=price)], "PIXELMILL")
    office.submit("delivery_note", [office.line("TB-10", [other], price=price)], "OKONJO-AR")
    yield 6
    swap = office.line("TB-10", units=[UnitDraft(serial=one, right_serial=other)])
    office.submit("correction", [swap], note="Boxes swapped when packing")


def wrong_customer(world: World) -> Story:
    """A delivery was written for the wrong customer: reversed, and written again."""
    office = world.office
    units = world.take("MN-27", 2)
    line = [office.line("MN-27", units, price=BY_CODE["MN-27"].unit_price)]
    wrong = office.submit("delivery_note", line, "UNI-KALT")
    yield 0
    office.reverse(wrong, "Written for the wrong customer")
    office.submit("delivery_note", line, "MARROWBY-C")


def wrong_papers(world: World) -> Story:
    """A receipt entered twice under other serials, a transfer that never happened, an invoice too early."""
    office = world.office
    units = world.new("RT-06", 3)
    line = world.arriving("RT-06", units, home("RT-06", "NORTH"))
    twice = office.submit("purchase_receipt", [line], "KUVERO", reference=office.order("PO"))
    moved = world.take("RT-MX", 2)
    move = office.submit("transfer", [office.line("RT-MX", moved, target="SHOP")])
    labour = [office.line("SV-SET", pieces=2, price=BY_CODE["SV-SET"].unit_price)]
    early = office.submit("sales_invoice", labour, "RADIO-VALE")
    yield 1
    office.reverse(twice, "The same boxes as on the receipt of the day before")
    office.reverse(move, "Stayed in the warehouse after all")
    office.reverse(early, "The work was put off")
    world.put("RT-MX", moved)


def counted(world: World, item: str) -> Story:
    """A stocktake: one unit and some cables are missing; the unit turns up weeks later."""
    office = world.office
    shelf, cables = home(item, "MAIN"), home("CB-UC", "MAIN")
    missing = world.take(item, 1)
    world.shelves.add("CB-UC", cables, -4)
    office.submit(
        "count_adjustment",
        [
            office.line(item, missing, source=shelf, role="loss"),
            office.line("CB-UC", pieces=4, source=cables, role="loss"),
        ],
        note="Stocktake",
    )
    yield 23
    cost = money("0.02")
    world.shelves.add("SC-M2", home("SC-M2", "MAIN"), 120)
    office.submit(
        "count_adjustment",
        [
            office.line(item, missing, target=shelf, role="gain"),
            office.line("SC-M2", pieces=120, target=home("SC-M2", "MAIN"), role="gain", cost=cost),
        ],
        note="Found behind the shelf",
    )
    world.put(item, missing)


def headsets_get_serials(world: World) -> Story:
    """Headsets were tracked by quantity; from now on each has its serial, read shelf by shelf."""
    office = world.office
    shelf = home("HS-02", "MAIN")
    office.submit("scrap", [office.line("HS-02", pieces=2, source=shelf)], note="Broken")
    yield 30
    paper = office.submit("serialize_stock", [office.line("HS-02", pieces=22, source=shelf, target=shelf)])
    line = lines_of(paper)[0]
    for count in (9, 8):
        yield 2
        serials = world.new("HS-02", count)
        office.submit("allocation", [office.line("HS-02", serials, source_line=line)])
        world.put("HS-02", serials)
