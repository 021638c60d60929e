"""What records that are edited have in common: an ETag when they are shown, If-Match when they are changed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from seriatim.accounts.people import User
from seriatim.api.problems import Problem
from seriatim.api.versions import require_match, tag_of
from seriatim.catalog.texts import same_code
from seriatim.catalog.transactions import holding, queue_up
from seriatim.kernel.amounts import AmountInvalid
from seriatim.kernel.amounts import money as read_money
from seriatim.kernel.amounts import quantity as read_quantity
from seriatim.kernel.refusals import Invalid, NotFound

Row = TypeVar("Row", bound=Model)

#: The statuses of what is put.
CHANGED, MADE = 200, 201


def who(request: HttpRequest) -> User:
    """Who asks; the frame has seen to it that it is somebody."""
    assert isinstance(request.user, User), "the frame asked"
    return request.user


def tagged(response: HttpResponse, shown: Any, *, address: str = "") -> Any:
    """What is shown, with its version; of what was just made, also its address."""
    response["ETag"] = tag_of(shown)
    if address:
        response["Location"] = address
    return shown


@contextmanager
def unchanged(request: HttpRequest, row: Row, show: Callable[[Row], Any]) -> Iterator[Row]:
    """The row, held while it is changed. Raises Problem (412) if it is not what If-Match says."""
    with holding(row) as held:
        require_match(request, show(held))
        yield held


def put(
    request: HttpRequest,
    find: Callable[[], Row],
    show: Callable[[Row], Any],
    *,
    create: Callable[[], Row],
    change: Callable[[Row], Row],
) -> tuple[int, Row]:
    """Change the row if it is there, or make it: two who make the same at one moment make it once. Gives the status too.

    Raises Problem (412) if it is not what If-Match says, or not there though If-Match asks for it.
    """
    with transaction.atomic():
        queue_up()
        try:
            row = find()
        except NotFound:
            if "If-Match" in request.headers:
                raise Problem("precondition_failed") from None
            return MADE, create()
        with unchanged(request, row, show) as held:
            return CHANGED, change(held)


def put_fields(fields: dict[str, Any], code: str) -> dict[str, Any]:
    """What is said of the record of that code. Raises Problem where the body says another code."""
    said = fields.pop("code", None)
    if said is not None and same_code(said) != same_code(code):
        raise Problem(
            "misread", "The code stands in the address: leave it out, or say the same.", field="code"
        )
    return fields


@contextmanager
def unchanged_since(request: HttpRequest, show: Callable[[], Any]) -> Iterator[None]:
    """As ``unchanged``, for what is no row of the door's: with If-Match, all who change master data wait in line."""
    if "If-Match" not in request.headers:
        yield
        return
    with transaction.atomic():
        queue_up()
        require_match(request, show())
        yield


def amount(value: str | float | None, field: str) -> int | None:
    """Money as it was said, in 1/10,000. Raises Invalid."""
    if value is None or value == "":
        return None
    try:
        return read_money(str(value))
    except AmountInvalid as error:
        raise Invalid(field=field, reason=str(error), value=str(value)[:40]) from None


def quantity_said(value: str | float | None) -> int | None:
    """How many, as it was said, in 1/1,000. Raises Problem."""
    if value is None:
        return None
    try:
        found = read_quantity(str(value))
    except AmountInvalid as error:
        raise Problem("misread", f"{error}.", field="quantity") from None
    if found < 0:
        raise Problem("misread", "It is less than nothing.", field="quantity")
    return found
