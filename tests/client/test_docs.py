"""docs/client.md is right: its code runs, in its order, against the real API."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest

import seriatim.client
from seriatim.accounts.scopes import SCOPES
from seriatim.accounts.tokens import create_token
from seriatim.webhooks.signing import headers, secret_of
from tests.support.rows import a_user
from tests.support.wire import HERE, Way, one_connection

PAGE = Path(__file__).parents[2] / "docs" / "client.md"
pytestmark = pytest.mark.engine_free


def test_the_code_runs_in_its_order(
    db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.contrib.auth.models import Group

    settings.MEDIA_ROOT = tmp_path
    manager = a_user("manager")
    manager.groups.add(Group.objects.get(name="manager"))
    secret = create_token(by=manager, user=manager, name="connector", scopes=list(SCOPES)).secret
    real = seriatim.client.Client
    monkeypatch.setattr(seriatim.client, "Client", lambda _server, token: real(HERE, secret, transport=Way()))
    found = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    known: dict[str, Any] = {}
    with one_connection():
        for number, code in enumerate(found, start=1):
            exec(compile(code, f"docs/client.md, example {number}", "exec"), known)
    assert [hit["serial"] for hit in known["hits"]] == ["SN-0003"]
    assert (known["labels"][:4], known["as_csv"].splitlines()[0][:11]) == (b"%PDF", b"serial,item")
    body = b'{"type":"ping","data":{}}'
    sent = headers("n", message_id="m", timestamp=int(time.time()), body=body)
    assert known["receive"](sent, body, secret_of("n")) == 204
    assert known["receive"](sent, body + b" ", secret_of("n")) == 400
