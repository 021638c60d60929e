"""The list of stock with what it is worth, for those who may see costs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from seriatim.accounts.backend import BACKEND
from seriatim.accounts.models import User
from tests.support.cast import Cast
from tests.support.desk import Desk

# The same page over the same selectors, which are tested on every engine themselves.
pytestmark = pytest.mark.engine_free


@pytest.fixture
def client_of(cast: Cast) -> Callable[[User], Client]:
    desk = Desk(cast, cast.manager)
    desk.receive("L-1 L-2", cost="512.25")
    desk.receive("P-1", item=cast.phone, cost=300, to=cast.shop)

    def client(user: User) -> Client:
        visitor = Client()
        visitor.force_login(user, backend=BACKEND)
        return visitor

    return client


def test_its_value_is_shown_row_by_row_and_in_all(cast: Cast, client_of: Callable[[User], Client]) -> None:
    manager = client_of(cast.manager)
    assert "Value" not in manager.get("/stock/").text.partition("list-count")[2].partition("</p>")[0]
    chosen = {"columns": ["item", "location", "value"], "do": "keep", "back": "/stock/"}
    page = manager.post("/lists/stock/columns", chosen, follow=True).text
    count = page.partition('class="list-count"')[2].partition("</p>")[0]
    assert "Value: <strong" in count
    assert "1,324.50 EUR" in count
    assert "1,024.50" in page
    narrowed = manager.get("/stock/?location=SHOP").text
    assert "300.00 EUR" in narrowed.partition('class="list-count"')[2].partition("</p>")[0]
    assert "Value" not in client_of(cast.operator).get("/stock/").text
