"""One transaction per service of master data, tried again when somebody else was in the way."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Model

from seriatim.catalog.models import Site
from seriatim.kernel.refusals import Busy, NotFound

P = ParamSpec("P")
R = TypeVar("R")
Held = TypeVar("Held", bound=Model)

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


@contextmanager
def holding(row: Held) -> Iterator[Held]:
    """The row as it is now, held by this transaction: what is compared with it stays true until it is changed.

    Refuses with NotFound one that is gone.
    """
    with transaction.atomic():
        # On SQLite the transaction itself is the lock.
        found = type(row)._default_manager.select_for_update().filter(pk=row.pk).first()
        if found is None:
            raise NotFound(what=type(row)._meta.model_name or "", name=str(row))
        yield found


def queue_up() -> None:
    """Let nobody else come here until the transaction ends.

    Two who move each other's branches of the tree at once could make a circle that neither can see; an import
    that writes rows back could bring to life what is deleted meanwhile. One row that all of them write first is
    a lock that works on every engine; master data change too seldom for the wait to matter.
    """
    Site.objects.filter(pk=1).update(id=1)


def _passing(error: Exception) -> bool:
    state = getattr(error.__cause__, "sqlstate", None)
    if state is not None:
        return state in _PASSING
    return any(words in str(error) for words in _PASSING_WORDS)
