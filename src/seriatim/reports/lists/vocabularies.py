"""The words for the codes that stand in lists, by the name of their vocabulary."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext_lazy as _

from seriatim.catalog.models import Tracking
from seriatim.kernel.disposition import Disposition
from seriatim.kernel.kinds import KINDS
from seriatim.kernel.marks import MARKS
from seriatim.kernel.places import LocationType, PartyRole
from seriatim.kernel.states import State
from seriatim.reports.lists.values import Words
from seriatim.stocktakes.models import Result, Stage
from seriatim.words import names

TRACKING: dict[str, Words] = {
    Tracking.SERIAL.value: _("By serial number"),
    Tracking.QUANTITY.value: _("By quantity"),
    Tracking.NONE.value: _("Not stocked"),
}

_VOCABULARIES: dict[str, tuple[Sequence[str], Callable[[str], str]]] = {
    "disposition": ([one.value for one in Disposition], names.disposition_name),
    "kind": (list(KINDS), names.kind_name),
    "state": ([one.value for one in State], lambda code: names.state_name(code).capitalize()),
    "stage": ([one.value for one in Stage], lambda code: names.state_name(code).capitalize()),
    "count_result": ([one.value for one in Result], names.count_result_name),
    "location_type": (
        [one.value for one in LocationType],
        lambda code: names.location_type_name(code).capitalize(),
    ),
    "role": ([one.value for one in PartyRole], lambda code: names.thing_name(code).capitalize()),
    "mark": ([mark.code for mark in reversed(MARKS)], names.mark_name),
    "tracking": (list(TRACKING), lambda code: str(TRACKING.get(code, code))),
}


def word(vocabulary: str, code: str) -> str:
    """The word for a code."""
    return _VOCABULARIES[vocabulary][1](code)


def choices(vocabulary: str) -> Callable[[], list[tuple[str, Words]]]:
    """All codes of a vocabulary with their words, for a filter."""
    codes, named = _VOCABULARIES[vocabulary]
    return lambda: [(code, named(code)) for code in codes]
