"""The unit's record: its identity, and its present state as a cache of its last movement."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from seriatim.catalog.models import CustomValue
from seriatim.kernel.identifiers import IDENTIFIER_TYPES
from seriatim.kernel.marks import MARKS


def _reference(to: str) -> Any:
    # References that all units of a leg share carry no foreign key in the database: two of them cost PostgreSQL
    # 82,000 → 50,000 units/s. They are checked once per leg when posting, and by ``verify``.
    return models.ForeignKey(
        to, null=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )


class Unit(models.Model):
    """One physical, individually numbered thing."""

    #: ``kernel.identity.unit_key`` of item and serial; computed, never looked up, never changed.
    key = models.UUIDField(primary_key=True, editable=False)
    item = models.ForeignKey("catalog.Item", on_delete=models.PROTECT, db_index=False, related_name="+")
    serial = models.CharField(max_length=80)
    #: The near-twin form: letter case, O/0, I/L/1 and separators made alike.
    #: Compatibility forms may unfold to several characters, so it can be longer than the serial.
    folded = models.CharField(max_length=500)
    #: The serial again, where the site wants serials unique across items.
    global_serial = models.CharField(max_length=80, null=True, unique=True)
    created_at = models.DateTimeField()

    #: How many movements it has; 0 while it is only registered.
    seq = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(null=True)
    # The state: the same columns stand in every movement, as the state after it (see ``ledger.state``).
    location = _reference("catalog.Location")
    holder = _reference("catalog.Party")
    #: Null is us.
    owner = _reference("catalog.Party")
    parent = _reference("self")
    supplier = _reference("catalog.Party")
    customer = _reference("catalog.Party")
    #: The movement by which it came into stock for its present leg, and the one by which it was last sold.
    origin_seq = models.PositiveIntegerField(null=True)
    sale_seq = models.PositiveIntegerField(null=True)
    cost = models.BigIntegerField(null=True)
    price = models.BigIntegerField(null=True)
    warranty_until = models.DateField(null=True)

    # Beside the movements: what is said of the unit, and what holds it.
    marks = models.PositiveSmallIntegerField(default=0)
    reserved_by = models.UUIDField(null=True)
    lot = models.CharField(max_length=60, blank=True, default="")
    reference = models.CharField(max_length=100, blank=True, default="")
    note = models.TextField(blank=True, default="")
    end_of_life = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            # The key says the same; this one serves look-ups by serial without an item.
            models.UniqueConstraint(fields=["serial", "item"], name="unit_serial_item"),
            models.CheckConstraint(condition=~Q(serial=""), name="unit_serial_given"),
            models.CheckConstraint(
                condition=Q(seq=0, location__isnull=True, last_at__isnull=True)
                | Q(seq__gt=0, location__isnull=False, last_at__isnull=False),
                name="unit_nowhere_only_before_first_movement",
            ),
            models.CheckConstraint(
                condition=Q(origin_seq__isnull=True) | Q(origin_seq__gte=1, origin_seq__lte=F("seq")),
                name="unit_origin_is_a_movement",
            ),
            # "Is there" is said beside the range: a comparison with null is no violation.
            models.CheckConstraint(
                condition=Q(sale_seq__isnull=True, customer__isnull=True)
                | Q(sale_seq__isnull=False, sale_seq__gte=1, sale_seq__lte=F("seq"), customer__isnull=False),
                name="unit_sale_has_customer",
            ),
            models.CheckConstraint(
                condition=Q(cost__isnull=True) | Q(cost__gte=0), name="unit_cost_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(price__isnull=True) | Q(price__gte=0), name="unit_price_not_negative"
            ),
            models.CheckConstraint(condition=Q(marks__lt=2 ** len(MARKS)), name="unit_marks_known"),
            models.CheckConstraint(
                condition=Q(reserved_by__isnull=True) | Q(location__isnull=False),
                name="unit_reserved_only_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("key")), name="unit_not_its_own_parent"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["location", "item"], name="unit_location_item"),
            # PostgreSQL has one more, of a place's units by number: see migration 0007.
            models.Index(fields=["folded"], name="unit_folded"),
            models.Index(
                fields=["reserved_by"], condition=Q(reserved_by__isnull=False), name="unit_reserved_by"
            ),
            models.Index(fields=["customer"], condition=Q(customer__isnull=False), name="unit_customer"),
            models.Index(fields=["parent"], condition=Q(parent__isnull=False), name="unit_parent"),
            # Whose cover ends soon is asked all the time, and by its days in order.
            models.Index(
                fields=["warranty_until", "key"],
                condition=Q(warranty_until__isnull=False),
                name="unit_warranty",
            ),
            models.Index(fields=["marks"], condition=Q(marks__gt=0), name="unit_marks"),
            # Ours, and with somebody: lent out or with a repairer, among all that were sold; in the order of the list.
            models.Index(
                fields=["location", "serial", "item"],
                condition=Q(owner__isnull=True, holder__isnull=False),
                name="unit_ours_with_others",
            ),
            # And the other way round: what is somebody's and with us, among all that is in stock.
            models.Index(
                fields=["serial", "item"],
                condition=Q(owner__isnull=False, holder__isnull=True),
                name="unit_theirs_with_us",
            ),
        ]

    def __str__(self) -> str:
        return self.serial


class UnitMark(models.Model):
    """A mark set on a unit, with reason and user, and how it was cleared."""

    id = models.BigAutoField(primary_key=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="mark_rows")
    mark = models.PositiveSmallIntegerField()
    reason = models.TextField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    clear_reason = models.TextField(blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit", "mark"], condition=Q(cleared_at__isnull=True), name="unit_mark_set_once"
            ),
            models.CheckConstraint(
                condition=Q(mark__in=[int(mark) for mark in MARKS]), name="unit_mark_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="unit_mark_has_reason"),
            models.CheckConstraint(
                condition=Q(cleared_at__isnull=True, cleared_by__isnull=True)
                | Q(cleared_at__isnull=False, cleared_by__isnull=False),
                name="unit_mark_cleared_by_somebody",
            ),
        ]
        indexes: ClassVar = [
            # What was marked and cleared lately.
            models.Index(fields=["at"], name="unit_mark_at"),
            models.Index(
                fields=["cleared_at"], condition=Q(cleared_at__isnull=False), name="unit_mark_cleared_at"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.mark}"


class Identifier(models.Model):
    """A further number of a unit."""

    id = models.BigAutoField(primary_key=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="identifiers")
    type = models.CharField(max_length=30)
    value = models.CharField(max_length=80)
    folded = models.CharField(max_length=500, db_index=True)
    #: ``type:value`` where the type allows a value on one unit only.
    unique_value = models.CharField(max_length=120, null=True, unique=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "type", "value"], name="identifier_once_on_unit"),
            models.CheckConstraint(condition=~Q(value=""), name="identifier_value_given"),
            models.CheckConstraint(
                condition=Q(type__in=sorted(IDENTIFIER_TYPES)), name="identifier_type_known"
            ),
            models.CheckConstraint(
                condition=Q(type__in=sorted(c for c, t in IDENTIFIER_TYPES.items() if t.unique))
                ^ Q(unique_value__isnull=True),
                name="identifier_unique_value_where_type_says",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["value"], name="identifier_value")]

    def __str__(self) -> str:
        return f"{self.type} {self.value}"


class UnitValue(CustomValue):
    """What stands in a custom field of a unit."""

    id = models.BigAutoField(primary_key=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="custom_values", db_index=False)

    class Meta(CustomValue.Meta):
        constraints: ClassVar = [
            *CustomValue.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "field"], name="unitvalue_once"),
        ]
