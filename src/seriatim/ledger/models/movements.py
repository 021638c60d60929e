"""The truth about units: movements, and what bills and corrections add to them. Append-only."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from seriatim.ledger.models.units import Unit, _reference


class Movement(models.Model):
    """A unit went from one location to another under a document's line.

    The row holds the unit's whole state after it, so the state at any date is one row, a reversal restores the
    row before, and the cache in ``Unit`` is checked against the last one. When it was written, and by whom, is
    said by the line's document.
    """

    pk = models.CompositePrimaryKey("unit_id", "seq")
    # The primary key is the lock that works on every engine: two writers cannot both write a unit's next row.
    unit = models.ForeignKey(
        Unit, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="movements"
    )
    seq = models.PositiveIntegerField()
    #: documents.Line; no foreign key in the database (see ``_reference``).
    line_id = models.BigIntegerField()
    #: The movement of this unit that this one takes back.
    reverses = models.PositiveIntegerField(null=True)
    happened_at = models.DateTimeField()
    source = models.ForeignKey(
        "catalog.Location", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )

    # The state after it.
    location = models.ForeignKey(
        "catalog.Location", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    holder = _reference("catalog.Party")
    owner = _reference("catalog.Party")
    parent = _reference("ledger.Unit")
    supplier = _reference("catalog.Party")
    customer = _reference("catalog.Party")
    origin_seq = models.PositiveIntegerField(null=True)
    sale_seq = models.PositiveIntegerField(null=True)
    cost = models.BigIntegerField(null=True)
    price = models.BigIntegerField(null=True)
    warranty_until = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(seq__gte=1), name="movement_seq_from_1"),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True) | Q(reverses__gte=1, reverses__lt=F("seq")),
                name="movement_reverses_an_earlier",
            ),
            models.CheckConstraint(
                condition=Q(origin_seq__isnull=True) | Q(origin_seq__gte=1, origin_seq__lte=F("seq")),
                name="movement_origin_not_later",
            ),
            models.CheckConstraint(
                condition=Q(sale_seq__isnull=True, customer__isnull=True)
                | Q(sale_seq__isnull=False, sale_seq__gte=1, sale_seq__lte=F("seq"), customer__isnull=False),
                name="movement_sale_has_customer",
            ),
            models.CheckConstraint(
                condition=Q(cost__isnull=True) | Q(cost__gte=0), name="movement_cost_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(price__isnull=True) | Q(price__gte=0), name="movement_price_not_negative"
            ),
        ]
        indexes: ClassVar = [
            # What arrived at a place, and what left it, in time: the two halves of every "as of" question. The line
            # is in them so that a place's past is counted from them alone, line by line; a first movement is no
            # departure.
            models.Index(fields=["location", "happened_at", "unit", "line_id"], name="movement_arrivals"),
            models.Index(
                fields=["source", "happened_at", "unit", "seq", "line_id"], name="movement_departures"
            ),
            models.Index(fields=["line_id", "unit"], name="movement_line"),
            # What was ever built into a unit. Few movements have a parent, so it costs the others nothing.
            models.Index(fields=["parent"], condition=Q(parent__isnull=False), name="movement_parent"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} #{self.seq}"


class Revaluation(models.Model):
    """A bill or invoice changed what a movement cost or fetched, after the fact. Append-only."""

    id = models.BigAutoField(primary_key=True)
    unit = models.ForeignKey(
        Unit, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    #: The origin or sale that is revalued.
    of_seq = models.PositiveIntegerField()
    #: The unit's last movement when it was written: what comes later has the new value in its own row.
    after_seq = models.PositiveIntegerField()
    line_id = models.BigIntegerField()
    happened_at = models.DateTimeField()
    cost_delta = models.BigIntegerField(default=0)
    price_delta = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(of_seq__gte=1, after_seq__gte=F("of_seq")), name="revaluation_of_a_movement"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit", "of_seq"], name="revaluation_unit"),
            models.Index(fields=["line_id"], name="revaluation_line"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} #{self.of_seq}"


class Supersession(models.Model):
    """A correction: the right unit took the place of the wrong one."""

    id = models.BigAutoField(primary_key=True)
    line_id = models.BigIntegerField(db_index=True)
    wrong = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="superseded_by")
    right = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="supersedes")
    #: The movements by which the one went and the other came: the joined timeline passes from one to the other.
    wrong_seq = models.PositiveIntegerField()
    right_seq = models.PositiveIntegerField()
    reversed = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["wrong", "wrong_seq"], name="supersession_once"),
            models.CheckConstraint(condition=~Q(wrong=F("right")), name="supersession_of_another"),
        ]

    def __str__(self) -> str:
        return f"{self.wrong_id} → {self.right_id}"
