"""Makes a database ready for measurements: `python -m bench.prepare HELD` (a process of its own, see __main__)."""

from __future__ import annotations

import sys

import django


def main() -> None:
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from bench import work
    from seriatim.catalog.models import Item

    held = int(sys.argv[1])
    if "catalog_item" not in connection.introspection.table_names():
        call_command("migrate", verbosity=0)
    if not Item.objects.exists():
        work.make_master_data()

    def tell(done: int) -> None:
        print(
            f"\r  {connection.vendor}: {done:,} of {held:,} units held", end="", file=sys.stderr, flush=True
        )

    if held:
        work.hold(held, tell)
        print(file=sys.stderr)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("ANALYZE")
            # All of it in the one file, which is what is copied.
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute("VACUUM (ANALYZE)")
            cursor.execute("CHECKPOINT")


if __name__ == "__main__":
    main()
