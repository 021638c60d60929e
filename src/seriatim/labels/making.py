"""A whole job: things and a template become one file. Everything is laid out before anybody gets a byte of it.

Labels go to a file as they are made, so memory stays as it is however many there are. What cannot be printed is
collected over the whole job and refused at the end, every serial by name; the file is then worthless.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC
from typing import IO

from django.conf import settings
from django.utils import timezone

from seriatim.kernel.refusals import Case, Invalid, Refusal
from seriatim.labels.fonts import Faces, FontUnreadable, faces
from seriatim.labels.layout import Drawn, LabelProblem, Surroundings, lay_out
from seriatim.labels.media import MediumKind
from seriatim.labels.models import Output
from seriatim.labels.pdf import PdfWriter
from seriatim.labels.refusals import LABEL_REFUSALS, NothingToPrint
from seriatim.labels.templates import Template
from seriatim.labels.things import Thing
from seriatim.labels.zpl import MOST_DOTS, label_zpl

MOST_COPIES = 1_000
MOST_OFFSET_MM = 20.0
RESOLUTIONS = (203, 300, 600)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How a job is printed.

    ``start`` is the place on the first sheet where the first label goes, from 1; ``offset_x_mm`` and ``offset_y_mm``
    move everything, for printers that feed a little askew.
    """

    output: Output = Output.PDF
    copies: int = 1
    start: int = 1
    dpi: int = 300
    offset_x_mm: float = 0.0
    offset_y_mm: float = 0.0


@dataclass(slots=True)
class Made:
    """What a job came to."""

    things: int = 0
    labels: int = 0
    pages: int = 0
    keys: list[bytes] = field(default_factory=list)


def site_faces() -> Faces:
    """The faces of this site. Refuses with Invalid a font file of the site's that cannot be used."""
    try:
        return faces(tuple(settings.LABEL_FONTS))
    except FontUnreadable as reason:
        raise Invalid(field="SERIATIM_LABEL_FONTS", reason=str(reason)) from None


def surroundings(order: Order) -> Surroundings:
    """What labels depend on, here."""
    around = Surroundings(site_faces(), order.dpi, settings.PUBLIC_URL)
    return around if order.output is Output.PDF else replace(around, most_dots=MOST_DOTS)


def check_order(template: Template, order: Order) -> None:
    """Refuse with Invalid an order that this template cannot be printed by."""
    if not 1 <= order.copies <= MOST_COPIES:
        raise Invalid(
            field="copies", reason=f"a whole number from 1 to {MOST_COPIES:,}", value=str(order.copies)
        )
    if order.dpi not in RESOLUTIONS:
        raise Invalid(field="dpi", reason="203, 300 or 600", value=str(order.dpi))
    sheet = template.medium.kind is MediumKind.SHEET
    places = template.medium.per_page if sheet else 1
    if not 1 <= order.start <= places:
        reason = f"the sheet has the places 1 to {places}" if sheet else "a roll has no places to start at"
        raise Invalid(field="start", reason=reason, value=str(order.start))
    if max(abs(order.offset_x_mm), abs(order.offset_y_mm)) > MOST_OFFSET_MM:
        raise Invalid(field="offset", reason=f"at most {MOST_OFFSET_MM:g} mm", value="")
    if sheet and order.output is not Output.PDF:
        raise Invalid(field="template", reason="sheets are printed as PDF; label printers have rolls")


def make(template: Template, things: Iterable[Thing], order: Order, out: IO[bytes]) -> Made:
    """Write the job's file. Refuses with Invalid, the label refusals, and what reading the things refuses."""
    check_order(template, order)
    around = surroundings(order)
    made = Made()
    problems: dict[type[Refusal], list[Case]] = defaultdict(list)
    labels = _laid_out(template, things, around, made, problems)
    if order.output is Output.PDF:
        _write_pdf(template, labels, order, around.faces, out, made)
    else:
        for shapes in labels:
            made.labels += order.copies
            made.pages += order.copies
            out.write(
                label_zpl(template, shapes, faces=around.faces, dpi=order.dpi, copies=order.copies).encode()
            )
    if problems:
        first, *others = (kind(problems[kind]) for kind in LABEL_REFUSALS if kind in problems)
        first.also = tuple(others)
        raise first
    if not made.things:
        raise NothingToPrint
    return made


def _laid_out(
    template: Template,
    things: Iterable[Thing],
    around: Surroundings,
    made: Made,
    problems: dict[type[Refusal], list[Case]],
) -> Iterator[list[Drawn]]:
    for thing in things:
        try:
            shapes = lay_out(template, thing.facts, around)
        except LabelProblem as problem:
            problems[problem.refusal].append(problem.case)
            continue
        made.things += 1
        if thing.key is not None:
            made.keys.append(thing.key)
        # Once something is refused nothing is printed: what follows is only checked.
        if not problems:
            yield shapes


def _write_pdf(
    template: Template,
    labels: Iterable[list[Drawn]],
    order: Order,
    site: Faces,
    out: IO[bytes],
    made: Made,
) -> None:
    writer = PdfWriter(site, title=template.name, made_at=timezone.now().astimezone(UTC))
    medium = template.medium
    sheet = medium.kind is MediumKind.SHEET
    width = medium.page_width_mm if sheet else template.width_mm
    height = medium.page_height_mm if sheet else template.height_mm
    out.write(writer.begin())
    page: list[tuple[float, float, list[Drawn]]] = []
    place = order.start - 1
    for shapes in labels:
        for _ in range(order.copies):
            x, y = medium.place(place) if sheet else (0.0, 0.0)
            page.append((x + order.offset_x_mm, y + order.offset_y_mm, shapes))
            made.labels += 1
            place += 1
            if place >= medium.per_page:
                out.write(writer.page(width, height, page))
                made.pages += 1
                page, place = [], 0
    if page:
        out.write(writer.page(width, height, page))
        made.pages += 1
    out.write(writer.end())
