"""The entry point for WSGI servers: `seriatim.config.wsgi:application`."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from seriatim.config.whole_bodies import whole_bodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seriatim.config.settings")

application = whole_bodies(get_wsgi_application())
