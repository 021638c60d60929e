"""How often one may ask: counted by whoever asks, in windows of a fixed length.

``within`` counts in this process alone and costs no write: it bounds what one process is made to do. ``within_all``
counts in the database, so that a site with several processes lets nobody ask more often than a site with one. Whoever
has asked too often is remembered in the process, so a flood from one address soon writes nothing any more.
"""

import ipaddress
import time
from collections.abc import Callable
from hashlib import blake2b

from django.conf import settings
from django.core.cache import cache
from django.db import OperationalError
from django.http import HttpRequest
from django.utils.module_loading import import_string

from seriatim.accounts.asking import count_one, forget_until


def within(what: str, who: str, *, most: int, seconds: int = 60) -> bool:
    """Whether this one may ask this process again: at most so often in so many seconds."""
    return _counted_here(_key(what, who, seconds), seconds) <= most


def within_all(what: str, who: str, *, most: int, seconds: int = 60) -> bool:
    """The same of all processes together, as long as the database can be written to; else of this one."""
    key = _key(what, who, seconds)
    if _counted_here(key, seconds) > most:
        return False
    now = int(time.time())
    try:
        if cache.add("limit:forgotten", 1, timeout=seconds):
            forget_until(now)
        return count_one(key, until=now + 2 * seconds) <= most
    except OperationalError:
        # Somebody writes for longer than one waits: what is counted here holds.
        return True


def _key(what: str, who: str, seconds: int) -> str:
    window = int(time.time()) // seconds
    # Whoever it is: the cache takes keys of a certain shape only, and addresses are not kept.
    return f"limit:{what}:{blake2b(who.encode(), digest_size=16).hexdigest()}:{window}"


def _counted_here(key: str, seconds: int) -> int:
    if cache.add(key, 1, timeout=2 * seconds):
        return 1
    try:
        return int(cache.incr(key))
    except ValueError:
        # It was pushed out in between.
        cache.add(key, 1, timeout=2 * seconds)
        return 1


def address_of(request: HttpRequest) -> str:
    """The network that a request comes from: an IPv4 address, or the half of an IPv6 one that a household gets."""
    client: Callable[[HttpRequest], str] = import_string(settings.AXES_CLIENT_IP_CALLABLE)
    text = client(request)
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text[:45]
    if address.version == 6:
        return str(ipaddress.ip_network((int(address) >> 64 << 64, 64)))
    return str(address)
