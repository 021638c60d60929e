"""What a file is by its own bytes, and a name that is safe to show and to save under. Pure.

What the browser says of a file is not asked: it says what its sender wants.
"""

from codecs import getincrementaldecoder
from unicodedata import category, normalize

#: (at, bytes, type), the first that fits.
_SIGNS = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypmif1", "image/heic"),
    (4, b"ftypavif", "image/avif"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
)
#: As many bytes as have to be looked at.
HEAD = 4096
#: Types that are drawn anew, and so shown.
PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
BINARY = "application/octet-stream"
_LONGEST = 200
#: Signs that a file system or a header gives a meaning of its own.
_MEANINGFUL = frozenset('<>:"/\\|?*')


def content_type(head: bytes) -> str:
    """The type that the first bytes tell; text of any sort, markup included, is plain text."""
    for at, sign, type_ in _SIGNS:
        if head[at : at + len(sign)] == sign:
            return type_
    if b"\x00" in head:
        return BINARY
    try:
        # The last sign may be cut in two.
        getincrementaldecoder("utf-8")().decode(head, final=len(head) < HEAD)
    except UnicodeDecodeError:
        return BINARY
    return "text/plain"


def tidy_name(said: str) -> str:
    """The last part of a path, in signs that can be seen; “file” where nothing is left of it."""
    base = normalize("NFC", said).replace("\\", "/").rpartition("/")[2]
    # Among the formatting signs are those that turn the direction: "exe.gpj" would read as a picture's name.
    seen = "".join(sign for sign in base if category(sign)[0] != "C" and sign not in _MEANINGFUL)
    name = " ".join(seen.split()).lstrip(".").strip()
    if len(name) > _LONGEST:
        stem, dot, ending = name.rpartition(".")
        ending = dot + ending if stem and len(ending) <= 10 else ""
        name = name[: _LONGEST - len(ending)] + ending
    return name or "file"
