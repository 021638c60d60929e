"""A receiver can tell what the site sent from what anybody else did."""

from __future__ import annotations

import json

import pytest

from seriatim.client.webhooks import NotGenuine, verified
from seriatim.webhooks.signing import headers, secret_of

pytestmark = pytest.mark.engine_free

NOW = 1_790_000_000
BODY = json.dumps({"type": "ping", "timestamp": "2026-11-21T12:00:00+00:00", "data": {"by": "ü"}}).encode()


def test_what_the_site_sends_is_read(settings: object) -> None:
    sent = headers("n", message_id="m-1", timestamp=NOW, body=BODY)
    event = verified(secret_of("n"), headers=sent, body=BODY, now=NOW + 299)
    assert event == {"id": "m-1", **json.loads(BODY)}
    # Names of headers in any letters, and a second signature while a secret is changed.
    other = {name.upper(): value for name, value in sent.items()}
    other["WEBHOOK-SIGNATURE"] = f"v1,AAAA v2,x {sent['webhook-signature']}"
    assert verified(secret_of("n"), headers=other, body=BODY, now=NOW)["type"] == "ping"


@pytest.mark.parametrize(
    "wrong", ["body", "id", "time", "secret", "late", "early", "nothing", "no time", "no secret"]
)
def test_anything_else_is_refused(wrong: str) -> None:
    sent = headers("n", message_id="m-1", timestamp=NOW, body=BODY)
    secret, body, now = secret_of("n"), BODY, float(NOW)
    if wrong == "body":
        body += b" "
    elif wrong == "id":
        sent["webhook-id"] = "m-2"
    elif wrong == "time":
        sent["webhook-timestamp"] = str(NOW + 1)
    elif wrong == "secret":
        secret = secret_of("other")
    elif wrong in {"late", "early"}:
        now += 301 if wrong == "late" else -301
    elif wrong == "no time":
        sent["webhook-timestamp"] = "\u0664"
    elif wrong == "no secret":
        secret = "whsec_!"
    with pytest.raises(NotGenuine):
        verified(secret, headers={} if wrong == "nothing" else sent, body=body, now=now)
