"""How often one may ask: counted in the cache, by whoever asks, in windows of a fixed length.

The cache is each process's own, so a site with several answers as many times as often; that bounds what can be
tried all the same, and costs no write to the database, which a flood of questions must not stop.
"""

import ipaddress
import time
from collections.abc import Callable
from hashlib import blake2b

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.module_loading import import_string


def within(what: str, who: str, *, most: int, seconds: int = 60) -> bool:
    """Whether this one may ask again: at most so often in so many seconds."""
    window = int(time.time()) // seconds
    # Whoever it is: the cache takes keys of a certain shape only.
    key = f"limit:{what}:{blake2b(who.encode(), digest_size=16).hexdigest()}:{window}"
    if cache.add(key, 1, timeout=2 * seconds):
        return True
    try:
        return int(cache.incr(key)) <= most
    except ValueError:
        # It was pushed out in between.
        return bool(cache.add(key, 1, timeout=2 * seconds))


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
