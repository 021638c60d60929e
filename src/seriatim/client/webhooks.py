"""For receivers of webhooks: is a delivery really from the site, unchanged and fresh?

```python
event = verified(secret, headers=request.headers, body=request.body)
if event["id"] not in seen: ...
```

The signature is that of the Standard Webhooks specification (standardwebhooks.com), for which there are libraries in
most languages.
"""

import hmac
import json
import time
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

_SIGN = "whsec_"
_VERSION = "v1,"


class NotGenuine(Exception):
    """The delivery is not from the site, was changed on the way, or is too old; the argument says which."""


def verified(
    secret: str,
    *,
    headers: Mapping[str, str],
    body: bytes,
    tolerance_s: float = 300.0,
    now: float | None = None,
) -> dict[str, Any]:
    """The event that was delivered, with the ``id`` by which it is known when it comes again. Raises NotGenuine.

    ``body`` are the bytes as they came, before anything read them. What was signed longer ago than ``tolerance_s``, or
    so far ahead, is refused: it may be sent once more by somebody who listened.
    """
    said = {name.lower(): value for name, value in headers.items()}
    id_, moment = said.get("webhook-id", ""), said.get("webhook-timestamp", "")
    if not (moment.isascii() and moment.isdigit()):
        raise NotGenuine("it says no time")
    try:
        key = b64decode(secret.removeprefix(_SIGN), validate=True)
    except (Error, ValueError):
        raise NotGenuine("the secret is none") from None
    signed = b".".join((id_.encode(), moment.encode(), body))
    wanted = b64encode(hmac.new(key, signed, sha256).digest()).decode()
    # Several, with spaces between them, while a secret is changed.
    found = [
        one.removeprefix(_VERSION)
        for one in said.get("webhook-signature", "").split()
        if one.startswith(_VERSION)
    ]
    if not any(hmac.compare_digest(one.encode(), wanted.encode()) for one in found):
        raise NotGenuine("the signature does not fit")
    if abs((time.time() if now is None else now) - int(moment)) > tolerance_s:
        raise NotGenuine("it was signed too long ago")
    event = json.loads(body)
    return {"id": id_, **event} if isinstance(event, dict) else {"id": id_, "data": event}
