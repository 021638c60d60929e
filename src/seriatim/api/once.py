"""A write that is done once, where its answer is not kept: it is a file, or holds a secret.

Of such a write only what it made is kept under its Idempotency-Key, and the answer is made of that again.
"""

from collections.abc import Callable
from hashlib import sha256

from django.http import HttpRequest

from seriatim.accounts.kept import Answer, once
from seriatim.api.records import who

_DONE = 200


def hash_of(request: HttpRequest) -> str:
    """What is asked, to be known again by."""
    asked = sha256(f"{request.method} {request.get_full_path()}\n".encode("utf-8", "surrogateescape"))
    asked.update(request.said_digest)  # type: ignore[attr-defined]  # set by the frame
    return asked.hexdigest()


def made_once(request: HttpRequest, make: Callable[[], str]) -> tuple[str, bool]:
    """The name of what ``make`` makes, and whether it was made now; without a key it always is."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return make(), True
    now = False

    def act() -> Answer:
        nonlocal now
        now = True
        return Answer(_DONE, make())

    return once(user=who(request), key=key, request=hash_of(request), act=act).body, now
