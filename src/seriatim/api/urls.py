"""The addresses of the door."""

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, URLResolver, include, path, re_path

from seriatim.api.allocations import allocations
from seriatim.api.blocks import blocks
from seriatim.api.components import components
from seriatim.api.custom_fields import fields
from seriatim.api.docs import docs, openapi
from seriatim.api.document_scans import document_scans
from seriatim.api.document_serials import document_units
from seriatim.api.documents import documents
from seriatim.api.door import addresses, made_of, opened
from seriatim.api.files import files
from seriatim.api.imports import imports
from seriatim.api.items import items
from seriatim.api.kinds import kinds
from seriatim.api.label_setup import label_setup
from seriatim.api.labels import labels
from seriatim.api.locations import locations
from seriatim.api.movements import movements
from seriatim.api.parties import parties
from seriatim.api.problems import Problem, answer
from seriatim.api.reservations import held
from seriatim.api.returns import returns
from seriatim.api.scan import scan
from seriatim.api.series import series
from seriatim.api.site import site
from seriatim.api.stock import stock
from seriatim.api.stocktakes import stocktakes
from seriatim.api.tokens import tokens
from seriatim.api.units import units
from seriatim.api.users import users
from seriatim.api.webhooks import webhooks

api = made_of(
    # Files, prints and returns first: their paths end with a word of their own where a serial number may have slashes.
    files, labels, label_setup, returns, components, items, locations, parties, units, documents, document_units,
    document_scans, allocations,
    series, blocks, held, stock, stocktakes, movements, scan, fields, kinds, imports, webhooks,
    users, site,
    # Last: whoever tries all operations in their order ends the own token here.
    tokens,
)  # fmt: skip


def nothing(request: HttpRequest) -> HttpResponseBase:
    """There is nothing at this address, and this too is answered as a problem."""
    return answer(request, Problem("no_such_path"))


urlpatterns: list[URLPattern | URLResolver] = [
    path(
        "v1/",
        include(
            [*addresses(api), path("openapi.json", opened(openapi(api))), path("docs", opened(docs(api)))]
        ),
    ),
    re_path(r"", opened(nothing)),
]
