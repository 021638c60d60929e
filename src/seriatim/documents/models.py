"""Documents, their lines, and the counters of their numbers."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from seriatim.documents.feed_models import FeedEnd, FeedEntry
from seriatim.documents.scan_models import Following, PostingRun, Scan
from seriatim.kernel.kinds import KINDS
from seriatim.kernel.states import State

__all__ = [
    "Counter",
    "Document",
    "FeedEnd",
    "FeedEntry",
    "Following",
    "Line",
    "LineUnit",
    "Missing",
    "PostingRun",
    "Scan",
    "WithStock",
]


class Missing(models.TextChoices):
    """What to do about serials that a line does not name."""

    DEFAULT = "", "As the item says"
    GENERATE = "generate", "Take them from the series"
    WAIT = "wait", "Let the goods wait for them"
    REFUSE = "refuse", "Refuse"


def _user() -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )


class WithStock(models.TextChoices):
    """What a bill or invoice does about the goods it is for."""

    NO = "", "Nothing: it is for goods that moved, or for services"
    PENDING = "pending", "Makes a pending movement that the warehouse validates"
    POSTED = "posted", "Moves the goods together with it"


class Document(models.Model):
    """A paper with a kind, a number, a party, a date and lines."""

    #: Made by the caller: the same id with the same content is the same document, however often it is sent.
    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=10, default=State.DRAFT)
    #: Given when it leaves the state of a draft.
    number = models.CharField(max_length=30, null=True, unique=True)
    party = models.ForeignKey("catalog.Party", null=True, on_delete=models.PROTECT, related_name="+")
    #: When it happened; null in a draft means "when it is posted".
    happened_at = models.DateTimeField(null=True)
    #: The party's or the ERP's own number for it: a purchase order, their delivery note.
    reference = models.CharField(max_length=100, blank=True, default="", db_index=True)
    note = models.TextField(blank=True, default="")
    due_date = models.DateField(null=True)
    #: Why a proof of sale or supplier was overridden.
    override_reason = models.TextField(blank=True, default="")
    #: Somebody has looked at serials that are alike others', and they are meant.
    confirm_twins = models.BooleanField(default=False)
    #: The block that its numbers come from, where a holder by name draws on one.
    block = models.ForeignKey("series.Block", null=True, on_delete=models.PROTECT, related_name="+")
    with_stock = models.CharField(max_length=7, choices=WithStock.choices, blank=True, default="")
    #: From where to where lines go that are added while it is written; each line says for itself what counts.
    source = models.ForeignKey(
        "catalog.Location", null=True, on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    target = models.ForeignKey(
        "catalog.Location", null=True, on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    #: The document whose rest this one carries on.
    continues = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="continued_by")
    #: The document that made this one: a bill its receipt, a delivery its allocation, a transfer its second half.
    made_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="made")
    #: SHA-256 of what the caller sent, by which a repeated request is told from a conflicting one.
    content_hash = models.CharField(max_length=64, editable=False)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    created_at = models.DateTimeField()
    confirmed_by = _user()
    confirmed_at = models.DateTimeField(null=True)
    posted_by = _user()
    posted_at = models.DateTimeField(null=True)
    reversed_by = _user()
    #: When the reversal was written; its movements carry when it happened.
    reversed_at = models.DateTimeField(null=True)
    reverse_reason = models.TextField(blank=True, default="")
    cancelled_by = _user()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=sorted(KINDS)), name="document_kind_known"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="document_state_known"
            ),
            models.CheckConstraint(
                condition=Q(with_stock__in=WithStock.values), name="document_with_stock_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.DRAFT, State.CANCELLED]) | Q(number__isnull=False),
                name="document_numbered_after_draft",
            ),
            models.CheckConstraint(
                condition=Q(posted_at__isnull=True, posted_by__isnull=True)
                | Q(posted_at__isnull=False, posted_by__isnull=False, happened_at__isnull=False),
                name="document_posted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.POSTED, State.REVERSED], posted_at__isnull=False)
                | (~Q(state__in=[State.POSTED, State.REVERSED]) & Q(posted_at__isnull=True)),
                name="document_posted_has_date",
            ),
            models.CheckConstraint(
                condition=Q(state=State.REVERSED, reversed_at__isnull=False, reversed_by__isnull=False)
                | (~Q(state=State.REVERSED) & Q(reversed_at__isnull=True, reversed_by__isnull=True)),
                name="document_reversed_by_somebody",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["kind", "state", "-created_at"], name="document_kind_state"),
            models.Index(fields=["-created_at"], name="document_newest"),
        ]

    def __str__(self) -> str:
        return self.number or str(self.id)


class Line(models.Model):
    """A line: an item, how many, from where to where, and the serials."""

    id = models.BigAutoField(primary_key=True)
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="lines")
    #: From 1, in the order of the paper.
    position = models.PositiveIntegerField()
    #: Which leg's line it is, for kinds whose lines differ (component, output …).
    role = models.CharField(max_length=10, blank=True, default="")
    item = models.ForeignKey("catalog.Item", on_delete=models.PROTECT, related_name="+")
    #: Null: from wherever each unit is, or the kind's own outside place.
    source = models.ForeignKey(
        "catalog.Location", null=True, on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    target = models.ForeignKey(
        "catalog.Location", null=True, on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    #: What is to be posted now, and what was promised when the document was confirmed; in 1/1,000.
    quantity = models.BigIntegerField()
    expected = models.BigIntegerField(null=True)
    #: How much of the line was scanned, in 1/1,000; its serials then stand in the scans until it is posted or
    #: confirmed, and a quantity of 0 means "as many as are scanned". Null: nothing was scanned, the text counts.
    scanned = models.BigIntegerField(null=True)
    #: One serial per line of text, as they will be posted; and as they were announced.
    serials = models.TextField(blank=True, default="")
    #: Those of the serials that the series gave; taken ahead for a fast series, void until it is posted.
    generated = models.TextField(blank=True, default="")
    expected_serials = models.TextField(blank=True, default="")
    missing = models.CharField(max_length=8, choices=Missing.choices, blank=True, default="")
    #: Defaults for the line's units, in 1/10,000 of the currency, each.
    cost = models.BigIntegerField(null=True)
    price = models.BigIntegerField(null=True)
    lot = models.CharField(max_length=60, blank=True, default="")
    reference = models.CharField(max_length=100, blank=True, default="", db_index=True)
    #: The line that this one is for: whose waiting goods it takes, which receipt it bills, which sale it returns.
    source_line = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="used_by")
    #: Who it was bought from, where the kind's party is somebody else (opening stock).
    supplier = models.ForeignKey(
        "catalog.Party", null=True, on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    #: The serial (and item) of the unit that components go into, or parts come out of.
    parent_item = models.ForeignKey(
        "catalog.Item", null=True, on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    parent_serial = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "position"], name="line_position_once"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="line_quantity_not_negative"),
            models.CheckConstraint(
                condition=Q(expected__isnull=True) | Q(expected__gte=0), name="line_expected_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(cost__isnull=True) | Q(cost__gte=0), name="line_cost_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(price__isnull=True) | Q(price__gte=0), name="line_price_not_negative"
            ),
            models.CheckConstraint(condition=Q(missing__in=Missing.values), name="line_missing_known"),
            models.CheckConstraint(
                condition=Q(scanned__isnull=True) | Q(scanned__gte=0), name="line_scanned_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}/{self.position}"


class LineUnit(models.Model):
    """What a line says of one of its units, where that differs from the line's own values."""

    id = models.BigAutoField(primary_key=True)
    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="units", db_index=False)
    serial = models.CharField(max_length=80)
    cost = models.BigIntegerField(null=True)
    price = models.BigIntegerField(null=True)
    lot = models.CharField(max_length=60, blank=True, default="")
    warranty_until = models.DateField(null=True)
    #: As the maker says it, on the package; else it is reckoned from the item's terms.
    end_of_life = models.DateField(null=True)
    #: ``{type: value}``, or ``{type: [value, …]}`` where the unit has several (``documents.further_numbers``).
    identifiers = models.JSONField(default=dict)
    #: ``{custom field's name: value}``, read and checked.
    custom = models.JSONField(default=dict)
    #: The serial that takes this one's place, in a correction; the parent's, in an assembly.
    right_serial = models.CharField(max_length=80, blank=True, default="")
    parent_serial = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line", "serial"], name="line_unit_once"),
            models.CheckConstraint(
                condition=Q(cost__isnull=True) | Q(cost__gte=0), name="line_unit_cost_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(price__isnull=True) | Q(price__gte=0), name="line_unit_price_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.serial


class Counter(models.Model):
    """The last number given to a kind's documents in a year."""

    kind = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "year"], name="counter_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.last}"
