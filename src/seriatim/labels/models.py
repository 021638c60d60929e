"""The site's own templates, the printers that it allows, and the register of what was printed."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from seriatim.labels.fields import Subject

SUBJECTS = [(subject.value, subject.value) for subject in Subject]


class Output(models.TextChoices):
    """Where labels went."""

    PDF = "pdf", "PDF"
    ZPL = "zpl", "ZPL file"
    PRINTER = "printer", "Printer"


class Resolution(models.IntegerChoices):
    """The dots per inch that label printers have."""

    DPI_203 = 203, "203 dpi"
    DPI_300 = 300, "300 dpi"
    DPI_600 = 600, "600 dpi"


class JobState(models.TextChoices):
    """What became of a job."""

    #: Handed to whoever asked, as a file.
    MADE = "made", "Made"
    #: Written down; not yet sent, or the program ended while it was sending.
    WAITING = "waiting", "Waiting"
    SENT = "sent", "Sent to the printer"
    FAILED = "failed", "Not taken by the printer"


class LabelTemplate(models.Model):
    """A template of the site's own; the ready-made ones are in ``ready``."""

    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    subject = models.CharField(max_length=8, choices=SUBJECTS)
    #: What ``templates.read_template`` reads; written only after it has.
    body = models.JSONField()
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("code"), name="label_template_code_unique"),
            models.CheckConstraint(condition=~Q(code=""), name="label_template_code_given"),
            models.CheckConstraint(condition=~Q(name=""), name="label_template_name_given"),
            models.CheckConstraint(
                condition=Q(subject__in=[subject.value for subject in Subject]),
                name="label_template_subject_known",
            ),
        ]
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.code


class Printer(models.Model):
    """A network printer that the site has allowed. Labels are sent to these and to nothing else."""

    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200, blank=True, default="")
    host = models.CharField(max_length=253)
    port = models.PositiveIntegerField(default=9100)
    dpi = models.PositiveSmallIntegerField(choices=Resolution.choices, default=Resolution.DPI_203)
    #: The width of what is loaded, in 1/100 mm: a wider template is refused. Null: whatever.
    width = models.PositiveIntegerField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("code"), name="label_printer_code_unique"),
            models.CheckConstraint(condition=~Q(code=""), name="label_printer_code_given"),
            models.CheckConstraint(condition=~Q(host=""), name="label_printer_host_given"),
            models.CheckConstraint(condition=Q(port__gte=1, port__lte=65_535), name="label_printer_port"),
            models.CheckConstraint(condition=Q(dpi__in=Resolution.values), name="label_printer_dpi_known"),
            models.CheckConstraint(
                condition=Q(width__isnull=True) | Q(width__gt=0), name="label_printer_width_positive"
            ),
        ]
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.code


class PrintJob(models.Model):
    """One printing: who, when, with which template, where to."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_index=True)
    #: As it was called then: a template may be changed or archived afterwards.
    template = models.CharField(max_length=60)
    subject = models.CharField(max_length=8, choices=SUBJECTS)
    output = models.CharField(max_length=7, choices=Output.choices)
    printer = models.ForeignKey(Printer, null=True, on_delete=models.PROTECT, related_name="jobs")
    #: Things labelled, and labels of each.
    things = models.PositiveIntegerField()
    copies = models.PositiveIntegerField(default=1)
    #: What was chosen, in words: a document's number, a block, a selection.
    source = models.CharField(max_length=200, blank=True, default="")
    state = models.CharField(max_length=7, choices=JobState.choices, default=JobState.MADE)
    #: Why the printer did not take it.
    failure = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(output__in=Output.values), name="print_job_output_known"),
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="print_job_state_known"),
            models.CheckConstraint(
                condition=Q(subject__in=[subject.value for subject in Subject]),
                name="print_job_subject_known",
            ),
            models.CheckConstraint(
                condition=Q(things__gte=1, copies__gte=1), name="print_job_printed_something"
            ),
            models.CheckConstraint(
                condition=Q(output=Output.PRINTER, printer__isnull=False) & ~Q(state=JobState.MADE)
                | ~Q(output=Output.PRINTER) & Q(printer__isnull=True, state=JobState.MADE),
                name="print_job_printer_where_sent",
            ),
            models.CheckConstraint(
                condition=Q(state=JobState.FAILED) & ~Q(failure="")
                | ~Q(state=JobState.FAILED) & Q(failure=""),
                name="print_job_failure_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} × {self.things}"


class PrintedUnit(models.Model):
    """One unit whose label was printed. The number may have been printed before its unit came, so it is a key only."""

    id = models.BigAutoField(primary_key=True)
    job = models.ForeignKey(PrintJob, on_delete=models.PROTECT, related_name="units", db_index=False)
    #: ``kernel.identity.unit_key``: where labels run ahead of the goods, it is the key that the unit will have.
    unit = models.UUIDField(db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["job", "unit"], name="printed_unit_once")]

    def __str__(self) -> str:
        return str(self.unit)
