"""Users, the tokens of programs that act for them, and the register of changes to records."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from seriatim.accounts.roles import RIGHTS


class User(AbstractUser):
    """A person or a connected system: whoever a change is attributed to."""

    #: The rights that are let through for this request, where a token acts for the user; None: all of the user's.
    limited_to: frozenset[str] | None = None
    #: The id of that token.
    acts_by_token: int | None = None

    #: Part of what every session of the user is signed with: a new one ends them all.
    sessions_mark = models.CharField(max_length=32, blank=True, default="")
    #: When a link to set a password was last sent, so that nobody's mailbox can be flooded.
    linked_at = models.DateTimeField(null=True, blank=True)

    class Meta(AbstractUser.Meta):  # type: ignore[name-defined,misc]
        permissions: ClassVar = list(RIGHTS.items())
        # Roles have the like, in a migration: their table is Django's.
        constraints: ClassVar = [models.UniqueConstraint(Lower("username"), name="user_name_unique")]

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        of_password: str = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
        if not self.sessions_mark:
            return of_password
        signed = f"{of_password}{self.sessions_mark}"
        salt = "seriatim.accounts.User.sessions_mark"
        return salted_hmac(salt, signed, secret=secret, algorithm="sha256").hexdigest()


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


class Preference(models.Model):
    """What one user likes their pages to be: columns of a list, the scan box off. Decides nothing about stock."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="preferences")
    #: What it is about, e.g. "list.units.columns".
    key = models.CharField(max_length=100)
    value = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "key"], name="preference_once"),
            models.CheckConstraint(condition=~models.Q(key=""), name="preference_key_given"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.key}"


class LogIn(models.Model):
    """A session that somebody has begun, so that they see where they are logged in and can end it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    #: The key of Django's session. Whoever can read this table can read that one too.
    session_key = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()
    #: From where, and with which browser.
    address = models.CharField(max_length=45, blank=True)
    browser = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.user}, {self.at:%Y-%m-%d %H:%M}"


class Token(models.Model):
    """What a program shows to act for a user. Of its secret only a hash is kept."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    #: What it is for, in its user's words: “the web shop”.
    name = models.CharField(max_length=100)
    #: The secret's beginning, by which people recognise it in a list; it opens nothing.
    prefix = models.CharField(max_length=12)
    #: SHA-256 of the secret. A slow hash guards words that people choose; this one is 256 random bits.
    digest = models.CharField(max_length=64, unique=True)
    #: Codes of ``accounts.scopes.SCOPES``.
    scopes = models.JSONField(default=list)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField()
    #: Null: good until it is revoked.
    expires_at = models.DateTimeField(null=True)
    #: To within a few minutes.
    last_used_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | models.Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="token_revoked_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__isnull=True) | models.Q(expires_at__gt=models.F("created_at")),
                name="token_expires_after_it_was_made",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class KeptAnswer(models.Model):
    """The answer to a program's request, for the case that the request comes again under the same key."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=100)
    #: SHA-256 of what was asked.
    request = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    headers = models.JSONField(default=dict)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "key"], name="kept_answer_once"),
        ]

    def __str__(self) -> str:
        return self.key


class Asking(models.Model):
    """How often somebody has asked something in one span of time, counted by all processes together."""

    #: What is asked, by whom (hashed), and the span's number.
    key = models.CharField(max_length=100, primary_key=True)
    count = models.PositiveIntegerField(default=1)
    #: When it may be forgotten, in seconds since 1970.
    until = models.BigIntegerField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(count__gte=1), name="asking_counts_something"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
