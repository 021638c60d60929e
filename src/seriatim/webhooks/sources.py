"""Where happenings are read from, and which events each source tells."""

from collections.abc import Sequence

from seriatim.webhooks.collecting import Source

#: name → (how it is read on, the events that it tells)
SOURCES: dict[str, tuple[Source, Sequence[str]]] = {}
