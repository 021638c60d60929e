"""Versions of records that are edited: what is shown of one, as an ETag, and If-Match for who wants to change it.

The tag is a hash of what its reader sees. Nobody has to send If-Match; whoever does, overwrites nobody else's
change: it is compared in the transaction of the change, with the record held.
"""

import json
from hashlib import sha256
from typing import Any

from django.http import HttpRequest

from seriatim.api.problems import Problem


def tag_of(shown: Any) -> str:
    """The ETag of what is shown."""
    text = json.dumps(shown, sort_keys=True, default=str)
    return f'"{sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:32]}"'


def require_match(request: HttpRequest, shown: Any) -> None:
    """Raise Problem (412) if the record is not as it was when its ETag was read."""
    wanted = request.headers.get("If-Match", "")
    if wanted and not _matches(wanted, tag_of(shown)):
        raise Problem("precondition_failed").saying("ETag", tag_of(shown))


def is_known(request: HttpRequest, tag: str) -> bool:
    """Whether the reader has this version already (If-None-Match)."""
    return _matches(request.headers.get("If-None-Match", ""), tag)


def _matches(header: str, tag: str) -> bool:
    """Weak tags match too: a proxy that compresses may have weakened ours."""
    names = {name.strip().removeprefix("W/") for name in header.split(",")}
    return "*" in names or tag in names
