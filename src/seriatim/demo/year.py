"""The year as a table: which story begins on which day. Trade is spread over it by chance, within a rhythm."""

from collections.abc import Callable
from datetime import date, timedelta

from seriatim.demo import buying, exceptions, moving, selling, workshop
from seriatim.demo.opening import opening, unread
from seriatim.demo.schedule import Story
from seriatim.demo.world import World

DAYS = 365
#: Trade in a month compared to others, January first: little in summer, much before Christmas.
_SEASON = (8, 8, 9, 8, 8, 7, 6, 6, 9, 10, 13, 12)

Tell = Callable[[World], Story]

#: Told once each, on these days, whatever the size.
_ALWAYS: tuple[tuple[int, Tell], ...] = (
    (1, unread),
    (2, buying.small_things),
    (3, moving.used_up),
    (6, lambda world: workshop.battery_packs(world, 5, numbered=True)),
    (9, lambda world: exceptions.faulty_on_arrival(world, "LT-14")),
    (12, lambda world: workshop.workstation_kits(world, 3)),
    (18, exceptions.wrong_customer),
    (20, lambda world: workshop.loan(world, "LT-13E", "EMP-HOLT", 60)),
    (25, moving.scrapped),
    (31, exceptions.too_many_displays),
    (38, workshop.strangers_device),
    (44, workshop.repair_with_loaner),
    (52, lambda world: exceptions.mistyped_on_arrival(world, "LT-15P")),
    (60, exceptions.bought_back),
    (66, lambda world: exceptions.counted(world, "PH-52")),
    (73, workshop.our_own_repaired),
    (80, moving.built_in),
    (88, exceptions.mistyped_and_sold),
    (95, moving.to_the_showcase),
    (101, workshop.loan_that_was_bought),
    (110, exceptions.wrong_papers),
    (118, lambda world: workshop.battery_packs(world, 4, numbered=True)),
    (125, exceptions.returned_by_somebody_else),
    (133, lambda world: exceptions.faulty_on_arrival(world, "TB-12")),
    (140, exceptions.swapped_boxes),
    (148, lambda world: workshop.loan(world, "TB-10", "EMP-SAYE", 45)),
    (155, workshop.repair_with_loaner),
    (163, workshop.laptop_for_parts),
    (170, moving.scrapped),
    (178, lambda world: exceptions.counted(world, "RT-06")),
    (186, lambda world: workshop.workstation_kits(world, 2)),
    (194, workshop.strangers_device),
    (202, exceptions.headsets_get_serials),
    (210, moving.built_in),
    (217, exceptions.bought_back),
    (225, workshop.our_own_repaired),
    (233, lambda world: exceptions.mistyped_on_arrival(world, "DK-01")),
    (240, lambda world: workshop.forgotten_loan(world, "LT-14", "EMP-SAYE", 60)),
    (248, exceptions.wrong_customer),
    (255, lambda world: workshop.loan(world, "PH-52", "SCHOOL-ELM", 30)),
    (263, lambda world: exceptions.faulty_on_arrival(world, "PH-61")),
    (271, lambda world: workshop.forgotten_loan(world, "TB-12", "SCHOOL-ELM", 40)),
    (280, lambda world: exceptions.counted(world, "SP-SSD")),
    (290, moving.built_in),
    (298, exceptions.returned_by_somebody_else),
    (306, moving.scrapped),
    (315, exceptions.mistyped_and_sold),
    (322, exceptions.bought_back),
    (330, workshop.repair_with_loaner),
    (338, lambda world: workshop.loan(world, "LT-13E", "EMP-HOLT", 60)),
    (345, lambda world: workshop.workstation_kits(world, 2)),
    (352, lambda world: workshop.battery_packs(world, 3, numbered=False)),
    (358, workshop.repair_with_loaner),
    (361, workshop.our_own_repaired),
)

#: Beside them, so many in a year of the usual size.
_OFTEN: tuple[tuple[int, Tell], ...] = (
    (22, workshop.repair),
    (20, selling.sent_back),
)


def enter(world: World) -> None:
    """Write the whole year into the calendar."""
    schedule, rng = world.schedule, world.rng
    days = range(1, DAYS - 1)
    weights = [_SEASON[(schedule.start + timedelta(days=day)).month - 1] for day in days]
    schedule.at(0, opening(world))
    for day, tell in _ALWAYS:
        schedule.at(day, tell(world))
    for number, tell in _OFTEN:
        for _ in range(max(round(number * world.sizes.factor), 3)):
            schedule.at(rng.randrange(20, DAYS - 2), tell(world))
    for supplier, goods in world.sizes.receipts:
        schedule.at(rng.randrange(2, DAYS - 3), buying.receipt(world, supplier, goods))
    for _ in range(world.sizes.sales):
        schedule.at(rng.choices(days, weights)[0], selling.sale(world))
    for _ in range(world.sizes.transfers):
        schedule.at(rng.randrange(3, DAYS - 1), moving.transfer(world))


def first_day(today: date) -> date:
    """The day of going live."""
    return today - timedelta(days=DAYS)
