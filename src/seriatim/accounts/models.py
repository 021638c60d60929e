"""Users, and the register of changes to records."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models

from seriatim.accounts.roles import RIGHTS


class User(AbstractUser):
    """A person or a connected system: whoever a change is attributed to."""

    class Meta(AbstractUser.Meta):  # type: ignore[name-defined,misc]
        permissions: ClassVar = list(RIGHTS.items())


class Change(models.Model):
    """One field of one record, changed: old value, new value, by whom, when.

    Movements have their own, stricter register; this one is for everything that is edited.
    """

    id = models.BigAutoField(primary_key=True)
    #: What sort of record, e.g. "item", "unit", "party".
    subject = models.CharField(max_length=40)
    #: The record's primary key as text.
    subject_id = models.CharField(max_length=40)
    field = models.CharField(max_length=60)
    old = models.TextField(blank=True)
    new = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["subject", "subject_id", "id"], name="change_subject")]

    def __str__(self) -> str:
        return f"{self.subject} {self.subject_id}: {self.field}"
