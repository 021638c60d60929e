"""Who works at some locations only: role × operation × own or foreign location. A changing operation declares itself."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

import seriatim
from seriatim.accounts.models import User
from seriatim.accounts.roles import ROLES
from seriatim.catalog.models import Location
from seriatim.catalog.services import locations, restrict_to
from seriatim.catalog.suggestions import suggested_locations, suggested_workplaces
from seriatim.documents import lines, runs, services
from seriatim.documents.allocation import allocate
from seriatim.documents.drafts import DocumentDraft
from seriatim.documents.models import Document
from seriatim.documents.scans import adding, undoing
from seriatim.documents.scans.values import Sent
from seriatim.files import services as files
from seriatim.files.models import Attachment
from seriatim.files.services import Incoming
from seriatim.kernel.marks import Mark
from seriatim.kernel.refusals import NotPermitted, Refusal
from seriatim.ledger import custom, marks, records
from seriatim.ledger.models import Unit
from seriatim.reports.home import home
from seriatim.reports.marking import mark_many
from seriatim.series import blocks
from seriatim.series import services as series
from seriatim.series.blocks import Holder
from seriatim.series.models import Block, Series
from tests.support.cast import Cast
from tests.support.desk import Desk, draft, first_line, line
from tests.support.desk import unit as a_unit

pytestmark = pytest.mark.engine_free

IMEI = "490154203237518"


@dataclass
class Side:
    """What there is at a place, for every act."""

    cast: Cast
    tag: str
    place: Location
    below: Location
    archived: Location
    unit: Unit
    marked: Unit
    numbered: Unit
    pending: Document
    posted: Document
    draft: Document
    coming: Document
    waiting: Document
    correction: Document
    of_unit: Attachment
    of_document: Attachment
    run: Series
    block: Block
    built: Unit

    def serial(self, number: int) -> str:
        return f"{self.tag}-{number}"

    def new(self, name: str) -> str:
        return f"NEW-{self.tag}-{name}"


def a_side(desk: Desk, tag: str, place: Location, run: Series) -> Side:
    cast, user = desk.cast, desk.user
    serial = f"{tag}-{{}}".format
    desk.receive([serial(number) for number in range(1, 9)], to=place)
    desk.post(
        "manufacture",
        line(cast.laptop, serial(7), role="component", source=place, parent=serial(9)),
        line(cast.laptop, serial(9), role="output", target=place),
    )
    marked, numbered = desk.unit(serial(4)), desk.unit(serial(5))
    marks.set_mark(user, [marked.key], Mark.HELD, "looked at")
    records.add_identifier(user, numbered, "manufacturer_serial", "P-1")
    posted = desk.deliver(serial(3))
    text = Incoming("note.txt", [f"what is known of {tag}".encode()])
    below, archived = (
        locations.create_location(user=user, code=f"{tag}-{name}", name=name, parent=place)
        for name in ("BELOW", "OLD")
    )
    locations.archive_location(user=user, location=archived)
    return Side(
        cast=cast,
        tag=tag,
        place=place,
        below=below,
        archived=archived,
        unit=desk.unit(serial(1)),
        marked=marked,
        numbered=numbered,
        pending=desk.announce("delivery_note", line(cast.laptop, serial(2)), party=cast.hafen),
        posted=posted,
        draft=desk.create("delivery_note", line(cast.laptop, serial(6)), party=cast.hafen),
        coming=desk.announce(
            "purchase_receipt",
            line(cast.laptop, quantity=3, target=place, missing="wait"),
            party=cast.nordlink,
        ),
        waiting=desk.receive((), quantity=2, missing="wait", to=place),
        correction=desk.create(
            "correction", line(cast.laptop, serial(8), units=[a_unit(serial(8), right_serial=f"{tag}-RIGHT")])
        ),
        of_unit=files.add(user=user, subject="unit", subject_id=str(numbered.key), file=text),
        of_document=files.add(user=user, subject="document", subject_id=str(posted.pk), file=text),
        run=run,
        block=blocks.reserve_block(user=user, series=run, holder=Holder(location=place), count=5),
        built=desk.unit(serial(7)),
    )


def a_receipt(side: Side) -> DocumentDraft:
    return draft(
        "purchase_receipt",
        line(side.cast.laptop, side.new("R"), target=side.place),
        party=side.cast.nordlink,
    )


def a_file(side: Side) -> Incoming:
    return Incoming("more.txt", [f"more of {side.tag}".encode()])


Act = Callable[[User, Side], object]
_REGISTER, _MARK, _CATALOG = {"register"}, {"mark"}, {"catalog"}

#: Operation → the rights that it takes, and how it is done to what is at a place. They all ask for the place.
ACTS: dict[str, tuple[set[str], Act]] = {
    "documents.services.submit": ({"receive"}, lambda u, s: services.submit(user=u, draft=a_receipt(s))),
    "documents.services.announce": ({"receive"}, lambda u, s: services.announce(user=u, draft=a_receipt(s))),
    "documents.services.confirm": (
        {"deliver"},
        lambda u, s: services.confirm(user=u, document_id=s.draft.pk),
    ),
    "documents.services.post": ({"deliver"}, lambda u, s: services.post(user=u, document_id=s.draft.pk)),
    "documents.services.post (correction)": (
        {"adjust"},
        lambda u, s: services.post(user=u, document_id=s.correction.pk),
    ),
    "documents.services.problems": (
        {"deliver"},
        lambda u, s: raised(services.problems(user=u, document_id=s.draft.pk)),
    ),
    "documents.services.cancel": (
        {"deliver"},
        lambda u, s: services.cancel(user=u, document_id=s.pending.pk),
    ),
    "documents.services.reverse": (
        {"deliver", "reverse"},
        lambda u, s: services.reverse(user=u, document_id=s.posted.pk),
    ),
    "documents.services.amend": (
        {"deliver"},
        lambda u, s: services.amend(user=u, document_id=s.pending.pk, line=1, serials=[s.serial(2)]),
    ),
    "documents.lines.change_head": (
        {"deliver"},
        lambda u, s: lines.change_head(user=u, document_id=s.pending.pk, note="hurry"),
    ),
    "documents.lines.change_line": (
        {"deliver"},
        lambda u, s: lines.change_line(user=u, document_id=s.pending.pk, position=1, reference="X"),
    ),
    "documents.runs.post_or_start": (
        {"deliver"},
        lambda u, s: runs.post_or_start(user=u, document_id=s.draft.pk),
    ),
    "documents.scans.adding.add": (
        {"receive"},
        lambda u, s: adding.add(user=u, document_id=s.coming.pk, scans=[Sent(id=uuid4(), text=s.new("S"))]),
    ),
    "documents.scans.adding.add_list": (
        {"receive"},
        lambda u, s: adding.add_list(user=u, document_id=s.coming.pk, line=1, entry=s.new("S")),
    ),
    "documents.scans.undoing.undo_last": (
        {"receive"},
        lambda u, s: undoing.undo_last(user=u, document_id=s.coming.pk),
    ),
    "documents.scans.undoing.remove": (
        {"receive"},
        lambda u, s: undoing.remove(user=u, document_id=s.coming.pk, scans=[1]),
    ),
    "documents.scans.undoing.forget_lot": (
        {"receive"},
        lambda u, s: undoing.forget_lot(user=u, document_id=s.coming.pk),
    ),
    "documents.allocation.allocate": (
        {"receive"},
        lambda u, s: allocate(user=u, line=first_line(s.waiting).pk, serials=[s.new("A")]),
    ),
    "files.services.add": (
        _REGISTER,
        lambda u, s: files.add(user=u, subject="unit", subject_id=str(s.unit.key), file=a_file(s)),
    ),
    "files.services.add (document)": (
        {"deliver"},
        lambda u, s: files.add(user=u, subject="document", subject_id=str(s.posted.pk), file=a_file(s)),
    ),
    "files.services.remove": (_REGISTER, lambda u, s: files.remove(user=u, id=s.of_unit.pk)),
    "files.services.remove (document)": ({"deliver"}, lambda u, s: files.remove(user=u, id=s.of_document.pk)),
    "ledger.marks.set_mark": (_MARK, lambda u, s: marks.set_mark(u, [s.unit.key], Mark.STOLEN, "gone")),
    "ledger.marks.set_mark (component)": (
        _MARK,
        lambda u, s: marks.set_mark(u, [s.built.key], Mark.RECALLED, "they burn"),
    ),
    "ledger.marks.clear_mark": (_MARK, lambda u, s: marks.clear_mark(u, [s.marked.key], Mark.HELD, "fine")),
    "reports.marking.mark_many": (
        _MARK,
        lambda u, s: mark_many(
            user=u, item=s.cast.laptop, entry=s.serial(1), mark=Mark.HELD, clearing=False, reason="why"
        ),
    ),
    "ledger.records.change_record": (_REGISTER, lambda u, s: records.change_record(u, s.unit, lot="L-2")),
    "ledger.records.edit_unit": (
        _REGISTER,
        lambda u, s: records.edit_unit(u, s.unit, record={"note": "scratched"}, custom={}),
    ),
    "ledger.records.add_identifier": (
        _REGISTER,
        lambda u, s: records.add_identifier(u, s.unit, "imei", IMEI),
    ),
    "ledger.records.change_identifier": (
        _REGISTER,
        lambda u, s: records.change_identifier(u, s.numbered, "manufacturer_serial", "P-1", "P-2"),
    ),
    "ledger.records.remove_identifier": (
        _REGISTER,
        lambda u, s: records.remove_identifier(u, s.numbered, "manufacturer_serial", "P-1"),
    ),
    "ledger.custom.set_values": (_REGISTER, lambda u, s: custom.set_values(u, {s.unit.key: {}})),
    "catalog.services.locations.create_location": (
        _CATALOG,
        lambda u, s: locations.create_location(user=u, code=s.new("L"), name="New", parent=s.place),
    ),
    "catalog.services.locations.change_location": (
        _CATALOG,
        lambda u, s: locations.change_location(user=u, location=s.below, name="Renamed"),
    ),
    "catalog.services.locations.change_location (parent)": (
        _CATALOG,
        lambda u, s: locations.change_location(
            user=u, location=Location.objects.get(code="OWN-BELOW"), parent=s.place.parent or s.place
        ),
    ),
    "catalog.services.locations.archive_location": (
        _CATALOG,
        lambda u, s: locations.archive_location(user=u, location=s.below),
    ),
    "catalog.services.locations.unarchive_location": (
        _CATALOG,
        lambda u, s: locations.unarchive_location(user=u, location=s.archived),
    ),
    "catalog.services.locations.delete_location": (
        _CATALOG,
        lambda u, s: locations.delete_location(user=u, location=s.below),
    ),
    "series.blocks.reserve_block": (
        _CATALOG,
        lambda u, s: blocks.reserve_block(user=u, series=s.run, holder=Holder(location=s.place), count=1),
    ),
    "series.blocks.return_block": (_CATALOG, lambda u, s: blocks.return_block(user=u, block=s.block)),
}

#: Operations that are not limited by place, each with the reason; a module stands for all that is in it.
ELSEWHERE: dict[str, str] = {
    "accounts": "people and their rights belong to the whole site",
    "webhooks": "they tell of the whole site",
    "labels": "printing changes nothing; templates and printers belong to the whole site",
    "scanning": "reads; what a device is set to is its own",
    "catalog.services.items": "items belong to the whole site",
    "catalog.services.parties": "parties belong to the whole site",
    "catalog.services.custom_fields": "fields, and what items have in them, belong to the whole site",
    "catalog.services.site": "the site's settings",
    "catalog.services.writing": "used by the services beside it",
    "catalog.services.locations.restrict_to": "an administrator's",
    "catalog.access": "reads, or is the check itself",
    "catalog.suggestions": "reads",
    "series.services": "series belong to the whole site",
    "series.blocks.sweep": "tried below: it takes back what is everywhere",
    "documents.access": "is the check itself",
    "documents.services.create": "a draft is a wish: it changes no stock, and whoever works there confirms it",
    "documents.services.change": "of drafts only",
    "documents.lines.add_line": "of drafts only",
    "documents.lines.remove_line": "of drafts only",
    "documents.billing.bill": "makes a draft",
    "documents.lines.copy": "makes a draft",
    "documents.lines.open_document": "is the check itself",
    "documents.item_series": "items and series belong to the whole site",
    "documents.series": "series belong to the whole site",
    "documents.reversal.reverse_document": "used by documents.services.reverse",
    "documents.runs.carry_out": "posts by documents.services.post",
    "documents.scans.adding.add_as_unit": "opens its document as documents.scans.adding.add does",
    "documents.scans.undoing.answer": "opens its document as documents.scans.undoing.remove does",
    "documents.scans.undoing.take_back": "used by the services beside it",
    "documents.scans.undoing.take_back_last": "used by the services beside it",
    "documents.scans.folding": "used by the services beside it",
    "documents.scans.judging": "writes nothing",
    "exchange.imports": "writes by the services of what is imported",
    "files.selectors": "reads",
    "files.subjects": "is the check itself",
    "ledger.access": "is the check itself",
    "ledger.custom.write": "what a posted document says, whose places were asked for",
    "ledger.records.register_unit": "a unit made by hand is nowhere yet",
    "reports.home": "reads; its figures are those of the user's places",
    "reports.lists": "reads",
    "reports.selection": "reads",
}


def raised(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise refusal


def operations() -> Iterator[str]:
    """Every public function below the doors that is told who does it."""
    root = Path(seriatim.__file__).parent
    for package in ("accounts", "catalog", "series", "ledger", "documents", "exchange", "files", "labels", "reports",
                    "scanning", "webhooks"):  # fmt: skip
        for path in (root / package).rglob("*.py"):
            module = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
            for one in ast.parse(path.read_text()).body:
                if isinstance(one, ast.FunctionDef) and not one.name.startswith("_"):
                    said = {argument.arg for argument in (*one.args.args, *one.args.kwonlyargs)}
                    if said & {"user", "by"}:
                        yield f"{module}.{one.name}"


def test_every_operation_asks_for_its_place_or_says_why_not() -> None:
    asking = {name.split(" (")[0] for name in ACTS}
    known = list(operations())
    undeclared = [
        name
        for name in known
        if name not in asking and not any(name == one or name.startswith(f"{one}.") for one in ELSEWHERE)
    ]
    assert undeclared == [], "add them to ACTS, or to ELSEWHERE with the reason"
    gone = [one for one in ELSEWHERE if not any(name == one or name.startswith(f"{one}.") for name in known)]
    assert asking <= set(known)
    assert gone == []
    assert asking & set(ELSEWHERE) == set()


@pytest.fixture
def sides(cast: Cast, tmp_path: Path, settings: Settings) -> dict[str, Side]:
    """What is at A-01 in the main warehouse, and the same in the shop."""
    settings.MEDIA_ROOT = tmp_path / "files"
    desk = Desk(cast, cast.manager)
    run = series.define(user=cast.manager, code="RUN", pattern="RUN-{seq:4}")
    return {
        "own": a_side(desk, "OWN", cast.a01, run),
        "foreign": a_side(desk, "FOREIGN", cast.shop, run),
    }


def outcome(act: Act, user: User, side: Side) -> str:
    """Done, or what it was refused for: the right, the place, or anything else."""
    try:
        with transaction.atomic():
            act(user, side)
            # Whatever it did, the next one finds things as they were.
            transaction.set_rollback(True)
            return "done"
    except NotPermitted as refusal:
        return "right" if "right" in refusal.facts else "place"
    except Refusal as refusal:
        return f"{refusal.code} {refusal.facts}"


@pytest.mark.parametrize("role", ROLES)
def test_role_by_operation_by_place(cast: Cast, sides: dict[str, Side], role: str) -> None:
    user = {"administrator": cast.admin}.get(role) or getattr(cast, role)
    restrict_to(user=cast.admin, whom=user, locations=[cast.main])
    user = User.objects.get(pk=user.pk)
    wrong = []
    for name, (takes, act) in ACTS.items():
        for which, side in sides.items():
            expected = "right" if not takes <= set(ROLES[role]) else {"own": "done"}.get(which, "place")
            if (found := outcome(act, user, side)) != expected:
                wrong.append(f"{name} {which}: {found}, not {expected}")
    assert wrong == []


def test_who_is_not_restricted_does_all_of_it_everywhere(cast: Cast, sides: dict[str, Side]) -> None:
    for name, (_takes, act) in ACTS.items():
        assert {outcome(act, cast.admin, side) for side in sides.values()} == {"done"}, name


def test_what_is_at_no_place_of_ours_is_everybodys(cast: Cast, sides: dict[str, Side]) -> None:
    """Registered, sold, scrapped: whoever has the right."""
    desk = Desk(cast, cast.manager)
    registered = records.register_unit(cast.manager, cast.laptop, "NOWHERE")
    desk.post("scrap", line(cast.laptop, "FOREIGN-1", source=cast.shop, target=cast.outside("scrap")))
    sold = desk.unit("FOREIGN-3")
    restrict_to(user=cast.admin, whom=cast.operator, locations=[cast.main])
    for one in (registered, sold, desk.unit("FOREIGN-1")):
        marks.set_mark(cast.operator, [one.key], Mark.STOLEN, "so they say")
        records.change_record(cast.operator, one, note="heard of it")


def test_every_unit_that_is_elsewhere_is_named(cast: Cast, sides: dict[str, Side]) -> None:
    restrict_to(user=cast.admin, whom=cast.operator, locations=[cast.main])
    keys = [side.unit.key for side in sides.values()] + [sides["foreign"].built.key]
    with pytest.raises(NotPermitted) as refused:
        marks.set_mark(cast.operator, keys, Mark.HELD, "all of them")
    assert [(case.serial, case.place) for case in refused.value.cases] == [
        ("FOREIGN-1", "SHOP"),
        ("FOREIGN-7", "SHOP"),
    ]
    assert not Unit.objects.filter(key__in=keys, marks__gt=0).exists()


def test_blocks_are_swept_only_by_whoever_works_at_all_of_their_places(
    cast: Cast, sides: dict[str, Side]
) -> None:
    restrict_to(user=cast.admin, whom=cast.manager, locations=[cast.main])
    Block.objects.filter(pk=sides["own"].block.pk).update(expires="2026-01-02")
    assert [block.pk for block in blocks.sweep(user=cast.manager)] == [sides["own"].block.pk]
    Block.objects.filter(pk=sides["foreign"].block.pk).update(expires="2026-01-02")
    with pytest.raises(NotPermitted):
        blocks.sweep(user=cast.manager)


def test_nobody_gets_a_place_by_moving_it_below_their_own(cast: Cast) -> None:
    restrict_to(user=cast.admin, whom=cast.manager, locations=[cast.main])
    for moving in (
        lambda: locations.change_location(user=cast.manager, location=cast.shop, parent=cast.main),
        lambda: locations.change_location(user=cast.manager, location=cast.a01, parent=None),
        lambda: locations.create_location(user=cast.manager, code="ROOT", name="Root"),
        lambda: locations.change_location(
            user=cast.manager, location=cast.outside("customer"), name="Anybody"
        ),
    ):
        with pytest.raises(NotPermitted):
            moving()


def test_a_component_goes_only_into_a_unit_that_is_at_ones_own_place(cast: Cast) -> None:
    desk = Desk(cast, cast.manager)
    desk.receive("PART", to=cast.a01)
    desk.receive("BIG", to=cast.shop)
    restrict_to(user=cast.admin, whom=cast.manager, locations=[cast.main])
    build = draft("manufacture", line(cast.laptop, "PART", role="component", source=cast.a01, parent="BIG"))
    with pytest.raises(NotPermitted) as refused:
        services.submit(user=cast.manager, draft=build)
    assert [(case.serial, case.place) for case in refused.value.cases] == [("BIG", "SHOP")]


def test_what_is_built_and_taken_apart_at_ones_own_place_takes_no_other(cast: Cast) -> None:
    desk = Desk(cast, cast.manager)
    desk.receive("PART", to=cast.a01)
    restrict_to(user=cast.admin, whom=cast.manager, locations=[cast.main])
    desk.post(
        "manufacture",
        line(cast.laptop, "PART", role="component", source=cast.a01, parent="BIG"),
        line(cast.laptop, "BIG", role="output", target=cast.a01),
    )
    records.change_record(cast.manager, desk.unit("PART"), note="inside")
    desk.post(
        "disassemble",
        line(cast.laptop, "BIG", role="parent"),
        line(cast.laptop, "PART", role="part", target=cast.a02, parent="BIG"),
    )
    assert desk.where("PART") == "A-02"


def test_a_key_that_nobody_has_is_at_no_place(cast: Cast) -> None:
    restrict_to(user=cast.admin, whom=cast.operator, locations=[cast.main])
    with pytest.raises(Refusal) as refused:
        marks.set_mark(cast.operator, [UUID(int=7)], Mark.HELD, "who?")
    assert refused.value.code == "unknown_serial"


def test_figures_of_the_first_page_are_those_of_ones_own_places(cast: Cast, sides: dict[str, Side]) -> None:
    soon = timezone.localdate() + timedelta(days=3)
    desk = Desk(cast, cast.manager)
    for serial in ("OWN-1", "FOREIGN-1", "FOREIGN-2", "FOREIGN-3"):
        Unit.objects.filter(pk=desk.unit(serial).pk).update(warranty_until=soon)
    whole = home(cast.operator, today=timezone.localdate())
    assert (whole.allocations, whole.warranties, sum(whole.marks.values())) == (2, 4, 2)
    restrict_to(user=cast.admin, whom=cast.operator, locations=[cast.main])
    there = home(cast.operator, today=timezone.localdate())
    # What was sold is at no place of ours, and everybody's.
    assert (there.allocations, there.warranties, sum(there.marks.values())) == (1, 2, 1)
    kinds = {document.kind for document in there.documents}
    assert kinds <= {"purchase_receipt", "manufacture", "delivery_note", "correction"}
    own, foreign = (sides[which].waiting for which in ("own", "foreign"))
    assert own in there.documents
    assert foreign not in there.documents
    assert foreign in whole.documents
    mine = Desk(cast, cast.operator).create("transfer", line(cast.laptop, "FOREIGN-1", target=cast.shop))
    assert mine in home(cast.operator, today=timezone.localdate()).documents


def test_forms_suggest_the_places_where_one_works(cast: Cast) -> None:
    everywhere = [one.code for one in suggested_workplaces("", cast.operator)]
    assert {"MAIN", "A-01", "SHOP", "BENCH"} <= set(everywhere)
    restrict_to(user=cast.admin, whom=cast.operator, locations=[cast.main])
    assert [one.code for one in suggested_workplaces("", cast.operator)] == ["A-01", "A-02", "MAIN"]
    assert [one.code for one in suggested_workplaces("sh", cast.operator)] == []
    assert [one.code for one in suggested_locations("sh")] == ["SHOP"]
