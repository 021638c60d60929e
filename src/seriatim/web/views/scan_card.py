"""The card with commands to scan: printed once, it lies beside the scanner."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from seriatim.labels.codes import matrix
from seriatim.labels.templates import CodeType
from seriatim.scanning.ours import COMMANDS
from seriatim.web.views.rights import takes
from seriatim.words.scans import COMMANDS as WORDS


@require_safe
@takes("look")
def scan_card(request: HttpRequest) -> HttpResponse:
    """Every command as a code, with its words."""
    cards = []
    for text, command in COMMANDS.items():
        code = matrix(CodeType.QR, text)
        cards.append(
            {
                "words": WORDS.get(command, command),
                "text": text,
                "size": code.width + 2 * code.quiet,
                "runs": [
                    (column + code.quiet, row + code.quiet, length) for column, row, length in code.runs()
                ],
            }
        )
    return render(request, "web/documents/card.html", {"cards": cards})


urlpatterns = [path("scan-card/", scan_card, name="scan_card")]
