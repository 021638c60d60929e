"""Whose request it is: the address that failed log-ins are counted by."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the client's address, looking through as many proxies as the site says stand in front of it.

    Each proxy appends the address it was called from, so the one that *our* outermost proxy wrote is counted
    from the right; whatever stands left of it came from the client and may be invented.
    """
    own: str = request.META.get("REMOTE_ADDR", "")
    proxies: int = settings.PROXY_COUNT
    if not proxies:
        return own
    forwarded = [
        part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()
    ]
    return forwarded[-proxies] if len(forwarded) >= proxies else own
