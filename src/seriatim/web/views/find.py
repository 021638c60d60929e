"""From any number, or any code that is scanned, to the thing that carries it."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from seriatim.accounts.people import User
from seriatim.accounts.services import may
from seriatim.kernel.refusals import NotFound
from seriatim.reports.lists import LISTINGS
from seriatim.scanning import Form, Interpretation, Next, Reading, Step, read
from seriatim.scanning.profiles import profile_of
from seriatim.stocktakes.selectors import stocktake_named
from seriatim.web.addresses import thing_address
from seriatim.web.hits import address_of
from seriatim.web.views.rights import person, takes
from seriatim.words.scans import doubt_told, facts_of, form_name, next_told, wrong_told


@require_safe
@takes("look")
def find(request: HttpRequest) -> HttpResponse:
    """One exact hit opens its page at once; several are a choice; none says what to do."""
    text = request.GET.get("q", "")
    if not text.strip():
        return redirect("units")
    user = person(request)
    reading = read(text, user=user, profile=profile_of(user), door="pages")
    if reading.only and (address := address_of(reading.only)):
        return redirect(address)
    if not reading.exact and (counted := _stocktake(reading.text)):
        return redirect(counted)
    return render(
        request,
        "web/find.html",
        {
            "text": reading.text,
            "reading": reading,
            "part": not reading.exact and _is_part(reading.text.strip()),
            **told_of(reading, user),
        },
        status=200 if reading.hits else 404,
    )


def _stocktake(text: str) -> str:
    """The address of the stocktake of that number; "" if there is none."""
    try:
        return thing_address("stocktake", stocktake_named(text.replace("\x00", "")).number)
    except NotFound:
        return ""


#: The lists in which a part of a number or of a name is looked for, and what is shown of each.
_LISTS = (
    ("units", ("serial", "item", "disposition", "location", "holder")),
    ("items", ("code", "name")),
    ("parties", ("code", "name")),
    ("locations", ("code", "name")),
    ("documents", ("number", "kind", "state", "party")),
    ("stocktakes", ("number", "stage", "location")),
)
#: Rows of each; its own list has all of them.
_SHOWN = 5
#: What is shorter is in nearly everything; what is longer is a code, and no part of a number.
_SHORTEST, _LONGEST = 2, 60


@require_safe
@takes("look")
def find_part(request: HttpRequest) -> HttpResponse:
    """What contains the text: a part of the page above, which does not wait for it."""
    text = request.GET.get("q", "").replace("\x00", "").strip()
    found = []
    for name, columns in _LISTS if _is_part(text) else ():
        listing = LISTINGS[name]
        page = listing.ask(person(request), search=text, columns=columns).page(limit=_SHOWN)
        if page.rows:
            address = f"{reverse(name)}?{urlencode({'q': text})}"
            found.append({"name": name, "words": listing.words, "page": page, "address": address})
    return render(request, "web/find_part.html", {"text": text, "found": found})


def _is_part(text: str) -> bool:
    return _SHORTEST <= len(text) <= _LONGEST and text.isprintable()


def told_of(reading: Reading | Interpretation, user: User) -> dict[str, object]:
    """What the code says, where it says more than its own text; what is wrong with it; what to do."""
    says = [one for one in reading.meanings if one.form is not Form.PLAIN]
    return {
        "says": [
            {
                "form": form_name(one.form),
                "facts": facts_of(one),
                "doubts": [doubt_told(doubt) for doubt in one.doubts],
            }
            for one in says
        ],
        "flaws": [
            wrong_told(form=flaw.form, why=flaw.why, at=flaw.at, value=flaw.value) for flaw in reading.flaws
        ],
        "steps": [_step(reading, step, user) for step in getattr(reading, "steps", ())],
    }


def _step(reading: Reading | Interpretation, step: Step, user: User) -> dict[str, str]:
    """What one can do, as a sentence, and the page on which it is done, if the user may do it."""
    gtin = reading.meanings[step.meaning].gtin if reading.meanings else ""
    pages = {
        Next.MAKE_ITEM: ("catalog", f"{reverse('item_new')}?{urlencode({'gtin': gtin})}"),
        Next.LINK_ITEM: ("catalog", reverse("gtin", args=[gtin or "0"])),
        Next.RECEIVE: ("receive", reverse("receive")),
        Next.SET_UP_SCANNER: ("look", reverse("scanner")),
    }
    right, address = pages.get(step.next, ("look", ""))
    return {
        "next": step.next.value,
        "words": next_told(step.next, item=step.item),
        "address": address if may(user, right) else "",
    }


urlpatterns = [
    path("find", find, name="find"),
    path("find/part", find_part, name="find_part"),
]
