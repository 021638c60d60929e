"""Whole lists: what goes wrong at once is a problem, and what goes wrong midway is seen by whoever reads it."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError

from seriatim.api import accepting
from seriatim.reports.lists import Asked, Row
from tests.api.conftest import Answer, Program, receipt
from tests.support.cast import Cast

pytestmark = pytest.mark.engine_free

FORMS = {"csv": "text/csv", "ndjson": "application/x-ndjson"}


@pytest.fixture
def breaks(cast: Cast, monkeypatch: pytest.MonkeyPatch, erp: Program) -> Any:
    """Lists break off after so many rows."""
    assert erp.post("/documents", receipt("S-1", "S-2", "S-3")).status == 201
    monkeypatch.setattr(accepting, "TOGETHER", 1)
    every = Asked.every

    def after(count: int) -> None:
        def broken(asked: Asked) -> Iterator[Row]:
            for number, row in enumerate(every(asked)):
                if number == count:
                    raise OperationalError("Expression tree is too large (maximum depth 1000)")
                yield row

        monkeypatch.setattr(Asked, "every", broken)

    return after


@pytest.mark.parametrize("form", FORMS)
def test_what_breaks_before_the_first_row_is_a_problem(erp: Program, breaks: Any, form: str) -> None:
    breaks(0)
    answer = erp.get("/units", Accept=FORMS[form])
    assert (answer.status, answer.code) == (500, "internal")


@pytest.mark.parametrize("form", FORMS)
def test_what_breaks_midway_is_no_list_to_a_strict_reader(erp: Program, breaks: Any, form: str) -> None:
    breaks(2)
    answer = erp.get("/units?columns=serial", Accept=FORMS[form])
    sent = _until_it_breaks(answer)
    lines = sent.splitlines()
    assert len(lines) == (4 if form == "csv" else 3)
    read = csv.reader(lines, strict=True) if form == "csv" else map(json.loads, lines)
    with pytest.raises((csv.Error, json.JSONDecodeError)):
        list(read)


def _until_it_breaks(answer: Answer) -> str:
    sent: list[bytes] = []
    with pytest.raises(OperationalError):
        sent.extend(answer.response.streaming_content)
    return b"".join(sent).decode()
