"""A photo, or a frame of the camera: every code in it, read."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from seriatim.kernel.refusals import Refusal
from seriatim.scanning import Reading
from seriatim.scanning.labels_seen import grouped
from seriatim.scanning.pictures import MOST_BYTES, Code, read_picture
from seriatim.web import limits
from seriatim.web.hits import address_of
from seriatim.web.views.rights import person, takes
from seriatim.words.names import disposition_name, mark_name
from seriatim.words.telling import told

#: Pictures of one user in a minute: a camera sends three or four frames a second.
_MOST = 300


@require_POST
@takes("look")
def scan_picture(request: HttpRequest) -> JsonResponse:
    """``{"codes": [{"scan", "text", "format", "title", "words", "address"}]}``; ``thorough`` for photos.

    ``together``: how they go together where units are collected (``scanning.labels_seen``).
    """
    user = person(request)
    if not limits.within("picture", str(user.pk), most=_MOST):
        answer = JsonResponse({"refused": _("Too many pictures at once. Wait a moment.")}, status=429)
        answer["Retry-After"] = "60"
        return answer
    picture = request.FILES.get("picture")
    if picture is None:
        return JsonResponse({"refused": _("No picture came.")}, status=422)
    # What is too large is refused without being read.
    data = picture.read() if (picture.size or 0) <= MOST_BYTES else b"x" * (MOST_BYTES + 1)
    try:
        found = read_picture(data, user=user, thorough=request.POST.get("thorough") == "1", door="camera")
    except Refusal as refusal:
        words = told(refusal)
        return JsonResponse({"refused": words.headline, "code": words.code}, status=422)
    together = grouped([code.scan for code, _ in found])
    return JsonResponse(
        {
            "codes": [_code(code, reading) for code, reading in found],
            "together": together.together.value,
            "order": list(together.order),
            "unit": together.unit,
            "beside": list(together.beside),
        }
    )


def _code(code: Code, reading: Reading) -> dict[str, Any]:
    only = reading.only
    first = reading.meanings[0] if reading.meanings else None
    title, words = code.text, code.format
    if only is not None and only.serial:
        title = only.serial
        words = ", ".join([only.code, disposition_name(only.disposition), *map(mark_name, only.marks)])
    elif only is not None:
        title, words = only.code, only.name
    elif first is not None and first.serial:
        title = first.serial
    return {
        "scan": code.scan,
        "text": code.text,
        "format": code.format,
        "title": title,
        "words": words,
        "address": address_of(only) if only is not None else "",
    }


urlpatterns = [path("scan/picture", scan_picture, name="scan_picture")]
