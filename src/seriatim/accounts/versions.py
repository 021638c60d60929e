"""Which version of a record somebody has seen, so that two who edit it at once do not undo each other.

Every change of a record is registered, so the number of its last entry in the register is its version.
"""

from seriatim.accounts.models import Change
from seriatim.kernel.refusals import Case, ChangedMeanwhile


def version_of(subject: str, subject_id: object) -> int:
    """The record's version, to be handed back with what was changed of it; 0 for one that was never registered."""
    last = Change.objects.filter(subject=subject, subject_id=str(subject_id)).order_by("-id")
    return last.values_list("id", flat=True).first() or 0


def refuse_changed(subject: str, subject_id: object, seen: int | None) -> None:
    """Refuse with ChangedMeanwhile what was changed since version ``seen``; None asks nothing.

    To be called inside the transaction of the change, after nobody else can come between.
    """
    if seen is None:
        return
    later = Change.objects.filter(subject=subject, subject_id=str(subject_id), id__gt=seen)
    rows = list(later.order_by("id").values_list("field", "old", "new", "user__username"))
    if rows:
        raise ChangedMeanwhile(
            [Case(note=f"{field}: {old or '–'} → {new or '–'}") for field, old, new, _user in rows],
            user=rows[-1][3],
        )
