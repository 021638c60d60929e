"""A draft that is being scanned, with all that can become of a scan: for the pages that show one."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.db.models import Count

from seriatim.accounts.models import User
from seriatim.catalog.models import Item, Party
from seriatim.documents import services
from seriatim.documents.drafts import DocumentDraft, LineDraft
from seriatim.documents.models import Document
from seriatim.documents.scans import adding
from seriatim.documents.scans.values import Sent
from seriatim.kernel.amounts import ONE
from seriatim.ledger.models import Unit

_ID = UUID(int=4711)


def scanned_draft() -> Document:
    """The draft, made when it is first asked for: a delivery with one scan accepted, one doubled, some refused.

    Of whatever goods there are, the cast's or the demo company's.
    """
    known = Document.objects.filter(pk=_ID).first()
    if known is not None:
        return known
    user = User.objects.filter(groups__name="administrator").exclude(username="console")[0]
    in_stock = Unit.objects.filter(location__type="storage", marks=0, reserved_by=None)
    most = in_stock.values("item", "location").annotate(units=Count("key")).order_by("-units", "item")[0]
    item, place = most["item"], most["location"]
    good = in_stock.filter(item=item, location=place).order_by("serial")[9]
    sold = Unit.objects.filter(item=item, location__type="customer").order_by("serial").first()
    held = Unit.objects.filter(location__type="storage", marks__gt=0).order_by("key").first()
    other = held.item if held else Item.objects.filter(tracking="serial").exclude(pk=item).order_by("pk")[0]
    draft = DocumentDraft(
        id=_ID,
        kind="delivery_note",
        party=Party.objects.filter(roles__role="customer").order_by("pk")[0].pk,
        source=place,
        reference="SO-17",
        lines=[
            LineDraft(item=item, quantity=3 * ONE, source=place, price=12_990_000),
            *([LineDraft(item=other.pk, quantity=0)] if other.pk != item else []),
        ],
    )
    document = services.create(user=user, draft=draft)
    texts = [good.serial, good.serial, sold and sold.serial, "NOBODY", held and held.serial]
    scans = [Sent(id=uuid4(), text=text) for text in texts if text]
    adding.add(user=user, document_id=document.pk, scans=scans, device="page")
    return document
