"""Reads of files: those of a thing, one by its id, and whether all of them are whole. Writes nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from seriatim.accounts.models import User
from seriatim.accounts.services import require
from seriatim.files import store
from seriatim.files.models import Attachment
from seriatim.files.subjects import require_change
from seriatim.kernel.refusals import NotFound, NotPermitted


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file of a thing."""

    id: UUID
    subject: str
    subject_id: str
    name: str
    content_type: str
    size: int
    sha256: str
    width: int | None
    height: int | None
    user: str
    at: datetime

    @property
    def picture(self) -> bool:
        """Whether there are pictures of it to show."""
        return self.width is not None


class Damage(NamedTuple):
    """A file whose content is not what it was: ``missing`` or ``changed``."""

    id: UUID
    name: str
    subject: str
    subject_id: str
    what: str


def files_of(subject: str, subject_id: object) -> Sequence[File]:
    """The files of a thing, pictures first, the newest first. One query."""
    rows = Attachment.objects.filter(subject=subject, subject_id=str(subject_id)).select_related("user")
    found = [_file(row) for row in rows.order_by("-at", "id")]
    return sorted(found, key=lambda file: not file.picture)


def file(*, user: User, id: UUID) -> File:
    """A file by its id. Refuses with NotPermitted, NotFound."""
    require(user, "look")
    row = Attachment.objects.filter(pk=id).select_related("user").first()
    if row is None:
        raise NotFound(what="file", name=str(id))
    return _file(row)


def may_change(user: User, subject: str, subject_id: str) -> bool:
    """Whether the user may add and remove files of this thing."""
    try:
        require_change(user, subject, subject_id)
    except NotPermitted:
        return False
    return True


def content_of(found: File, size: str = "") -> Path:
    """Where its content lies, or its picture ("thumb", "view"). Refuses with NotFound if it is not there."""
    ending = {"": "", "thumb": store.THUMB, "view": store.VIEW}[size]
    path = store.path_of(found.sha256, ending)
    if (size and not found.picture) or not path.is_file():
        raise NotFound(what="file", name=found.name)
    return path


def damaged() -> Iterator[Damage]:
    """Every file whose content is missing or is not what was brought; reads all of them."""
    seen: dict[str, str] = {}
    for row in Attachment.objects.order_by("sha256", "id").iterator():
        if row.sha256 not in seen:
            path = store.path_of(row.sha256)
            whole = path.is_file() and store.hash_of(path) == row.sha256
            seen = {row.sha256: "" if whole else "changed" if path.is_file() else "missing"}
        if seen[row.sha256]:
            yield Damage(row.pk, row.name, row.subject, row.subject_id, seen[row.sha256])


def _file(row: Attachment) -> File:
    return File(
        id=row.pk,
        subject=row.subject,
        subject_id=row.subject_id,
        name=row.name,
        content_type=row.content_type,
        size=row.size,
        sha256=row.sha256,
        width=row.width,
        height=row.height,
        user=row.user.get_username(),
        at=row.at,
    )
