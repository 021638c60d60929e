"""Setting a password by a link in a mail: for whoever forgot theirs, and for whoever is invited.

A link is signed, good for some hours (``PASSWORD_RESET_TIMEOUT``) and good once: it hangs on the password that it
replaces. Whether an address is anybody's is not said, and the answer does not wait for the mail server.
"""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext

from seriatim.accounts.models import User
from seriatim.accounts.people import CONSOLE
from seriatim.accounts.services import record_changes, require
from seriatim.kernel.refusals import Invalid

log = logging.getLogger(__name__)

#: Makes the address of the page from the user's id and the token, as they stand in a link.
Link = Callable[[str, str], str]

#: Who asks again within it gets no second mail: nobody's mailbox can be flooded.
MAILED_EVERY = timedelta(minutes=5)

# One thread sends, so that the answer does not wait for the mail server: its time would say that there is a user.
_sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")
_last: "list[Future[None]]" = []


def password_rules() -> list[str]:
    """What a password has to be, in sentences."""
    return [str(text) for text in password_validators_help_texts()]


def mail_is_set_up() -> bool:
    """Whether the site can send mail at all."""
    return bool(settings.EMAIL_CONFIGURED)


def ask_for_link(*, email: str, link: Link, site: str) -> None:
    """Send a link to every active user with this address; says nothing about whether there are any."""
    now = timezone.now()
    wanted = email.strip()
    if not wanted or not mail_is_set_up():
        return
    due = Q(linked_at__isnull=True) | Q(linked_at__lt=now - MAILED_EVERY)
    for user in User.objects.filter(due, email__iexact=wanted, is_active=True).exclude(username=CONSOLE):
        # Of two who ask at once, one is first.
        if not User.objects.filter(due, pk=user.pk).update(linked_at=now):
            continue
        text = gettext(
            "Somebody, probably you, asked for a new password for {user} at {site}.\n\n"
            "Set it here within {hours} hours:\n{link}\n\n"
            "If it was not you, do nothing: the old password stays good."
        )
        _send(gettext("New password for {site}"), text, user, link, site)


@transaction.atomic
def invite(*, by: User, user: User, link: Link, site: str) -> None:
    """Send a link to set the first password, or a new one. Raises NotPermitted, and Invalid: no mail address, no mail here."""
    require(by, "administer")
    if not mail_is_set_up():
        raise Invalid(field="email", reason="no mail server is set up here; set a password instead")
    if not user.email:
        raise Invalid(field="email", reason="required")
    if user.username == CONSOLE or not user.is_active:
        raise Invalid(field="user", value=user.username, reason="nobody logs in as this user")
    subject, text = _invitation() if not user.has_usable_password() else _help()
    record_changes(user=by, subject="user", subject_id=user.pk, changes={"invitation": ("", user.email)})
    transaction.on_commit(lambda: _send(subject, text, user, link, site))


def _invitation() -> tuple[str, str]:
    return gettext("Your invitation to {site}"), gettext(
        "{name},\n\nyou are invited to {site}. Your user name is {user}.\n\n"
        "Choose your password here within {hours} hours:\n{link}"
    )


def _help() -> tuple[str, str]:
    return gettext("New password for {site}"), gettext(
        "{name},\n\nan administrator of {site} sends you this link, by which you set a new password for the user "
        "{user}, within {hours} hours:\n{link}\n\nUntil then the old one stays good."
    )


def user_of_link(uid: str, token: str) -> User | None:
    """Whose link it is; None if it is no good (any more)."""
    try:
        user = User.objects.filter(pk=int(urlsafe_base64_decode(uid).decode())).first()
    except (ValueError, OverflowError):
        return None
    if user is None or not user.is_active or user.username == CONSOLE:
        return None
    return user if default_token_generator.check_token(user, token) else None


def wait_for_mail() -> None:
    """Until what was to be sent has been sent, or has failed."""
    for one in _last:
        one.result()
    _last.clear()


def _send(subject: str, text: str, user: User, link: Link, site: str) -> None:
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    facts = {
        "user": user.username,
        "name": user.get_full_name() or user.username,
        "site": site,
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
        "link": link(uid, default_token_generator.make_token(user)),
    }
    message = EmailMessage(
        " ".join(subject.format(**facts).split()),
        text.format(**facts),
        settings.DEFAULT_FROM_EMAIL,
        [user.email],
    )
    _last[:] = [one for one in _last if not one.done()]
    _last.append(_sender.submit(_deliver, message))


def _deliver(message: EmailMessage) -> None:
    try:
        message.send()
    except (OSError, SMTPException):
        log.exception("A mail could not be sent")
