"""The pages on which documents are begun, written, scanned, posted and taken back; plain forms, as without scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from seriatim.accounts.backend import BACKEND
from seriatim.documents import runs
from seriatim.documents.models import Document, Scan
from seriatim.kernel.marks import Mark
from seriatim.ledger.marks import set_mark
from tests.support.cast import Cast
from tests.support.desk import Desk, line

# The same pages over the same services, which are tested on every engine themselves.
pytestmark = pytest.mark.engine_free

Page = Any


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return Desk(cast, cast.manager)


@pytest.fixture
def client_of(cast: Cast) -> Callable[..., Client]:
    def client(user: Any) -> Client:
        visitor = Client()
        visitor.force_login(user, backend=BACKEND)
        return visitor

    return client


@pytest.fixture
def manager(cast: Cast, client_of: Callable[..., Client]) -> Client:
    return client_of(cast.manager)


def receipt(desk: Desk, quantity: float = 0) -> Document:
    c = desk.cast
    return desk.create(
        "purchase_receipt", line(c.laptop, quantity=quantity, target=c.a01, cost=500), party=c.nordlink
    )


def at(document: Document, what: str = "") -> str:
    return f"/documents/{document.pk}{what}"


def scan(client: Client, document: Document, text: str, **more: str) -> Page:
    return client.post(at(document, "/scan"), {"text": text, "id": str(uuid4()), **more}, follow=True)


def queue(client: Client, document: Document, *texts: str, device: str = "d1") -> Any:
    body = {"device": device, "scans": [{"id": str(uuid4()), "text": text} for text in texts]}
    return client.post(
        at(document, "/scan"),
        json.dumps(body),
        content_type="application/json",
        headers={"Accept": "application/json"},
    )


def words(page: Page) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def test_one_chooses_by_task_among_what_one_may_write(
    cast: Cast, manager: Client, client_of: Callable[..., Client]
) -> None:
    assert "Receive from a supplier" in words(manager.get("/documents/new"))
    operator = words(client_of(cast.operator).get("/documents/new"))
    assert "Deliver to a customer" in operator
    assert "Record a vendor bill" not in operator
    assert client_of(cast.viewer).get("/documents/new").status_code == 403


def test_every_kind_begins_with_what_it_needs_and_opens(cast: Cast, manager: Client) -> None:
    from seriatim.kernel.kinds import KINDS

    ends = {"party": "HAFEN", "source": "A-01", "target": "A-02"}
    for kind, row in KINDS.items():
        page = manager.get(f"/documents/new/{kind}")
        if row.takes_waiting_of_line:
            assert page.status_code == 404
            continue
        assert page.status_code == 200, kind
        if kind in ("repair_in", "sales_return", "loan_in"):
            ends["target"] = "BENCH"
        made = manager.post(f"/documents/new/{kind}", {**ends, "id": str(uuid4())})
        assert made.status_code == 302, (kind, words(made))
        assert manager.get(made["Location"]).status_code == 200, kind
        assert manager.get(f"{made['Location']}/lines/new").status_code == 200, kind
    assert manager.get("/documents/new/gift").status_code == 404


def test_a_head_that_cannot_be_is_told_beside_its_field(manager: Client, cast: Cast) -> None:
    page = manager.post("/documents/new/purchase_receipt", {"party": "NIEMAND", "target": ""})
    assert page.status_code == 422
    assert "There is no party NIEMAND." in words(page)
    start = manager.get("/receive/").text
    assert 'data-suggest="/suggest/parties?role=supplier"' in start
    offered = dict(manager.get("/suggest/parties?q=n&role=supplier").json()["found"])
    assert "NORDLINK" in offered
    assert "HAFEN" not in offered, "a customer delivers nothing"
    assert "HAFEN" in dict(manager.get("/suggest/parties?q=n").json()["found"])
    repair = words(manager.get("/documents/new/repair_in"))
    assert "What is wrong with it" in repair.split("Date, note and more")[0], "asked for at once"
    alike = manager.post("/documents/new/purchase_receipt", {"party": "distribution", "target": "A-"})
    assert "There is no party distribution. Is it NORDLINK (Nordlink Distribution)?" in words(alike)
    assert "Is it A-01 (Bin A-01) or A-02 (Bin A-02)?" in words(alike)
    assert "This field is required." in words(page)
    assert not Document.objects.exists()
    once = {"party": "NORDLINK", "target": "A-01", "id": str(uuid4())}
    for _ in range(2):
        manager.post("/documents/new/purchase_receipt", once)
    assert Document.objects.count() == 1, "sent twice, it is one document"


def test_scanning_without_scripts_tells_at_once_and_posts(desk: Desk, manager: Client) -> None:
    desk.receive("OLD", to=desk.cast.shop)
    document = receipt(desk, quantity=2)
    page = scan(manager, document, "S1")
    assert "S1 Accepted" in words(page)
    assert "1 of 2" in words(page)
    assert "On the list already" in words(scan(manager, document, "S1"))
    refused = words(scan(manager, document, "OLD"))
    assert "OLD Refused" in refused
    assert "SHOP" in refused, "where it really is"
    assert "1 to go 1 refused" in refused
    scan(manager, document, "S2")
    done = manager.post(at(document, "/post"), follow=True)
    number = Document.objects.get(pk=document.pk).number
    assert f"{number} is posted. Receive the next" in words(done)
    assert desk.where("S2") == "A-01"


def test_the_queue_is_answered_with_results_and_the_parts_that_changed(desk: Desk, manager: Client) -> None:
    document = receipt(desk)
    answer = queue(manager, document, "S1", "S1", "S2").json()
    assert [one["verdict"] for one in answer["results"]] == ["accepted", "doubled", "accepted"]
    assert [one["tone"] for one in answer["results"]] == ["good", "warn", "good"]
    assert answer["results"][0]["said"] == "S1. Accepted."
    assert set(answer["parts"]) == {"progress", "fetch", "list", "lines", "post", "manifest"}
    assert queue(manager, document).json()["results"] == []
    # Where the goods go was said for the other line only.
    lacking = queue(manager, document, desk.cast.phone.code, "S9").json()["results"][1]
    assert "Line 2: say where it goes." in lacking["said"]
    # Among several items, each says which one it was taken for.
    phone = desk.cast.phone
    mixed = desk.create("purchase_receipt", party=desk.cast.nordlink, target=desk.cast.a01.pk)
    other = queue(manager, mixed, "LAPTOP", "S8", phone.code, "S9").json()["results"][3]
    assert other["said"] == f"S9. Accepted. {phone.name}."
    asked = manager.get(at(mixed)).text
    assert f'<a href="{at(mixed, "/lines/1")}">Say how many</a>' in asked, (
        "3 of 30 is known who was told of 30"
    )
    assert f"{phone.code} · {phone.name}" in other["html"]
    for body in ("{", "[]", '{"device": "x", "scans": [{"id": "no"}]}', '{"scans": 1, "device": "d"}'):
        bad = manager.post(
            at(document, "/scan"),
            body,
            content_type="application/json",
            headers={"Accept": "application/json"},
        )
        assert bad.status_code == 400
    odd = queue(
        manager,
        document,
        "a\x00b",
        "x" * 5000,
        "\ud800",
        "]C1",
        "http://x/documents/PR-1",
        "٣",
        device="\ud800\x00",
    )
    assert odd.status_code == 200
    assert {one["verdict"] for one in odd.json()["results"]} <= {"accepted", "refused", "told"}
    desk.cancel(document)
    late = queue(manager, document, "S3")
    assert (late.status_code, late.json()["code"]) == (409, "wrong_state")


def test_nothing_typed_into_an_address_or_a_field_breaks_a_page(desk: Desk, manager: Client) -> None:
    document = receipt(desk)
    scan(manager, document, "S1")
    for path in (
        "?shown=x&before=9999999999999999999&after=-1",
        "?before=999999999999999999",
        "/scans?shown=open&after=0",
        "/pick?line=99999&q=%00&after=%F0%9F",
        "/list?line=x",
        "/check?x",
        "/posting",
    ):
        assert manager.get(at(document, path)).status_code in (200, 302), path
    for path in ("/lines/99999999999999999999/remove", "/scans/99999999999999999999/remove"):
        assert manager.post(at(document, path)).status_code in (302, 404, 422), path
    for said in ({"quantity": "1e999999"}, {"quantity": "NaN"}, {"quantity": "9" * 5000}, {"cost": "-1"}):
        assert manager.post(at(document, "/lines/1"), said).status_code == 422, said
    for said in ({"text": "CABLE", "count": "1e999999"}, {"text": "\x00"}, {"line": "99999999999999"}):
        assert manager.post(at(document, "/scan"), said).status_code == 302, said
    assert manager.get("/documents/%00").status_code == 404
    assert manager.get(f"/documents/{'x' * 3000}").status_code == 404
    assert manager.post("/documents/NOPE/post").status_code == 404
    assert manager.get("/returns/?q=%00%F0").status_code in (200, 404)


def test_undo_remove_and_answers_work_as_plain_forms(desk: Desk, manager: Client) -> None:
    desk.receive("AB-O1 BAD")
    set_mark(desk.user, [desk.unit("BAD").key], Mark.STOLEN, "police 17")
    document = receipt(desk)
    assert "Is it really another one?" in words(scan(manager, document, "AB-01"))
    twin = Scan.objects.get(serial="AB-01")
    manager.post(at(document, f"/scans/{twin.pk}/answer"), {"yes": "1"})
    scan(manager, document, "S1")
    scan(manager, document, "S2")
    manager.post(at(document, "/undo"))
    manager.post(at(document, f"/scans/{Scan.objects.get(serial='S1').pk}/remove"))
    out = desk.create("delivery_note", line(desk.cast.laptop, quantity=0), party=desk.cast.hafen)
    page = words(scan(manager, out, "BAD"))
    assert "Marked as stolen" in page
    assert "I have seen it" in page
    blocked = manager.post(at(out, "/post"))
    assert blocked.status_code == 422
    assert "waits for an answer" in words(blocked)
    manager.post(at(out, f"/scans/{Scan.objects.get(serial='BAD').pk}/answer"), {"yes": "1"})
    assert "I have seen it" not in words(manager.get(at(out)))
    assert manager.post(at(document, "/scans/987654/answer"), {"yes": "1"}).status_code == 422
    manager.post(at(document, "/post"))
    assert document.lines.get().serials == "AB-01"


def test_an_item_without_serials_is_counted_by_scan_or_by_number(desk: Desk, manager: Client) -> None:
    c = desk.cast
    document = desk.create("purchase_receipt", line(c.cable, quantity=0, target=c.a01), party=c.nordlink)
    page = words(scan(manager, document, "CABLE"))
    assert "1 scanned" in page
    assert "Scan CABLE, once for each" in page
    scan(manager, document, "CABLE", line="1", count="2.5")
    assert "3.5 scanned" in words(manager.get(at(document)))
    assert "1 scanned" in words(manager.post(at(document, "/undo"), follow=True))
    manager.post(at(document, "/post"))
    assert desk.held(c.cable, c.a01) == 1


def test_lists_are_pasted_uploaded_and_picked(desk: Desk, manager: Client) -> None:
    document = receipt(desk)
    pasted = manager.post(
        at(document, "/list"), {"line": "1", "entry": "A1..A3\nA2", "id": str(uuid4())}, follow=True
    )
    assert "3 serial numbers added. 1 was there already." in words(pasted)
    file = SimpleUploadedFile("list.csv", b"serial,lot\nF1,x\nF2,\n")
    manager.post(at(document, "/list"), {"line": "1", "file": file})
    other = SimpleUploadedFile("list.csv", b"Seriennummer;x\nF3;1\n")
    manager.post(at(document, "/list"), {"line": "1", "file": other, "column": "Seriennummer"})
    text = SimpleUploadedFile("list.txt", b"F4\nF5..F6\n")
    manager.post(at(document, "/list"), {"line": "1", "file": text})
    manager.post(at(document, "/post"))
    assert document.lines.get().serials.split() == [*["A1", "A2", "A3", "F1", "F2", "F3", "F4", "F5", "F6"]]

    out = desk.create("delivery_note", line(desk.cast.laptop, quantity=0), party=desk.cast.hafen)
    page = words(manager.get(at(out, "/pick")))
    assert "A1 A-01" in page
    pasted = manager.post(at(out, "/list"), {"line": "1", "entry": "a1\nNIX"}, follow=True)
    assert '<a href="?shown=refused#scans-head">2 were refused</a>' in pasted.text
    assert "There is no a1. This looks like it: A1." in words(pasted)
    manager.post(at(out, "/pick"), {"line": "1", "serial": ["A1", "F2"]})
    assert "2 scanned" in words(manager.get(at(out)))
    assert "Delivery note Draft Hafen Clinic 2" in words(manager.get("/documents/")), (
        "what stands on it so far"
    )
    bad = SimpleUploadedFile("list.csv", b"other\nF1\n")
    assert manager.post(at(out, "/list"), {"line": "1", "file": bad}).status_code == 422


def test_a_receipt_leads_to_its_bill_and_a_delivery_to_its_invoice(
    desk: Desk, manager: Client, client_of: Callable[..., Client]
) -> None:
    received = desk.receive("A", cost=500)
    sold = desk.deliver("A", price=900)
    assert "Record the bill" not in words(client_of(desk.cast.operator).get(at(received)))
    for document, button, post, amount in (
        (received, "Record the bill", "Post bill", "cost 500.00"),
        (sold, "Record the invoice", "Post invoice", "price 900.00"),
    ):
        assert button in words(manager.get(at(document)))
        draft = manager.post(at(document, "/bill"), {"once": str(uuid4())}, follow=True)
        assert post in words(draft)
        assert amount in words(draft)
        assert "0 of 1" not in words(draft), "nothing is scanned into it"
        made = Document.objects.get(lines__source_line__document=document)
        assert "is posted" in words(manager.post(at(made, "/post"), follow=True))
        assert button not in words(manager.get(at(document))), "all of it is billed"
        assert "cannot be linked" in words(manager.post(at(document, "/bill"), follow=True))


def test_what_becomes_of_the_rest_is_asked(desk: Desk, manager: Client) -> None:
    c = desk.cast
    pending = desk.announce("purchase_receipt", line(c.laptop, "A B C", target=c.a01), party=c.nordlink)
    page = words(manager.get(at(pending)))
    assert "posting takes everything as it was announced" in page
    scan(manager, pending, "A")
    other = queue(manager, pending, "X").json()
    assert other["results"][0]["tone"] == "warn", "taken, and seen from an arm's length not to be expected"
    manager.post(at(pending, "/undo"), {"device": "d1"})
    assert "1 of 3 match" in words(manager.get(at(pending)))
    asked = manager.post(at(pending, "/post"), {"rest": "pending"}, follow=True)
    assert "is posted" in words(asked)
    rest = Document.objects.get(continues=pending)
    assert rest.lines.get().serials.split() == ["B", "C"]


def test_a_pending_delivery_says_what_to_fetch_and_where(desk: Desk, manager: Client) -> None:
    """With every scan there is less of it; what was taken instead is told apart."""
    c = desk.cast
    desk.receive("A B C")
    desk.receive("D", to=c.main)
    pending = desk.announce("delivery_note", line(c.laptop, "A D"), party=c.hafen)
    page = words(manager.get(at(pending)))
    assert "Next: A-01 A" in page
    assert "To fetch 2 units A-01 Bin A-01 A MAIN" in page
    assert "posting takes everything that is reserved" in page
    assert "1 that was not reserved" in queue(manager, pending, "B").json()["parts"]["manifest"]
    page = words(scan(manager, pending, "A"))
    assert "Next: MAIN D" in page
    assert "To fetch 1 unit MAIN" in page
    some = desk.announce("delivery_note", line(c.laptop, quantity=1, source=c.a01), party=c.hafen)
    page = words(manager.get(at(some)))
    assert "1 × LAPTOP" in page
    assert "Any of them, from A-01. Which are there?" in page
    assert "posting takes everything" not in page


def test_a_check_names_everything_that_is_in_the_way(desk: Desk, manager: Client) -> None:
    document = receipt(desk)
    scan(manager, document, "S1")
    assert "It can be posted as it is." in words(manager.get(at(document, "/check")))
    desk.receive("S1", day=None)
    page = words(manager.get(at(document, "/check")))
    assert "S1" in page
    assert "What is in the way" in page
    assert manager.post(at(document, "/post")).status_code == 422


def test_a_posted_document_is_reversed_or_the_later_ones_are_listed(
    desk: Desk, manager: Client, client_of: Callable[..., Client]
) -> None:
    posted = desk.receive("A B")
    sale = desk.deliver("A")
    page = manager.post(at(posted, "/reverse"), {"reason": "wrong"})
    assert page.status_code == 422
    assert f"/documents/{sale.number}" in page.text
    assert "is reversed" not in words(page)
    manager.post(at(sale, "/reverse"), {"reason": "not wanted"})
    done = manager.post(at(posted, "/reverse"), {"reason": "wrong"}, follow=True)
    assert "Reversed: everything is back where it was." in words(done)
    left = words(manager.get("/units/LAPTOP/A"))
    assert "Registered" in left, "it never came in: neither with a repairer nor ours"
    assert "what brought it in was reversed" in left
    assert "Owner" not in left
    assert "Purchase receipt, reversed" in words(manager.get("/movements/"))
    assert client_of(desk.cast.operator).get(at(posted, "/reverse")).status_code == 403


def test_head_and_lines_are_changed_copied_cancelled(desk: Desk, manager: Client) -> None:
    c = desk.cast
    document = receipt(desk)
    assert manager.get(at(document, "/edit")).status_code == 200
    manager.post(at(document, "/edit"), {"party": "ACME", "target": "SHOP", "reference": "PO-7"})
    document.refresh_from_db()
    assert (document.party_id, document.reference) == (c.acme.pk, "PO-7")
    added = manager.post(at(document, "/lines/new"), {"item": "CABLE", "quantity": "2.5", "cost": "1.20"})
    assert added.status_code == 302
    row = document.lines.get(position=2)
    assert (row.quantity, row.cost, row.target_id) == (2500, 12000, c.shop.pk)
    manager.post(at(document, "/lines/2"), {"quantity": "3", "cost": "", "missing": ""})
    row.refresh_from_db()
    assert (row.quantity, row.cost) == (3000, None)
    assert manager.post(at(document, "/lines/2"), {"quantity": "-3"}).status_code == 422
    assert manager.get(at(document, "/lines/9")).status_code == 404
    manager.post(at(document, "/lines/2/remove"))
    assert document.lines.count() == 1
    another = {"item": "CABLE", "quantity": "1", "then": "another"}
    again = manager.post(at(document, "/lines/new"), another, follow=True)
    assert "CABLE is on it." in words(again)
    assert "Add, and another" in words(again)
    manager.post(at(document, "/lines/2/remove"))
    manager.post(at(document, "/copy"))
    assert Document.objects.exclude(pk=document.pk).get().lines.get().item == c.laptop
    manager.post(at(document, "/confirm"))
    cancelled = manager.post(at(document, "/cancel"), {"reason": "no"}, follow=True)
    assert "Cancelled" in words(cancelled)


def test_it_is_printed_with_all_its_serials(desk: Desk, manager: Client) -> None:
    import pypdfium2

    posted = desk.receive([f"SN-{number:05}" for number in range(700)])
    for document in (posted, receipt(desk)):
        answer = manager.get(at(document, "/print"))
        assert answer["Content-Type"] == "application/pdf"
        data = answer.getvalue()
        pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data)]
        if document is posted:
            text = " ".join(pages)
            assert len(pages) > 1
            assert all(f"SN-{number:05}" in text for number in range(700))


def test_a_print_cuts_nothing_and_says_what_to_fetch_where(desk: Desk, manager: Client) -> None:
    import pypdfium2

    c = desk.cast
    item = desk.cast.laptop
    type(item).objects.filter(pk=item.pk).update(
        name="A laptop with a name for which one line is not enough " * 3
    )
    desk.receive("A B")
    desk.receive("D", to=c.main)
    note = "Ring twice, then wait at the gate. " * 8
    pending = desk.announce("delivery_note", line(item, "A D", price=900), party=c.hafen, note=note)
    scan(manager, pending, "A")
    data = manager.get(at(pending, "/print")).getvalue()
    text = " ".join(pypdfium2.PdfDocument(data)[0].get_textpage().get_text_range().split())
    assert note.strip() in text
    assert text.count("for which one line is not enough") == 3
    assert "900.00 EUR" in text
    assert "…" not in text
    assert text.partition("To fetch")[2].split()[:2] == ["MAIN", "Main"]
    assert "CUSTOMERS" not in text, "the kind of the document says it"


def test_a_large_posting_is_waited_for_on_its_own_page(
    desk: Desk, manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "LARGE", 1)
    work: list[Callable[[], None]] = []
    monkeypatch.setattr(runs, "start", work.append)
    document = receipt(desk)
    scan(manager, document, "S1")
    page = manager.post(at(document, "/post"), follow=True)
    assert "A document is posted whole or not at all" in words(page)
    desk.receive("S1", day=None)
    work.pop()()
    assert "S1" in words(manager.get(at(document, "/posting")))
    desk.reverse(Document.objects.get(state="posted"))
    manager.post(at(document, "/post"))
    work.pop()()
    done = manager.get(at(document, "/posting"), follow=True)
    assert "is posted" in words(done)


def test_the_pages_of_a_task_show_what_waits_and_start_a_new_one(
    desk: Desk, manager: Client, client_of: Callable[..., Client]
) -> None:
    c = desk.cast
    pending = desk.announce("purchase_receipt", line(c.laptop, "A B", target=c.a01), party=c.nordlink)
    receipt(desk)
    page = words(manager.get("/receive/"))
    assert str(pending.number) in page
    assert "0 of 2" in page
    started = manager.post("/receive/", {"party": "ACME", "target": "A-01", "id": str(uuid4())}, follow=True)
    assert "Scan an item, or a unit" in words(started)
    for address in ("/deliver/", "/move/", "/returns/", "/scan-card/"):
        assert manager.get(address).status_code == 200
        assert address == "/scan-card/" or client_of(c.viewer).get(address).status_code == 403
    with CaptureQueriesContext(connection) as few:
        manager.get("/receive/")
    for _ in range(3):
        receipt(desk)
    with CaptureQueriesContext(connection) as many:
        manager.get("/receive/")
    assert len(many) == len(few)


def test_the_returns_desk_says_what_a_unit_is_to_us_and_takes_it_back(desk: Desk, manager: Client) -> None:
    c = desk.cast
    desk.receive("P1 P2 P3", item=c.phone)
    sale = desk.deliver("P1 P2", item=c.phone, day=None)
    sold = words(manager.get("/returns/?q=P1"))
    assert "Sold by us to Hafen Clinic" in sold
    assert "Under warranty until" in sold
    assert str(sale.number) in sold
    assert "It is in our stock" in words(manager.get("/returns/?q=P3"))
    unknown = manager.get("/returns/?q=NIX")
    assert unknown.status_code == 404
    assert "It is not known here" in words(unknown)
    set_mark(desk.user, [desk.unit("P1", c.phone).key], Mark.RECALLED, "its battery burns")
    assert "Recalled : its battery burns" in words(manager.get("/returns/?q=P1")), "before it goes on a shelf"
    key = str(desk.unit("P1", c.phone).key)
    done = manager.post(
        "/returns/take-back",
        {"unit": key, "target": "BENCH", "as": "posted", "id": str(uuid4())},
        follow=True,
    )
    assert "P1 is at BENCH now" in words(done)
    assert "It came back already" in words(manager.get("/returns/?q=P1"))
    set_mark(desk.user, [desk.unit("P2", c.phone).key], Mark.STOLEN, "police 18")
    stolen = words(manager.get("/returns/?q=P2"))
    assert "Marked as stolen" in stolen
    assert "police 18" in stolen
    key = str(desk.unit("P2", c.phone).key)
    refused = manager.post("/returns/take-back", {"unit": key, "target": "BENCH"})
    assert refused.status_code == 422
    assert manager.post("/returns/take-back", {"unit": "x"}).status_code == 302


def test_who_may_not_write_it_reads_a_draft_a_page_at_a_time(
    desk: Desk, manager: Client, client_of: Callable[..., Client]
) -> None:
    c = desk.cast
    lines = [line(c.laptop, "T1 T2", target=c.a01), line(c.phone, quantity=0, target=c.a01)]
    document = desk.create("purchase_receipt", *lines, party=c.nordlink)
    manager.post(at(document, "/list"), {"line": "2", "entry": "P001..P150"})
    viewer = client_of(c.viewer)
    first, second = words(viewer.get(at(document))), words(viewer.get(at(document, "?page=2")))
    assert "T1 T2 PHONE P001" in first
    assert "P098" in first
    assert "P099" not in first
    assert "P099" in second
    assert "P150" in second
    assert "Scan serial numbers" not in first


def test_a_draft_of_many_opens_with_as_few_queries_as_one_of_few(desk: Desk, manager: Client) -> None:
    document = receipt(desk)
    scan(manager, document, "S1")
    with CaptureQueriesContext(connection) as few:
        manager.get(at(document))
    manager.post(at(document, "/list"), {"line": "1", "entry": "L-0001..L-3000"})
    with CaptureQueriesContext(connection) as many:
        page = manager.get(at(document))
    assert len(many) <= len(few)
    assert len(page.content) < 150_000
    assert "3,001" in words(page)
