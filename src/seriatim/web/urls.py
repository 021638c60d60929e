"""Addresses of the pages. Each module of views names its own; the order between the modules does not matter."""

import re
from importlib import import_module
from pkgutil import iter_modules

from seriatim.web import views

_named = [
    pattern
    for module in sorted(found.name for found in iter_modules(views.__path__))
    for pattern in getattr(import_module(f"seriatim.web.views.{module}"), "urlpatterns", ())
]
# A code at the end of an address may be anything, slashes included: whatever is more exact is asked first.
urlpatterns = sorted(_named, key=lambda pattern: re.search(r"<path:\w+>$", str(pattern.pattern)) is not None)
