"""Many threads that write to one SQLite file: who could not begin keeps nothing that others would wait for."""

from __future__ import annotations

import sqlite3
import threading
from types import FrameType

import pytest
from django.db import OperationalError, connection, connections, transaction

from tests import settings as test_settings

pytestmark = [
    pytest.mark.usefixtures("real_db"),
    pytest.mark.skipif(test_settings.ENGINE != "sqlite", reason="about the SQLite file"),
]


def test_a_transaction_that_could_not_begin_leaves_no_open_cursor_in_its_error() -> None:
    """Else the collector of garbage, in the thread that has the write lock, would wait for one that waits for it."""
    found: list[FrameType] = []

    def other() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA busy_timeout=0")
            with pytest.raises(OperationalError) as refused:
                transaction.atomic().__enter__()
            error: BaseException | None = refused.value
            while error is not None:
                walked = error.__traceback__
                while walked is not None:
                    found.append(walked.tb_frame)
                    walked = walked.tb_next
                error = error.__cause__
        finally:
            connections.close_all()

    with transaction.atomic():
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    cursors = {id(value): value for frame in found for value in frame.f_locals.values()}
    raw = [cursor for cursor in cursors.values() if isinstance(cursor, sqlite3.Cursor)]
    assert raw, "the error's traceback knows the cursor"
    for cursor in raw:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            cursor.fetchone()
