"""Signatures are those of the Standard Webhooks specification."""

from __future__ import annotations

import pytest
from django.test import override_settings

from seriatim.webhooks.signing import headers, secret_of, signature

pytestmark = pytest.mark.engine_free


def test_the_example_of_the_specification() -> None:
    """Its reference libraries are tested with these values."""
    assert (
        signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
            timestamp=1614265330,
            body=b'{"test": 2432232314}',
        )
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


def test_a_secret_belongs_to_one_subscription_and_one_site() -> None:
    first = secret_of("nonce-1")
    assert first.startswith("whsec_")
    assert first == secret_of("nonce-1") != secret_of("nonce-2")
    with override_settings(SECRET_KEY="another site's"):
        assert secret_of("nonce-1") != first


def test_another_body_id_or_moment_has_another_signature() -> None:
    def one(**changed: object) -> str:
        facts = {"message_id": "m", "timestamp": 1, "body": b"{}", **changed}
        return headers("nonce", **facts)["webhook-signature"]  # type: ignore[arg-type]  # values by name

    assert len({one(), one(message_id="n"), one(timestamp=2), one(body=b"{ }")}) == 4
