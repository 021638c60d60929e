"""The site's own fields of items and units, as columns and filters of their lists."""

from collections.abc import Callable, Collection
from functools import partial
from typing import Any

from django.db.models import Q

from seriatim.catalog.custom import Definition, custom_fields, items_with
from seriatim.ledger.selectors import units_with
from seriatim.reports.lists.filters import Asks, Filter
from seriatim.reports.lists.values import Column, Kind

#: In front of a field's name, so that it is none of the list's own.
PREFIX = "custom_"

_WITH: dict[str, Callable[..., Any]] = {"item": items_with, "unit": units_with}


def columns_and_filters(subject: str) -> tuple[tuple[Column, ...], tuple[Filter, ...]]:
    """A column and a filter for each of the fields; none is shown until somebody asks for it."""
    fields = custom_fields(subject)
    return tuple(map(_column, fields)), tuple(_filter(field, subject) for field in fields)


def names_of(columns: Collection[Column]) -> list[str]:
    """The names of the fields that are asked for."""
    return [one.key.removeprefix(PREFIX) for one in columns if one.key.startswith(PREFIX)]


def cell(name: str, values: dict[Any, dict[str, str]]) -> Callable[[Any], str | None]:
    """What stands in a field of a row."""
    return lambda row: values.get(row.pk, {}).get(name)


def _column(field: Definition) -> Column:
    return Column(key=f"{PREFIX}{field.name}", words=field.label, kind=Kind.TEXT, shown=False)


def _filter(field: Definition, subject: str) -> Filter:
    key, words = f"{PREFIX}{field.name}", field.label
    with_value = partial(_condition, _WITH[subject], field.name)
    if field.type == "choice":
        return Filter(
            key=key,
            words=words,
            asks=Asks.CHOICE,
            choices=lambda: [(choice, choice) for choice in field.choices],
            where=with_value,
        )
    if field.type == "yes_no":
        return Filter(
            key=key,
            words=words,
            asks=Asks.FLAG,
            where=lambda flag: with_value(["yes" if flag else "no"]),
        )
    return Filter(key=key, words=words, asks=Asks.TEXT, where=lambda text: with_value([text], begins=True))


def _condition(find: Callable[..., Any], name: str, texts: Collection[str], *, begins: bool = False) -> Q:
    condition = Q(pk__in=())
    for text in texts:
        condition |= Q(pk__in=find(name, text, begins=begins))
    return condition
