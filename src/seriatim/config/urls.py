"""Which door is where: the API, and the pages of `seriatim.web`. The health page is `seriatim.config.health`'s."""

from __future__ import annotations

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = []

if apps.is_installed("seriatim.api"):
    urlpatterns.append(path("api/", include("seriatim.api.urls")))

# The pages are an app like any other; a server for the other doors alone can leave them out.
if apps.is_installed("seriatim.web"):
    urlpatterns.append(path("", include("seriatim.web.urls")))
    # What is shown where something cannot be answered.
    handler400 = "seriatim.web.views.errors.bad_request"
    handler403 = "seriatim.web.views.errors.forbidden"
    handler404 = "seriatim.web.views.errors.not_found"
    handler500 = "seriatim.web.views.errors.server_error"
