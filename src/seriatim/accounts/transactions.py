"""One transaction per service of master data and of people, tried again when somebody else was in the way."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, transaction

from seriatim.kernel.refusals import Busy

P = ParamSpec("P")
R = TypeVar("R")

TRIES = 3
# By SQLSTATE, since names of constraints differ on a cluster: serialization failure, deadlock, lock not
# available; and unique or foreign key: somebody took the code, or removed the row, after it was looked at.
# The next try sees what they did and refuses by name.
_PASSING = frozenset({"40001", "40P01", "55P03", "23505", "23503"})
_PASSING_WORDS = ("locked", "UNIQUE constraint failed", "FOREIGN KEY constraint failed")


def one_transaction(service: Callable[P, R]) -> Callable[P, R]:
    """Run the service in a transaction, all of it or nothing; refuses with Busy where others kept coming first."""

    @wraps(service)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        for _ in range(TRIES):
            try:
                with transaction.atomic():
                    return service(*args, **kwargs)
            except (OperationalError, IntegrityError) as error:
                if not _passing(error):
                    raise
        raise Busy

    return run


def _passing(error: Exception) -> bool:
    state = getattr(error.__cause__, "sqlstate", None)
    if state is not None:
        return state in _PASSING
    return any(words in str(error) for words in _PASSING_WORDS)
