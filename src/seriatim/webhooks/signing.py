"""Signatures of deliveries, as the Standard Webhooks specification has them (standardwebhooks.com, 1.0.0).

``webhook-signature: v1,BASE64(HMAC-SHA256(secret, "ID.TIMESTAMP.BODY"))``. Receivers have ready libraries for it.
"""

import hmac
from base64 import b64decode, b64encode
from hashlib import sha256

from django.conf import settings
from django.utils.crypto import salted_hmac

#: How a secret is written, as the specification says.
_SIGN = "whsec_"
_SALT = "seriatim.webhooks"


def secret_of(nonce: str) -> str:
    """The secret of a subscription, ``whsec_…``: made of its nonce and the site's key, kept nowhere."""
    digest = salted_hmac(_SALT, nonce, secret=settings.SECRET_KEY, algorithm="sha256").digest()
    return _SIGN + b64encode(digest).decode()


def signature(secret: str, *, message_id: str, timestamp: int, body: bytes) -> str:
    """The value of the header ``webhook-signature``."""
    signed = b".".join((message_id.encode(), str(timestamp).encode(), body))
    digest = hmac.new(b64decode(secret.removeprefix(_SIGN)), signed, sha256).digest()
    return f"v1,{b64encode(digest).decode()}"


def headers(nonce: str, *, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers that tell a receiver who sends it, and that nobody changed it."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(
            secret_of(nonce), message_id=message_id, timestamp=timestamp, body=body
        ),
    }
