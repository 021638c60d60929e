"""What came after some lines: the question that a reversal asks first."""

from collections.abc import Sequence

from django.db import connection

from seriatim.ledger.bulk.columns import MOVEMENT, STILL_ON_TOP, UNIT


def lines_in_the_way(lines: Sequence[int]) -> list[int]:
    """The lines of later movements, in the order in which they happened; empty if the way is free."""
    marks = ", ".join(["%s"] * len(lines))
    with connection.cursor() as cursor:
        # Quickly first: is any unit not where these lines left it?
        cursor.execute(
            f"SELECT 1 FROM {MOVEMENT} m JOIN {UNIT} ON {UNIT}.key = m.unit_id"
            f" WHERE m.line_id IN ({marks}) AND m.reverses IS NULL AND NOT {STILL_ON_TOP} LIMIT 1",
            list(lines),
        )
        if cursor.fetchone() is None:
            return []
        cursor.execute(
            f"SELECT x.line_id, min(x.happened_at), min(x.seq) FROM {MOVEMENT} m"
            f" JOIN {MOVEMENT} x ON x.unit_id = m.unit_id AND x.seq > m.seq AND x.reverses IS NULL"
            f" WHERE m.line_id IN ({marks}) AND m.reverses IS NULL AND NOT EXISTS (SELECT 1 FROM {MOVEMENT} y"
            " WHERE y.unit_id = x.unit_id AND y.seq > x.seq AND y.reverses = x.seq)"
            " GROUP BY x.line_id ORDER BY 2, 3",
            list(lines),
        )
        return [row[0] for row in cursor.fetchall()]
