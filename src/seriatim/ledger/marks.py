"""Marks on units: set and cleared with a reason, by somebody. They block documents and never change stock."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from seriatim.accounts.models import User
from seriatim.accounts.services import require
from seriatim.kernel.marks import Mark
from seriatim.kernel.refusals import Busy, Case, Invalid, Refusal, UnknownSerial, first_of
from seriatim.ledger.access import require_units
from seriatim.ledger.models import Unit, UnitMark
from seriatim.ledger.sql import keys_param, moment, write

#: Units per look where a refusal is explained.
BATCH = 5_000

# A recall may name 100,000 units: each of these is one statement for all of them.
_SET = "UPDATE ledger_unit SET marks = marks | %s WHERE key :IN_LIST AND marks & %s = 0"
_TELL = """
    INSERT INTO ledger_unitmark (unit_id, mark, reason, user_id, at, clear_reason)
    SELECT u.key, %s, %s, %s, %s, '' FROM ledger_unit u WHERE u.key :IN_LIST
"""
_CLEAR = "UPDATE ledger_unit SET marks = marks - %s WHERE key :IN_LIST AND marks & %s = %s"
_TELL_CLEARED = """
    UPDATE ledger_unitmark SET cleared_at = %s, cleared_by_id = %s, clear_reason = %s
     WHERE unit_id :IN_LIST AND mark = %s AND cleared_at IS NULL
"""


@transaction.atomic
def set_mark(user: User, unit_keys: Iterable[UUID], mark: Mark, reason: str) -> int:
    """Set one mark on units; returns on how many. All of them or none.

    Refusals, in this order: NotPermitted (the right); Invalid (``field`` reason); NotPermitted (the places of the
    units); Invalid (``field`` mark with ``reason`` already_set and every unit that has it); UnknownSerial.
    """
    keys, reason = _asked(user, unit_keys, reason)
    # The update is the check and the lock in one: whoever comes second finds the mark set.
    changed = write(_SET, [int(mark), keys_param(keys), int(mark)])
    if changed != len(keys):
        raise _explained(keys, mark, "already_set")
    write(_TELL, [int(mark), reason, user.pk, moment(timezone.now()), keys_param(keys)])
    return changed


@transaction.atomic
def clear_mark(user: User, unit_keys: Iterable[UUID], mark: Mark, reason: str) -> int:
    """Clear one mark from units; returns from how many. All of them or none.

    Refusals as for ``set_mark``, with ``reason`` not_set and every unit that doesn't have the mark.
    """
    keys, reason = _asked(user, unit_keys, reason)
    changed = write(_CLEAR, [int(mark), keys_param(keys), int(mark), int(mark)])
    if changed != len(keys):
        raise _explained(keys, mark, "not_set")
    write(_TELL_CLEARED, [moment(timezone.now()), user.pk, reason, keys_param(keys), int(mark)])
    return changed


def _asked(user: User, unit_keys: Iterable[UUID], reason: str) -> tuple[list[UUID], str]:
    require(user, "mark")
    reason = reason.strip()
    if not reason:
        raise Invalid(field="reason", reason="required")
    # One order for all writers, as everywhere: two recalls of the same units then wait instead of deadlocking.
    keys = sorted(set(unit_keys))
    require_units(user, keys)
    return keys, reason


def _batches(keys: Sequence[UUID]) -> list[Sequence[UUID]]:
    return [keys[start : start + BATCH] for start in range(0, len(keys), BATCH)]


def _explained(keys: Sequence[UUID], mark: Mark, reason: str) -> Refusal:
    """Which units it was. The units' own column was just written, so the rows of the marks tell what was set."""
    unknown: list[UUID] = []
    cases = []
    for batch in _batches(keys):
        rows = Unit.objects.filter(key__in=batch).order_by("serial")
        facts = {
            key: rest for key, *rest in rows.values_list("key", "serial", "item__code", "location__code")
        }
        open_rows = UnitMark.objects.filter(unit_id__in=batch, mark=int(mark), cleared_at__isnull=True)
        marked = set(open_rows.values_list("unit_id", flat=True))
        unknown += [key for key in batch if key not in facts]
        cases += [
            Case(serial=serial, item=item, place=place or "")
            for key, (serial, item, place) in facts.items()
            if (key in marked) == (reason == "already_set")
        ]
    refusals: list[Refusal] = []
    if cases:
        refusals.append(Invalid(cases, field="mark", reason=reason, value=mark.code))
    if unknown:
        refusals.append(UnknownSerial(Case(note=str(key)) for key in unknown))
    # Neither: somebody set or cleared it between our update and this look.
    return first_of(refusals) if refusals else Busy()
