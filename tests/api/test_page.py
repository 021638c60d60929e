"""The page of the API: every operation, parameter, code and problem, for whoever is logged in."""

from __future__ import annotations

import html

import pytest
from django.test import Client

from seriatim.api.operations import OPERATIONS
from seriatim.api.statuses import OWN, STATUSES
from tests.api.conftest import Program

pytestmark = pytest.mark.engine_free


def test_it_shows_every_operation_and_every_problem_with_what_it_is(erp: Program) -> None:
    text = html.unescape(erp.get("/docs").body.decode())
    for _method, path in OPERATIONS:
        assert path.replace("{path:", "{") in text, path
    for code in (*STATUSES, *OWN):
        assert f'id="{code}"' in text, code
    assert "A table has mistakes" in text
    assert "One of opening_stock, purchase_receipt" in text


def test_a_browser_is_sent_to_the_log_in_and_a_program_is_told(db: None) -> None:
    browser = Client(headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    sent = browser.get("/api/v1/docs")
    assert (sent.status_code, sent["Location"]) == (302, "/login/?next=/api/v1/docs")
    assert Client().get("/api/v1/docs").status_code == 401
    assert browser.get("/api/v1/docs", headers={"Authorization": "Bearer x"}).status_code == 401
    assert browser.get("/api/v1/items").status_code == 401
