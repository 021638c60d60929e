"""The command line on another machine's site: by its API, with a token, and with the same words."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from seriatim import client as clients
from seriatim.accounts.tokens import create_token
from seriatim.documents.models import Document
from tests.cli.conftest import Run
from tests.support.cast import Cast
from tests.support.wire import HERE, Way, one_connection

# Commands ask the API, whose services are tried on both engines.
pytestmark = pytest.mark.engine_free

AT = ("--server", HERE)


@pytest.fixture(autouse=True)
def far(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[Way]:
    """A site that is elsewhere, and a manager's token for it."""
    way = Way()
    scopes = ["read", "money", "documents"]
    token = create_token(by=cast.manager, user=cast.manager, name="cli", scopes=scopes)
    monkeypatch.setenv("SERIATIM_TOKEN", token.secret)
    monkeypatch.setattr(clients, "Client", partial(clients.Client, transport=way, sleep=lambda _: None))
    with one_connection():
        yield way


def received(run: Run, serials: str = "S-1\nS-2") -> str:
    goods = ("--item", "LAPTOP", "--serials", "-", "--to", "A-01", "--party", "NORDLINK", "--cost", "500")
    answer = run("post", "purchase_receipt", *goods, *AT, stdin=serials)
    assert answer.status == 0, answer.err
    return answer.out.strip()


def test_a_document_is_posted_there_and_reversed(run: Run) -> None:
    number = received(run)
    assert Document.objects.get(number=number).posted_by.username == "manager"
    reversed_ = run("reverse", number, "--reason", "wrong pallet", *AT, "--json")
    assert reversed_.data["state"] == "reversed"


def test_a_document_waits_there_and_is_confirmed_posted_and_cancelled(run: Run) -> None:
    received(run)
    goods = ("--item", "LAPTOP", "--serials", "-", "--party", "HAFEN", "--pending")
    number = run("post", "delivery_note", *goods, *AT, stdin="S-1").out.strip()
    assert Document.objects.get(number=number).state == "pending"
    assert run("post", number, *AT).out.strip() == number
    other = run("post", "delivery_note", *goods, *AT, "--json", stdin="S-2").data["id"]
    assert run("cancel", other, "--reason", "not needed", *AT, "--json").data["state"] == "cancelled"


def test_a_refusal_names_every_serial(run: Run) -> None:
    received(run)
    answer = run(
        "post", "purchase_receipt", "--item", "LAPTOP", "--serials", "-", "--to", "A-01", "--party", "NORDLINK",
        *AT, stdin="S-1..S-3",
    )  # fmt: skip
    assert answer.status == 1
    assert "S-1" in answer.err
    assert "S-2" in answer.err
    assert "A-01" in answer.err


def test_what_is_there_is_found_traced_and_counted(run: Run) -> None:
    received(run)
    assert "S-1" in run("find", "S-1", *AT).out
    assert run("find", "S-9", *AT).status == 1
    traced = run("trace", "S-1", *AT, "--json").data
    assert (traced["serial"], traced["history"][0]["kind"]) == ("S-1", "purchase_receipt")
    assert "A-01" in run("trace", "S-1", *AT).out
    assert run("trace", "S-9", *AT).status == 1
    [row] = run("stock", *AT, "--json").data
    assert (row["item"], row["on_hand"]) == ("LAPTOP", "2")
    assert "LAPTOP" in run("stock", "--location", "A-01", *AT).out


def test_a_lost_answer_changes_nothing(run: Run, far: Way) -> None:
    far.lost = 2
    received(run)
    assert Document.objects.count() == 1


def test_where_nobody_answers_and_without_a_token_it_says_so(
    run: Run, far: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    far.closed = 9
    answer = run("find", "S-1", *AT)
    assert (answer.status, "does not answer" in answer.err) == (1, True)
    monkeypatch.delenv("SERIATIM_TOKEN")
    answer = run("find", "S-1", *AT)
    assert (answer.status, "SERIATIM_TOKEN" in answer.err) == (2, True)
    monkeypatch.setenv("SERIATIM_TOKEN", "x")
    assert run("find", "S-1", "--server", "example.com").status == 2
