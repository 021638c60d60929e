"""What still waits for serial numbers, in three worklists and one for the rest; and giving it its numbers."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from seriatim.accounts.services import may
from seriatim.catalog.selectors import item_by_code, location_by_code, party_by_code
from seriatim.documents.allocation import allocate
from seriatim.documents.drafts import UnitDraft
from seriatim.documents.preview import SerialPreview, numbers_refused, preview
from seriatim.documents.worklists import (
    OTHER,
    SORTS,
    WORKLISTS,
    Page,
    Waiting,
    Wanted,
    counts,
    waiting_line,
    worklist,
)
from seriatim.exchange.drafting import typed_serials, units_from
from seriatim.exchange.misread import MisreadError
from seriatim.exchange.serial_lists import read_list_of
from seriatim.kernel.amounts import ONE
from seriatim.kernel.refusals import Invalid, NotFound, Refusal
from seriatim.numbering import to_text
from seriatim.series import selectors as series
from seriatim.web.addresses import document_address
from seriatim.web.allocation_forms import AllocationForm
from seriatim.web.forms import ItemField, LocationField, PartyField, refuse
from seriatim.web.once import once
from seriatim.web.views.rights import person, takes
from seriatim.words.telling import Told, told

LISTS = {
    "purchase": gettext_lazy("Purchase"),
    "opening": gettext_lazy("Opening stock"),
    "manufacture": gettext_lazy("Manufacture"),
    OTHER: gettext_lazy("Other"),
}
#: Lines on a page.
LINES = 50
#: Of each sort of finding on the page; the list that was typed has all of them.
SHOWN = 50
RIGHTS = ("receive", "adjust", "produce")


class FilterForm(forms.Form):
    """What a worklist is narrowed to."""

    q = forms.CharField(label=gettext_lazy("Document or reference"), required=False, max_length=100)
    item = ItemField(label=gettext_lazy("Item"), required=False)
    party = PartyField(label=gettext_lazy("Party"), required=False)
    location = LocationField(label=gettext_lazy("Location or below"), required=False)


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: its words, and the address that sorts by it."""

    words: Any
    address: str = ""
    sorted: str = "none"


@require_safe
@takes(*RIGHTS)
def allocations(request: HttpRequest) -> HttpResponse:
    """A worklist; without a name the first one in which anything waits."""
    return _list(request)


def _list(request: HttpRequest, refused: Sequence[Told] = ()) -> HttpResponse:
    waiting = counts()
    name = request.GET.get("list", "") or next((one for one, n in waiting.items() if n), "purchase")
    form = FilterForm(request.GET)
    sort, after = request.GET.get("sort", "age"), request.GET.get("after", "")
    problems: list[Told] = list(refused)
    rows = Page([], "")
    if form.is_valid():
        said = form.cleaned_data
        try:
            rows = worklist(
                Wanted(
                    worklist=name,
                    item=said["item"].pk if said["item"] else None,
                    party=said["party"].pk if said["party"] else None,
                    location=said["location"],
                    text=said["q"].replace("\x00", ""),
                ),
                sort=sort,
                after=after,
                limit=LINES,
            )
        except Refusal as refusal:
            problems = [told(one) for one in refusal.all]
    asked = {key: value for key, value in form.data.items() if key in form.fields and value}
    own = {row.item_id for row in rows.rows} & series.with_series([row.item_id for row in rows.rows])
    return render(
        request,
        "web/allocations/list.html",
        {
            "views": [_view(one, LISTS[one], n, current=one == name) for one, n in waiting.items()],
            "name": name,
            "form": form,
            "narrowed": bool(asked),
            "rows": [(row, _age(row), row.item_id in own) for row in rows.rows],
            # What one press on a row comes back to: the list as it is.
            "here": urlencode({**asked, "list": name, "sort": sort, **({"after": after} if after else {})}),
            "heads": _heads(name, asked, sort),
            "next": _address(name, asked, sort, rows.next) if rows.next else "",
            "first": _address(name, asked, sort) if after else "",
            "clear": _address(name, {}, sort),
            "sort": sort,
            "may_allocate": may(person(request), "receive"),
            "told": problems,
        },
        status=422 if problems or form.errors else 200,
    )


@require_POST
@takes("receive")
@once
def generate(request: HttpRequest, pk: int) -> HttpResponse:
    """Give all that waits of a line its numbers from the series, and come back to the list."""
    try:
        line = waiting_line(pk)
        # What of it stands at several places takes a document for each.
        places: dict[str, int] = {}
        for one in line.standing:
            places[one.location] = places.get(one.location, 0) + one.units
        made = [
            allocate(user=person(request), line=pk, generate=units, location=location_by_code(place).pk)
            for place, units in places.items()
        ]
    except NotFound:
        words = _("Nothing of this line waits any more: somebody has given it its numbers, or it went back.")
        messages.info(request, words, extra_tags="circle-check")
    except Refusal as refusal:
        return _list(request, [told(one) for one in refusal.all])
    else:
        messages.success(request, _told_of(made, line), extra_tags="hash")
    return redirect(f"{reverse('allocations')}?{request.GET.urlencode()}")


@require_http_methods(["GET", "POST"])
@takes(*RIGHTS)
def allocation(request: HttpRequest, pk: int) -> HttpResponse:
    """A line that waits: its numbers are given here, looked at before if one likes."""
    try:
        line = waiting_line(pk)
    except NotFound:
        return render(request, "web/allocations/done.html", status=404 if request.method == "GET" else 409)
    item = item_by_code(line.item)
    own = series.series_of_item(item)
    form = AllocationForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        standing=line.standing,
        series=own is not None,
        waiting=line.waiting,
        blocks=[] if own is None else [row for row in series.blocks(series=own) if row.state == "open"],
    )
    problems: list[Told] = []
    found: SerialPreview | None = None
    if request.method == "POST" and form.is_valid():
        given = _Given(request, line, item, form)
        try:
            given.read()
            if "check" in request.POST:
                found = given.look()
                problems = [told(one) for one in given.refused(found.serials)]
                form = given.shown()
            else:
                document = given.post()
                return _posted(request, line, document)
        except MisreadError as wrong:
            form.add_error(None, str(wrong))
        except Refusal as refusal:
            form = given.shown()
            problems = refuse(form, refusal, fields={"date": "day", "serials": "serials"})
    return render(
        request,
        "web/allocations/line.html",
        {
            "line": line,
            "age": _age(line),
            "item": item,
            "series": own,
            "form": form,
            "found": found,
            "findings": _findings(found) if found else [],
            "to_go": line.waiting - found.count if found else None,
            "told": problems,
            "near": any(one.code == "near_twin" for one in problems),
            "back": _address(_list_of(line), {}, "age"),
            "may_allocate": may(person(request), "receive"),
        },
        status=422 if problems or form.errors else 200,
    )


class _Given:
    """What somebody gave for a line: read, looked at, posted."""

    def __init__(self, request: HttpRequest, line: Waiting, item: Any, form: AllocationForm) -> None:
        self._request, self._line, self._item, self._form = request, line, item, form
        self._said = form.cleaned_data
        self.text: str = self._said["serials"]
        self._beside: list[Any] = self._said["beside"]

    def read(self) -> None:
        """Take in the file, if there is one, beside what was typed."""
        file = self._said["file"]
        if not file:
            return
        if self._form.is_text:
            try:
                more = file.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                raise Invalid(
                    field="file", reason="its text is not UTF-8", value=str(file.name)[:80]
                ) from None
        else:
            listed = read_list_of(file, column=self._said["column"] or "serial", name=str(file.name))
            self._beside += listed.units
            more = to_text(listed.serials)
        self.text = "\n".join(part for part in (self.text.rstrip(), more) if part)

    def shown(self) -> AllocationForm:
        """The form with what the file said in it, so that it need not be chosen again."""
        form = self._form
        form.data = form.data.copy()  # type: ignore[attr-defined]  # what was posted cannot be changed
        form.data["serials"] = self.text  # type: ignore[index]
        form.data["beside"] = json.dumps(self._beside) if self._beside else ""  # type: ignore[index]
        return form

    def look(self) -> SerialPreview:
        """What the list would meet."""
        return preview(
            item=self._item,
            entry=self.text,
            kind="allocation",
            location=location_by_code(self._place()),
            party=party_by_code(self._line.party) if self._line.party else None,
            block=self._block(),
        )

    def refused(self, serials: Sequence[str]) -> Sequence[Refusal]:
        """What is wrong with the further numbers that the file gives to some units."""
        units = self._units(set(serials))
        return numbers_refused([(self._item, {unit.serial: unit.identifiers for unit in units})])

    def post(self) -> Any:
        """Post the allocation. Raises what posting refuses, and MisreadError."""
        serials = typed_serials(self.text, item=self._line.item, base=series.base_of_item(self._line.item_id))
        generate = self._said.get("generate") or 0
        if "all" in self._request.POST:
            generate = max(self._line.waiting - len(serials), 0)
        return allocate(
            user=person(self._request),
            id=self._said["id"],
            line=self._line.line,
            serials=serials,
            units=self._units(set(serials)),
            generate=generate,
            location=location_by_code(self._place()).pk,
            block=self._block(),
            at=self._said["day"],
            note=self._said["note"],
            confirm_twins=self._said["confirm_twins"],
        )

    def _units(self, named: set[str]) -> list[UnitDraft]:
        """What the file said of single units, as far as they are still in the list."""
        return [unit for unit in units_from(self._beside) if unit.serial in named]

    def _place(self) -> str:
        return str(self._said.get("location") or self._line.standing[0].location)

    def _block(self) -> int | None:
        return int(self._said["block"]) if self._said.get("block") else None


def _posted(request: HttpRequest, line: Waiting, document: Any) -> HttpResponse:
    messages.success(request, _told_of([document], line), extra_tags="hash")
    if line.waiting > document.lines.get().quantity // ONE:
        return redirect("allocation", line.line)
    return redirect(_address(_list_of(line), {}, "age"))


def _told_of(made: Sequence[Any], line: Waiting) -> SafeString:
    """How many have their numbers, by which documents, and where their labels are printed."""
    count = sum(document.lines.get().quantity // ONE for document in made)
    words = ngettext(
        "%(n)s unit of %(item)s has its number:", "%(n)s units of %(item)s have their numbers:", count
    )
    links = format_html_join(
        ", ",
        '<a href="{}">{}</a> (<a href="{}?{}">{}</a>)',
        (
            (
                document_address(document.number),
                document.number,
                reverse("label_print"),
                urlencode({"document": document.number}),
                _("print labels"),
            )
            for document in made
        ),
    )
    return format_html("{} {}", words % {"n": f"{count:,}", "item": line.item}, links)


@dataclass(frozen=True, slots=True)
class Finding:
    """One sort of what a list meets: ``tone`` good, warn or bad; the first few, and how many there are."""

    words: str
    tone: str
    icon: str
    count: int
    rows: list[tuple[str, str]]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.rows)


def _findings(found: SerialPreview) -> list[Finding]:
    """The worst first; sorts of which there is nothing are left out."""

    def there(rows: list[Any]) -> list[tuple[str, str]]:
        return [(row.serial, row.holder or row.place) for row in rows]

    sorts: list[tuple[str, str, str, list[tuple[str, str]]]] = [
        (
            _("Not readable"),
            "bad",
            "circle-x",
            [
                (
                    str(one.data.get("text", "")),
                    _("line %(n)s: %(why)s") % {"n": one.line, "why": one.message},
                )
                for one in found.malformed
            ],
        ),
        (_("In stock already"), "bad", "circle-x", there([*found.in_stock, *found.elsewhere])),
        (
            _("In a block of somebody else"),
            "bad",
            "blocks",
            [(f"{row.count:,}", row.holder) for row in found.blocks if not row.theirs],
        ),
        (
            _("Twice in the list"),
            "warn",
            "copy",
            [(str(one.data.get("text", "")), _("line %(n)s") % {"n": one.line}) for one in found.doubled],
        ),
        (
            _("Look like others: compare the labels"),
            "warn",
            "triangle-alert",
            [(twin.serial, f"{twin.twin} {twin.place}".strip()) for twin in found.twins],
        ),
        (_("Known, and outside: they come back"), "warn", "undo-2", there(found.outside)),
        (
            _("Registered by hand, and nowhere yet"),
            "good",
            "circle-check",
            [(one, "") for one in found.registered],
        ),
        (_("New"), "good", "circle-check", [(one, "") for one in found.unknown]),
    ]
    return [Finding(words, tone, icon, len(rows), rows[:SHOWN]) for words, tone, icon, rows in sorts if rows]


def _heads(name: str, asked: dict[str, Any], sort: str) -> list[Head]:
    words = {
        "age": _("Waits for"),
        "document": _("Document"),
        "party": _("Party"),
        "item": _("Item"),
    }
    heads = []
    for key in ("age", "document", "party", "item"):
        assert key in SORTS
        up, down = sort == key, sort == f"-{key}"
        # The age that is shown goes the other way round than the day that it is sorted by.
        state = "ascending" if up else "descending" if down else "none"
        heads.append(Head(words[key], _address(name, asked, f"-{key}" if up else key), state))
    return [*heads, Head(_("Given")), Head(_("Where")), Head("")]


def _view(name: str, words: Any, waiting: int, *, current: bool) -> dict[str, Any]:
    return {"words": words, "waiting": waiting, "current": current, "address": _address(name, {}, "age")}


def _address(name: str, asked: dict[str, Any], sort: str, after: str = "") -> str:
    said = {"list": name, **asked}
    if sort != "age":
        said["sort"] = sort
    if after:
        said["after"] = after
    return f"{reverse('allocations')}?{urlencode(said)}"


def _list_of(line: Waiting) -> str:
    return next((name for name, kinds in WORKLISTS.items() if line.kind in kinds), OTHER)


def _age(line: Waiting) -> str:
    days = line.age.days
    if not days:
        return _("today")
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": f"{days:,}"}


urlpatterns = [
    path("allocations/", allocations, name="allocations"),
    path("allocations/<int:pk>", allocation, name="allocation"),
    path("allocations/<int:pk>/generate", generate, name="allocation_generate"),
]
