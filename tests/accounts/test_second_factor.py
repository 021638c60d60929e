"""The second factor: a code is taken once, wrong ones wait, and who lost the phone is let back in by somebody else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.test import override_settings
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from seriatim.accounts import second_factor
from seriatim.accounts.models import Change, User
from seriatim.kernel.refusals import Invalid, NotPermitted
from tests.support.cast import Cast


def code_of(secret: str, *, steps: int = 0) -> str:
    """What the app shows now, or so many half minutes later."""
    return f"{totp(bytes.fromhex(secret), drift=steps):06d}"


def switched_on(user: User) -> tuple[str, list[str]]:
    """The secret, and the codes on paper; the present code is used."""
    secret = second_factor.new_secret()
    _device, codes = second_factor.switch_on(user=user, secret=secret, code=code_of(secret))
    return secret, list(codes)


def rest(user: User) -> None:
    """Let the waiting after wrong codes be over."""
    TOTPDevice.objects.filter(user=user).update(throttling_failure_timestamp=datetime(2020, 1, 1, tzinfo=UTC))


def test_it_is_set_up_with_the_first_code_and_registered(cast: Cast) -> None:
    switched_on(cast.manager)
    assert second_factor.is_on(cast.manager)
    change = Change.objects.get(subject="user", subject_id=str(cast.manager.pk))
    assert (change.field, change.old, change.new) == ("second factor", "off", "on")


def test_a_wrong_first_code_leaves_nothing(cast: Cast) -> None:
    secret = second_factor.new_secret()
    for code in ("000000", "", "x", code_of(second_factor.new_secret())):
        with pytest.raises(Invalid) as refused:
            second_factor.switch_on(user=cast.manager, secret=secret, code=code)
        assert refused.value.facts["field"] == "code"
    assert not second_factor.is_on(cast.manager)
    assert not TOTPDevice.objects.exists()


def test_a_second_one_is_refused(cast: Cast) -> None:
    switched_on(cast.manager)
    secret = second_factor.new_secret()
    with pytest.raises(Invalid):
        second_factor.switch_on(user=cast.manager, secret=secret, code=code_of(secret))


def test_a_code_is_taken_once(cast: Cast) -> None:
    secret, _codes = switched_on(cast.manager)
    # The one of the set-up is used; the next one is good once.
    assert second_factor.check(user=cast.manager, code=code_of(secret)) is None
    rest(cast.manager)
    later = code_of(secret, steps=1)
    assert second_factor.check(user=cast.manager, code=later) is not None
    assert second_factor.check(user=cast.manager, code=later) is None


def test_a_wrong_code_makes_the_right_one_wait(cast: Cast) -> None:
    secret, codes = switched_on(cast.manager)
    assert second_factor.check(user=cast.manager, code="000000") is None
    assert second_factor.check(user=cast.manager, code=code_of(secret, steps=1)) is None, "it waits"
    assert second_factor.check(user=cast.manager, code=codes[0]) is not None, (
        "paper does not wait for the app"
    )


def test_a_code_on_paper_is_taken_once_however_it_is_typed(cast: Cast) -> None:
    _secret, codes = switched_on(cast.manager)
    assert len(set(codes)) == second_factor.PAPER_CODES
    assert second_factor.check(user=cast.manager, code=f" {codes[0].upper().replace('-', ' ')} ") is not None
    assert second_factor.check(user=cast.manager, code=codes[0]) is None
    assert second_factor.paper_codes_left(cast.manager) == second_factor.PAPER_CODES - 1


def test_codes_on_paper_stand_nowhere_in_the_database(cast: Cast) -> None:
    _secret, codes = switched_on(cast.manager)
    kept = " ".join(StaticToken.objects.values_list("token", flat=True))
    assert not any(code.replace("-", "") in kept for code in codes)


def test_codes_on_paper_outlive_a_new_secret_key_while_the_old_one_is_a_fallback(cast: Cast) -> None:
    _secret, codes = switched_on(cast.manager)
    with override_settings(SECRET_KEY="new", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert second_factor.check(user=cast.manager, code=codes[0]) is not None
    with override_settings(SECRET_KEY="new", SECRET_KEY_FALLBACKS=[]):
        assert second_factor.check(user=cast.manager, code=codes[1]) is None


def test_new_codes_on_paper_end_the_old_ones(cast: Cast) -> None:
    _secret, codes = switched_on(cast.manager)
    fresh = second_factor.new_paper_codes(user=cast.manager)
    assert second_factor.check(user=cast.manager, code=fresh[0]) is not None
    assert second_factor.check(user=cast.manager, code=codes[1]) is None
    with pytest.raises(Invalid):
        second_factor.new_paper_codes(user=cast.viewer)


def test_nobody_elses_code_opens_anything(cast: Cast) -> None:
    secret, codes = switched_on(cast.manager)
    for code in (code_of(secret, steps=1), codes[0]):
        assert second_factor.check(user=cast.viewer, code=code) is None


def test_an_administrator_takes_it_off_and_nobody_else_does(cast: Cast) -> None:
    switched_on(cast.manager)
    with pytest.raises(NotPermitted):
        second_factor.switch_off(by=cast.operator, user=cast.manager)
    second_factor.switch_off(by=cast.admin, user=cast.manager)
    assert not second_factor.is_on(cast.manager)
    change = Change.objects.filter(subject="user", subject_id=str(cast.manager.pk)).latest("id")
    assert (change.field, change.new, change.user) == ("second factor", "off", cast.admin)


def test_a_token_neither_sets_it_up_nor_takes_it_off(cast: Cast) -> None:
    cast.admin.limited_to = frozenset({"administer"})
    secret = second_factor.new_secret()
    with pytest.raises(NotPermitted):
        second_factor.switch_on(user=cast.admin, secret=secret, code=code_of(secret))
    with pytest.raises(NotPermitted):
        second_factor.switch_off(by=cast.admin, user=cast.admin)


@pytest.mark.parametrize(
    ("policy", "asked"),
    [
        ("nobody", set()),
        ("administrators", {"admin"}),
        ("managers", {"admin", "manager"}),
        ("all", {"admin", "manager", "operator", "viewer"}),
    ],
)
def test_the_site_asks_it_of_those_that_it_names(cast: Cast, policy: str, asked: set[str]) -> None:
    people = (cast.viewer, cast.operator, cast.manager, cast.admin)
    assert {one.username for one in people if second_factor.wanted_of(one, policy)} == asked


def test_the_picture_says_what_the_text_says(cast: Cast) -> None:
    import re

    import zxingcpp
    from PIL import Image, ImageDraw

    secret = second_factor.new_secret()
    shown = second_factor.setup_of(cast.manager, secret, site="Hafen: IT & Co")
    size = int(re.search(r'viewBox="0 0 (\d+)', shown.picture)[1])  # type: ignore[index]
    image = Image.new("L", (size * 4, size * 4), 255)
    draw = ImageDraw.Draw(image)
    squares = re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+Z", shown.picture)
    for x, y, wide, high in (map(int, square) for square in squares):
        draw.rectangle([x * 4, y * 4, (x + wide) * 4 - 1, (y + high) * 4 - 1], fill=0)
    (read,) = zxingcpp.read_barcodes(image)
    assert read.text == shown.address
    assert shown.address.startswith("otpauth://totp/Hafen%20%20IT%20%26%20Co%3Amanager?secret=")
    assert shown.secret.replace(" ", "") in shown.address


def test_a_code_of_some_minutes_ago_is_none(cast: Cast) -> None:
    secret, _codes = switched_on(cast.manager)
    TOTPDevice.objects.filter(user=cast.manager).update(last_t=-1)
    assert second_factor.check(user=cast.manager, code=code_of(secret, steps=-4)) is None
