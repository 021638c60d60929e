"""SQL that runs on every engine: the few words that differ, and streaming.

Queries are plain texts; ``render`` puts in what an engine or the kernel decides, values are always parameters.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from seriatim.kernel.places import INSIDE, ON_HAND, WITH_PARTY, LocationType

#: Rows fetched at a time: enough to make the trips few, few enough to hold nothing much.
FETCH = 2_000


def _types(types: frozenset[LocationType]) -> str:
    return ", ".join(f"'{type_.value}'" for type_ in sorted(types))


_WORDS = {
    ":INSIDE": _types(INSIDE),
    ":ON_HAND": _types(ON_HAND),
    ":WITH_PARTY": _types(WITH_PARTY),
}


def render(text: str) -> str:
    """The query in the engine's words."""
    for word, meaning in _WORDS.items():
        text = text.replace(word, meaning)
    if connection.vendor == "postgresql":
        return text.replace(":IN_LIST", "= ANY(%s)")
    text = text.replace(":IN_LIST", "IN (SELECT value FROM json_each(%s))")
    # SQLite has the standard's words only since 3.39.
    return text.replace("IS NOT DISTINCT FROM", "IS").replace("IS DISTINCT FROM", "IS NOT")


def stream(text: str, params: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
    """The rows of a query, fetched as they are asked for (on PostgreSQL by a cursor in the server)."""
    # Without parameters a percent sign is itself, on both engines.
    with connection.chunked_cursor() as cursor:
        cursor.execute(render(text), list(params) or None)
        while rows := cursor.fetchmany(FETCH):
            yield from rows


def fetch(text: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """The few rows of a query, in one trip."""
    with connection.cursor() as cursor:
        cursor.execute(render(text), list(params) or None)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def write(text: str, params: Sequence[Any]) -> int:
    """Change rows by one statement; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(render(text), list(params))
        return int(cursor.rowcount)


def moment(at: datetime) -> Any:
    """A moment as a parameter: raw aware ones are stored differently on SQLite."""
    return connection.ops.adapt_datetimefield_value(at)


def key_param(key: UUID) -> Any:
    """A unit's key as a parameter."""
    return key if connection.features.has_native_uuid_field else key.hex


def keys_param(keys: Sequence[UUID]) -> Any:
    """Units' keys of any number as the one parameter of ``:IN_LIST``."""
    if connection.features.has_native_uuid_field:
        return list(keys)
    return json.dumps([key.hex for key in keys])


def texts_param(texts: Sequence[str]) -> Any:
    """Texts of any number as the one parameter of ``:IN_LIST``."""
    return list(texts) if connection.vendor == "postgresql" else json.dumps(texts)


def key_value(value: Any) -> UUID:
    """A unit's key as it comes out of a query."""
    return value if isinstance(value, UUID) else UUID(hex=value)


def ids_param(ids: Sequence[int]) -> Any:
    """Ids of any number as the one parameter of ``:IN_LIST``."""
    return str(list(ids)) if connection.vendor == "sqlite" else list(ids)
