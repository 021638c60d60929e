"""A stocktake, a row for each of its units, and where its devices are."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


def _by_user(**more: Any) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False, **more
    )


class Stage(models.TextChoices):
    """How far a stocktake is."""

    OPEN = "open", "Open"
    #: Ended, with the drafts that it led to.
    CLOSED = "closed", "Closed"
    #: Given up: it led to nothing.
    ABANDONED = "abandoned", "Abandoned"


class Result(models.TextChoices):
    """What a stocktake says of one unit."""

    MISSING = "missing", "Missing"
    FOUND = "found", "Found"
    #: Within what is counted, but not in the bin that the records say.
    MISPLACED = "misplaced", "In another bin"
    #: The records have it at another place, or outside.
    ELSEWHERE = "elsewhere", "Recorded elsewhere"
    #: No unit has this number.
    UNKNOWN = "unknown", "Unknown number"
    #: Expected, not counted, and moved by a document in the meantime: nothing is missing.
    MOVED = "moved", "Moved meanwhile"


#: Nobody has scanned these.
NOT_COUNTED = (Result.MISSING, Result.MOVED)


class Stocktake(models.Model):
    """One count of a place and all below it, or of one item there."""

    #: Made by whoever begins it: sent twice, it is the same.
    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=30, unique=True)
    location = models.ForeignKey(
        "catalog.Location", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    item = models.ForeignKey(
        "catalog.Item", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    note = models.CharField(max_length=200, blank=True, default="")
    stage = models.CharField(max_length=9, choices=Stage.choices, default=Stage.OPEN)
    #: How many units the records expected when it began.
    expected = models.PositiveIntegerField(default=0)
    begun_by = _by_user()
    begun_at = models.DateTimeField()
    ended_by = _by_user(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="stocktake_stage_known"),
            models.CheckConstraint(condition=~Q(number=""), name="stocktake_number_given"),
            models.CheckConstraint(
                condition=Q(stage=Stage.OPEN, ended_at__isnull=True, ended_by__isnull=True)
                | (~Q(stage=Stage.OPEN) & Q(ended_at__isnull=False, ended_by__isnull=False)),
                name="stocktake_ended_by_somebody",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["-begun_at", "id"], name="stocktake_newest")]

    def __str__(self) -> str:
        return self.number


class Counted(models.Model):
    """One unit of a stocktake: expected, counted, or both."""

    id = models.BigAutoField(primary_key=True)
    stocktake = models.ForeignKey(Stocktake, on_delete=models.CASCADE, related_name="rows", db_index=False)
    #: Null where nobody knows which item it is.
    item = models.ForeignKey(
        "catalog.Item", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    serial = models.CharField(max_length=80)
    #: Null where the number is unknown. No foreign key: 100,000 rows are written at once.
    unit = models.ForeignKey(
        "ledger.Unit",
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    #: Where the records had it when the stocktake began; null if they did not expect it.
    expected = models.ForeignKey(
        "catalog.Location", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    #: Where it was counted, as exactly as it was said.
    place = models.ForeignKey(
        "catalog.Location", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    #: How many movements the unit had then: when it was counted, or else when the stocktake began.
    seq = models.PositiveIntegerField(default=0)
    result = models.CharField(max_length=9, choices=Result.choices)
    #: As it came out of the scanner.
    text = models.CharField(max_length=200, blank=True, default="")
    #: Made where it was scanned: sent twice, it is the same scan.
    client = models.UUIDField(null=True)
    device = models.CharField(max_length=36, blank=True, default="")
    by = _by_user(null=True)
    at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stocktake", "unit"], name="counted_unit_once"),
            models.UniqueConstraint(
                fields=["stocktake", "serial"], condition=Q(unit__isnull=True), name="counted_unknown_once"
            ),
            models.UniqueConstraint(fields=["stocktake", "client"], name="counted_sent_once"),
            models.CheckConstraint(condition=Q(result__in=Result.values), name="counted_result_known"),
            models.CheckConstraint(condition=~Q(serial=""), name="counted_serial_given"),
            models.CheckConstraint(
                condition=Q(
                    result__in=NOT_COUNTED,
                    expected__isnull=False,
                    place__isnull=True,
                    by__isnull=True,
                    at__isnull=True,
                    client__isnull=True,
                )
                | (~Q(result__in=NOT_COUNTED) & Q(place__isnull=False, by__isnull=False, at__isnull=False)),
                name="counted_by_somebody_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(result=Result.UNKNOWN, unit__isnull=True, expected__isnull=True)
                | (~Q(result=Result.UNKNOWN) & Q(unit__isnull=False, item__isnull=False)),
                name="counted_unknown_is_no_unit",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["stocktake", "result", "serial", "id"], name="counted_by_result"),
            models.Index(fields=["stocktake", "-at", "-id"], name="counted_newest"),
            # The list of them, whichever stocktake they are of; and the stocktakes of one unit.
            models.Index(fields=["serial", "id"], name="counted_serial"),
        ]

    def __str__(self) -> str:
        return self.serial

    @property
    def is_counted(self) -> bool:
        """Whether somebody has scanned it."""
        return self.result not in NOT_COUNTED


class DevicePlace(models.Model):
    """In which bin a device counts: a location's code was scanned there."""

    id = models.BigAutoField(primary_key=True)
    stocktake = models.ForeignKey(Stocktake, on_delete=models.CASCADE, related_name="devices", db_index=False)
    device = models.CharField(max_length=36, blank=True, default="")
    location = models.ForeignKey(
        "catalog.Location", on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stocktake", "device"], name="device_place_once")
        ]

    def __str__(self) -> str:
        return f"{self.device}: {self.location_id}"
