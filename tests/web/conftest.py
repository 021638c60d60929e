"""The cast of the pages' tests: people in their roles, a unit that has lived, a client for each person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client

from seriatim.accounts.backend import BACKEND
from seriatim.accounts.models import User
from seriatim.accounts.services import create_user
from seriatim.catalog.models import Item, Location, Party
from seriatim.documents.models import Document
from seriatim.ledger.models import Unit
from tests.support import rows

PASSWORD = "Wareh0use-x1"


@dataclass
class Shop:
    """A router that was received, moved and sold, and one that is in stock."""

    item: Item
    dock: Location
    shelf: Location
    supplier: Party
    customer: Party
    sold: Unit
    stocked: Unit
    receipt: Document


@pytest.fixture
def shop(db: None) -> Shop:
    item = rows.an_item("RTR-900")
    dock, shelf = rows.a_place("DOCK-1"), rows.a_place("A-03-2")
    supplier, customer = rows.a_party("NORDLINK", "supplier"), rows.a_party("HAFEN", "customer")
    sold, stocked = rows.received(item, dock, ["SN-104881", "SN-104882"], supplier=supplier, cost=1_205_000)
    rows.moved([sold], shelf, at=rows.day(1))
    rows.sold([sold], at=rows.day(2), customer=customer, price=1_990_000)
    sold.refresh_from_db()
    receipt = Document.objects.get(kind="purchase_receipt")
    return Shop(item, dock, shelf, supplier, customer, sold, stocked, receipt)


@pytest.fixture
def as_a(db: None) -> Callable[..., Client]:
    """``as_a("operator")``: a client of somebody in that role, logged in; without a role, of somebody with none."""

    def client(*roles: str) -> Client:
        name = roles[0] if roles else "stranger"
        user = User.objects.filter(username=name).first() or create_user(
            by=None, username=name, password=PASSWORD, roles=roles, name=name.title()
        )
        visitor = Client()
        visitor.force_login(user, backend=BACKEND)
        return visitor

    return client
