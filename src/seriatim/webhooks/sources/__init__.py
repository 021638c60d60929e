"""Where happenings are read from, and which events each source tells."""

from collections.abc import Sequence

from seriatim.webhooks.collecting import Source
from seriatim.webhooks.sources import documents, marks, scans, sightings, warranties

#: name → (how it is read on, the events that it tells)
SOURCES: dict[str, tuple[Source, Sequence[str]]] = {
    "documents": (documents.read_on, documents.EVENTS),
    "marks": (marks.read_on, marks.EVENTS),
    "scans": (scans.read_on, scans.EVENTS),
    "sightings": (sightings.read_on, sightings.EVENTS),
    "warranties": (warranties.read_on, warranties.EVENTS),
}
