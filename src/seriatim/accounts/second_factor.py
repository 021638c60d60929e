"""The second factor: an app on the phone that shows a code for half a minute (TOTP, RFC 6238), and codes on paper.

The codes themselves are django-otp's. A code is taken once; wrong ones make the next try wait, longer each time.
The secret is shown while it is set up and never again; of the codes on paper only a keyed hash is kept.
"""

import re
import secrets
from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from django_otp import verify_token
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from seriatim.accounts.models import User
from seriatim.accounts.roles import ROLES
from seriatim.accounts.services import may, record_changes, require
from seriatim.kernel.refusals import Invalid, NotPermitted

#: Of whom a site can ask it, from nobody to everybody; by what they may do, so that roles of one's own count too.
POLICIES: dict[str, frozenset[str]] = {
    "nobody": frozenset(),
    "administrators": frozenset({"administer"}),
    "managers": frozenset({"administer", *ROLES["manager"]}) - set(ROLES["operator"]),
    "all": frozenset(),
}
#: 160 bits, as RFC 4226 recommends.
_SECRET_BYTES = 20
PAPER_CODES = 10
#: Letters and digits that are not taken for one another on paper: 31 of them, so ten are nearly 50 bits.
_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
_LETTERS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What an app needs: the secret as text in groups of four, its address, and that as a QR code (SVG)."""

    secret: str
    address: str
    picture: str


def wanted_of(user: User, policy: str) -> bool:
    """Whether the site asks this user for a second factor."""
    return policy == "all" or any(may(user, right) for right in POLICIES[policy])


def is_on(user: User) -> bool:
    """Whether the user has one: an app. Codes on paper alone are none."""
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def users_with_one() -> frozenset[int]:
    """The ids of all users who have one."""
    return frozenset(TOTPDevice.objects.filter(confirmed=True).values_list("user_id", flat=True))


def paper_codes_left(user: User) -> int:
    """How many codes on paper have not been used."""
    return int(StaticToken.objects.filter(device__user=user, device__confirmed=True).count())


def new_secret() -> str:
    """A secret for an app, in hexadecimal; whoever sets it up keeps it until the first code has come."""
    return secrets.token_hex(_SECRET_BYTES)


def setup_of(user: User, secret: str, *, site: str) -> Setup:
    """What to show of a secret while it is set up."""
    text = b32encode(bytes.fromhex(secret)).decode()
    # A colon parts the issuer from the name in the label.
    issuer = site.replace(":", " ").strip() or "Seriatim"
    label = quote(f"{issuer}:{user.get_username()}")
    address = f"otpauth://totp/{label}?{urlencode({'secret': text, 'issuer': issuer}, quote_via=quote)}"
    return Setup(
        secret=" ".join(text[at : at + 4] for at in range(0, len(text), 4)),
        address=address,
        picture=_picture(address),
    )


@transaction.atomic
def switch_on(*, user: User, secret: str, code: str) -> tuple[Device, Sequence[str]]:
    """Take the app with this secret, whose code proves that it was set up; gives it, and the codes on paper.

    Raises NotPermitted (nobody's own), Invalid (the code does not fit, or there is a second factor already).
    """
    if not user.is_active or user.limited_to is not None:
        raise NotPermitted(user=user.get_username())
    # Of two who confirm at once, the second one waits here and finds the device of the first.
    User.objects.filter(pk=user.pk).update(is_active=True)
    if is_on(user):
        raise Invalid(field="code", reason="already_set")
    device = TOTPDevice(user=user, name="app", key=secret, confirmed=True)
    if not device.verify_token(_digits(code)):
        raise Invalid(field="code", reason="it does not fit")
    codes = _new_paper(user)
    _register(user, user, off=False)
    return device, codes


@transaction.atomic
def new_paper_codes(*, user: User) -> Sequence[str]:
    """New codes on paper; the old ones end. Raises Invalid where there is no second factor."""
    if not is_on(user):
        raise Invalid(field="code", reason="not_set")
    codes = _new_paper(user)
    record_changes(user=user, subject="user", subject_id=user.pk, changes={"backup codes": ("", "made anew")})
    return codes


@transaction.atomic
def switch_off(*, by: User, user: User) -> None:
    """Take the second factor off: one's own, or, with the right to administer, of somebody who lost the phone."""
    if by.limited_to is not None:
        raise NotPermitted(user=by.get_username(), right="administer")
    if by.pk != user.pk:
        require(by, "administer")
    if not is_on(user):
        return
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    _register(by, user, off=True)


def check(*, user: User, code: str) -> Device | None:
    """The device whose code this is, from now on used; None where none takes it, or has to wait before it does."""
    digits = _digits(code)
    kind: type[Device] = TOTPDevice if len(digits) == 6 and digits.isdecimal() else StaticDevice
    # Only the device that is meant: a wrong code of the app does not make the codes on paper wait.
    device = kind.objects.filter(user=user, confirmed=True).first()
    if device is None:
        return None
    if kind is TOTPDevice:
        return verify_token(user, device.persistent_id, digits)
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        kept = _kept(digits, key)
        if StaticToken.objects.filter(device=device, token=kept).exists():
            return verify_token(user, device.persistent_id, kept)
    return verify_token(user, device.persistent_id, _kept(digits, settings.SECRET_KEY))


def _new_paper(user: User) -> Sequence[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="paper", confirmed=True)
    codes = ["".join(secrets.choice(_SIGNS) for _ in range(_LETTERS)) for _ in range(PAPER_CODES)]
    StaticToken.objects.bulk_create(
        StaticToken(device=device, token=_kept(code, settings.SECRET_KEY)) for code in codes
    )
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _kept(code: str, key: str) -> str:
    """The form in which a code on paper is kept: as much of a keyed hash as the column holds, 64 bits."""
    return salted_hmac("seriatim.backup-code", code, secret=key, algorithm="sha256").hexdigest()[:16]


def _digits(code: str) -> str:
    """A code as it is meant, however it was typed: without blanks and dashes, in small letters."""
    return "".join(sign for sign in code.casefold() if sign.isascii() and sign.isalnum())


def _register(by: User, user: User, *, off: bool) -> None:
    # That there is one, not what it is.
    change = ("on", "off") if off else ("off", "on")
    record_changes(user=by, subject="user", subject_id=user.pk, changes={"second factor": change})


def _picture(address: str) -> str:
    """The QR code as an SVG that needs no style: what a page's policy allows inline."""
    import zxingcpp

    made = zxingcpp.create_barcode(address, zxingcpp.BarcodeFormat.QRCode, ec_level="M").to_svg()
    size, squares = re.search(r'<svg width="(\d+)"', made), re.search(r' d="([^"]+)"', made)
    assert size, "that is how the library draws"
    assert squares, "as above"
    # White and black in either theme: a camera has to read it.
    return (
        f'<svg class="qr" viewBox="0 0 {size[1]} {size[1]}" shape-rendering="crispEdges" aria-hidden="true">'
        f'<path fill="#fff" d="M0 0h{size[1]}v{size[1]}H0z"/><path fill="#000" d="{squares[1]}"/></svg>'
    )
