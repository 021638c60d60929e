"""Reads: templates ready-made and own, printers, what was printed. Writes nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from seriatim.catalog.custom import custom_fields
from seriatim.catalog.texts import tidy
from seriatim.kernel.refusals import Invalid, NotFound
from seriatim.labels.fields import FIELDS, Subject
from seriatim.labels.models import LabelTemplate, Output, PrintedUnit, Printer, PrintJob
from seriatim.labels.ready import READY, ready
from seriatim.labels.templates import Template, read_template

# The doors, which may not look into models, name these from here.
__all__ = [
    "LabelTemplate",
    "Output",
    "Print",
    "PrintJob",
    "Printer",
    "TemplateRow",
    "all_jobs",
    "fields_of",
    "job",
    "jobs",
    "keys_of",
    "own_template",
    "printer",
    "printers",
    "prints_of",
    "read_own",
    "template",
    "templates",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateRow:
    """A template in a list."""

    code: str
    name: str
    subject: str
    medium: str
    width_mm: float
    height_mm: float
    #: One of the site's own, that may be changed.
    own: bool
    archived: bool


def templates(*, subject: Subject | None = None, archived: bool = False) -> list[TemplateRow]:
    """The site's own ones, then the ready-made. One statement."""
    rows = LabelTemplate.objects.order_by("code")
    if not archived:
        rows = rows.filter(archived_at=None)
    found = [_row(read_own(row), own=True, archived=row.archived_at is not None) for row in rows]
    found += [_row(template, own=False) for code in READY if (template := ready(code))]
    return [row for row in found if subject is None or row.subject == subject]


def _row(template: Template, *, own: bool, archived: bool = False) -> TemplateRow:
    return TemplateRow(
        code=template.code,
        name=template.name,
        subject=template.subject.value,
        medium=template.medium.name,
        width_mm=template.width_mm,
        height_mm=template.height_mm,
        own=own,
        archived=archived,
    )


def template(code: str) -> Template:
    """The template of that code, in whatever letter case: one of the site's own, or a ready-made. Refuses with NotFound."""
    wanted = _asked(code)
    if (found := ready(wanted)) is not None:
        return found
    row = LabelTemplate.objects.filter(code__iexact=wanted).first()
    if row is None:
        raise NotFound(what="label_template", name=wanted)
    return read_own(row)


def own_template(code: str) -> LabelTemplate:
    """A template of the site's own. Refuses with NotFound, and with Invalid one that is ready-made: it stays as it is."""
    if ready(_asked(code)) is not None:
        raise Invalid(field="code", value=_asked(code), reason="made by the system")
    row = LabelTemplate.objects.filter(code__iexact=_asked(code)).first()
    if row is None:
        raise NotFound(what="label_template", name=_asked(code))
    return row


def _asked(code: str) -> str:
    # A database refuses this sign in a text, and no code has it.
    return tidy(code.replace("\x00", ""))


def read_own(row: LabelTemplate) -> Template:
    """A stored template as a value."""
    return read_template(row.code, row.name, row.body)


def printers(*, archived: bool = False) -> Sequence[Printer]:
    """The printers that the site allows, by code."""
    rows = Printer.objects.order_by("code")
    return list(rows if archived else rows.filter(archived_at=None))


def printer(code: str) -> Printer:
    """The printer of that code. Refuses with NotFound."""
    row = Printer.objects.filter(code__iexact=_asked(code)).first()
    if row is None:
        raise NotFound(what="printer", name=_asked(code))
    return row


def fields_of(subject: Subject) -> dict[str, str]:
    """Every field that a label of that sort of thing may have, with its name in words; custom ones included."""
    found = dict(FIELDS[subject])
    if subject is Subject.UNIT:
        found |= {f"custom.{one.name}": one.label for one in custom_fields("unit")}
    if subject is not Subject.LOCATION:
        found |= {f"item.custom.{one.name}": one.label for one in custom_fields("item")}
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """One printing, as the register has it."""

    job: int
    at: datetime
    user: str
    template: str
    subject: str
    output: str
    printer: str
    #: Things labelled, and labels of each.
    things: int
    copies: int
    state: str
    #: Why the printer did not take it.
    failure: str
    source: str


def prints_of(key: UUID) -> list[Print]:
    """Every printing of a unit's label, the oldest first; those that ran ahead of the goods too. One statement."""
    rows = PrintedUnit.objects.filter(unit=key).select_related("job__user", "job__printer").order_by("job_id")
    return [_print(row.job) for row in rows]


def jobs(*, limit: int = 50, before: int | None = None) -> list[PrintJob]:
    """The newest jobs; older than one for the next page."""
    rows = PrintJob.objects.select_related("user", "printer").order_by("-id")
    return list((rows if before is None else rows.filter(pk__lt=before))[:limit])


def all_jobs(*, before: int | None = None) -> Iterator[Print]:
    """Every job, the newest first, a few in memory at a time."""
    while rows := jobs(limit=500, before=before):
        yield from map(_print, rows)
        before = rows[-1].pk


def job(pk: int) -> Print:
    """One job. Refuses with NotFound."""
    row = PrintJob.objects.select_related("user", "printer").filter(pk=pk).first()
    if row is None:
        raise NotFound(what="print", name=str(pk))
    return _print(row)


def keys_of(pk: int) -> frozenset[bytes]:
    """The keys of the units whose labels a job printed."""
    return frozenset(
        key.bytes for key in PrintedUnit.objects.filter(job_id=pk).values_list("unit", flat=True)
    )


def _print(job: PrintJob) -> Print:
    return Print(
        job=job.pk,
        at=job.at,
        user=job.user.get_username(),
        template=job.template,
        subject=job.subject,
        output=job.output,
        printer=job.printer.code if job.printer else "",
        things=job.things,
        copies=job.copies,
        state=job.state,
        failure=job.failure,
        source=job.source,
    )
