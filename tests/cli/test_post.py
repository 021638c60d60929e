"""Posting, confirming, cancelling and reversing from the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from seriatim.accounts.people import CONSOLE
from seriatim.accounts.services import create_user
from seriatim.documents.models import Document
from seriatim.ledger.models import Unit
from tests.cli.conftest import Run

# Commands ask services that are tried on both engines.
pytestmark = pytest.mark.engine_free

Receive = Callable[..., str]


def where(serial: str) -> str:
    place = Unit.objects.select_related("location").get(serial=serial).location
    return place.code if place else ""


def test_goods_come_in_move_and_go_out(run: Run, receive: Receive) -> None:
    assert receive("SN-1", "SN-2").startswith("PR-")
    moved = run(
        *("post", "transfer", "--item", "RTR-900", "--serials", "-", "--from", "DOCK-1", "--to", "A-03-2"),
        stdin="SN-1\n",
    )
    assert (moved.status, moved.out[:3], moved.err) == (0, "TR-", "")
    sold = run(
        *("post", "delivery_note", "--item", "RTR-900", "--serials", "-", "--from", "A-03-2"),
        *("--party", "HAFEN", "--price", "199"),
        stdin="SN-1\n",
    )
    assert sold.status == 0
    unit = Unit.objects.get(serial="SN-1")
    assert (unit.cost, unit.price) == (1_205_000, 1_990_000)
    assert where("SN-1") == "CUSTOMERS"
    assert where("SN-2") == "DOCK-1"


def test_serials_come_from_a_file_with_ranges(run: Run, shop: None, tmp_path: Path) -> None:
    file = tmp_path / "serials.txt"
    file.write_bytes("\ufeffSN-0001..SN-0100\r\nÜ-1\r\n".encode())
    answer = run(
        *("post", "purchase_receipt", "--item", "RTR-900", "--serials", file, "--to", "DOCK-1"),
        *("--party", "NORDLINK"),
    )
    assert answer.status == 0
    assert Unit.objects.count() == 101


def test_a_refusal_says_what_where_and_what_to_do_and_nothing_is_posted(run: Run, receive: Receive) -> None:
    receive("SN-1", "SN-2")
    ask = (
        "post",
        "delivery_note",
        "--item",
        "RTR-900",
        "--serials",
        "-",
        "--from",
        "A-03-2",
        "--party",
        "HAFEN",
    )
    answer = run(*ask, stdin="SN-1\nSN-2\nSN-3\n")
    assert answer.status == 1
    assert answer.out == ""
    assert "There is no SN-3 of RTR-900." in answer.err
    assert "SN-1 is at DOCK-1, not at A-03-2." in answer.err
    assert "SN-2 is at DOCK-1, not at A-03-2." in answer.err
    assert "Take it from where it really is, or move it first." in answer.err
    assert Document.objects.count() == 1
    as_json = run(*ask, "--json", stdin="SN-1\nSN-3\n")
    assert as_json.status == 1
    assert as_json.data["code"] == "unknown_serial"
    assert as_json.data["also"][0]["code"] == "not_at_source"
    assert as_json.data["also"][0]["cases"] == [
        {"serial": "SN-1", "item": "RTR-900", "line": 1, "place": "DOCK-1"}
    ]


def test_every_offender_is_in_the_json_and_the_first_fifty_are_told(run: Run, shop: None) -> None:
    ask = ("post", "scrap", "--item", "RTR-900", "--serials", "-", "--from", "DOCK-1")
    said = run(*ask, stdin="SN-0001..SN-0500")
    assert said.err.count("There is no SN-") == 50
    assert "450 more" in said.err
    assert len(run(*ask, "--json", stdin="SN-0001..SN-0500").data["cases"]) == 500


def test_the_same_id_posted_twice_is_one_document(run: Run, shop: None) -> None:
    name = str(uuid4())
    ask = (
        *("post", "purchase_receipt", "--item", "RTR-900", "--serials", "-", "--to", "DOCK-1"),
        *("--party", "NORDLINK", "--id", name, "--json"),
    )
    first, second = run(*ask, stdin="SN-1"), run(*ask, stdin="SN-1")
    assert first.data == second.data
    assert first.data["id"] == name
    assert first.data["state"] == "posted"
    other = run(*ask, stdin="SN-2")
    assert other.status == 1
    assert other.data["code"] == "id_conflict"
    assert Document.objects.count() == 1


def test_quantities_go_by_number(run: Run, shop: None) -> None:
    receipt = run(
        *("post", "purchase_receipt", "--item", "CABLE", "--quantity", "12.5", "--to", "DOCK-1"),
        *("--party", "NORDLINK", "--cost", "2"),
    )
    assert receipt.status == 0
    stock = run("stock", "--item", "CABLE", "--json").data
    assert [(row["location"], row["quantity"]) for row in stock] == [("DOCK-1", "12.5")]
    too_much = run("post", "scrap", "--item", "CABLE", "--quantity", "13", "--from", "DOCK-1")
    assert too_much.status == 1
    assert "12.5" in too_much.err


def test_pending_reserves_and_the_number_posts_it(run: Run, receive: Receive) -> None:
    receive("SN-1", "SN-2")
    pending = run(
        *("post", "delivery_note", "--item", "RTR-900", "--serials", "-", "--from", "DOCK-1"),
        *("--party", "HAFEN", "--pending"),
        stdin="SN-1",
    )
    number = pending.out.strip()
    taken = run(
        *("post", "transfer", "--item", "RTR-900", "--serials", "-", "--from", "DOCK-1", "--to", "A-03-2"),
        stdin="SN-1",
    )
    assert taken.status == 1
    assert f"SN-1 is reserved for {number}." in taken.err
    posted = run("post", number, "--json")
    assert posted.data["number"] == number
    assert posted.data["state"] == "posted"
    assert where("SN-1") == "CUSTOMERS"


def test_less_than_expected_needs_a_word_about_the_rest(run: Run, shop: None) -> None:
    pending = run(
        *("post", "purchase_receipt", "--item", "RTR-900", "--quantity", "3", "--to", "DOCK-1"),
        *("--party", "NORDLINK", "--pending"),
    )
    number = pending.out.strip()
    undecided = run("post", number, "--serials", "-", stdin="SN-1\nSN-2")
    assert undecided.status == 1
    assert "--rest" in undecided.err or "rest" in undecided.err
    done = run("post", number, "--serials", "-", "--rest", "short", stdin="SN-1\nSN-2")
    assert done.status == 0
    assert Unit.objects.count() == 2


def test_confirm_and_cancel(run: Run, receive: Receive) -> None:
    receive("SN-1")
    line = {"item": "RTR-900", "serials": ["SN-1"], "from": "DOCK-1"}
    paper = {"kind": "delivery_note", "party": "HAFEN", "post": False, "lines": [line]}
    draft = run("post", "delivery_note", "--file", "-", "--json", stdin=json.dumps(paper)).data
    assert draft["state"] == "draft"
    assert draft["number"] is None
    number = run("confirm", draft["id"]).out.strip()
    assert Unit.objects.get(serial="SN-1").reserved_by is not None
    assert run("cancel", number, "--reason", "not wanted", "--json").data["state"] == "cancelled"
    assert Unit.objects.get(serial="SN-1").reserved_by is None
    assert run("post", number).status == 1


def test_a_whole_document_from_json(run: Run, shop: None, tmp_path: Path) -> None:
    file = tmp_path / "doc.json"
    name = str(uuid4())
    paper = {
        "id": name,
        "kind": "purchase_receipt",
        "party": "NORDLINK",
        "date": "2026-01-05",
        "reference": "PO-17",
        "lines": [
            {"item": "RTR-900", "to": "DOCK-1", "serials": "SN-1..SN-3", "unit_cost": 10.25},
            {
                "item": "SWT-16",
                "to": "A-03-2",
                "units": [
                    {"serial": "X-1", "unit_cost": "99.9999", "identifiers": {"mac": "00:1a:2b:3c:4d:5e"}}
                ],
            },
            {"item": "CABLE", "to": "DOCK-1", "quantity": 7, "unit_cost": "0.5"},
        ],
    }
    file.write_text(json.dumps(paper))
    answer = run("post", "purchase_receipt", "--file", file, "--json")
    assert answer.status == 0
    assert answer.data["id"] == name
    assert answer.data["date"].startswith("2026-01-05")
    assert {unit.serial: unit.cost for unit in Unit.objects.all()} == {
        "SN-1": 102_500,
        "SN-2": 102_500,
        "SN-3": 102_500,
        "X-1": 999_999,
    }


def test_a_reversal_lists_what_stands_in_its_way(run: Run, receive: Receive) -> None:
    receipt = receive("SN-1")
    moved = run(
        *("post", "transfer", "--item", "RTR-900", "--serials", "-", "--from", "DOCK-1", "--to", "A-03-2"),
        stdin="SN-1",
    ).out.strip()
    refused = run("reverse", receipt)
    assert refused.status == 1
    assert moved in refused.err
    assert run("reverse", moved, "--reason", "wrong shelf").out.strip() == moved
    assert where("SN-1") == "DOCK-1"
    assert run("reverse", receipt, "--json").data["state"] == "reversed"


def test_a_return_of_what_was_never_sold_takes_a_reason_and_the_right(run: Run, receive: Receive) -> None:
    receive("SN-1")
    run(
        *(
            "post",
            "delivery_note",
            "--item",
            "RTR-900",
            "--serials",
            "-",
            "--from",
            "DOCK-1",
            "--party",
            "HAFEN",
        ),
        stdin="SN-1",
    )
    ask = ("post", "sales_return", "--item", "RTR-900", "--serials", "-", "--to", "DOCK-1", "--party", "ACME")
    refused = run(*ask, stdin="SN-1")
    assert refused.status == 1
    assert "SN-1 was sold to HAFEN, not to this customer." in refused.err
    assert run(*ask, "--reason", "bought second hand", stdin="SN-1").status == 0


def test_a_near_twin_is_taken_only_when_it_is_meant(run: Run, receive: Receive) -> None:
    receive("SN-10")
    ask = (
        *("post", "purchase_receipt", "--item", "RTR-900", "--serials", "-", "--to", "DOCK-1"),
        *("--party", "NORDLINK"),
    )
    warned = run(*ask, "--json", stdin="SN-1O")
    assert warned.status == 1
    assert warned.data["code"] == "near_twin"
    assert run(*ask, "--confirm-twins", stdin="SN-1O").status == 0


def test_who_does_it_is_written_down(run: Run, receive: Receive) -> None:
    receive("SN-1")
    assert Document.objects.get().posted_by.get_username() == CONSOLE
    create_user(by=None, username="maria", password="Wareh0use-x1", roles=["operator"])
    ask = ("post", "transfer", "--item", "RTR-900", "--serials", "-", "--from", "DOCK-1", "--to", "A-03-2")
    number = run(*ask, "--user", "maria", stdin="SN-1").out.strip()
    assert Document.objects.get(number=number).posted_by.get_username() == "maria"
    scrapped = run("post", "scrap", "--item", "RTR-900", "--serials", "-", stdin="SN-1", user="maria")
    assert scrapped.status == 1
    assert "maria may not do this" in scrapped.err
    nobody = run("post", "scrap", "--item", "RTR-900", "--serials", "-", "--user", "nobody", stdin="SN-1")
    assert nobody.status == 1
    assert "There is no user nobody." in nobody.err


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["nonsense"], 2, "neither a kind of document"),
        (["transfer"], 2, "--item"),
        (["transfer", "--item", "RTR-900"], 2, "--serials"),
        (["transfer", "--item", "NOPE", "--quantity", "1"], 1, "There is no item NOPE."),
        (
            ["transfer", "--item", "RTR-900", "--quantity", "1", "--to", "NOPE"],
            1,
            "There is no location NOPE.",
        ),
        (
            ["transfer", "--item", "RTR-900", "--quantity", "1", "--party", "NOPE"],
            1,
            "There is no party NOPE.",
        ),
        (["transfer", "--item", "RTR-900", "--quantity", "many"], 2, "is not a number"),
        (["transfer", "--item", "RTR-900", "--quantity", "0"], 1, "Add serial numbers or a quantity"),
        (["transfer", "--item", "RTR-900", "--quantity", "-1"], 2, "less than nothing"),
        (["transfer", "--item", "RTR-900", "--quantity", "1.0001"], 2, "decimal places"),
        (["transfer", "--item", "RTR-900", "--quantity", "1", "--cost", "1,5"], 2, "is not a number"),
        (["transfer", "--item", "RTR-900", "--quantity", "1", "--date", "yesterday"], 2, "is not a day"),
        (
            ["transfer", "--item", "RTR-900", "--quantity", "1", "--date", "2999-01-01"],
            1,
            "lies in the future",
        ),
        (["transfer", "--item", "RTR-900", "--quantity", "1", "--id", "7"], 2, "is not a UUID"),
        (["transfer", "--item", "RTR-900", "--quantity", "1", "--missing", "perhaps"], 2, "none of generate"),
        (["transfer", "--item", "RTR-900", "--quantity", "1", "--rest", "perhaps"], 2, "pending or short"),
        (["transfer", "--item", "RTR-900", "--serials", "/no/such/file"], 2, "can't be read"),
        (["transfer", "--item", "RTR-900", "--serials", "/"], 2, "can't be read"),
        (["transfer", "--file", "/no/such/file"], 2, "can't be read"),
        (["transfer", "--nonsense"], 2, "No such option"),
    ],
)
def test_a_wrong_call_gets_a_sentence_and_its_status(
    run: Run, shop: None, arguments: list[str], status: int, words: str
) -> None:
    answer = run("post", *arguments)
    assert words in answer.err
    assert answer.status == status
    assert "Traceback" not in answer.err + answer.out
    assert answer.out == ""


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfeS\x00N\x00", "is not UTF-8"),
        (b"SN-1\nM\xfcller\n", "line 2"),
        (b"SN-1\nSN-1\n", "twice"),
        (b"SN-1..SN-0\n", "cannot be a serial number"),
        (b"x" * 81, "at most 80"),
        (b"SN\x07-1\n", "cannot be a serial number"),
    ],
)
def test_serials_that_cannot_be_are_named(run: Run, shop: None, content: bytes, words: str) -> None:
    answer = run("post", "transfer", "--item", "RTR-900", "--serials", "-", "--to", "DOCK-1", stdin=content)
    assert answer.status in {1, 2}
    assert words in answer.err
    assert "\x07" not in answer.err


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "is not JSON"),
        ("[]", "an object with kind and lines"),
        ('{"lines": 3}', "lines: a list of lines"),
        ('{"lines": [3]}', "lines[1]: an object"),
        ('{"lines": [{}]}', "say which item"),
        ('{"kind": "scrap", "lines": []}', "is a scrap, not a transfer"),
        ('{"lines": [{"item": "RTR-900", "serial": "SN-1"}]}', "there is no field serial"),
        ('{"lines": [{"item": "RTR-900", "serials": [1]}]}', "a list of texts"),
        ('{"lines": [{"item": "RTR-900", "quantity": true}]}', "a number"),
        ('{"lines": [{"item": "RTR-900", "units": [{}]}]}', "say which serial number"),
        (
            '{"lines": [{"item": "RTR-900", "units": [{"serial": "1", "identifiers": {"x": "1"}}]}]}',
            "no field x",
        ),
        ('{"lines": [{"item": 5}]}', "a text"),
    ],
)
def test_a_document_of_another_shape_is_refused_with_the_place(
    run: Run, shop: None, content: str, words: str
) -> None:
    answer = run("post", "transfer", "--file", "-", stdin=content)
    assert answer.status == 2
    assert words in answer.err
