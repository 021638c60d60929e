"""Every operation, asked with whatever its description allows and with what it does not: no 5xx, no answer outside it.

Short here; `make soak` does it for long (SERIATIM_TEST_FUZZ: examples of each operation and sort).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from seriatim.accounts.scopes import SCOPES
from seriatim.accounts.tokens import create_token
from seriatim.api.openapi import described
from seriatim.api.operations import OPERATIONS
from seriatim.api.urls import api
from tests.support.cast import Cast
from tests.support.desk import Desk, line

EXAMPLES = int(os.environ.get("SERIATIM_TEST_FUZZ", "1"))
CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    allow_header_conformance,
]
#: Names that are there: random ones alone would be answered with 404 for ever.
KNOWN: dict[str, tuple[str, ...]] = {
    "code": ("LAPTOP", "CABLE", "A-01", "MAIN", "HAFEN", "NORDLINK", "RUN", "OWN", "DOCK"),
    "item": ("LAPTOP", "PHONE", "CABLE"),
    "serial": ("S-1", "S-2", "S-3"),
    "series": ("RUN",),
    "kind": ("purchase_receipt", "delivery_note", "transfer", "material_issue", "loan_out"),
    "party": ("HAFEN", "NORDLINK"),
    "location": ("A-01", "MAIN", "BENCH"),
    "from": ("A-01", "A-02"),
    "to": ("A-01", "A-02", "SHOP"),
    "serials": ("S-1", "S-1..S-3", "N-1..N-3"),
    "mark": ("held", "lost"),
    "date": ("2026-06-01", "2026-06-01T12:00"),
    "template": ("unit-57x32", "unit-l7160", "item-57x32", "location-100x50"),
    "items": ("LAPTOP", "PHONE"),
    "locations": ("MAIN", "A-01"),
    "subject": ("item", "unit"),
    "roles": ("viewer", "operator"),
    "rights": ("look", "move"),
    "events": ("document.posted", "unit.stolen_scanned"),
    "url": ("https://93.184.215.14/hook",),
    "as_of": ("2026-06-01", "0001-01-01", "9999-12-31T23:59:59-14:00"),
}


@pytest.fixture
def house(real_cast: Cast) -> Cast:
    """Something in every list: units here and sold, goods that wait, a reservation, a series, a block, a mark."""
    from seriatim.catalog.services import define_field
    from seriatim.kernel.marks import Mark
    from seriatim.labels import services as labels
    from seriatim.labels.selectors import template
    from seriatim.ledger.marks import set_mark
    from seriatim.series import blocks, services

    desk = Desk(real_cast, real_cast.manager)
    series = services.define(user=real_cast.manager, code="RUN", pattern="R-{seq:4}")
    services.attach(user=real_cast.manager, item=real_cast.phone, series=series)
    blocks.reserve_block(user=real_cast.manager, series=series, holder=blocks.Holder(name="Fair"), count=10)
    desk.receive("S-1 S-2 S-3 S-4", day=1)
    desk.receive((), quantity=3, missing="wait", day=1)
    desk.receive((), item=real_cast.cable, quantity=20, day=1)
    desk.deliver("S-3", day=2)
    desk.announce("delivery_note", line(real_cast.laptop, "S-4"), party=real_cast.hafen)
    set_mark(real_cast.manager, [desk.unit("S-2").key], Mark.HELD, "seal")
    define_field(user=real_cast.manager, subject="item", name="colour")
    labels.create_template(
        user=real_cast.manager, code="OWN", name="Own", body=template("item-57x32").as_dict()
    )
    labels.create_printer(user=real_cast.admin, code="DOCK", host="192.0.2.17")
    return real_cast


def _operations() -> Iterator[Any]:
    found: Any
    for found in schemathesis.openapi.from_dict(described(api)).get_all_operations():
        yield found.ok()


def _with_known(case: Any, draw: Callable[[Any], Any]) -> None:
    """Put names that are there into half of the places where names are asked for."""

    def put(part: Any) -> None:
        if isinstance(part, list):
            for one in part[:5]:
                put(one)
        if not isinstance(part, dict):
            return
        for name, value in list(part.items()):
            if name in KNOWN and isinstance(value, str) and draw(st.booleans()):
                part[name] = draw(st.sampled_from(KNOWN[name]))
            elif name in KNOWN and isinstance(value, list) and draw(st.booleans()):
                part[name] = [
                    draw(st.sampled_from(KNOWN[name])) if isinstance(one, str) else one for one in value
                ]
                put(part[name])
            else:
                put(value)

    for part in (case.path_parameters, case.query, case.body):
        put(part)


def _fuzz(operation: Any, url: str, sessions: list[requests.Session], mode: GenerationMode) -> int:
    count = 0

    @seed(20261120)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
    def ask(case: Any, data: Any) -> None:
        nonlocal count
        _with_known(case, data.draw)
        for session in sessions:
            answer = case.call(base_url=url, session=session)
            case.validate_response(answer, checks=CHECKS)
            count += 1

    cast("Callable[[], None]", ask)()
    return count


@pytest.mark.engine_free
@pytest.mark.filterwarnings("default")
def test_whatever_is_asked_by_whom_is_answered_as_described(house: Cast, real_server: str) -> None:
    """Every role asks the same, the one that may least first: what it is refused, the others then do.

    In the short run those that may least and most; what the others may is asked in ``test_permissions``.
    """
    sessions = []
    everybody = (house.viewer, house.operator, house.manager, house.admin)
    for user in everybody if EXAMPLES > 1 else (house.viewer, house.admin):
        secret = create_token(by=user, user=user, name="x", scopes=list(SCOPES)).secret
        sessions.append(requests.Session())
        sessions[-1].headers["Authorization"] = f"Bearer {secret}"
    asked, wrong = 0, []
    for operation in _operations():
        modes = [(GenerationMode.POSITIVE, sessions), (GenerationMode.NEGATIVE, sessions[-1:])]
        if EXAMPLES == 1 and operation.method.upper() == "GET":
            # What is wrong behind a question mark is asked of every list by name; here in the long run only.
            modes.pop()
        for mode, who in modes:
            try:
                asked += _fuzz(operation, real_server, who, mode)
            except Unsatisfiable:
                # Nothing that is said can be wrong where nothing is to be said.
                continue
            except BaseExceptionGroup as failures:
                # The long run is not to end with the first.
                wrong.append("\n".join(str(one) for one in failures.exceptions))
    for session in sessions:
        session.close()
    assert wrong == []
    assert asked >= len(OPERATIONS) * len(sessions)
