"""Quantities without identity: items without serials, and goods that still wait for theirs."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Balance(models.Model):
    """What stands at an inside location, as a cache of the quantity movements.

    One row per item, location and lot; goods that wait for serials have one per source line too, so that a
    serial given later inherits that line's supplier, cost and date.
    """

    id = models.BigAutoField(primary_key=True)
    item = models.ForeignKey("catalog.Item", on_delete=models.PROTECT, db_index=False, related_name="+")
    location = models.ForeignKey("catalog.Location", on_delete=models.PROTECT, related_name="+")
    lot = models.CharField(max_length=60, blank=True, default="")
    #: documents.Line that brought goods in without serials; 0 for items by quantity.
    source_line = models.BigIntegerField(default=0)
    #: In 1/1,000 of the unit of measure.
    quantity = models.BigIntegerField()
    #: What it cost in all, in 1/10,000 of the currency: moving average is value / quantity.
    value = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item", "location", "lot", "source_line"], name="balance_one_per_place"
            ),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="balance_not_negative"),
            models.CheckConstraint(condition=Q(value__gte=0), name="balance_value_not_negative"),
            models.CheckConstraint(condition=Q(source_line__gte=0), name="balance_source_line_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["source_line"], condition=Q(source_line__gt=0), name="balance_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}@{self.location_id}: {self.quantity}"


class QuantityMovement(models.Model):
    """A quantity went from one location to another under a document's line. Append-only."""

    id = models.BigAutoField(primary_key=True)
    line_id = models.BigIntegerField(db_index=True)
    item = models.ForeignKey("catalog.Item", on_delete=models.PROTECT, db_index=False, related_name="+")
    lot = models.CharField(max_length=60, blank=True, default="")
    source = models.ForeignKey("catalog.Location", on_delete=models.PROTECT, db_index=False, related_name="+")
    target = models.ForeignKey("catalog.Location", on_delete=models.PROTECT, db_index=False, related_name="+")
    #: The balance's source line at either end; 0 where there is none.
    source_waiting = models.BigIntegerField(default=0)
    target_waiting = models.BigIntegerField(default=0)
    quantity = models.BigIntegerField()
    value = models.BigIntegerField(default=0)
    happened_at = models.DateTimeField()
    #: The quantity movement that this one takes back.
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")

    class Meta:
        constraints: ClassVar = [
            # A bill that comes later moves value alone; its reversal may find none of it left to take back.
            models.CheckConstraint(
                condition=Q(quantity__gt=0)
                | Q(quantity=0, value__gt=0)
                | Q(quantity=0, reverses__isnull=False),
                name="quantity_movement_of_something",
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="quantity_movement_value_not_negative"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["target", "item", "happened_at"], name="quantity_arrivals"),
            models.Index(fields=["source", "item", "happened_at"], name="quantity_departures"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.quantity}"
