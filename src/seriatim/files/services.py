"""Files are added to things and taken off them; both stand in the things' register of changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from seriatim.accounts.models import User
from seriatim.accounts.services import record_changes
from seriatim.files import pictures, sniffing, store
from seriatim.files.models import Attachment
from seriatim.files.subjects import require_change
from seriatim.kernel.refusals import Invalid, NotFound

#: On one thing. More than anybody looks through; it keeps a page from being filled by a script.
MOST = 200
#: What a change of a thing's files is called in its register.
FIELD = "file"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file as it comes in: the name that its bringer gives it, and its bytes."""

    name: str
    chunks: Iterable[bytes]


def limit() -> int:
    """The most bytes that a file may have."""
    size: int = settings.FILE_LIMIT_MB * 1024 * 1024
    return size


def add(*, user: User, subject: str, subject_id: str, file: Incoming) -> Attachment:
    """Hang a file on a thing ("unit", "item", "document", "party"; ``subject_id`` its key as text).

    Reading and drawing it takes time, so that is done before the transaction. Refusals, in this order: NotFound,
    NotPermitted, Invalid (``field`` file: too large, empty, there already, too many).
    """
    require_change(user, subject, subject_id)
    name = sniffing.tidy_name(file.name)
    try:
        with store.received(file.chunks, limit=limit()) as (path, digest, size):
            if not size:
                raise Invalid(field="file", reason="it is empty", value=name)
            with path.open("rb") as start:
                content_type = sniffing.content_type(start.read(sniffing.HEAD))
            drawn = pictures.draw(path) if content_type in sniffing.PICTURES else None
            store.keep(path, digest)
            if drawn is not None:
                store.write(digest, store.THUMB, drawn.thumb)
                store.write(digest, store.VIEW, drawn.view)
            row = Attachment(
                subject=subject,
                subject_id=subject_id,
                name=name,
                content_type=content_type,
                size=size,
                sha256=digest,
                width=drawn.width if drawn else None,
                height=drawn.height if drawn else None,
                user=user,
                at=timezone.now(),
            )
            try:
                _write(user, row)
            except Invalid:
                store.discard(digest, used=lambda: _used(digest))
                raise
            # Somebody may have removed the last other file of this content between our look and our commit.
            store.keep(path, digest)
    except store.TooLarge:
        raise Invalid(
            field="file", reason=f"it is larger than {settings.FILE_LIMIT_MB} MB", value=name
        ) from None
    return row


def remove(*, user: User, id: UUID, reason: str = "") -> Attachment:
    """Take a file off its thing, for good; its name and hash stay in the register. Refuses NotFound, NotPermitted."""
    with transaction.atomic():
        row = Attachment.objects.filter(pk=id).first()
        if row is None:
            raise NotFound(what="file", name=str(id))
        require_change(user, row.subject, row.subject_id)
        deleted, _ = Attachment.objects.filter(pk=id).delete()
        if not deleted:
            raise NotFound(what="file", name=row.name)
        record_changes(
            user=user,
            subject=row.subject,
            subject_id=row.subject_id,
            changes={FIELD: (f"{row.name} (SHA-256 {row.sha256})", "")},
            reason=reason.strip(),
        )
    store.discard(row.sha256, used=lambda: _used(row.sha256))
    return row


@transaction.atomic
def _write(user: User, row: Attachment) -> None:
    there = Attachment.objects.filter(subject=row.subject, subject_id=row.subject_id)
    if there.count() >= MOST:
        raise Invalid(field="file", reason=f"there are {MOST} already, the most", value=row.name)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        other = there.filter(sha256=row.sha256).values_list("name", flat=True).first()
        raise Invalid(field="file", reason=f"it is there already, as {other}", value=row.name) from None
    record_changes(user=user, subject=row.subject, subject_id=row.subject_id, changes={FIELD: ("", row.name)})


def _used(digest: str) -> bool:
    return Attachment.objects.filter(sha256=digest).exists()
