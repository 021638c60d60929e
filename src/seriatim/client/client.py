"""The client: a connection, and the nouns over it."""

from collections.abc import Iterator
from typing import Any

from seriatim.client.connection import Connection, Record
from seriatim.client.further import (
    CustomFields,
    Files,
    Imports,
    Labels,
    Roles,
    Site,
    Tokens,
    Users,
    Webhooks,
)
from seriatim.client.numbers import Allocations, Blocks, Series
from seriatim.client.resources import Coded, Documents, Movements, Units, When, record
from seriatim.client.stocktakes import Stocktakes


class Client(Connection):
    """Everything that the API has, by its nouns. Use it in a ``with``, or close it."""

    def __init__(self, server: str, token: str, **more: Any) -> None:
        super().__init__(server, token, **more)
        self.items = Coded(self, "items")
        self.locations = Coded(self, "locations")
        self.parties = Coded(self, "parties")
        self.documents = Documents(self)
        self.units = Units(self)
        self.movements = Movements(self)
        self.series = Series(self)
        self.blocks = Blocks(self)
        self.allocations = Allocations(self)
        self.stocktakes = Stocktakes(self)
        self.webhooks = Webhooks(self)
        self.labels = Labels(self)
        self.files = Files(self)
        self.custom_fields = CustomFields(self)
        self.users = Users(self)
        self.roles = Roles(self)
        self.site = Site(self)
        self.tokens = Tokens(self)
        self.imports = Imports(self)

    def me(self) -> Record:
        """Who this client is there, what it may do, and with which token."""
        return record(self.get("me"))

    def kinds(self) -> Iterator[Record]:
        """The kinds of document, and what each asks for."""
        return self.rows("kinds")

    def scan(self, text: str) -> Record:
        """What a scanned or typed text means, and what carries it."""
        answer = self.send("POST", "scan", body={"text": text})
        return Record(answer)

    def stolen(self) -> Iterator[Record]:
        """Stolen units that somebody scanned only to look, the newest first."""
        return self.rows("scan", "stolen")

    def stock(self, *, as_of: When | None = None, **filters: Any) -> list[Record]:
        """What stands where, now or as of a day or moment."""
        return list(self.rows("stock", as_of=as_of, **filters))

    def stock_by_item(self, *, as_of: When | None = None, **filters: Any) -> list[Record]:
        """The same, a row per item."""
        return list(self.rows("stock", "by-item", as_of=as_of, **filters))

    def stock_by_location(self, *, as_of: When | None = None, **filters: Any) -> list[Record]:
        """The same, a row per location."""
        return list(self.rows("stock", "by-location", as_of=as_of, **filters))

    def stock_units(self, location: str, *, as_of: When | None = None, **filters: Any) -> Iterator[Record]:
        """Which units stand, or stood, at a location and all below it; counted once, and not for each page."""
        return self.whole("stock", "units", location=location, as_of=as_of, **filters)

    def reservations(self, **filters: Any) -> Iterator[Record]:
        """Units that are held for pending documents."""
        return self.rows("reservations", **filters)
