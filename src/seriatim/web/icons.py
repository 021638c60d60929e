"""The icons of the pages, as markup that stands in the page itself."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from io import BytesIO
from zipfile import ZipFile

from django.utils.safestring import SafeString, mark_safe

_OPENING = re.compile(r'<svg\s+xmlns="[^"]+"\s+width="24"\s+height="24"\s+')


# A page has 50 icons: each is put together once.
@cache
def icon(name: str, size: int) -> SafeString:
    """Lucide's icon of this name. The word beside it says the same, so it is hidden from whoever listens to the page."""
    opening = f'<svg width="{size}" height="{size}" aria-hidden="true" focusable="false" '
    drawn, found = _OPENING.subn(opening, _archive().read(f"{name}.svg").decode())
    assert found, name
    return mark_safe(" ".join(drawn.split()))  # noqa: S308  (the package's own files)


# The package's own way would open it again for each icon, and go through the names of all 1,700: 8 ms.
@cache
def _archive() -> ZipFile:
    return ZipFile(BytesIO(files("lucide").joinpath("lucide.zip").read_bytes()))
