"""Tags for the pages of labels, and the way to them from every thing that can have one."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse

from seriatim.words import label_names

register = template.Library()

_WORDS = {
    "subject": label_names.SUBJECTS,
    "element": label_names.ELEMENTS,
    "output": label_names.OUTPUTS,
    "job_state": label_names.JOB_STATES,
}


@register.filter
def label_word(code: str, kind: str) -> str:
    """The word for a code: ``{{ row.subject|label_word:"subject" }}``."""
    return str(_WORDS[kind].get(code, code))


@register.filter
def value_of(values: Mapping[str, Any], name: str) -> Any:
    """What a mapping has under a name."""
    return values.get(name, "")


@register.simple_tag
def print_address(**query: Any) -> str:
    """The address of the print dialog: ``{% print_address item=unit.item.code serial=unit.serial as address %}``.

    By ``item`` and ``serial``, ``document``, ``series``, ``block``, ``items`` or ``locations``.
    """
    return f"{reverse('label_print')}?{urlencode(query)}"
