"""Figures as people read them, with their thousands apart: 12,345.50.

For pages, prints and messages. Files, fields to type in and answers to programs have them plain, as
``kernel.amounts`` writes them.
"""

from django.utils.formats import number_format

from seriatim.kernel.amounts import money_text, quantity_text


def count_words(number: int) -> str:
    """A whole number."""
    return number_format(number, force_grouping=True)


def money_words(amount: int) -> str:
    """An amount of 1/10,000 of the site's currency."""
    return number_format(money_text(amount), force_grouping=True)


def quantity_words(amount: int) -> str:
    """A quantity of 1/1,000 of the unit of measure."""
    return number_format(quantity_text(amount), force_grouping=True)
