"""What was scanned into documents, a row each, and the runs of postings that somebody waits for."""

from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q


class Verdict(models.TextChoices):
    """What became of a scan."""

    ACCEPTED = "accepted", "Accepted"
    DOUBLED = "doubled", "On the list already"
    REFUSED = "refused", "Refused"
    #: Looks like another one: somebody has to say that it is meant.
    QUESTION = "question", "To be confirmed"
    #: Refused, and so that nobody can miss it: stolen, lost, held. Somebody has to say that they saw it.
    ALARM = "alarm", "Alarm"
    #: It set the line, undid another scan, or gave another command: it names no unit.
    TOLD = "told", "Told"


class Origin(models.TextChoices):
    """How a scan came in."""

    SCAN = "scan", "Scanned"
    LIST = "list", "From a list"
    PICK = "pick", "Picked"
    TEXT = "text", "From the document as it was sent"
    SERIES = "series", "From the series"


class Scan(models.Model):
    """One scan into a draft or pending document. Never deleted while its document stands: undone ones say so."""

    id = models.BigAutoField(primary_key=True)
    document = models.ForeignKey(
        "documents.Document", on_delete=models.CASCADE, related_name="scans", db_index=False
    )
    #: Made where it was scanned: sent twice, it is the same scan.
    client = models.UUIDField(null=True)
    #: The tab or hand-held that it came from; "undo last" and "this line" are meant there.
    device = models.CharField(max_length=36, blank=True, default="")
    line = models.ForeignKey(
        "documents.Line", null=True, on_delete=models.CASCADE, related_name="scans", db_index=False
    )
    #: The item of a unit that counts, the same as its line's.
    item = models.ForeignKey(
        "catalog.Item", null=True, on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    #: As it came out of the scanner, cut where it is too long for any code.
    text = models.CharField(max_length=200)
    serial = models.CharField(max_length=80, blank=True, default="")
    folded = models.CharField(max_length=500, blank=True, default="")
    #: In 1/1,000; what it adds to its line while it counts.
    quantity = models.BigIntegerField(default=0)
    origin = models.CharField(max_length=6, choices=Origin.choices, default=Origin.SCAN)
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    #: It is one of the line's units (or adds its quantity to it).
    counts = models.BooleanField(default=False)
    #: The refusal's code, and the case with where it really is; or what was told.
    code = models.CharField(max_length=30, blank=True, default="")
    case = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    #: Its number is new, and names goods that wait for theirs where it leaves from.
    names_waiting = models.BooleanField(default=False)
    #: A near twin that is meant, or an alarm that was seen.
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    undone_at = models.DateTimeField(null=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "client"], name="scan_sent_once"),
            models.UniqueConstraint(
                fields=["document", "item", "serial"],
                condition=Q(counts=True) & ~Q(serial=""),
                name="scan_unit_once",
            ),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="scan_verdict_known"),
            models.CheckConstraint(condition=Q(origin__in=Origin.values), name="scan_origin_known"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="scan_quantity_not_negative"),
            models.CheckConstraint(
                condition=Q(counts=False)
                | Q(
                    verdict=Verdict.ACCEPTED,
                    line__isnull=False,
                    item__isnull=False,
                    quantity__gt=0,
                    undone_at__isnull=True,
                ),
                name="scan_counts_if_accepted",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="scan_undone_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="scan_answered_by_somebody",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["document", "-id"], name="scan_newest"),
            models.Index(fields=["document", "device", "-id"], name="scan_of_device"),
            models.Index(fields=["line", "id"], name="scan_of_line"),
            models.Index(fields=["document", "item", "folded"], condition=Q(counts=True), name="scan_twins"),
            # Not a part of the rows: SQLite does not use a partial index for conditions that are parameters.
            models.Index(fields=["document", "verdict"], name="scan_verdict"),
            # Where stolen and lost units turned up, the newest first.
            models.Index(fields=["-at"], condition=Q(verdict=Verdict.ALARM), name="scan_alarms"),
            models.Index(
                fields=["line"], condition=Q(counts=True, names_waiting=True), name="scan_names_waiting"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_kept(self) -> bool:
        """Whether it set a lot or added a further number, and still does: it names no unit of its own."""
        return self.verdict == Verdict.TOLD and self.code in ("lot", "identifier") and self.undone_at is None


class Following(models.Model):
    """What the next units that a device scans into a line are said to be: a lot's code was scanned by itself."""

    id = models.BigAutoField(primary_key=True)
    line = models.ForeignKey(
        "documents.Line", on_delete=models.CASCADE, related_name="followings", db_index=False
    )
    device = models.CharField(max_length=36, blank=True, default="")
    lot = models.CharField(max_length=60, blank=True, default="")
    end_of_life = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line", "device"], name="following_once"),
            models.CheckConstraint(
                condition=~Q(lot="") | Q(end_of_life__isnull=False), name="following_says_something"
            ),
        ]

    def __str__(self) -> str:
        return self.lot or str(self.end_of_life)


class PostingRun(models.Model):
    """A posting that goes on in the background while its page asks how far it is."""

    id = models.UUIDField(primary_key=True)
    document = models.ForeignKey(
        "documents.Document", on_delete=models.CASCADE, related_name="runs", db_index=True
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    units = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    #: The refusal as plain data; null while it runs and where it was posted.
    refusal = models.JSONField(null=True, encoder=DjangoJSONEncoder)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["document"], condition=Q(ended_at__isnull=True), name="posting_run_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(refusal__isnull=True) | Q(ended_at__isnull=False),
                name="posting_run_refused_at_end",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
