"""What happened to documents, in an order that never changes: the rows behind the change feed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Happened(models.TextChoices):
    """What happened to a document that moves something."""

    POSTED = "posted", "Posted"
    REVERSED = "reversed", "Reversed"


class FeedEntry(models.Model):
    """A document was posted, or reversed. Written with it; its place in the feed is given after commit.

    Whoever wrote it could not know its place: others, that began before and are still at work, may yet come first.
    """

    id = models.BigAutoField(primary_key=True)
    document = models.ForeignKey(
        "documents.Document", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    what = models.CharField(max_length=8, choices=Happened.choices)
    #: 1, 2, 3 … without a gap; null until a reader gives it one. Never changes.
    number = models.BigIntegerField(null=True, unique=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "what"], name="feed_entry_once"),
            models.CheckConstraint(condition=Q(what__in=Happened.values), name="feed_entry_known"),
            models.CheckConstraint(
                condition=Q(number__isnull=True) | Q(number__gte=1), name="feed_entry_from_1"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(number__isnull=True), name="feed_entry_unnumbered"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.what} {self.document_id}"


class FeedEnd(models.Model):
    """The last number that was given: one row, held by whoever gives the next ones."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    last = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="feed_end_one_row"),
            models.CheckConstraint(condition=Q(last__gte=0), name="feed_end_not_negative"),
        ]

    def __str__(self) -> str:
        return str(self.last)
