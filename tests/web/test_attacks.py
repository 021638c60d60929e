"""What a stranger, a viewer, or somebody without costs may try at every page, and does not get."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from seriatim.accounts.backend import BACKEND
from seriatim.accounts.models import User
from seriatim.ledger.models import Unit
from seriatim.reports.lists import LISTINGS
from seriatim.web.urls import urlpatterns
from tests.support import rows
from tests.support.cast import Cast
from tests.support.desk import Desk, line
from tests.support.every_page import every_page
from tests.support.stocked import stocked

pytestmark = pytest.mark.engine_free

PAGES = {str(pattern.name): pattern for pattern in urlpatterns if isinstance(pattern, URLPattern)}
#: What a unit cost, in signs that stand nowhere else.
COST, AS_SHOWN = "7131.31", re.compile(r"7,?131\.31|71313100")


@pytest.fixture
def world(cast: Cast) -> Cast:
    stocked(cast)
    return cast


def _of(user: User, *, checks: bool = False) -> Client:
    visitor = Client(enforce_csrf_checks=checks)
    visitor.force_login(user, backend=BACKEND)
    return visitor


def _addresses() -> dict[str, str]:
    found = dict(every_page())
    for name, pattern in PAGES.items():
        parts = re.sub(r"<(?:\w+:)?(\w+)>", "1", str(pattern.pattern))
        found.setdefault(name, f"/{parts}")
    return found


def _read(visitor: Client, address: str) -> tuple[int, str]:
    answer = visitor.get(address, follow=True)
    streamed: Any = answer
    body = b"".join(streamed.streaming_content) if answer.streaming else answer.content
    if answer.get("Content-Type", "") == "application/pdf":
        with pypdfium2.PdfDocument(BytesIO(body)) as paper:
            return answer.status_code, "\n".join(page.get_textpage().get_text_range() for page in paper)
    return answer.status_code, body.decode("utf-8", "replace")


def test_costs_are_told_at_no_address(world: Cast) -> None:
    """Neither on a page, nor in a file, on paper, in a picture of a label, or as an order or filter of a list."""
    desk = Desk(world, world.manager)
    receipt = desk.post(
        "purchase_receipt",
        line(world.laptop, ["DEAR-1", "DEAR-2"], target=world.main, cost=COST),
        line(world.cable, quantity=5, target=world.main, cost=COST),
        party=world.nordlink,
    )
    draft = desk.create(
        "purchase_receipt", line(world.laptop, ["DEAR-3"], target=world.main, cost=COST), party=world.nordlink
    )
    Unit.objects.filter(serial__startswith="LT-").update(cost=71_313_100)
    rows.moved(list(Unit.objects.filter(serial="DEAR-1")), world.shop, at=rows.day(400))
    addresses = [
        *(address for name, address in every_page() if name not in ("login", "login_code")),
        "/units/LAPTOP/DEAR-1",
        "/units/LAPTOP/DEAR-1?as_of=2027-12-31",
        "/units/LAPTOP/DEAR-1?only=values",
        f"/documents/{receipt.number}",
        f"/documents/{receipt.number}/print",
        f"/documents/{draft.pk}",
        f"/documents/{draft.pk}/lines/1",
        f"/documents/{draft.pk}/check",
        "/find?q=DEAR-1",
        "/returns/?q=DEAR-1",
        *(
            f"/{name}/?export={format_}"
            for name in ("units", "documents", "movements", "items", "stock")
            for format_ in ("csv", "xlsx")
        ),
        f"{reverse('label_picture', args=['unit-57x32'])}?item=LAPTOP&serial=DEAR-1",
    ]
    assert AS_SHOWN.search(_read(_of(world.manager), "/units/LAPTOP/DEAR-1")[1]), (
        "else this would prove nothing"
    )
    for user in (world.operator, world.viewer):
        visitor = _of(user)
        for address in addresses:
            assert not AS_SHOWN.search(_read(visitor, address)[1]), (user.username, address)


def test_nothing_is_ordered_or_filtered_by_what_one_may_not_see(world: Cast) -> None:
    addresses = _addresses()
    for user, rights in ((world.operator, {"see_cost"}), (world.viewer, {"see_cost", "see_price"})):
        visitor = _of(user)
        for name, listing in LISTINGS.items():
            if name not in PAGES:
                continue
            address = addresses[name]
            for order in listing.orders:
                status = visitor.get(address, {"sort": order.key}).status_code
                assert (status == 422) is (order.right in rights) or name == "stock_units", (name, order.key)
            for one in listing.filters:
                if one.right in rights:
                    status = visitor.get(address, dict.fromkeys(one.names, "1")).status_code
                    assert status == 422, (name, one.key)


def test_a_viewer_writes_nothing_anywhere(world: Cast) -> None:
    visitor = _of(world.viewer)
    # Their own account, columns and log-in; and what decides by the thing that is named: files.
    own = {
        name for name, page in PAGES.items() if set(getattr(page.callback, "rights", ())) & {"own", "public"}
    }
    for name, address in _addresses().items():
        if name in own | {"list_columns", "files_add", "file_remove", "scan_picture"}:
            continue
        status = visitor.post(address, {"q": "1"}).status_code
        assert status in {403, 404, 405}, (name, address, status)
    refused = visitor.post(
        "/files/", {"subject": "item", "subject_id": str(world.laptop.pk), "file": BytesIO(b"x")}
    )
    assert refused.status_code == 422


def test_a_post_from_elsewhere_is_refused(world: Cast) -> None:
    visitor = _of(world.admin, checks=True)
    for name, address in _addresses().items():
        assert visitor.post(address, {"q": "1"}).status_code in {403, 404, 405}, (name, address)


#: Where a forged link would like to lead.
ELSEWHERE = (
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "javascript:alert(7)",
    "/x\r\nX-Evil: 1",
)


def test_no_address_leads_elsewhere(world: Cast) -> None:
    visitor = _of(world.admin)
    addresses = _addresses()
    addresses.pop("logout")
    # Those that are known to lead back are tried with all of them, every other one with one.
    known = ("list_columns", "file_remove", "files_add", "login")
    tries = [(name, one) for name in known for one in ELSEWHERE]
    tries += [(name, ELSEWHERE[turn % len(ELSEWHERE)]) for turn, name in enumerate(addresses)]
    for name, elsewhere in tries:
        said = dict.fromkeys(("next", "back", "return", "return_to", "to", "from", "address"), elsewhere)
        for answer in (visitor.get(addresses[name], said), visitor.post(addresses[name], said)):
            to = answer.get("Location", "")
            assert "X-Evil" not in answer.headers
            assert not to.startswith(("http", "//", "/\\", "\\", "javascript")), (name, to)
    assert "evil" not in _of(world.admin).post("/logout/", {"next": ELSEWHERE[0]}).get("Location", "")


def test_pages_of_people_are_kept_by_no_cache(world: Cast) -> None:
    visitor = _of(world.admin)
    for name, address in _addresses().items():
        answer = visitor.get(address)
        said = answer.get("Cache-Control", "")
        assert "private" in said or "no-store" in said, (name, said)
