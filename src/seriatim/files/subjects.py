"""What files hang on: whether the thing is there, and what it takes to change its files. Writes nothing."""

from collections.abc import Callable
from uuid import UUID

from seriatim.accounts.models import User
from seriatim.accounts.services import require
from seriatim.catalog.models import Item, Party
from seriatim.documents.access import require_document
from seriatim.documents.models import Document
from seriatim.files.models import Subject
from seriatim.kernel.kinds import KINDS
from seriatim.kernel.refusals import NotFound
from seriatim.ledger.access import require_units
from seriatim.ledger.models import Unit


def _unit(key: str) -> str | None:
    return "register" if Unit.objects.filter(pk=UUID(key)).exists() else None


def _item(key: str) -> str | None:
    return "catalog" if Item.objects.filter(pk=int(key)).exists() else None


def _party(key: str) -> str | None:
    return "catalog" if Party.objects.filter(pk=int(key)).exists() else None


def _document(key: str) -> str | None:
    kind = Document.objects.filter(pk=UUID(key)).values_list("kind", flat=True).first()
    return KINDS[kind].right if kind is not None else None


#: The right to change the files of this very thing; None if there is no such thing.
_RIGHTS: dict[str, Callable[[str], str | None]] = {
    Subject.UNIT: _unit,
    Subject.ITEM: _item,
    Subject.PARTY: _party,
    Subject.DOCUMENT: _document,
}


def right_for(subject: str, subject_id: str) -> str:
    """The right that changing the thing's files takes: that of changing the thing. Refuses with NotFound."""
    try:
        right = _RIGHTS[subject](subject_id)
    except (KeyError, ValueError, OverflowError):
        right = None
    if right is None:
        raise NotFound(what=subject if subject in _RIGHTS else "file", name=subject_id[:40])
    return right


def require_change(user: User, subject: str, subject_id: str) -> None:
    """Refuse with NotFound, and with NotPermitted whoever may not change the thing: its right, and where it is."""
    require(user, right_for(subject, subject_id))
    if subject == Subject.UNIT:
        require_units(user, [UUID(subject_id)])
    elif subject == Subject.DOCUMENT:
        require_document(user, Document.objects.get(pk=UUID(subject_id)))
