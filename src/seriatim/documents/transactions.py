"""One transaction per service, tried again when somebody else was in the way.

Conflicts and deadlocks are no fault of the caller: at most three more tries, then a named refusal.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, transaction

from seriatim.documents.models import Document
from seriatim.kernel.refusals import Busy, NegativeLater, OutOfOrder, Refusal, Reserved
from seriatim.ledger.bulk import Conflict

P = ParamSpec("P")
R = TypeVar("R")

TRIES = 4
#: Serialization failure, deadlock, lock not available: SQLSTATE, since names of constraints differ on a cluster.
_PASSING = frozenset({"40001", "40P01", "55P03"})
_UNIQUE = "23505"


def one_transaction(service: Callable[P, R]) -> Callable[P, R]:
    """Run the service in a transaction; all of it or nothing."""

    @wraps(service)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        passing: BaseException | None = None
        for _ in range(TRIES):
            try:
                with transaction.atomic():
                    return service(*args, **kwargs)
            except Conflict as conflict:
                passing = conflict.__cause__
                continue
            except Refusal as refusal:
                raise numbered(refusal) from None
            except (OperationalError, IntegrityError) as error:
                if not _passing(error):
                    raise
                passing = error
        # A refusal that another try might have overcome, and did not, says more than that we were busy.
        raise numbered(passing) if isinstance(passing, Refusal) else Busy

    return run


@contextmanager
def undated(is_undated: bool) -> Iterator[None]:
    """What happens "now" cannot be too early: if it is, somebody else was faster, and the next try is later."""
    try:
        yield
    except (OutOfOrder, NegativeLater) as refusal:
        if is_undated:
            raise Conflict from refusal
        raise


def numbered(refusal: Refusal) -> Refusal:
    """The same refusal with the numbers of the documents that hold units: the ledger knows only their ids."""
    ids = {case.document for one in refusal.all if isinstance(one, Reserved) for case in one.cases}
    if not ids:
        return refusal
    rows = Document.objects.filter(pk__in=ids, number__isnull=False).values_list("pk", "number")
    numbers = {str(pk): str(number) for pk, number in rows}
    lead, *also = (_with_numbers(one, numbers) if isinstance(one, Reserved) else one for one in refusal.all)
    return type(lead)(lead.cases, also=also, **lead.facts)


def _with_numbers(refusal: Reserved, numbers: dict[str, str]) -> Reserved:
    cases = [replace(case, document=numbers.get(case.document, case.document)) for case in refusal.cases]
    return Reserved(cases, also=(), **refusal.facts)


def _passing(error: Exception) -> bool:
    cause = error.__cause__
    state = getattr(cause, "sqlstate", None)
    if state is not None:
        # The same key written by another one meanwhile: the next try sees it and can say so.
        return state in _PASSING or state == _UNIQUE
    text = str(error)
    return "locked" in text or "UNIQUE constraint failed" in text
