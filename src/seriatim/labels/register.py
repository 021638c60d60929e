"""The register of printed labels: set-based, one statement however many units a job has."""

import json
from collections.abc import Sequence
from uuid import UUID

from django.db import connection

# Keys travel as one parameter; a number that was asked for twice is one unit.
_SQLITE = """
    INSERT INTO labels_printedunit (job_id, unit) SELECT DISTINCT %s, value FROM json_each(%s)
"""
_POSTGRESQL = """
    INSERT INTO labels_printedunit (job_id, unit) SELECT DISTINCT %s, k FROM unnest(%s::uuid[]) AS k
"""


def enter(job: int, keys: Sequence[bytes]) -> None:
    """Write down that these units' labels were printed by this job."""
    if not keys:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL, [job, [UUID(bytes=key) for key in keys]])
        else:
            cursor.execute(_SQLITE, [job, json.dumps([key.hex() for key in keys])])
