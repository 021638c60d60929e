"""Switching what serial numbers are unique across. The ledger, which has the serials, registers what to do."""

from collections.abc import Callable

from seriatim.catalog.models import SerialUniqueness

Switch = Callable[[SerialUniqueness], None]

_switches: list[Switch] = []


def register(switch: Switch) -> None:
    """Add what has to be done, inside the transaction of the change; it may refuse."""
    if switch not in _switches:
        _switches.append(switch)


def switch_to(uniqueness: SerialUniqueness) -> None:
    """Do all that has to be done. Refuses with whatever those who registered refuse with."""
    for switch in _switches:
        switch(uniqueness)
