"""How master data are written: in one transaction per service, with a row held, or one after the other."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import transaction
from django.db.models import Model

from seriatim.accounts.transactions import TRIES, one_transaction
from seriatim.catalog.models import Site
from seriatim.kernel.refusals import NotFound

# Whoever writes master data finds all of it here.
__all__ = ["TRIES", "holding", "one_transaction", "queue_up"]

Held = TypeVar("Held", bound=Model)


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
