"""Filters for the pages of series, blocks and allocation."""

from django import template

from seriatim.words.names import field_name

register = template.Library()


@register.filter
def field_words(code: str) -> str:
    """A field that changed, in words, as the first word of a line."""
    words = field_name(code)
    return words[:1].upper() + words[1:]
