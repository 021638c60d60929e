"""Django's backend for SQLite; a transaction that could not begin leaves nothing open behind it."""

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Closes the cursor by which a transaction begins.

    Django leaves it open. When the write lock does not come in time, the error's traceback keeps that cursor in a
    circle of references, with its statement. Python's collector frees such circles in whatever thread it runs in, and
    to free the statement it takes the mutex of its connection, which the connection's own thread holds while it waits
    for the write lock again. If the collector runs in the thread that has the write lock, both wait until the timeout:
    of 32 threads that write all the time, one document was written in a second instead of a hundred.
    """

    def _start_transaction_under_autocommit(self) -> None:
        mode = self.transaction_mode or ""  # type: ignore[attr-defined]  # its stubs do not know it
        with self.cursor() as cursor:
            cursor.execute(f"BEGIN {mode}".rstrip())
