"""Whether the database still guards the ledger."""

from collections.abc import Iterator

from django.db import connection

from seriatim.ledger.sql import fetch
from seriatim.ledger.verify.difference import Check, Difference

#: The triggers that the migrations made; on PostgreSQL there is one more of each against TRUNCATE.
GUARDS = tuple(
    f"{table}_no_{event}"
    for table in ("ledger_movement", "ledger_quantitymovement", "ledger_revaluation", "ledger_unit")
    for event in ("update", "delete")
)


def _guards() -> Iterator[Difference]:
    if connection.vendor == "postgresql":
        rows = fetch("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
    elif connection.vendor == "sqlite":
        rows = fetch("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    else:
        # Elsewhere rights guard the tables: see the guide to the distributed tier.
        return
    present = {row[0] for row in rows}
    for name in GUARDS:
        if name not in present:
            yield Difference("guard_missing", f"trigger {name}", "there", "gone")


CHECKS = (Check("guards", ("guard_missing",), _guards),)
