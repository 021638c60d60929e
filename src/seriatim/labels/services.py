"""Writes: the site's own templates, its printers, and the printing itself with its entry in the register."""

import json
from collections.abc import Callable, Mapping
from tempfile import TemporaryFile
from typing import IO, TypedDict, TypeVar, Unpack, cast

from django.db import transaction
from django.utils import timezone

from seriatim.accounts.models import User
from seriatim.accounts.services import record_changes, require
from seriatim.catalog.custom import custom_fields
from seriatim.catalog.texts import clean_code, clean_line
from seriatim.catalog.transactions import one_transaction
from seriatim.kernel.refusals import Archived, InUse, Invalid, NotFound
from seriatim.labels import register
from seriatim.labels.making import Made, Order, make
from seriatim.labels.models import JobState, LabelTemplate, Output, Printer, PrintJob, Resolution
from seriatim.labels.ready import ready
from seriatim.labels.refusals import PrinterUnreachable
from seriatim.labels.sending import NotTaken, send
from seriatim.labels.templates import Template, read_template
from seriatim.labels.things import Chosen, things

#: A template's and a printer's name.
_NAME = 200

Stored = TypeVar("Stored", LabelTemplate, Printer)

# --- templates ----------------------------------------------------------------------------------------------


@one_transaction
def create_template(*, user: User, code: str, name: str, body: Mapping[str, object]) -> LabelTemplate:
    """Store a template of the site's own. Refuses with NotPermitted, Invalid."""
    require(user, "catalog")
    code = clean_code(code)
    _refuse_taken_template(code)
    made = _read(code, name, body)
    row = LabelTemplate.objects.create(
        code=code, name=made.name, subject=made.subject.value, body=made.as_dict()
    )
    _record(user, "label_template", row.pk, {"code": ("", code)})
    return row


@one_transaction
def change_template(
    *, user: User, template: LabelTemplate, name: str | None = None, body: Mapping[str, object] | None = None
) -> LabelTemplate:
    """Change a template's name or design; what was printed with it stays printed.

    Refuses with NotPermitted, NotFound, Invalid.
    """
    require(user, "catalog")
    row = _held(template, "label_template")
    made = _read(
        row.code,
        row.name if name is None else name,
        cast("Mapping[str, object]", row.body) if body is None else body,
    )
    new_body = made.as_dict()
    changes: dict[str, tuple[object, object]] = {
        "name": (row.name, made.name),
        "subject": (row.subject, made.subject.value),
        "design": (_text(row.body), _text(new_body)),
    }
    row.name, row.subject, row.body = made.name, made.subject.value, new_body
    row.save(update_fields=["name", "subject", "body"])
    _record(user, "label_template", row.pk, changes)
    return row


@one_transaction
def archive_template(*, user: User, template: LabelTemplate, archived: bool = True) -> LabelTemplate:
    """Take a template out of use, or bring it back. Refuses with NotPermitted, NotFound."""
    require(user, "catalog")
    row = _held(template, "label_template")
    _archive(user, row, "label_template", archived=archived)
    return row


@one_transaction
def delete_template(*, user: User, template: LabelTemplate) -> None:
    """Delete a template that nothing was printed with: the register names it. Refuses with NotPermitted, NotFound, InUse."""
    require(user, "catalog")
    row = _held(template, "label_template")
    _delete(user, row, "label_template", used=PrintJob.objects.filter(template=row.code).exists())


def _read(code: str, name: str, body: Mapping[str, object]) -> Template:
    made = read_template(code, clean_line(name, field="name", limit=_NAME, required=True), body)
    fields = made.fields
    if any(".custom." in field or field.startswith("custom.") for field in fields):
        known = {f"custom.{one.name}" for one in custom_fields("unit")}
        known |= {f"item.custom.{one.name}" for one in custom_fields("item")}
        for field in sorted(fields):
            if "custom." in field and field not in known:
                raise Invalid(field="text", reason="there is no such custom field", value=f"{{{field}}}")
    return made


def _refuse_taken_template(code: str) -> None:
    if ready(code) is not None or LabelTemplate.objects.filter(code__iexact=code).exists():
        raise Invalid(field="code", reason="taken", value=code)


def _text(body: object) -> str:
    return json.dumps(body, ensure_ascii=False, sort_keys=True)


# --- printers -----------------------------------------------------------------------------------------------


class PrinterFields(TypedDict, total=False):
    """What may be said of a printer. ``width`` is in 1/100 mm; None is any."""

    name: str
    host: str
    port: int
    dpi: int
    width: int | None


@one_transaction
def create_printer(*, user: User, code: str, **said: Unpack[PrinterFields]) -> Printer:
    """Allow a printer; ``host`` must be said. Refuses with NotPermitted, Invalid."""
    require(user, "administer")
    code = clean_code(code)
    if Printer.objects.filter(code__iexact=code).exists():
        raise Invalid(field="code", reason="taken", value=code)
    values = _printer_values({"host": "", **said})
    row = Printer.objects.create(code=code, **values)
    _record(
        user, "printer", row.pk, {"code": ("", code), "host": ("", row.host), "port": ("", str(row.port))}
    )
    return row


@one_transaction
def change_printer(*, user: User, printer: Printer, **said: Unpack[PrinterFields]) -> Printer:
    """Change what is said of a printer, and leave the rest. Refuses with NotPermitted, NotFound, Invalid."""
    require(user, "administer")
    row = _held(printer, "printer")
    values = _printer_values(dict(said))
    changes = {name: (getattr(row, name), value) for name, value in values.items()}
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values) or None)
    _record(user, "printer", row.pk, changes)
    return row


@one_transaction
def archive_printer(*, user: User, printer: Printer, archived: bool = True) -> Printer:
    """Allow a printer no longer, or again. Refuses with NotPermitted, NotFound."""
    require(user, "administer")
    row = _held(printer, "printer")
    _archive(user, row, "printer", archived=archived)
    return row


@one_transaction
def delete_printer(*, user: User, printer: Printer) -> None:
    """Delete a printer that nothing was sent to: the register names it. Refuses with NotPermitted, NotFound, InUse."""
    require(user, "administer")
    row = _held(printer, "printer")
    _delete(user, row, "printer", used=row.jobs.exists())


def _printer_values(said: Mapping[str, object]) -> dict[str, object]:
    values = dict(said)
    if "name" in said:
        values["name"] = clean_line(said["name"], field="name", limit=_NAME)
    if "host" in said:
        host = clean_line(said["host"], field="host", limit=253, required=True)
        if not all(sign.isalnum() or sign in ".-:_%" for sign in host):
            raise Invalid(field="host", reason="a name or an address, without a scheme or a path", value=host)
        values["host"] = host
    if "port" in said:
        port = said["port"]
        if not isinstance(port, int) or not 1 <= port <= 65_535:
            raise Invalid(field="port", reason="a whole number from 1 to 65535", value=str(port))
    if "dpi" in said and said["dpi"] not in Resolution.values:
        raise Invalid(field="dpi", reason="203, 300 or 600", value=str(said["dpi"]))
    width = said.get("width")
    if width is not None and (not isinstance(width, int) or not 500 <= width <= 100_000):
        raise Invalid(field="width", reason="from 5 to 1000 mm", value=str(width))
    return values


def _held(row: Stored, what: str) -> Stored:
    """The row as it is now, held until the transaction ends: it may have been deleted meanwhile."""
    found = type(row)._default_manager.select_for_update().filter(pk=row.pk).first()
    if found is None:
        raise NotFound(what=what, name=row.code)
    return found


def _delete(user: User, row: LabelTemplate | Printer, subject: str, *, used: bool) -> None:
    if used:
        raise InUse(what=subject, name=row.code)
    pk = row.pk
    row.delete()
    _record(user, subject, pk, {"code": (row.code, "")})


def _archive(user: User, row: LabelTemplate | Printer, subject: str, *, archived: bool) -> None:
    if (row.archived_at is not None) == archived:
        return
    row.archived_at = timezone.now() if archived else None
    row.save(update_fields=["archived_at"])
    _record(user, subject, row.pk, {"archived": (not archived, archived)})


def _record(user: User, subject: str, pk: int, changes: Mapping[str, tuple[object, object]]) -> None:
    record_changes(user=user, subject=subject, subject_id=pk, changes=changes)


# --- printing -----------------------------------------------------------------------------------------------


#: Lets a job be entered once, however often the same is asked for: None where that was done before.
Claim = Callable[[Callable[[], PrintJob]], PrintJob | None]


def print_labels(
    *,
    user: User,
    template: Template,
    chosen: Chosen,
    order: Order,
    out: IO[bytes],
    record: bool = True,
    claim: Claim | None = None,
) -> tuple[Made, PrintJob | None]:
    """Write a job's file and enter it in the register, unless ``claim`` knows that it was.

    Without ``record`` it is a proof that nobody sticks on.
    Refuses with NotPermitted, Invalid, UnknownSerial and the label refusals, in that order; nothing is registered then.
    """
    made = _made(user, template, chosen, order, out)
    if not record:
        return made, None
    return made, _claimed(claim, lambda: _entered(user, template, chosen, order, made, printer=None))


def _claimed(claim: Claim | None, enter: Callable[[], PrintJob]) -> PrintJob | None:
    return enter() if claim is None else claim(enter)


def send_labels(
    *,
    user: User,
    template: Template,
    chosen: Chosen,
    printer: Printer,
    copies: int = 1,
    claim: Claim | None = None,
) -> tuple[Made, PrintJob | None]:
    """Print on one of the site's printers, at its own resolution.

    The job is on record before the printer gets anything, and sent after that is committed: labels that came out of
    a printer are in the register whatever happens to us. What became of it is written down afterwards. Refuses as
    ``print_labels`` does, with Archived, and with PrinterUnreachable: then the job stays on record as failed. What
    ``claim`` knows is not sent again.
    """
    if printer.archived_at is not None:
        raise Archived(what="printer", name=printer.code)
    if printer.width is not None and template.width_mm * 100 > printer.width + 1:
        raise Invalid(
            field="template",
            reason=f"it is {template.width_mm:g} mm wide, and {printer.code} has {printer.width / 100:g} mm",
            value=template.code,
        )
    order = Order(output=Output.PRINTER, copies=copies, dpi=printer.dpi)
    with TemporaryFile() as file:
        made = _made(user, template, chosen, order, file)
        job = _claimed(claim, lambda: _entered(user, template, chosen, order, made, printer=printer))
        if job is None:
            return made, None
        file.seek(0)
        try:
            send(printer.host, printer.port, file)
        except NotTaken as failure:
            job.state, job.failure = JobState.FAILED, str(failure)[:200]
            job.save(update_fields=["state", "failure"])
            raise PrinterUnreachable(
                printer=printer.code, host=printer.host, port=printer.port, reason=str(failure), job=job.pk
            ) from None
    job.state = JobState.SENT
    job.save(update_fields=["state"])
    return made, job


def _made(user: User, template: Template, chosen: Chosen, order: Order, out: IO[bytes]) -> Made:
    require(user, "look")
    if template.fields & {"price", "currency"}:
        require(user, "see_price")
    if chosen.subject is not template.subject:
        raise Invalid(
            field="template",
            reason=f"it is for {template.subject.value}s, not for {chosen.subject.value}s",
            value=template.code,
        )
    return make(template, things(chosen, template.facts), order, out)


@transaction.atomic
def _entered(
    user: User, template: Template, chosen: Chosen, order: Order, made: Made, *, printer: Printer | None
) -> PrintJob:
    if printer is not None:
        printer = _held(printer, "printer")
    job = PrintJob.objects.create(
        user=user,
        at=timezone.now(),
        template=template.code,
        subject=template.subject.value,
        output=order.output,
        printer=printer,
        things=made.things,
        copies=order.copies,
        source=chosen.source[:200],
        state=JobState.MADE if printer is None else JobState.WAITING,
    )
    register.enter(job.pk, made.keys)
    return job
