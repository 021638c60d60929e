"""An address for every page there is, of things that are in the database: for what is asked of each page alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import quote, urlencode
from uuid import UUID

from django.contrib.auth.tokens import default_token_generator
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from seriatim.accounts.models import User
from seriatim.catalog.models import CustomField, Item, Location, Party, Site
from seriatim.documents.models import Document
from seriatim.kernel.short_keys import short_name
from seriatim.labels.models import Printer
from seriatim.ledger.models import Balance, Unit
from seriatim.series.models import Block, Series
from seriatim.web.addresses import document_address, unit_address
from seriatim.web.urls import urlpatterns
from seriatim.webhooks.models import Subscription
from seriatim.words.addresses import public_path
from tests.support.counted import counted_stocktake
from tests.support.drafts import scanned_draft

#: Pages that are no pages for people: what scripts ask for, what only takes a POST, what is downloaded.
NOT_FOR_EYES: set[str] = {
    "account_session_end",
    "account_sessions_end",
    "account_token_revoke",
    "allocation_generate",
    "document_announced",
    "document_confirm",
    "block_export",
    "document_bill",
    "document_copy",
    "document_line_missing",
    "document_line_remove",
    "document_lot_forget",
    "document_post",
    "document_posting",
    "document_print",
    "document_scan",
    "document_scan_answer",
    "document_scan_remove",
    "document_scans",
    "document_undo",
    "field_move",
    "file",
    "files_add",
    "file_picture",
    "file_remove",
    "find_part",
    "help_image",
    "import_columns",
    "item_edit_odd",
    "label_font",
    "label_picture",
    "label_preview",
    "list_columns",
    "location_edit_odd",
    "logout",
    "party_edit_odd",
    "returns_take_back",
    "role_delete",
    "scan_picture",
    "scanner_keep",
    "selection",
    "series_archive",
    "stocktake_place",
    "stocktake_remove",
    "stocktake_scan",
    "stocktake_undo",
    "series_attach",
    "series_detach",
    "series_preview",
    "series_voids",
    "suggest",
    "user_act",
    "user_token_revoke",
    "webhook_do",
}


def _unit(unit: Unit) -> str:
    return unit_address(unit.item.code, unit.serial)


def _some_unit() -> Unit:
    return Unit.objects.select_related("item").exclude(location=None).order_by("-seq", "key")[0]


def _of_unit(name: str) -> str:
    unit = _some_unit()
    return f"{reverse(name)}?{urlencode({'item': unit.item.code, 'serial': unit.serial})}"


def _webhook() -> UUID:
    user = User.objects.filter(groups__name="administrator").exclude(username="console")[0]
    now = timezone.now()
    one, _ = Subscription.objects.get_or_create(
        name="ERP",
        url="https://erp.example.com/hook",
        defaults={"nonce": "n", "created_by": user, "created_at": now},
    )
    return one.pk


def _posted() -> str:
    """A receipt of units, the latest: it has most on it."""
    found = Document.objects.filter(state="posted", kind="purchase_receipt", lines__item__tracking="serial")
    return str(found.exclude(lines__serials="").order_by("-number")[0].number)


def _of_draft(name: str) -> str:
    return reverse(name, args=[str(scanned_draft().pk)])


def _of_stocktake(name: str) -> str:
    return reverse(name, args=[counted_stocktake().number])


def _waiting() -> int:
    return int(
        Balance.objects.filter(source_line__gt=0, quantity__gt=0).order_by("source_line")[0].source_line
    )


def _of_series(name: str) -> str:
    return reverse(name, args=[Series.objects.order_by("pk")[0].pk])


def _of_block(name: str) -> str:
    return reverse(name, args=[Block.objects.order_by("pk")[0].pk])


def _printer() -> str:
    row, _ = Printer.objects.get_or_create(code="ZEBRA", defaults={"host": "10.0.0.9"})
    return row.code


def _field() -> str:
    CustomField.objects.get_or_create(
        subject="unit", name="firmware", defaults={"label": "Firmware", "type": "text", "position": 1}
    )
    return reverse("field", args=["unit", "firmware"])


def _selected(name: str, *more: str) -> str:
    units = Unit.objects.filter(location__type="storage", owner=None, marks=0, reserved_by=None)
    said = {"of": "units", "query": "", "pick": str(units.order_by("key")[0].pk), "back": "/units/"}
    return f"{reverse(name, args=more)}?{urlencode(said)}"


def _link_to_set_password(user: User) -> str:
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("password_set", args=[uid, default_token_generator.make_token(user)])


#: name of the address → an address; None where the database holds no such thing.
OF_THINGS: dict[str, Callable[[], str]] = {
    "allocation": lambda: reverse("allocation", args=[_waiting()]),
    **{name: partial(_of_block, name) for name in ("block", "block_return")},
    **{name: partial(_of_series, name) for name in ("series", "series_change", "series_void")},
    **{name: partial(_of_unit, name) for name in ("unit_edit", "unit_identifier", "unit_mark")},
    "find": lambda: reverse("find") + "?q=nothing-like-this",
    "help_page": lambda: reverse("help_page", args=["index"]),
    "gtin": lambda: reverse("gtin", args=["04006381333931"]),
    "import_table": lambda: reverse("import_table", args=["units"]),
    "field": _field,
    "unit": lambda: _unit(_some_unit()),
    # Nobody is told of what is not there; a person who is logged in is sent on.
    "unit_public": lambda: reverse("unit_public", args=["a" * 26]),
    "digital_link": lambda: reverse("digital_link", args=["04006381333931/21/SN-1"]),
    "document": lambda: document_address(_posted()),
    "document_begin": lambda: reverse("document_begin", args=["delivery_note"]),
    "document_line": lambda: reverse("document_line", args=[str(scanned_draft().pk), 1]),
    "document_reverse": lambda: reverse("document_reverse", args=[_posted()]),
    **{
        name: partial(_of_draft, name)
        for name in (
            "document_edit",
            "document_line_new",
            "document_list",
            "document_pick",
            "document_check",
            "document_cancel",
        )
    },
    **{
        name: partial(_of_stocktake, name)
        for name in (
            "stocktake",
            "stocktake_list",
            "stocktake_finish",
            "stocktake_abandon",
            "counted",
        )
    },
    "returns": lambda: reverse("returns") + "?q=LT-0001",
    "item": lambda: reverse("item", args=[quote(Item.objects.order_by("pk")[0].code, safe="")]),
    "location": lambda: reverse(
        "location", args=[quote(Location.objects.filter(type="storage").order_by("pk")[0].code, safe="")]
    ),
    "item_edit": lambda: reverse("item_edit", args=[Item.objects.order_by("pk")[0].code]),
    "location_edit": lambda: reverse(
        "location_edit", args=[Location.objects.filter(type="storage").order_by("pk")[0].code]
    ),
    "party_edit": lambda: reverse("party_edit", args=[Party.objects.order_by("pk")[0].code]),
    "label": lambda: reverse("label", args=["unit-57x32"]),
    "label_print": lambda: f"{reverse('label_print')}?document={_posted()}&template=unit-l7160",
    **{name: partial(_selected, name) for name in ("selection_marks", "selection_document")},
    "selection_begin": partial(_selected, "selection_begin", "transfer"),
    "label_printer": lambda: reverse("label_printer", args=[_printer()]),
    "password_set": lambda: _link_to_set_password(User.objects.get(username="viewer")),
    "role_edit": lambda: reverse("role_edit", args=["viewer"]),
    "user": lambda: reverse("user", args=["viewer"]),
    "webhook": lambda: reverse("webhook", args=[_webhook()]),
    "party": lambda: reverse("party", args=[quote(Party.objects.order_by("pk")[0].code, safe="")]),
}


def names() -> list[str]:
    """The names of all pages that people see."""
    named = [str(pattern.name) for pattern in urlpatterns if isinstance(pattern, URLPattern)]
    return sorted(set(named) - NOT_FOR_EYES)


def every_page() -> Iterator[tuple[str, str]]:
    """(name, address) of every page."""
    for name in names():
        made = OF_THINGS.get(name)
        yield name, made() if made else reverse(name)
    # What is read of one that is finished is another page.
    yield "stocktake", reverse("stocktake", args=[counted_stocktake(finished=True).number])


def for_strangers() -> Iterator[tuple[str, str]]:
    """(name, address) of the pages that are for people who are not logged in, or look different to them."""
    Site.objects.update(public_units=True)
    secret = bytes.fromhex(Site.objects.get().public_secret)
    yield "login", reverse("login")
    yield "password_forgot", reverse("password_forgot")
    yield "password_set", OF_THINGS["password_set"]()
    yield "unit_public", public_path(short_name(_some_unit().key, secret))
    yield "unit_public_unknown", OF_THINGS["unit_public"]()
