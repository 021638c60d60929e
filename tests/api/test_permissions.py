"""The permission matrix: role × operation × own or foreign location. Refused is what the role lacks, and nothing else."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest

from seriatim.accounts.roles import ROLES
from seriatim.accounts.scopes import SCOPES
from seriatim.api.operations import OPERATIONS, UNASKED, Operation
from seriatim.catalog.services import restrict_to
from seriatim.documents.services import submit
from seriatim.kernel.kinds import KINDS
from seriatim.series.blocks import Holder, reserve_block
from seriatim.series.services import define
from tests.api.conftest import Answer, Program, Programs, program_of, receipt
from tests.support.cast import Cast
from tests.support.desk import Desk, draft, line

pytestmark = pytest.mark.engine_free

#: Something that is there for every parameter of a path.
NAMES = {
    "path:code": "LAPTOP", "code": "RUN", "path:item": "LAPTOP", "item": "LAPTOP", "path:serial": "S-1",
    "name": str(uuid4()), "position": "1", "id": "1", "type": "imei", "path:value": "490154203237518",
    "subject": "item", "delivery": "1",
}  # fmt: skip


def _path(one: Operation) -> str:
    path = one.path
    for name, value in NAMES.items():
        path = path.replace(f"{{{name}}}", value)
    assert "{" not in path
    return path


def _asked(program: Program, one: Operation) -> Answer:
    return program.ask(one.method, _path(one), {} if one.writes else None)


def test_role_by_operation(programs: Programs) -> None:
    """Whoever lacks the declared right is refused with it, whatever they send; whoever has it gets further."""
    wrong = []
    for role, rights in ROLES.items():
        program = programs({"administrator": "admin"}.get(role, role))
        for one in OPERATIONS.values():
            if one.takes in UNASKED:
                continue
            answer = _asked(program, one)
            refused = answer.status == 403
            if refused is (one.takes in rights) or answer.status >= 500:
                wrong.append(f"{role} {one.method} {one.path}: {answer.status}")
            if refused:
                assert answer.data["facts"]["right"] == one.takes
    assert wrong == []


def test_scope_by_operation(programs: Programs) -> None:
    """A token lets through what its scopes say, though its user may do everything."""
    wrong = []
    for code, scope in SCOPES.items():
        program = programs("admin", code)
        for one in OPERATIONS.values():
            if one.takes in UNASKED:
                continue
            answer = _asked(program, one)
            if (answer.status == 403) is (one.takes in scope.rights):
                wrong.append(f"{code} {one.method} {one.path}: {answer.status}")
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_role_by_kind(programs: Programs, role: str) -> None:
    """Documents take the right of their kind."""
    program = programs({"administrator": "admin"}.get(role, role))
    for kind in KINDS.values():
        said = {"kind": kind.code, "lines": [{"item": "LAPTOP", "serials": ["S-1"]}]}
        status = program.post("/documents", said).status
        assert (status == 403) is (kind.right not in ROLES[role]), (kind.code, status)


def _states(desk: Desk) -> dict[str, Any]:
    """A draft, a pending and a posted delivery, and goods that wait."""
    desk.receive("S-1 S-2 S-3 S-4", day=1)
    return {
        "draft": desk.create("delivery_note", line(desk.cast.laptop, "S-1"), party=desk.cast.hafen),
        "pending": desk.announce("delivery_note", line(desk.cast.laptop, "S-2"), party=desk.cast.hafen),
        "posted": desk.deliver("S-3", day=2),
        "waiting": desk.receive((), quantity=2, missing="wait", day=2),
    }


ACTS: dict[str, tuple[str, str, str, dict[str, Any], frozenset[str]]] = {
    "change": (
        "PUT",
        "draft",
        "",
        {"kind": "delivery_note", "party": "HAFEN", "lines": [{"item": "LAPTOP", "serials": ["S-4"]}]},
        frozenset({"deliver"}),
    ),
    "amend": ("PATCH", "draft", "/lines/1", {"serials": ["S-4"]}, frozenset({"deliver"})),
    "add a line": ("POST", "draft", "/lines", {"item": "LAPTOP", "serials": ["S-4"]}, frozenset({"deliver"})),
    "scan": ("POST", "draft", "/scans", {"scans": [{"text": "S-4"}]}, frozenset({"deliver"})),
    "remove a line": ("DELETE", "draft", "/lines/1", {}, frozenset({"deliver"})),
    "try": ("POST", "draft", "/preview", {}, frozenset({"deliver"})),
    "confirm": ("POST", "draft", "/confirm", {}, frozenset({"deliver"})),
    "post": ("POST", "pending", "/post", {}, frozenset({"deliver"})),
    "cancel": ("POST", "pending", "/cancel", {}, frozenset({"deliver"})),
    "reverse": ("POST", "posted", "/reverse", {}, frozenset({"deliver", "reverse"})),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", ROLES)
def test_role_by_what_is_done_to_a_document(cast: Cast, programs: Programs, role: str, act: str) -> None:
    papers = _states(Desk(cast, cast.manager))
    method, state, path, said, takes = ACTS[act]
    program = programs({"administrator": "admin"}.get(role, role))
    answer = program.ask(method, f"/documents/{papers[state].pk}{path}", said)
    done = {"add a line": 201, "remove a line": 204}.get(act, 200)
    assert answer.status == (done if takes <= set(ROLES[role]) else 403), answer.body


@pytest.mark.parametrize("role", ROLES)
def test_role_by_allocation(cast: Cast, programs: Programs, role: str) -> None:
    waiting = _states(Desk(cast, cast.manager))["waiting"]
    program = programs({"administrator": "admin"}.get(role, role))
    said = {"line": waiting.lines.get().pk, "serials": ["N-1"]}
    answer = program.post("/allocations", said)
    assert answer.status == (201 if "receive" in ROLES[role] else 403), answer.body


def test_own_and_foreign_locations(cast: Cast) -> None:
    """Somebody who may work at A-01 only: the same acts, there and elsewhere."""
    desk = Desk(cast, cast.manager)
    foreign = desk.receive("F-1 F-2 F-3", to=cast.a02, day=1)
    desk.receive("O-1 O-2 O-3", to=cast.a01, day=1)
    waiting = {
        "own": desk.receive((), quantity=1, missing="wait", to=cast.a01, day=1),
        "foreign": desk.receive((), quantity=1, missing="wait", to=cast.a02, day=1),
    }
    other_draft = desk.create("delivery_note", line(cast.laptop, "F-1"), party=cast.hafen)
    restrict_to(user=cast.admin, whom=cast.manager, locations=[cast.a01])
    program = program_of(cast.manager)

    def delivery(serial: str, **more: Any) -> Answer:
        one = {"item": "LAPTOP", "serials": [serial]}
        return program.post("/documents", {"kind": "delivery_note", "party": "HAFEN", "lines": [one], **more})

    def transfer(serial: str, to: str) -> Answer:
        one = {"item": "LAPTOP", "serials": [serial], "to": to}
        return program.post("/documents", {"kind": "transfer", "lines": [one], "post": True})

    allowed = [
        program.post("/documents", receipt("N-1")),
        delivery("O-1", post=True),
        delivery("O-2", pending=True),
        program.post("/allocations", {"line": waiting["own"].lines.get().pk, "serials": ["W-1"]}),
    ]
    refused = [
        program.post("/documents", receipt("N-2", line={"to": "A-02"})),
        delivery("F-2", post=True),
        delivery("F-3", pending=True),
        transfer("O-3", "A-02"),
        transfer("F-2", "A-01"),
        program.post(f"/documents/{other_draft.pk}/post", {}),
        program.post(f"/documents/{other_draft.pk}/confirm", {}),
        program.post(f"/documents/{other_draft.pk}/preview", {}),
        program.post(f"/documents/{foreign.pk}/reverse", {}),
        program.post(f"/documents/{foreign.pk}/files?name=x", b"x"),
        program.post("/units/LAPTOP/F-1/files?name=x", b"x"),
        program.post("/allocations", {"line": waiting["foreign"].lines.get().pk, "serials": ["W-2"]}),
    ]
    assert [answer.status for answer in allowed] == [201] * len(allowed), [a.body for a in allowed]
    assert [answer.status for answer in refused] == [403] * len(refused), [a.body for a in refused]
    assert {answer.data["facts"]["location"] for answer in refused} == {"A-02"}
    own = allowed[1].data["id"]
    assert program.post(f"/documents/{own}/reverse", {}).status == 200


#: What is said of a unit, of what holds it, of a block and of a location: method, path, body, the status if it is done.
AT_A_PLACE: list[tuple[str, str, Any, int]] = [
    (
        "POST",
        "/marks",
        {"mark": "held", "reason": "why", "units": [{"item": "LAPTOP", "serial": "{tag}-1"}]},
        200,
    ),
    (
        "POST",
        "/marks/clear",
        {"mark": "held", "reason": "why", "units": [{"item": "LAPTOP", "serial": "{tag}-1"}]},
        200,
    ),
    ("PATCH", "/units/LAPTOP/{tag}-1", {"note": "scratched"}, 200),
    ("POST", "/units/LAPTOP/{tag}-1/identifiers", {"type": "manufacturer_serial", "value": "M-1"}, 201),
    ("DELETE", "/units/LAPTOP/{tag}-1/identifiers/manufacturer_serial/M-1", None, 204),
    ("PATCH", "/documents/{pending}/lines/1", {"serials": ["{tag}-2"]}, 200),
    ("POST", "/documents/{pending}/cancel", {}, 200),
    ("POST", "/documents/{posted}/reverse", {}, 200),
    ("POST", "/blocks", {"series": "RUN", "count": 5, "location": "{place}"}, 201),
    ("POST", "/blocks/{block}/return", {"void": False}, 200),
    ("PATCH", "/locations/{place}", {"name": "Renamed"}, 200),
    ("PUT", "/locations/{place}", {"name": "Renamed again"}, 200),
    ("PUT", "/locations/{tag}-PUT", {"name": "New", "parent": "{place}"}, 201),
    ("POST", "/locations", {"code": "{tag}-NEW", "name": "New", "parent": "{place}"}, 201),
]


def test_what_stands_at_own_and_foreign_locations(cast: Cast) -> None:
    """Marks, records, further numbers, what is held, blocks, locations: somebody who may work at A-01 only."""
    desk = Desk(cast, cast.manager)
    run = define(user=cast.manager, code="RUN", pattern="RUN-{seq:4}")
    names = {}
    for tag, place in (("O", cast.a01), ("F", cast.a02)):
        desk.receive([f"{tag}-{number}" for number in range(1, 4)], to=place, day=1)
        names[tag] = {
            "{tag}": tag,
            "{place}": place.code,
            "{pending}": desk.announce(
                "delivery_note", line(cast.laptop, f"{tag}-2"), party=cast.hafen
            ).number,
            "{posted}": desk.deliver(f"{tag}-3", day=2).number,
            "{block}": str(
                reserve_block(user=cast.manager, series=run, holder=Holder(location=place), count=5).pk
            ),
        }
    restrict_to(user=cast.admin, whom=cast.manager, locations=[cast.a01])
    program = program_of(cast.manager)

    def asked(tag: str, method: str, path: str, said: Any) -> Answer:
        texts = [path, json.dumps(said)]
        for name, value in names[tag].items():
            texts = [text.replace(name, str(value)) for text in texts]
        return program.ask(method, texts[0], json.loads(texts[1]))

    for method, path, said, done in AT_A_PLACE:
        refused = asked("F", method, path, said)
        assert (refused.status, refused.data["facts"].get("location")) == (403, "A-02"), (path, refused.body)
        allowed = asked("O", method, path, said)
        assert allowed.status == done, (path, allowed.body)
    # Seeing is not limited by place.
    assert program.get("/units/LAPTOP/F-1").status == 200


def test_what_is_known_of_a_document_without_looking_is_nothing(cast: Cast) -> None:
    """A token that may write and not read gets its own answers, and no others."""
    paper = submit(
        user=cast.manager,
        draft=draft("purchase_receipt", line(cast.laptop, "S-1", target=cast.a01), party=cast.nordlink),
    )
    program = program_of(cast.manager, "documents")
    assert program.get(f"/documents/{paper.number}").status == 403
    assert program.post("/documents", receipt("S-2")).status == 201
