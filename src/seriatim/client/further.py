"""What stands beside the goods: webhooks, labels, files, custom fields, users, roles, the site."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from seriatim.client.connection import Connection, Record
from seriatim.client.resources import Noun, record


class Webhooks(Noun):
    """Who is told of what."""

    path = "webhooks"

    def get(self, id: str | UUID) -> Record:
        """A subscription. Raises Problem (not_found)."""
        return record(self._at.get(self.path, str(id)))

    def create(self, *, name: str, url: str, events: Sequence[str], key: str = "") -> Record:
        """A new one; its ``secret`` is in this answer and in no other."""
        body = {"name": name, "url": url, "events": list(events)}
        return record(self._at.send("POST", self.path, body=body, key=key))

    def change(self, id: str | UUID, /, *, if_match: str = "", **fields: Any) -> Record:
        """Change its name, address or events."""
        return record(self._at.send("PATCH", self.path, str(id), body=fields, if_match=if_match))

    def pause(self, id: str | UUID) -> Record:
        """Send nothing for the time being."""
        return record(self._at.send("POST", self.path, str(id), "pause"))

    def resume(self, id: str | UUID) -> Record:
        """Go on, with what waited first."""
        return record(self._at.send("POST", self.path, str(id), "resume"))

    def renew_secret(self, id: str | UUID) -> str:
        """A new secret, at once."""
        return str(self._at.send("POST", self.path, str(id), "secret")["secret"])

    def ping(self, id: str | UUID) -> Record:
        """Send an event that means nothing."""
        return record(self._at.send("POST", self.path, str(id), "ping"))

    def deliveries(self, id: str | UUID, **filters: Any) -> Iterator[Record]:
        """What was sent, the newest first."""
        return self._at.rows(self.path, str(id), "deliveries", **filters)

    def delivery(self, id: str | UUID, delivery: int) -> Record:
        """One delivery, with what was sent."""
        return record(self._at.get(self.path, str(id), "deliveries", str(delivery)))

    def redeliver(self, id: str | UUID, delivery: int) -> Record:
        """Send an event once more."""
        return record(self._at.send("POST", self.path, str(id), "deliveries", str(delivery), "redeliver"))

    def delete(self, id: str | UUID) -> None:
        """End a subscription."""
        self._at.send("DELETE", self.path, str(id))


class Labels:
    """Templates, printing, the register of prints."""

    def __init__(self, connection: Connection) -> None:
        self._at = connection

    def templates(self, **filters: Any) -> Iterator[Record]:
        """The site's own and the ready-made ones."""
        return self._at.rows("labels", "templates", **filters)

    def template(self, code: str) -> Record:
        """One, with its design."""
        return record(self._at.get("labels", "templates", code))

    def create_template(self, *, code: str, name: str, design: Mapping[str, Any], key: str = "") -> Record:
        """A new one of the site's own; ``design`` as ``template`` shows that of another."""
        body = {"code": code, "name": name, "design": dict(design)}
        return record(self._at.send("POST", "labels", "templates", body=body, key=key))

    def change_template(self, code: str, /, *, if_match: str = "", **fields: Any) -> Record:
        """Change the ``name`` or ``design`` of one of the site's own."""
        return record(self._at.send("PATCH", "labels", "templates", code, body=fields, if_match=if_match))

    def archive_template(self, code: str, *, archived: bool = True) -> Record:
        """Take one out of use, or bring it back."""
        done = "archive" if archived else "unarchive"
        return record(self._at.send("POST", "labels", "templates", code, done))

    def delete_template(self, code: str) -> None:
        """Delete one that nothing was printed with."""
        self._at.send("DELETE", "labels", "templates", code)

    def printers(self, **filters: Any) -> Iterator[Record]:
        """The printers that the site allows."""
        return self._at.rows("labels", "printers", **filters)

    def printer(self, code: str) -> Record:
        """One, with where it is."""
        return record(self._at.get("labels", "printers", code))

    def create_printer(self, *, code: str, host: str, key: str = "", **fields: Any) -> Record:
        """Allow one: ``name``, ``port``, ``dpi``, ``width_mm``."""
        body = {"code": code, "host": host, **fields}
        return record(self._at.send("POST", "labels", "printers", body=body, key=key))

    def change_printer(self, code: str, /, *, if_match: str = "", **fields: Any) -> Record:
        """Change what is said of one."""
        return record(self._at.send("PATCH", "labels", "printers", code, body=fields, if_match=if_match))

    def archive_printer(self, code: str, *, archived: bool = True) -> Record:
        """Allow one no longer, or again."""
        done = "archive" if archived else "unarchive"
        return record(self._at.send("POST", "labels", "printers", code, done))

    def delete_printer(self, code: str) -> None:
        """Delete one that nothing was sent to."""
        self._at.send("DELETE", "labels", "printers", code)

    def file(self, *, output: str = "pdf", key: str = "", **what: Any) -> bytes:
        """Labels as a PDF or ZPL file, for ``units``, a ``document``, a ``series``, a ``block``, ``items``, ``locations``."""
        return self._at.fetch("POST", "labels", "print", body={**what, "output": output}, key=key)

    def print(self, printer: str, *, key: str = "", **what: Any) -> Record:
        """Print on one of the site's printers; its entry in the register."""
        body = {**what, "output": "printer", "printer": printer}
        return record(self._at.send("POST", "labels", "print", body=body, key=key))

    def prints(self) -> Iterator[Record]:
        """The register, the newest first."""
        return self._at.rows("labels", "prints")

    def print_job(self, id: int | str) -> Record:
        """One entry of the register."""
        return record(self._at.get("labels", "prints", str(id)))

    def code(self, item: str, serial: str = "", **how: Any) -> bytes:
        """One code as a picture: ``type``, ``content``, ``as_`` "svg" or "png"."""
        asked = {"item": item, "serial": serial or None, "as": how.pop("as_", None), **how}
        return self._at.fetch("GET", "labels", "code", query=asked)


class Files:
    """Files on things; a thing is named by its path: ``("items", "RTR-900")``, ``("units", "RTR-900", "SN-1")``."""

    def __init__(self, connection: Connection) -> None:
        self._at = connection

    def of(self, *thing: str) -> Iterator[Record]:
        """The files of a thing."""
        return self._at.rows(*thing, "files")

    def add(self, *thing: str, name: str, content: bytes, key: str = "") -> Record:
        """Hang a file on a thing."""
        return record(self._at.upload(*thing, "files", content=content, query={"name": name}, key=key))

    def get(self, id: str | UUID) -> Record:
        """What is known of a file."""
        return record(self._at.get("files", str(id)))

    def content(self, id: str | UUID, *, size: str = "") -> bytes:
        """The file itself, or a picture of it ("thumb", "view")."""
        return self._at.fetch("GET", "files", str(id), "content", query={"size": size or None})

    def delete(self, id: str | UUID) -> None:
        """Take it away for good."""
        self._at.send("DELETE", "files", str(id))


class CustomFields(Noun):
    """The site's own fields of items and units."""

    path = "custom-fields"

    def get(self, subject: str, name: str) -> Record:
        """A field of "item" or "unit"."""
        return record(self._at.get(self.path, subject, name))

    def define(self, subject: str, name: str, **said: Any) -> Record:
        """A new one."""
        return record(self._at.send("POST", self.path, body={"subject": subject, "name": name, **said}))

    def change(self, subject: str, name: str, /, *, if_match: str = "", **said: Any) -> Record:
        """Change what is said of it."""
        return record(self._at.send("PATCH", self.path, subject, name, body=said, if_match=if_match))

    def order(self, subject: str, names: Iterable[str]) -> list[Record]:
        """Put them in another order."""
        return list(self._at.send("PUT", self.path, subject, body={"names": list(names)})["rows"])

    def archive(self, subject: str, name: str) -> Record:
        """It is no longer offered."""
        return record(self._at.send("POST", self.path, subject, name, "archive"))

    def unarchive(self, subject: str, name: str) -> Record:
        """It is offered again."""
        return record(self._at.send("POST", self.path, subject, name, "unarchive"))

    def delete(self, subject: str, name: str) -> None:
        """Delete one in which nothing stands."""
        self._at.send("DELETE", self.path, subject, name)


class Users(Noun):
    """Who may come in."""

    path = "users"

    def get(self, name: str) -> Record:
        """A user."""
        return record(self._at.get(self.path, name))

    def create(self, username: str, *, roles: Sequence[str], **said: Any) -> Record:
        """A new one; ``invite=True`` sends a link by which they choose a password."""
        return record(
            self._at.send("POST", self.path, body={"username": username, "roles": list(roles), **said})
        )

    def change(self, name: str, /, *, if_match: str = "", **said: Any) -> Record:
        """Change name, email, roles or locations."""
        return record(self._at.send("PATCH", self.path, name, body=said, if_match=if_match))

    def do(self, name: str, what: str) -> Record:
        """deactivate, activate, invite, or log-out."""
        return record(self._at.send("POST", self.path, name, what))


class Roles(Noun):
    """Built-in roles, and the site's own."""

    path = "roles"

    def get(self, name: str) -> Record:
        """A role."""
        return record(self._at.get(self.path, name))

    def save(self, name: str, *, rights: Sequence[str], if_match: str = "") -> Record:
        """Make one of the site's own, or replace it."""
        body = {"rights": list(rights)}
        return record(self._at.send("PUT", self.path, name, body=body, if_match=if_match))

    def delete(self, name: str) -> None:
        """Delete one that nobody has."""
        self._at.send("DELETE", self.path, name)


class Site:
    """The site's settings."""

    def __init__(self, connection: Connection) -> None:
        self._at = connection

    def get(self) -> Record:
        """All of them."""
        return record(self._at.get("site"))

    def change(self, *, if_match: str = "", **said: Any) -> Record:
        """Change some."""
        return record(self._at.send("PATCH", "site", body=said, if_match=if_match))

    def changes(self, **filters: Any) -> Iterator[Record]:
        """The register of changes of every record, the newest first."""
        return self._at.rows("changes", **filters)


class Tokens(Noun):
    """Tokens of one's own, or, for who may administer, of a ``user``. They are made on a page or at the machine."""

    path = "tokens"

    def get(self, id: int) -> Record:
        """One of them."""
        return record(self._at.get(self.path, str(id)))

    def revoke(self, id: int) -> None:
        """End it, for good."""
        self._at.send("DELETE", self.path, str(id))


class Imports:
    """Tables brought in, all of each or nothing."""

    def __init__(self, connection: Connection) -> None:
        self._at = connection

    def check(self, what: str, content: bytes, **how: Any) -> Record:
        """What an import would do."""
        return record(self._at.upload("imports", what, content=content, query={**how, "check": True}))

    def run(self, what: str, content: bytes, *, key: str = "", **how: Any) -> Record:
        """Import a CSV or XLSX file of items, locations, parties or units. Raises Problem (table_refused)."""
        return record(self._at.upload("imports", what, content=content, query=how, key=key))
