"""Series, the patterns they had, their counters, and the register of what became of every number."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower


class GapRule(models.TextChoices):
    """What may happen to a number whose document is refused after it was taken."""

    GAPLESS = "gapless", "Gapless: number and document in one transaction"
    FAST = "fast", "Fast: numbers are taken ahead, and those of refused documents become void"


class Series(models.Model):
    """The rule that makes serial numbers: a pattern with a counter. Several items may share one."""

    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200, blank=True, default="")
    gap_rule = models.CharField(max_length=7, choices=GapRule.choices, default=GapRule.GAPLESS)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("code"), name="series_code_unique"),
            models.CheckConstraint(condition=~Q(code=""), name="series_code_given"),
            models.CheckConstraint(condition=Q(gap_rule__in=GapRule.values), name="series_gap_rule_known"),
        ]
        ordering: ClassVar = ["code"]
        verbose_name_plural = "series"

    def __str__(self) -> str:
        return self.code


class SeriesPattern(models.Model):
    """One pattern that a series has, or had: its changes are its history, and none is forgotten."""

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="patterns")
    #: From 1; the highest is in force.
    version = models.PositiveIntegerField()
    text = models.CharField(max_length=200)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField(blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "version"], name="series_pattern_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="series_pattern_version_from_1"),
        ]

    def __str__(self) -> str:
        return self.text


class SeriesItem(models.Model):
    """The series that an item's numbers come from."""

    item = models.OneToOneField("catalog.Item", on_delete=models.PROTECT, primary_key=True, related_name="+")
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="items")

    def __str__(self) -> str:
        return f"{self.item_id}: {self.series_id}"


class Counter(models.Model):
    """Where a pattern's sequence stands in a period. Its row is the lock of all that happens to the numbers."""

    pattern = models.ForeignKey(SeriesPattern, on_delete=models.PROTECT, related_name="counters")
    #: "", "2026", "2026-11", "2026-11-21" or a location's code, as the pattern's reset says. The code and not the
    #: location: it is what stands in the numbers, so it decides which of them could be the same (decision 8).
    period = models.CharField(max_length=60, blank=True, default="")
    next = models.BigIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pattern", "period"], name="series_counter_once"),
            models.CheckConstraint(condition=Q(next__gte=0), name="series_counter_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.pattern_id} {self.period}: {self.next}"


class Block(models.Model):
    """A run of a series' numbers reserved for a holder: a party, a location, or anybody by name."""

    counter = models.ForeignKey(Counter, on_delete=models.PROTECT, related_name="blocks")
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    #: What the numbers look like depends on these; fixed when the block is made.
    item = models.ForeignKey("catalog.Item", null=True, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("catalog.Location", null=True, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    #: The codes as they stand in the numbers; the item or the location may be renamed later.
    item_code = models.CharField(max_length=60, blank=True, default="")
    place_code = models.CharField(max_length=60, blank=True, default="")
    party = models.ForeignKey("catalog.Party", null=True, on_delete=models.PROTECT, related_name="+")
    location = models.ForeignKey("catalog.Location", null=True, on_delete=models.PROTECT, related_name="+")
    holder = models.CharField(max_length=200, blank=True, default="")
    expires = models.DateField(null=True)
    note = models.TextField(blank=True, default="")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    returned_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            # Blocks are made under the counter's lock, so that they never overlap; two that start alike can't.
            models.UniqueConstraint(
                fields=["counter", "first"], condition=Q(returned_at__isnull=True), name="block_start_once"
            ),
            models.CheckConstraint(
                condition=Q(first__gte=0, last__gte=F("first")), name="block_first_before_last"
            ),
            models.CheckConstraint(
                condition=Q(party__isnull=False, location__isnull=True, holder="")
                | Q(party__isnull=True, location__isnull=False, holder="")
                | (Q(party__isnull=True, location__isnull=True) & ~Q(holder="")),
                name="block_one_holder",
            ),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True, returned_by__isnull=True)
                | Q(returned_at__isnull=False, returned_by__isnull=False),
                name="block_returned_by_somebody",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["expires"], name="block_expires")]

    def __str__(self) -> str:
        return f"{self.first}–{self.last}"


class RunState(models.TextChoices):
    """What became of numbers. What is in no run of the register is free, or leased to a block."""

    USED = "used", "Used"
    VOID = "void", "Void"


class Run(models.Model):
    """Consecutive numbers that were used or are void. Runs of one counter never overlap."""

    id = models.BigAutoField(primary_key=True)
    counter = models.ForeignKey(Counter, on_delete=models.PROTECT, related_name="runs")
    state = models.CharField(max_length=4, choices=RunState.choices)
    #: Counter values, both included; of a random pattern only how many matters (first is 1).
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    block = models.ForeignKey(Block, null=True, on_delete=models.PROTECT, related_name="runs")
    #: The document that took them.
    document = models.UUIDField(null=True, db_index=True)
    reason = models.TextField(blank=True, default="")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(first__gte=0, last__gte=F("first")), name="run_first_before_last"
            ),
            models.CheckConstraint(condition=Q(state__in=RunState.values), name="run_state_known"),
            models.CheckConstraint(condition=~Q(state="void") | ~Q(reason=""), name="run_void_has_reason"),
        ]
        indexes: ClassVar = [models.Index(fields=["counter", "last"], name="run_counter_last")]

    def __str__(self) -> str:
        return f"{self.first}–{self.last} {self.state}"
