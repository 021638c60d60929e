"""The forms of a page as a browser would send them, read from its HTML: for tests that try every form there is."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin


@dataclass
class Form:
    """Where a form goes, and what it would send untouched, by the names of its fields."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    #: Names of the fields into which people type.
    typed: set[str] = field(default_factory=set)

    @property
    def shape(self) -> tuple[str, str, tuple[str, ...]]:
        """The same for forms that differ in what is filled in alone."""
        return self.method, self.action, tuple(sorted({*self.fields, *self.files}))


#: Kinds of inputs into which one types.
_TYPED = {"text", "search", "number", "date", "datetime-local", "email", "url", "tel"}


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: dict[str, Form] = {}
        self._open: Form | None = None
        self._select: tuple[Form, str] | None = None
        self._area: tuple[Form, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = urljoin(self.address, said.get("action", "") or self.address)
            self._open = Form(action, said.get("method", "get").lower())
            self.forms[said.get("id") or f"#{len(self.forms)}"] = self._open
        elif tag in {"input", "button", "select", "textarea"}:
            owner = self.forms.get(said["form"]) if "form" in said else self._open
            if owner is not None and said.get("name"):
                self._field(owner, tag, said)
        elif tag == "option" and self._select:
            form, name = self._select
            known = form.fields.setdefault(name, [])
            if "selected" in said or not known:
                form.fields[name] = [said.get("value", "")]

    def _field(self, form: Form, tag: str, said: dict[str, str]) -> None:
        name, kind = said["name"], said.get("type", "text")
        if tag == "select":
            self._select = form, name
            form.fields.setdefault(name, [])
        elif tag == "textarea":
            self._area = form, name
            form.fields.setdefault(name, [""])
            form.typed.add(name)
        elif kind == "file":
            form.files.add(name)
        elif kind in {"checkbox", "radio"} and "checked" not in said:
            form.fields.setdefault(name, [])
        else:
            form.fields.setdefault(name, []).append(said.get("value", ""))
            if tag == "input" and kind in _TYPED and "readonly" not in said and "hidden" not in said:
                form.typed.add(name)

    def handle_data(self, data: str) -> None:
        if self._area:
            form, name = self._area
            form.fields[name] = [form.fields[name][-1] + data]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            form, name = self._area or (None, "")
            if form is not None:
                # A line break at the very beginning is the markup's, not the text's.
                form.fields[name] = [form.fields[name][-1].removeprefix("\n")]
            self._area = None


def forms_of(html: str, address: str) -> list[Form]:
    """The forms of a page, in its order."""
    reader = _Reader(address)
    reader.feed(html)
    return list(reader.forms.values())
