"""The files of a thing, for any page that shows it: ``{% load files %}{% files_of "unit" unit.key %}``."""

from typing import Any

from django import template
from django.template import RequestContext

from seriatim.accounts.people import User
from seriatim.files import selectors, services

register = template.Library()

ICONS = {
    "application/pdf": "file-text",
    "application/zip": "file-archive",
    "text/plain": "file-text",
    "image/heic": "image",
    "image/avif": "image",
}


@register.inclusion_tag("web/files/card.html", takes_context=True)
def files_of(context: RequestContext, subject: str, subject_id: object) -> dict[str, Any]:
    """A card with the files of a unit, item, document or party, and the way to add one."""
    request = context["request"]
    user = request.user
    files = selectors.files_of(subject, subject_id)
    return {
        "pictures": [file for file in files if file.picture],
        "others": [(file, ICONS.get(file.content_type, "file")) for file in files if not file.picture],
        "subject": subject,
        "subject_id": str(subject_id),
        "back": f"{request.get_full_path()}#files",
        "changing": isinstance(user, User) and selectors.may_change(user, subject, str(subject_id)),
        "limit": f"{services.limit() >> 20} MB",
        "csrf_token": context.get("csrf_token"),
    }
