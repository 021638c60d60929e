"""Addresses of the pages. Each module of views names its own; the order between the modules does not matter."""

from importlib import import_module
from pkgutil import iter_modules

from seriatim.web import views

urlpatterns = [
    pattern
    for module in sorted(found.name for found in iter_modules(views.__path__))
    for pattern in getattr(import_module(f"seriatim.web.views.{module}"), "urlpatterns", ())
]
