"""The client: a connection, and the nouns over it."""

from collections.abc import Iterator
from typing import Any

from seriatim.client.connection import Connection, Record
from seriatim.client.further import CustomFields, Files, Labels, Roles, Site, Users, Webhooks
from seriatim.client.resources import Allocations, Coded, Documents, Movements, Series, Units, When


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
        self.allocations = Allocations(self)
        self.webhooks = Webhooks(self)
        self.labels = Labels(self)
        self.files = Files(self)
        self.custom_fields = CustomFields(self)
        self.users = Users(self)
        self.roles = Roles(self)
        self.site = Site(self)

    def scan(self, text: str) -> Record:
        """What a scanned or typed text means, and what carries it."""
        answer = self.send("POST", "scan", body={"text": text})
        return Record(answer)

    def stolen(self) -> Iterator[Record]:
        """Stolen units that somebody scanned only to look, the newest first."""
        return self.rows("scan", "stolen")

    def stock(self, *, as_of: When | None = None, **filters: Any) -> list[Record]:
        """What stands where, now or as of a day or moment."""
        when = as_of.isoformat() if as_of is not None and not isinstance(as_of, str) else as_of
        return list(self.rows("stock", as_of=when, **filters))
