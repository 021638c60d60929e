"""Charts drawn on the server: SVG for the eye, and the same figures as text in the page for everybody else.

A drawing is one bar; the page around it is ordinary HTML, so that letters keep their size on a phone, every bar is a
link that the keyboard reaches, and what is drawn stands beside it as words.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

#: The drawing's own units; it is stretched to whatever place the page has for it.
_LONG = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar with its words, its figure and where it leads."""

    words: str
    figure: int
    address: str
    drawing: SafeString
    #: A second line of words.
    more: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One step of time: two bars upwards, side by side."""

    short: str
    words: str
    figures: tuple[int, int]
    address: str
    drawing: SafeString
    #: Saturday or Sunday.
    weekend: bool = False


def lying(part: int, largest: int) -> SafeString:
    """A bar from the left over a track; whatever is more than nothing can be seen."""
    return format_html(
        '<svg class="chart lying" viewBox="0 0 {} 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="track" width="{}" height="8"/><rect class="bar" width="{}" height="8"/></svg>',
        _LONG,
        _LONG,
        _length(part, largest),
    )


def standing(parts: Sequence[int], largest: int) -> SafeString:
    """Bars side by side from the ground up."""
    width = 10
    bars = format_html_join(
        "",
        '<rect class="bar bar-{}" x="{}" y="{}" width="{}" height="{}"/>',
        (
            (place, place * (width + 2), _LONG - length, width, length)
            for place, length in enumerate(_length(part, largest) for part in parts)
        ),
    )
    return format_html(
        '<svg class="chart standing" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        "{}</svg>",
        len(parts) * (width + 2) - 2,
        _LONG,
        bars,
    )


def _length(part: int, largest: int) -> float:
    if part <= 0 or largest <= 0:
        return 0
    return round(max(part / largest * _LONG, 1.5), 2)
