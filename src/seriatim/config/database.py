"""From a database URL to Django's settings of that database, with what each engine needs to be safe and fast."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# How long a writer waits for another one before it is refused: SQLite lets one write at a time, and the
# longest single transaction (a document of 100,000 units) takes a second or two.
SQLITE_BUSY_TIMEOUT_S = 20

SQLITE_PRAGMAS = (
    # Readers don't wait for the writer, nor the writer for them.
    ("journal_mode", "WAL"),
    # NORMAL can lose a commit that was already answered, when the power fails.
    ("synchronous", "FULL"),
    # 64 MiB per connection (negative: KiB), used only as needed: the inner pages of a million units' indexes.
    # No mmap beside it: it gained nothing that this cache does not, and an I/O error would kill the process.
    ("cache_size", "-65536"),
    # One big document must not leave a log of its size on the disk for ever.
    ("journal_size_limit", "67108864"),
)

# By default the planner takes pages at random for four times as dear as in order, and answers 10,000 keys of
# 1,000,000 units with a scan of the whole table. On solid state disks, and in memory, they cost the same.
POSTGRESQL_OPTIONS = "-c random_page_cost=1.1"

# A thread keeps its connection this long; a connection costs PostgreSQL a process and us some milliseconds.
POSTGRESQL_MAX_AGE_S = 300

_EXAMPLES = "sqlite:////srv/seriatim/seriatim.sqlite3 or postgresql://user:password@host:5432/name"


def database_settings(url: str) -> dict[str, Any]:
    """Return Django's settings of the database at the URL.

    The URL never shows in a refusal: it may hold a password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ImproperlyConfigured(
            f"The database URL can't be read; it should look like {_EXAMPLES}."
        ) from None
    if parts.scheme == "sqlite":
        return _sqlite(parts)
    if parts.scheme in {"postgresql", "postgres"}:
        return _postgresql(parts, port)
    raise ImproperlyConfigured(
        f"The database URL begins with {parts.scheme!r}; it should look like {_EXAMPLES}."
    )


def _sqlite(parts: SplitResult) -> dict[str, Any]:
    # As elsewhere: three slashes before a path relative to where the process starts, four before an absolute one.
    path = unquote(parts.path).removeprefix("/")
    if parts.netloc or not path or path == ":memory:" or parts.query or parts.fragment:
        raise ImproperlyConfigured(
            "An SQLite URL is sqlite:/// and the path of a file (an absolute path begins with a fourth slash), "
            "with nothing before or after it; a database in memory can't be shared between threads."
        )
    return {
        "ENGINE": "seriatim.config.sqlite",
        "NAME": str(Path(path).expanduser().absolute()),
        "OPTIONS": {
            # A transaction that begins by reading and then wants to write is refused at once when another one
            # wrote meanwhile, whatever the timeout. One that asks for the write lock first, waits its turn.
            "transaction_mode": "IMMEDIATE",
            "timeout": SQLITE_BUSY_TIMEOUT_S,
            "init_command": "; ".join(f"PRAGMA {name}={value}" for name, value in SQLITE_PRAGMAS),
        },
    }


def _postgresql(parts: SplitResult, port: int | None) -> dict[str, Any]:
    name = unquote(parts.path).removeprefix("/")
    if not name or "/" in name:
        raise ImproperlyConfigured(f"The database URL names no database; it should look like {_EXAMPLES}.")
    # Whatever libpq knows may follow the `?`: sslmode, a socket's directory as host, connect_timeout …
    options: dict[str, Any] = dict(parse_qsl(parts.query, keep_blank_values=True))
    host = options.pop("host", None) or unquote(parts.hostname or "")
    # Theirs last: it wins over ours.
    options["options"] = f"{POSTGRESQL_OPTIONS} {options.get('options', '')}".strip()
    options.setdefault("application_name", "seriatim")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(options.pop("port", None) or port or ""),
        "CONN_MAX_AGE": POSTGRESQL_MAX_AGE_S,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
