"""Tags for the pages of items, locations and parties: addresses of them and of lists about them, and their figures."""

from django import template
from django.urls import reverse
from django.utils.http import urlencode

from seriatim.kernel.amounts import ONE
from seriatim.reports.lists import Count
from seriatim.reports.lists.vocabularies import word as word_of
from seriatim.web import addresses
from seriatim.words.figures import count_words, quantity_words

register = template.Library()

register.simple_tag(addresses.coded_address, name="coded_address")


@register.simple_tag
def list_address(name: str, **said: str) -> str:
    """The address of a list with these filters."""
    return f"{reverse(name)}?{urlencode(said)}"


@register.filter
def word(code: str, vocabulary: str) -> str:
    """The word for a code."""
    return word_of(vocabulary, code)


@register.simple_tag
def on_hand(row: object) -> str:
    """What stands there in all: units, goods that wait for their numbers, goods without."""
    units, waiting, quantity = (getattr(row, name) for name in ("units", "waiting", "quantity"))
    return quantity_words(units * ONE + waiting + quantity)


@register.simple_tag
def count(found: Count) -> str:
    """“312”, “10,000+”."""
    return f"{count_words(found.number)}{'+' if found.more else ''}"
