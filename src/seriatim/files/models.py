"""The register of files: what hangs on which thing. What is in them lies in a folder (see ``store``)."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact


class Subject(models.TextChoices):
    """What a file can hang on; as in the register of changes."""

    UNIT = "unit", "Unit"
    ITEM = "item", "Item"
    DOCUMENT = "document", "Document"
    PARTY = "party", "Party"


class Attachment(models.Model):
    """One file on one thing. The same content on two things is kept once."""

    #: Stands in its address: nobody learns from one how many others there are.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.CharField(max_length=8, choices=Subject.choices)
    #: The thing's primary key as text.
    subject_id = models.CharField(max_length=40)
    #: As its bringer called it, without any folder.
    name = models.CharField(max_length=200)
    #: What its first bytes say; whatever the browser claimed is not kept.
    content_type = models.CharField(max_length=80)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    #: In pixels, of a picture that we could draw anew; null for all other files.
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "subject_id", "sha256"], name="attachment_once"),
            models.CheckConstraint(condition=Q(subject__in=Subject.values), name="attachment_subject_known"),
            models.CheckConstraint(condition=~Q(subject_id=""), name="attachment_subject_given"),
            models.CheckConstraint(condition=~Q(name=""), name="attachment_name_given"),
            models.CheckConstraint(condition=Q(size__gt=0), name="attachment_not_empty"),
            models.CheckConstraint(condition=Exact(Length("sha256"), 64), name="attachment_hash_whole"),
            models.CheckConstraint(
                # "Is there" is said beside the range: a comparison with null is no violation.
                condition=Q(width__isnull=True, height__isnull=True)
                | Q(width__isnull=False, height__isnull=False, width__gt=0, height__gt=0),
                name="attachment_both_sides",
            ),
        ]

    def __str__(self) -> str:
        return self.name
