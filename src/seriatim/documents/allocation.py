"""Giving numbers to goods that wait for them: one call for pages, API and command line."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from seriatim.accounts.models import User
from seriatim.catalog.models import Item
from seriatim.documents import services
from seriatim.documents.drafts import DocumentDraft, LineDraft, UnitDraft
from seriatim.documents.models import Document, Line, Missing
from seriatim.documents.worklists import waiting_line
from seriatim.kernel.amounts import ONE
from seriatim.kernel.refusals import NotFound


def allocate(  # noqa: PLR0913  (what may be said of an allocation; keyword-only)
    *,
    user: User,
    line: int,
    serials: Sequence[str] = (),
    units: Sequence[UnitDraft] = (),
    generate: int = 0,
    location: int | None = None,
    block: int | None = None,
    at: datetime | date | None = None,
    note: str = "",
    confirm_twins: bool = False,
    id: UUID | None = None,
) -> Document:
    """Post an allocation for a line that waits: serials that are named, and ``generate`` more from the series.

    ``location`` has to be named where the line's goods wait at several. Raises NotFound (nothing of the line
    waits) and whatever posting refuses.
    """
    named = {unit.serial.strip() for unit in units}
    count = len(units) + sum(serial.strip() not in named for serial in serials) + generate
    draft = LineDraft(
        item=item_of_line(line, id).pk,
        serials=serials,
        units=units,
        quantity=count * ONE,
        target=location,
        source_line=line,
        missing=Missing.GENERATE if generate else Missing.REFUSE,
    )
    document = DocumentDraft(
        id=id or uuid4(),
        kind="allocation",
        date=at,
        note=note,
        block=block,
        confirm_twins=confirm_twins,
        lines=[draft],
    )
    return services.submit(user=user, draft=document)


def item_of_line(line: int, id: UUID | None = None) -> Item:
    """The item of a line that waits. Refuses with NotFound if nothing of it does.

    ``id`` is that of the allocation: one that comes again may find that nothing waits any more, by its own doing.
    """
    rows = Line.objects.filter(pk=line).select_related("item")
    if id is None or not Document.objects.filter(pk=id).exists():
        rows = rows.filter(pk=waiting_line(line).line)
    found = rows.only("item").first()
    if found is None:
        raise NotFound(what="line", name=str(line))
    return found.item
