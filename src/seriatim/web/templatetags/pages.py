"""Tags and filters for the pages."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from seriatim.scanning import Hit
from seriatim.web import addresses, icons, looks
from seriatim.web.hits import ICONS, address_of
from seriatim.web.once import FIELD
from seriatim.words import figures, names

register = template.Library()

register.filter("disposition_name", names.disposition_name)
register.filter("identifier_name", names.identifier_name)
register.filter("kind_name", names.kind_name)
register.filter("mark_name", names.mark_name)
register.filter("state_name", names.state_name)
register.filter("document_address", addresses.document_address)


@register.simple_tag
def icon(name: str, size: int = 20) -> str:
    """An icon."""
    return icons.icon(name, size)


@register.simple_tag
def once() -> SafeString:
    """The field that lets a form make something once (``seriatim.web.once``)."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, uuid4())


@register.simple_tag
def unit_address(item: str, serial: str) -> str:
    """The address of a unit's page."""
    return addresses.unit_address(item, serial)


@register.simple_tag
def thing_address(kind: str, code: str, of: str = "") -> str:
    """The address of the page of an item, a location, a party or a document."""
    return addresses.thing_address(kind, code, of)


@register.simple_tag
def unit_query(unit: Any) -> str:
    """A unit as pages about it are told of it, behind the question mark."""
    return urlencode({"item": unit.item.code, "serial": unit.serial})


@register.filter
def yesno_word(text: str) -> str:
    """The word for a custom field's yes or no."""
    return gettext("Yes") if text == "yes" else gettext("No")


@register.simple_tag
def hit_address(hit: Hit) -> str:
    """The address of the page of a thing that was found; "" if it has none."""
    return address_of(hit)


@register.simple_tag
def hit_icon(hit: Hit) -> str:
    """The icon of the sort of thing that was found."""
    return icon(ICONS[hit.thing])


@register.simple_tag
def disposition_badge(code: str) -> SafeString:
    """The word for a unit's state, with its icon and tone."""
    return _badge(looks.DISPOSITIONS.get(code, looks.PLAIN), names.disposition_name(code))


@register.simple_tag
def state_badge(code: str) -> SafeString:
    """The word for a document's state, with its icon and tone."""
    return _badge(looks.STATES.get(code, looks.PLAIN), names.state_name(code).capitalize())


@register.simple_tag
def stage_badge(code: str) -> SafeString:
    """The word for how far a stocktake is, with its icon and tone."""
    return _badge(looks.STAGES.get(code, looks.PLAIN), names.state_name(code).capitalize())


@register.simple_tag
def result_badge(code: str) -> SafeString:
    """The word for what a stocktake says of a unit, with its icon and tone."""
    return _badge(looks.COUNT_RESULTS.get(code, looks.PLAIN), names.count_result_name(code))


@register.simple_tag
def mark_badge(code: str) -> SafeString:
    """The word for a mark."""
    look = looks.DISPOSITIONS.get("on_hold" if code == "held" else code, looks.PLAIN)
    return _badge(look, names.mark_name(code))


@register.simple_tag
def kind_icon(code: str, size: int = 20) -> str:
    """The icon of a kind of document."""
    return icon(looks.KINDS.get(code, looks.PLAIN).icon, size)


@register.filter
def grouped(number: int | None) -> str:
    """A count as people read it, 12,345; nothing for None."""
    return "" if number is None else figures.count_words(number)


@register.filter
def money(amount: int | None) -> str:
    """1/10,000 of the currency as people write it; nothing for None."""
    return "" if amount is None else figures.money_words(amount)


@register.filter
def quantity(amount: int | None) -> str:
    """1/1,000 of the unit of measure as people write it."""
    return "" if amount is None else figures.quantity_words(amount)


@register.simple_tag
def moment(when: datetime | None) -> str:
    """A moment in the site's time zone, with the exact one for machines."""
    if when is None:
        return ""
    local = timezone.localtime(when)
    words = f"{local.day} {local:%b %Y, %H:%M}"
    return format_html('<time datetime="{}">{}</time>', when.isoformat(), words)


@register.filter
def pretty_json(value: object) -> str:
    """Data as whoever connects another system reads it."""
    return json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True)


def _badge(look: looks.Look, words: str) -> SafeString:
    return format_html('<span class="badge {}">{}{}</span>', look.tone, icon(look.icon, 16), words)
