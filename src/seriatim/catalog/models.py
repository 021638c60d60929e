"""Items, locations, parties, and the one row of site settings. Nothing here is deleted while it is in use."""

import secrets
import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from seriatim.kernel.places import SYSTEM, LocationType, PartyRole


class Tracking(models.TextChoices):
    """How an item is stocked."""

    SERIAL = "serial", "By serial number"
    QUANTITY = "quantity", "By quantity"
    NONE = "none", "Not stocked"


class SerialSource(models.TextChoices):
    """Where serial numbers come from; an item with automatic ones takes typed ones too."""

    OEM = "oem", "The manufacturer's, entered or scanned"
    AUTO = "auto", "Automatic, from the item's series"


class SerialPolicy(models.TextChoices):
    """When serial numbers must be known at the latest."""

    ON_ENTRY = "on_entry", "When goods come in"
    BEFORE_LEAVING = "before_leaving", "Before goods leave"


class WarrantyStart(models.TextChoices):
    """What an item's warranty runs from."""

    RECEIPT = "receipt", "Receipt"
    DELIVERY = "delivery", "Delivery"
    INSTALLATION = "installation", "Installation"
    FIXED = "fixed", "A fixed date"


class Item(models.Model):
    """What is stocked."""

    #: Part of every unit's key; never changes.
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    uom = models.CharField(max_length=20, default="pcs")
    gtin = models.CharField(max_length=14, null=True, blank=True, unique=True)
    tracking = models.CharField(max_length=8, choices=Tracking.choices, default=Tracking.SERIAL)
    serial_source = models.CharField(max_length=4, choices=SerialSource.choices, default=SerialSource.OEM)
    serial_policy = models.CharField(
        max_length=14, choices=SerialPolicy.choices, default=SerialPolicy.BEFORE_LEAVING
    )
    warranty_days = models.PositiveIntegerField(null=True, blank=True)
    warranty_from = models.CharField(
        max_length=12, choices=WarrantyStart.choices, default=WarrantyStart.DELIVERY
    )
    #: The date of WarrantyStart.FIXED.
    warranty_date = models.DateField(null=True, blank=True)
    end_of_life_days = models.PositiveIntegerField(null=True, blank=True)
    #: In 1/10,000 of the site's currency.
    default_price = models.BigIntegerField(null=True, blank=True)
    default_supplier = models.ForeignKey(
        "Party", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            # Codes are typed by people and read from labels: ABC-1 and abc-1 would be one item to them.
            models.UniqueConstraint(Lower("code"), name="item_code_unique"),
            models.CheckConstraint(condition=~Q(code=""), name="item_code_given"),
            models.CheckConstraint(condition=Q(tracking__in=Tracking.values), name="item_tracking_known"),
            models.CheckConstraint(
                condition=Q(serial_source__in=SerialSource.values), name="item_serial_source_known"
            ),
            models.CheckConstraint(
                condition=Q(serial_policy__in=SerialPolicy.values), name="item_serial_policy_known"
            ),
            models.CheckConstraint(
                condition=~Q(warranty_from="fixed") | Q(warranty_date__isnull=False),
                name="item_fixed_warranty_has_date",
            ),
            models.CheckConstraint(
                condition=Q(default_price__isnull=True) | Q(default_price__gte=0),
                name="item_price_not_negative",
            ),
        ]
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.code


class Location(models.Model):
    """A place, or the outside world. The types in ``places.SYSTEM`` exist once each, made by the system."""

    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    type = models.CharField(max_length=10, choices=[(t.value, t.value) for t in LocationType])
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    #: The ids from the root to this one, "/3/17/": what stands below a place is one prefix search.
    path = models.CharField(max_length=200, db_index=True, editable=False)
    #: Whether a unit here counts as available; a storage location may be for show, damaged goods, and so on.
    sellable = models.BooleanField(default=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("code"), name="location_code_unique"),
            models.CheckConstraint(condition=~Q(code=""), name="location_code_given"),
            models.CheckConstraint(
                condition=Q(type__in=[t.value for t in LocationType]), name="location_type_known"
            ),
            models.UniqueConstraint(
                fields=["type"],
                condition=Q(type__in=sorted(t.value for t in SYSTEM)),
                name="location_system_type_once",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="location_not_its_own_parent"
            ),
        ]
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.code

    @property
    def place(self) -> LocationType:
        """The type as a value of the kernel."""
        return LocationType(self.type)


class Party(models.Model):
    """A person or firm, in any number of roles."""

    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("code"), name="party_code_unique"),
            models.CheckConstraint(condition=~Q(code=""), name="party_code_given"),
        ]
        ordering: ClassVar = ["code"]
        verbose_name_plural = "parties"

    def __str__(self) -> str:
        return self.code


class PartyRoleHeld(models.Model):
    """One role of one party."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(max_length=20, choices=[(r.value, r.value) for r in PartyRole])

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["party", "role"], name="party_role_once"),
            models.CheckConstraint(
                condition=Q(role__in=[r.value for r in PartyRole]), name="party_role_known"
            ),
        ]

    def __str__(self) -> str:
        return self.role


class Address(models.Model):
    """An address of a party, for a purpose."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="addresses")
    label = models.CharField(max_length=60, blank=True)
    lines = models.TextField()
    postcode = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=2, blank=True)

    def __str__(self) -> str:
        return f"{self.label} {self.city}".strip()


class LocationGrant(models.Model):
    """Restricts a user to a location and what stands below it; a user without any row is not restricted."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "location"], name="location_grant_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} → {self.location}"


class SerialUniqueness(models.TextChoices):
    """Across what a serial number is unique."""

    ITEM = "item", "Within its item"
    SITE = "site", "Across all items"


class SecondFactorFor(models.TextChoices):
    """Of whom a second factor is asked at the log-in; who else wants one may have it."""

    NOBODY = "nobody", "Nobody"
    ADMINISTRATORS = "administrators", "Administrators"
    MANAGERS = "managers", "Administrators and managers"
    ALL = "all", "Everybody"


def make_public_secret() -> str:
    """32 random bytes, in hexadecimal."""
    return secrets.token_hex(32)


class Site(models.Model):
    """The settings of this installation: one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name = models.CharField(max_length=200, default="Seriatim")
    currency = models.CharField(max_length=3, default="EUR")
    time_zone = models.CharField(max_length=60, default="UTC")
    serial_uniqueness = models.CharField(
        max_length=4, choices=SerialUniqueness.choices, default=SerialUniqueness.ITEM
    )
    #: How much more than expected a receipt may bring, in percent.
    over_receipt_percent = models.PositiveSmallIntegerField(default=0)
    #: How many days before a warranty or contract ends one is reminded of it.
    reminder_days = models.PositiveSmallIntegerField(default=30)
    second_factor_for = models.CharField(
        max_length=14, choices=SecondFactorFor.choices, default=SecondFactorFor.NOBODY
    )
    #: What a stranger who scans a unit's public code is told: whether it is genuine, and then its model and warranty.
    public_units = models.BooleanField(default=False)
    public_model = models.BooleanField(default=True)
    public_warranty = models.BooleanField(default=True)
    #: How the site's scanners send what they read, for whoever has not tried their own (``scanning.profiles``).
    scanner_prefix = models.CharField(max_length=20, blank=True, default="")
    scanner_suffix = models.CharField(max_length=20, blank=True, default="")
    scanner_separator = models.CharField(max_length=20, blank=True, default="")
    scanner_sends_separators = models.BooleanField(default=False)
    #: Enciphers the short public names of units (``kernel.short_keys``). It stands with the data and not in the
    #: server's secret: names are printed on labels, and outlive every change of that one.
    public_secret = models.CharField(max_length=64, default=make_public_secret, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="site_one_row"),
            models.CheckConstraint(
                condition=Q(serial_uniqueness__in=SerialUniqueness.values), name="site_uniqueness_known"
            ),
            models.CheckConstraint(
                condition=Q(second_factor_for__in=SecondFactorFor.values), name="site_second_factor_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Subject(models.TextChoices):
    """What has custom fields."""

    ITEM = "item", "Items"
    UNIT = "unit", "Units"


class FieldType(models.TextChoices):
    """What a custom field holds."""

    TEXT = "text", "Text"
    NUMBER = "number", "Number"
    DATE = "date", "Date"
    CHOICE = "choice", "Choice"
    YES_NO = "yes_no", "Yes or no"
    LINK = "link", "Link"


class CustomField(models.Model):
    """A field that the site adds to the record of its items or units."""

    subject = models.CharField(max_length=4, choices=Subject.choices)
    #: As files and programs call it; like a column's name it never changes.
    name = models.CharField(max_length=40)
    #: As people read it.
    label = models.CharField(max_length=100)
    type = models.CharField(max_length=6, choices=FieldType.choices)
    required = models.BooleanField(default=False)
    position = models.PositiveIntegerField()
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "name"], name="custom_field_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="custom_field_name_given"),
            models.CheckConstraint(condition=~Q(label=""), name="custom_field_label_given"),
            models.CheckConstraint(
                condition=Q(subject__in=Subject.values), name="custom_field_subject_known"
            ),
            models.CheckConstraint(condition=Q(type__in=FieldType.values), name="custom_field_type_known"),
        ]
        ordering: ClassVar = ["subject", "position", "id"]

    def __str__(self) -> str:
        return self.name


class CustomChoice(models.Model):
    """One of the answers that a field of the type *choice* offers."""

    field = models.ForeignKey(CustomField, on_delete=models.CASCADE, related_name="choices")
    text = models.CharField(max_length=100)
    position = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["field", "text"], name="custom_choice_once"),
            models.CheckConstraint(condition=~Q(text=""), name="custom_choice_given"),
        ]
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return self.text


class CustomFieldItem(models.Model):
    """Limits a field to some items (or their units); a field without any row is there for all."""

    field = models.ForeignKey(CustomField, on_delete=models.CASCADE, related_name="limits")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["field", "item"], name="custom_field_item_once")
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.item}"


class CustomValue(models.Model):
    """What stands in a custom field of one record; units' values are a table of the ledger."""

    field = models.ForeignKey(CustomField, on_delete=models.PROTECT, related_name="+", db_index=False)
    #: In the one form that the field's type has (see ``custom``); an empty field has no row.
    text = models.CharField(max_length=1000)
    #: The beginning of it without letter case, by which it is looked for.
    sought = models.CharField(max_length=100)
    #: A number's value in millionths, to compare and sort by.
    number = models.BigIntegerField(null=True)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text=""), name="%(class)s_given"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["field", "sought"], name="%(class)s_sought"),
            models.Index(
                fields=["field", "number"], condition=Q(number__isnull=False), name="%(class)s_number"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class ItemValue(CustomValue):
    """What stands in a custom field of an item."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="custom_values", db_index=False)

    class Meta(CustomValue.Meta):
        constraints: ClassVar = [
            *CustomValue.Meta.constraints,
            models.UniqueConstraint(fields=["item", "field"], name="itemvalue_once"),
        ]
