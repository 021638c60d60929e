"""What is not there, as a page that is not there."""

from collections.abc import Callable
from typing import TypeVar

from django.http import Http404

from seriatim.kernel.refusals import NotFound

T = TypeVar("T")


def or_404(look: Callable[[], T]) -> T:
    """What the look finds, or the page for 404."""
    try:
        return look()
    except NotFound:
        raise Http404 from None
