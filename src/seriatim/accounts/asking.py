"""How often somebody asks, counted in the database: every process of the server counts with the others.

One statement counts one more and says how many they are; spans of time that are over are thrown away now and then.
"""

from django.db import connection, transaction

from seriatim.accounts.models import Asking

_COUNT = """
    INSERT INTO accounts_asking (key, count, until) VALUES (%s, 1, %s)
    ON CONFLICT (key) DO UPDATE SET count = accounts_asking.count + 1
    RETURNING count
"""


def count_one(key: str, *, until: int) -> int:
    """Count one more of this key, which is forgotten after ``until`` (seconds since 1970). Returns how many they are."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_COUNT, [key, until])
        (count,) = cursor.fetchone()
    return int(count)


def forget_until(moment: int) -> int:
    """Throw away what was counted in spans that are over. Returns how many rows."""
    deleted, _ = Asking.objects.filter(until__lt=moment).delete()
    return deleted
