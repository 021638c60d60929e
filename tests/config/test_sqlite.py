"""Many threads that write to one SQLite file: who could not begin keeps nothing that others would wait for."""

from __future__ import annotations

import sqlite3

import pytest
from django.db import OperationalError, connection, connections, transaction

from tests import settings as test_settings
from tests.support.threads import in_threads

pytestmark = [
    pytest.mark.usefixtures("real_db"),
    pytest.mark.skipif(test_settings.ENGINE != "sqlite", reason="about the SQLite file"),
]


def test_a_transaction_that_could_not_begin_leaves_no_open_cursor_in_its_error() -> None:
    """Else the collector of garbage, in the thread that has the write lock, would wait for one that waits for it."""

    def refused(_: int) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout=0")
        with pytest.raises(OperationalError) as caught:
            transaction.atomic().__enter__()
        return [_state(cursor) for cursor in _cursors(caught.value)]

    with transaction.atomic():
        (states,) = in_threads(1, refused)
    connections.close_all()
    assert states == ["Cannot operate on a closed cursor."]


def _cursors(error: BaseException | None) -> list[sqlite3.Cursor]:
    """SQLite's cursors that the tracebacks of an error, and of its causes, keep alive."""
    found = {}
    while error is not None:
        walked = error.__traceback__
        while walked is not None:
            for value in walked.tb_frame.f_locals.values():
                if isinstance(value, sqlite3.Cursor):
                    found[id(value)] = value
            walked = walked.tb_next
        error = error.__cause__
    return list(found.values())


def _state(cursor: sqlite3.Cursor) -> str:
    try:
        cursor.fetchone()
    except sqlite3.ProgrammingError as error:
        return str(error)
    return "open"
