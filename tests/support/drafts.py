"""A draft that is being scanned, with all that can become of a scan: for the pages that show one."""

from __future__ import annotations

from uuid import UUID, uuid4

from seriatim.accounts.models import User
from seriatim.catalog.models import Item, Location, Party
from seriatim.documents import services
from seriatim.documents.drafts import DocumentDraft, LineDraft
from seriatim.documents.models import Document
from seriatim.documents.scans import adding
from seriatim.documents.scans.values import Sent
from seriatim.kernel.amounts import ONE

_ID = UUID(int=4711)


def scanned_draft() -> Document:
    """The draft, made when it is first asked for: a delivery with one scan accepted, one doubled, some refused."""
    known = Document.objects.filter(pk=_ID).first()
    if known is not None:
        return known
    user = User.objects.filter(groups__name="administrator").exclude(username="console")[0]
    laptop, phone = Item.objects.get(code="LAPTOP"), Item.objects.get(code="PHONE")
    main = Location.objects.get(code="MAIN")
    draft = DocumentDraft(
        id=_ID,
        kind="delivery_note",
        party=Party.objects.get(code="HAFEN").pk,
        source=main.pk,
        reference="SO-17",
        lines=[
            LineDraft(item=laptop.pk, quantity=3 * ONE, source=main.pk, price=12_990_000),
            LineDraft(item=phone.pk, quantity=0),
        ],
    )
    document = services.create(user=user, draft=draft)
    texts = ("LT-0010", "LT-0010", "LT-0001", "NOBODY", "PH-1")
    scans = [Sent(id=uuid4(), text=text) for text in texts]
    adding.add(user=user, document_id=document.pk, scans=scans, device="page")
    return document
