"""Every refusal that a document can earn is earned here, with all that it names; and which of several leads."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.utils import timezone

from seriatim.catalog.models import Item, Location, LocationGrant, Party, SerialUniqueness, Site
from seriatim.documents import services
from seriatim.kernel import refusals
from seriatim.kernel.marks import Mark
from seriatim.kernel.refusals import PRECEDENCE, Case, Refusal, first_of
from seriatim.ledger.bulk import Conflict
from seriatim.ledger.marks import set_mark
from seriatim.ledger.records import register_unit
from tests.support.desk import Desk, day, draft, first_line, line, refused, said, unit

#: Refusals that are proved where their packages are.
ELSEWHERE = {
    "pattern_refused": "tests/series",
    "series_exhausted": "tests/series",
    "block_unavailable": "tests/series",
    "block_not_theirs": "tests/series",
    "near_twin": "tests/documents/test_twins.py",
    "not_on_document": "tests/documents/test_scans.py",
    "item_unclear": "tests/documents/test_scans.py",
    "scans_open": "tests/documents/test_scans.py",
    "scan_misread": "tests/scanning/test_into_documents.py",
    "scan_unclear": "tests/scanning/test_into_documents.py",
    "scan_without_unit": "tests/scanning/test_into_documents.py",
    "changed_meanwhile": "tests/accounts/test_people.py",
    "has_components": "tests/documents/test_posting_components.py",
}

Provoked = Callable[[Desk], Refusal]
PROVOKED: dict[str, Provoked] = {}


def provokes(code: str) -> Callable[[Provoked], Provoked]:
    def note(function: Provoked) -> Provoked:
        PROVOKED[code] = function
        return function

    return note


def move(
    desk: Desk, serials: str, to: Location | None = None, *, on: float | None = 5, **more: Any
) -> Refusal:
    """A transfer of laptops that is refused."""
    asked = line(desk.cast.laptop, serials, target=to or desk.cast.a02, **more)
    return refused(desk.post, "transfer", asked, date=None if on is None else day(on))


def named(refusal: Refusal) -> list[tuple[str, str, str]]:
    """Serial, place and holder of every case, in the order of serials."""
    return sorted((case.serial, case.place, case.holder) for case in refusal.cases)


@pytest.mark.parametrize("cls", PRECEDENCE, ids=lambda cls: cls.code)
def test_every_refusal_is_provoked_by_a_document(desk: Desk, cls: type[Refusal]) -> None:
    if cls.code in ELSEWHERE:
        assert cls.code not in PROVOKED
        return
    assert cls.code in PROVOKED, "a refusal that no test provokes may be one that nothing gives"
    refusal = PROVOKED[cls.code](desk)
    assert type(refusal) is cls


@provokes("not_permitted")
def _(desk: Desk) -> Refusal:
    LocationGrant.objects.create(user=desk.user, location=desk.cast.shop)
    asked = line(desk.cast.laptop, "A", target=desk.cast.a01)
    refusal = refused(desk.post, "purchase_receipt", asked, party=desk.cast.nordlink)
    assert [case.place for case in refusal.cases] == ["A-01"]
    # Who may not work at a place may not take from there either, though the line leaves it open.
    LocationGrant.objects.all().delete()
    desk.receive("A")
    LocationGrant.objects.create(user=desk.user, location=desk.cast.shop)
    return move(desk, "A", desk.cast.shop)


@provokes("not_found")
def _(desk: Desk) -> Refusal:
    lost = draft("transfer").id
    refusal = refused(services.post, user=desk.user, document_id=lost)
    assert refusal.facts == {"what": "document", "name": str(lost)}
    wrong = (
        ("item", draft("transfer", replace(line(desk.cast.laptop, "A"), item=987654))),
        ("location", draft("transfer", replace(line(desk.cast.laptop, "A"), target=987654))),
        ("line", draft("transfer", replace(line(desk.cast.laptop, "A"), source_line=987654))),
        ("party", replace(draft("transfer", line(desk.cast.laptop, "A")), party=987654)),
    )
    for what, asked in wrong:
        assert refused(services.submit, user=desk.user, draft=asked).facts == {"what": what, "name": "987654"}
    return refused(desk.post, "no_such_kind")


@provokes("invalid")
def _(desk: Desk) -> Refusal:
    laptop = desk.cast.laptop
    for asked in (
        line(laptop, "A", role="nonsense"),
        line(laptop, "A", missing="nonsense"),
        line(laptop, "A", lot="x" * 61),
        replace(line(laptop, "A"), cost=-1),
        replace(line(laptop, "A"), quantity=10**18),
        line(laptop, units=(unit("A", identifiers={"nonsense": "1"}),)),
    ):
        assert isinstance(refused(desk.create, "transfer", asked), refusals.Invalid)
    assert isinstance(refused(desk.create, "transfer", with_stock="posted"), refusals.Invalid)
    pending = desk.announce("purchase_receipt", line(laptop, "A", target=desk.cast.a01), party=desk.cast.acme)
    return refused(desk.post_it, pending, rest="nonsense")


@provokes("in_use")
def _(desk: Desk) -> Refusal:
    desk.receive((), item=desk.cast.cable, quantity=1)
    paper = desk.post("serialize_stock", line(desk.cast.cable, quantity=1), date=day(2))
    desk.reverse(desk.post("allocation", line(desk.cast.cable, "C", of=first_line(paper)), date=day(3)))
    return refused(desk.reverse, paper)


@provokes("id_conflict")
def _(desk: Desk) -> Refusal:
    paper = desk.receive("A")
    return refused(desk.receive, "B", id=paper.pk)


@provokes("wrong_state")
def _(desk: Desk) -> Refusal:
    paper = desk.receive("A")
    refusal = refused(desk.cancel, paper)
    assert refusal.facts == {"state": "posted", "action": "cancel", "number": paper.number}
    return refused(services.confirm, user=desk.user, document_id=paper.pk)


@provokes("no_lines")
def _(desk: Desk) -> Refusal:
    return refused(desk.post, "purchase_receipt", party=desk.cast.nordlink)


@provokes("future_date")
def _(desk: Desk) -> Refusal:
    desk.receive("A")
    asked = line(desk.cast.laptop, "A", target=desk.cast.a02)
    return refused(desk.post, "transfer", asked, date=timezone.now() + timedelta(minutes=5))


@provokes("party_missing")
def _(desk: Desk) -> Refusal:
    refusal = refused(desk.post, "purchase_receipt", line(desk.cast.laptop, "A", target=desk.cast.a01))
    assert refusal.facts == {"roles": "customer,supplier"}
    return refusal


@provokes("party_wrong_role")
def _(desk: Desk) -> Refusal:
    desk.receive("A")
    refusal = refused(desk.deliver, "A", party=desk.cast.nordlink)
    assert refusal.facts == {"party": "NORDLINK", "roles": "customer"}
    return refusal


@provokes("archived")
def _(desk: Desk) -> Refusal:
    c = desk.cast
    desk.receive("A")
    Item.objects.filter(pk=c.laptop.pk).update(archived_at=timezone.now())
    refusal = refused(desk.receive, "B", day=2)
    assert refusal.facts == {"what": "item", "name": "LAPTOP"}
    # What is there may still go.
    desk.move("A", c.a02)
    Item.objects.update(archived_at=None)
    Party.objects.filter(pk=c.acme.pk).update(archived_at=timezone.now())
    assert refused(desk.receive, "B", party=c.acme).facts == {"what": "party", "name": "ACME"}
    Location.objects.filter(pk=c.shop.pk).update(archived_at=timezone.now())
    refusal = move(desk, "A", c.shop)
    assert refusal.facts == {"what": "location", "name": "SHOP"}
    return refusal


@provokes("location_not_allowed")
def _(desk: Desk) -> Refusal:
    c = desk.cast
    bad = (
        line(c.laptop, "A"),
        line(c.laptop, "B", target=c.outside("customer")),
        line(c.laptop, "C", source=c.outside("supplier"), target=c.a01),
        line(c.laptop, "D", source=c.a01, target=c.a01),
    )
    refusal = refused(desk.post, "transfer", *bad)
    assert [(case.line, case.place, case.note) for case in refusal.cases] == [
        (1, "", "to"),
        (2, "CUSTOMERS", "to"),
        (3, "SUPPLIERS", "from"),
        (4, "A-01", "to"),
    ]
    return refusal


@provokes("item_not_stocked")
def _(desk: Desk) -> Refusal:
    c = desk.cast
    bad = (line(c.setup, quantity=1, target=c.a01), line(c.cable, "C1", target=c.a01))
    refusal = refused(desk.post, "purchase_receipt", *bad, party=c.nordlink)
    assert [(case.item, case.line) for case in refusal.cases] == [("SETUP", 1), ("CABLE", 2)]
    # What somebody borrows has to be known one by one.
    asked = line(c.cable, quantity=1, source=c.a01)
    return refused(desk.post, "loan_out", asked, party=c.hafen)


@provokes("quantity_invalid")
def _(desk: Desk) -> Refusal:
    c = desk.cast
    bad = (line(c.laptop, quantity=0, target=c.a01), line(c.laptop, "A", quantity=1.5, target=c.a01))
    refusal = refused(desk.post, "material_receipt", *bad)
    assert [(case.line, case.note) for case in refusal.cases] == [(1, "0"), (2, "1.5")]
    return refusal


@provokes("link_invalid")
def _(desk: Desk) -> Refusal:
    of = first_line(desk.receive("A"))
    bad = [line(desk.cast.laptop, quantity=count, cost=1, of=of) for count in (2, 3)]
    refusal = refused(desk.post, "vendor_bill", *bad, party=desk.cast.nordlink)
    assert [case.line for case in refusal.cases] == [1, 2]
    return refusal


@provokes("malformed_serial")
def _(desk: Desk) -> Refusal:
    refusal = refused(desk.receive, ["good", "bad\x07", "x" * 81])
    assert len(refusal.cases) == 2
    return refusal


@provokes("doubled_serial")
def _(desk: Desk) -> Refusal:
    desk.receive("A B C")
    assert said(move(desk, "A B A")) == [("doubled_serial", ["A"])]
    lines = [line(desk.cast.laptop, serials, target=desk.cast.a02) for serials in ("A B", "B C", "C")]
    refusal = refused(desk.post, "transfer", *lines)
    assert said(refusal) == [("doubled_serial", ["B", "C"])]
    return refusal


@provokes("too_many_serials")
def _(desk: Desk) -> Refusal:
    refusal = refused(desk.receive, "A B C", quantity=2)
    assert [case.note for case in refusal.cases] == ["3/2"]
    return refusal


@provokes("serials_missing")
def _(desk: Desk) -> Refusal:
    desk.receive("A")
    refusal = refused(desk.deliver, "A", quantity=3)
    assert [case.note for case in refusal.cases] == ["1/3"]
    return refusal


@provokes("over_receipt")
def _(desk: Desk) -> Refusal:
    pending = desk.announce(
        "purchase_receipt", line(desk.cast.laptop, quantity=1, target=desk.cast.a01), party=desk.cast.acme
    )
    return refused(desk.amend, pending, serials="A B")


@provokes("rest_undecided")
def _(desk: Desk) -> Refusal:
    c = desk.cast
    pending = desk.announce("purchase_receipt", line(c.laptop, quantity=2, target=c.a01), party=c.acme)
    desk.amend(pending, serials="A")
    return refused(desk.post_it, pending)


@provokes("unknown_serial")
def _(desk: Desk) -> Refusal:
    desk.receive("A")
    refusal = move(desk, "X A Y")
    assert named(refusal) == [("X", "", ""), ("Y", "", "")]
    return refusal


def _marked(desk: Desk, mark: Mark) -> Refusal:
    desk.receive("A B C")
    set_mark(desk.user, [desk.unit(serial).pk for serial in "AC"], mark, "because")
    refusal = refused(desk.deliver, "A B C", day=5)
    assert named(refusal) == [("A", "A-01", ""), ("C", "A-01", "")]
    return refusal


for _mark, _code in (
    (Mark.STOLEN, "stolen"),
    (Mark.LOST, "lost"),
    (Mark.HELD, "on_hold"),
    (Mark.QUARANTINED, "quarantined"),
    (Mark.RECALLED, "recalled"),
):
    provokes(_code)(lambda desk, mark=_mark: _marked(desk, mark))  # type: ignore[misc]


@provokes("already_in_stock")
def _(desk: Desk) -> Refusal:
    desk.receive("A B")
    desk.move("B", desk.cast.van)
    refusal = refused(desk.receive, "A N B", day=5)
    assert named(refusal) == [("A", "A-01", ""), ("B", "VAN", "")]
    return refusal


@provokes("serial_taken")
def _(desk: Desk) -> Refusal:
    Site.objects.update(serial_uniqueness=SerialUniqueness.SITE)
    desk.receive("A B", item=desk.cast.phone)
    refusal = refused(desk.receive, "A B C")
    assert [(case.serial, case.note) for case in refusal.cases] == [("A", "PHONE"), ("B", "PHONE")]
    # Two items on one paper, and the right serial of a correction, are no exceptions.
    both = [line(item, "N", target=desk.cast.a01) for item in (desk.cast.laptop, desk.cast.phone)]
    again = refused(desk.post, "purchase_receipt", *both, party=desk.cast.nordlink)
    assert [(case.serial, case.item, case.note) for case in again.cases] == [("N", "PHONE", "LAPTOP")]
    desk.receive("WRONG")
    asked = line(desk.cast.laptop, units=(unit("WRONG", right_serial="A"),))
    assert said(refused(desk.post, "correction", asked, date=day(5))) == [("serial_taken", ["A"])]
    return refusal


@provokes("identifier_taken")
def _(desk: Desk) -> Refusal:
    desk.receive((), units=(unit("A", identifiers={"asset_tag": "T1"}),))
    rows = (unit("B", identifiers={"asset_tag": "T1"}), unit("C", identifiers={"asset_tag": "T2"}))
    refusal = refused(desk.receive, (), units=rows)
    assert [(case.serial, case.note) for case in refusal.cases] == [("B", "asset_tag T1: A")]
    return refusal


@provokes("not_at_source")
def _(desk: Desk) -> Refusal:
    desk.receive("A B C")
    desk.deliver("B")
    desk.move("C", desk.cast.shop)
    refusal = move(desk, "A B C", source=desk.cast.a01)
    assert named(refusal) == [("B", "CUSTOMERS", "HAFEN"), ("C", "SHOP", "")]
    return refusal


@provokes("reserved")
def _(desk: Desk) -> Refusal:
    desk.receive("A B")
    pending = [
        desk.announce("delivery_note", line(desk.cast.laptop, serial), party=desk.cast.hafen)
        for serial in "AB"
    ]
    refusal = move(desk, "A B")
    cases = sorted((case.serial, case.place, case.document) for case in refusal.cases)
    assert cases == [("A", "A-01", pending[0].number), ("B", "A-01", pending[1].number)]
    return refusal


@provokes("not_ours")
def _(desk: Desk) -> Refusal:
    c = desk.cast
    desk.receive("OURS")
    desk.post("repair_in", line(c.laptop, "X", target=c.bench), party=c.hafen, date=day(2))
    desk.move("X", c.a01, day=3)
    refusal = refused(desk.deliver, "OURS X", day=5)
    assert named(refusal) == [("X", "A-01", "HAFEN")]
    return refusal


@provokes("not_theirs")
def _(desk: Desk) -> Refusal:
    c = desk.cast
    desk.receive("A")
    out = line(c.laptop, "A", target=c.outside("customer"))
    refusal = refused(desk.post, "repair_out", out, party=c.hafen, date=day(5))
    assert named(refusal) == [("A", "A-01", "")]
    desk.post("repair_in", line(c.laptop, "X", target=c.bench), party=c.hafen, date=day(2))
    out = line(c.laptop, "X", target=c.outside("customer"))
    refusal = refused(desk.post, "repair_out", out, party=c.lind, date=day(5))
    assert named(refusal) == [("X", "BENCH", "HAFEN")]
    return refusal


@provokes("not_sold_to_party")
def _(desk: Desk) -> Refusal:
    c = desk.cast
    desk.receive("A B")
    desk.deliver("A")
    desk.deliver("B", party=c.lind)
    refusal = refused(
        desk.post, "sales_return", line(c.laptop, "A B", target=c.a01), party=c.lind, date=day(5)
    )
    assert named(refusal) == [("A", "CUSTOMERS", "HAFEN")]
    return refusal


@provokes("wrong_supplier")
def _(desk: Desk) -> Refusal:
    c = desk.cast
    desk.receive("A")
    desk.receive("B", party=c.acme)
    refusal = refused(desk.post, "purchase_return", line(c.laptop, "A B"), party=c.acme, date=day(5))
    assert named(refusal) == [("A", "A-01", "NORDLINK")]
    return refusal


@provokes("not_held_by_party")
def _(desk: Desk) -> Refusal:
    c = desk.cast
    desk.receive("A")
    desk.post("loan_out", line(c.laptop, "A"), party=c.hafen, date=day(2))
    refusal = refused(desk.post, "loan_in", line(c.laptop, "A", target=c.a01), party=c.lind, date=day(5))
    assert named(refusal) == [("A", "CUSTOMERS", "HAFEN")]
    return refusal


@provokes("not_in_parent")
def _(desk: Desk) -> Refusal:
    c = desk.cast
    desk.receive("C1 C2")
    for part, parent in (("C1", "P1"), ("C2", "P2")):
        desk.post(
            "manufacture",
            line(c.laptop, part, role="component", parent=parent, parent_item=c.phone),
            line(c.phone, parent, role="output", target=c.a01),
            date=day(2),
        )
    refusal = refused(
        desk.post,
        "disassemble",
        line(c.phone, "P1", role="parent"),
        line(c.laptop, "C1 C2", role="part", parent="P1", parent_item=c.phone, target=c.a02),
        date=day(5),
    )
    assert named(refusal) == [("C2", "ASSEMBLIES", "")]
    return refusal


@provokes("out_of_order")
def _(desk: Desk) -> Refusal:
    desk.receive("A B", day=1)
    desk.move("A", desk.cast.shop, day=4)
    refusal = move(desk, "A B", on=3)
    assert [(case.serial, case.note) for case in refusal.cases] == [("A", day(4).isoformat())]
    return refusal


@provokes("not_enough")
def _(desk: Desk) -> Refusal:
    c = desk.cast
    desk.receive((), item=c.cable, quantity=3)
    lines = [line(c.cable, quantity=2, source=c.a01, target=c.a02) for _ in range(2)]
    refusal = refused(desk.post, "transfer", *lines, date=day(2))
    # What the first line takes is not there for the second.
    assert [(case.line, case.place, case.note) for case in refusal.cases] == [(2, "A-01", "1")]
    return refusal


@provokes("not_enough_waiting")
def _(desk: Desk) -> Refusal:
    c = desk.cast
    desk.receive((), quantity=2)
    refusal = refused(
        desk.post, "transfer", line(c.laptop, quantity=3, source=c.a01, target=c.a02), date=day(2)
    )
    assert [(case.item, case.place, case.note) for case in refusal.cases] == [("LAPTOP", "A-01", "2")]
    return refusal


@provokes("negative_later")
def _(desk: Desk) -> Refusal:
    c = desk.cast
    desk.receive((), item=c.cable, quantity=3, day=4)
    return refused(desk.post, "transfer", line(c.cable, quantity=3, source=c.a01, target=c.a02), date=day(2))


@provokes("later_documents")
def _(desk: Desk) -> Refusal:
    paper = desk.receive("A")
    later = [desk.move("A", place, day=number) for number, place in ((3, desk.cast.a02), (4, desk.cast.shop))]
    refusal = refused(desk.reverse, paper)
    assert [case.document for case in refusal.cases] == [one.number for one in later]
    return refusal


@provokes("busy")
def _(desk: Desk) -> Refusal:
    with patch("seriatim.documents.services.post_document", side_effect=Conflict) as post:
        refusal = refused(desk.receive, "A")
    assert post.call_count == 4
    return refusal


# --- which of several leads -------------------------------------------------------------------------------


def test_a_unit_with_several_faults_is_named_by_the_most_telling_and_the_others_follow_as_they_are_cured(
    desk: Desk,
) -> None:
    """Stolen, lost, elsewhere, held for another, on hold, quarantined, recalled, and too late: one after another."""
    from seriatim.ledger.marks import clear_mark

    c = desk.cast
    desk.receive("A")
    desk.move("A", c.shop, day=6)
    key = desk.unit("A").pk
    pending = desk.announce("delivery_note", line(c.laptop, "A"), party=c.hafen)
    marks = (Mark.STOLEN, Mark.LOST, Mark.HELD, Mark.QUARANTINED, Mark.RECALLED)
    for mark in marks:
        set_mark(desk.user, [key], mark, "because")

    def ask(source: Location) -> list[tuple[str, list[str]]]:
        return said(refused(desk.deliver, "A", day=5, source=source))

    assert ask(c.a01) == [("stolen", ["A"])]
    clear_mark(desk.user, [key], Mark.STOLEN, "found")
    assert ask(c.a01) == [("lost", ["A"])]
    clear_mark(desk.user, [key], Mark.LOST, "found")
    assert ask(c.a01) == [("not_at_source", ["A"])]
    assert ask(c.shop) == [("reserved", ["A"])]
    desk.cancel(pending)
    for mark, code in (
        (Mark.HELD, "on_hold"),
        (Mark.QUARANTINED, "quarantined"),
        (Mark.RECALLED, "recalled"),
    ):
        assert ask(c.shop) == [(code, ["A"])]
        clear_mark(desk.user, [key], mark, "fine")
    assert ask(c.shop) == [("out_of_order", ["A"])]


def test_units_with_different_faults_are_all_named_in_the_order_of_precedence(desk: Desk) -> None:
    c = desk.cast
    desk.receive("STOLEN GONE HELD LATE RESERVED GOOD")
    desk.deliver("GONE")
    desk.move("LATE", c.shop, day=9)
    desk.announce("delivery_note", line(c.laptop, "RESERVED"), party=c.hafen)
    set_mark(desk.user, [desk.unit("STOLEN").pk], Mark.STOLEN, "because")
    set_mark(desk.user, [desk.unit("HELD").pk], Mark.HELD, "because")
    lines = (line(c.laptop, "HELD LATE GOOD", target=None), line(c.laptop, "NEW STOLEN GONE RESERVED"))

    refusal = refused(desk.post, "material_issue", *lines, date=day(5))
    assert said(refusal) == [
        ("unknown_serial", ["NEW"]),
        ("stolen", ["STOLEN"]),
        ("not_at_source", ["GONE"]),
        ("reserved", ["RESERVED"]),
        ("on_hold", ["HELD"]),
        ("out_of_order", ["LATE"]),
    ]
    assert {case.serial: case.line for one in refusal.all for case in one.cases}["LATE"] == 1


def test_what_the_paper_itself_earns_is_said_at_once(desk: Desk) -> None:
    c = desk.cast
    bad = (
        line(c.setup, quantity=1, target=c.a01),
        line(c.laptop, quantity=0, target=c.a01),
        line(c.laptop, "A B", quantity=1, target=c.a01),
    )
    assert [one.code for one in refused(desk.post, "purchase_receipt", *bad).all] == [
        "party_missing",
        "item_not_stocked",
        "quantity_invalid",
        "too_many_serials",
    ]


def test_the_order_of_precedence_holds_for_any_two_refusals() -> None:
    for one, two in itertools.combinations(PRECEDENCE, 2):
        lead = first_of([two([Case(serial="2")]), one([Case(serial="1")])])
        assert (type(lead), [type(other) for other in lead.also]) == (one, [two])


def test_refusals_of_one_code_are_joined_and_their_facts_kept() -> None:
    joined = first_of(
        [
            refusals.Reserved([Case(serial="A")]),
            refusals.Stolen([Case(serial="B")]),
            refusals.Reserved([Case(serial="C")]),
        ]
    )
    assert said(joined) == [("stolen", ["B"]), ("reserved", ["A", "C"])]
    assert joined.as_dict()["also"] == [{"code": "reserved", "cases": [{"serial": "A"}, {"serial": "C"}]}]


def test_ten_thousand_bad_serials_are_all_named(desk: Desk) -> None:
    refusal = refused(desk.deliver, [f"X{number:05}" for number in range(10_000)])
    assert len(refusal.cases) == 10_000


def test_a_registered_unit_is_not_at_any_source(desk: Desk) -> None:
    register_unit(desk.user, desk.cast.laptop, "A")
    assert said(refused(desk.deliver, "A")) == [("not_at_source", ["A"])]


@pytest.mark.parametrize(
    ("kind", "end", "role"),
    [
        ("purchase_receipt", "customer", ""),
        ("repair_in", "supplier", ""),
        ("disassemble", "assembly", "part"),
    ],
)
def test_a_new_serial_comes_only_from_where_its_kind_brings_new_ones_from(
    desk: Desk, kind: str, end: str, role: str
) -> None:
    c = desk.cast
    target = c.bench if kind == "repair_in" else c.a01
    party = {"purchase_receipt": c.hafen, "repair_in": c.acme, "disassemble": None}[kind]
    asked = line(c.laptop, "N", source=c.outside(end), target=target, role=role, parent="P" if role else "")

    assert said(refused(desk.post, kind, asked, party=party)) == [("unknown_serial", ["N"])]
