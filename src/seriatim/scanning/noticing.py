"""Scans that somebody has to hear of: of exactly one unit, which is marked as stolen.

Scanning writes nothing. Who keeps what was noticed registers here, when the app is made ready.
"""

from collections.abc import Callable
from uuid import UUID

from seriatim.accounts.models import User
from seriatim.kernel.marks import Mark
from seriatim.scanning.hits import Hit, Thing

#: The unit's key, who scanned it (None: the console of the machine), and at which door.
Listener = Callable[[UUID, User | None, str], None]

_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Tell this listener from now on."""
    if listener not in _listeners:
        _listeners.append(listener)


def notice(only: Hit | None, *, user: User | None, door: str) -> None:
    """Tell of the one thing that a scan was of, if it is a stolen unit."""
    if only is None or only.thing is not Thing.UNIT or Mark.STOLEN.code not in only.marks:
        return
    assert only.key is not None, "a unit has a key"
    for listener in _listeners:
        listener(only.key, user, door)
