"""Which door is where: the health page, and the pages of `seriatim.web`."""

from __future__ import annotations

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path

from seriatim.config.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [path("healthz", healthz, name="healthz")]

# The pages are an app like any other; a server for the other doors alone can leave them out.
if apps.is_installed("seriatim.web"):
    urlpatterns.append(path("", include("seriatim.web.urls")))
