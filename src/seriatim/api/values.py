"""The types of what goes in and out: how money, quantities, days and moments stand in JSON.

Money and quantities are texts ("12.50"), so that nobody's floating point touches them; on the way in a JSON number
will do. Moments are ISO 8601 in UTC. Nothing is guessed: a number is not taken for a text, nor "yes" for true.
"""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    WithJsonSchema,
)

from seriatim.kernel import amounts

#: The largest id of a table with ids of 32 and of 64 bits.
MOST_32, MOST_64 = 2**31 - 1, 2**63 - 1


class Said(BaseModel):
    """What is sent: a field that is not known is refused, since a misspelt one would be a fact that is lost.

    Not ninja's own Schema, which looks at every nested object in Python: there may be 100,000 of them.
    """

    model_config = ConfigDict(extra="forbid")


class Shown(BaseModel):
    """What is answered."""


def left_out(words: str = "", **more: Any) -> Any:
    """A field that need not be said; what is left out stays as it is. In the description it has no default."""
    return Field(default_factory=lambda: None, description=words or None, **more)


def _text_of_day(value: object) -> object:
    """Only texts: of a number nobody knows which day it is."""
    if isinstance(value, str) and len(value) == len("2026-11-20"):
        return value
    raise ValueError("a day like 2026-11-20")


def _amount(value: Any) -> str:
    """The amount's text; what it may be is for the services to say."""
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        raise ValueError("a number")
    return str(value)


Text = StrictStr
Flag = StrictBool
Whole = Annotated[StrictInt, Field(ge=0, le=MOST_32)]
Id = Annotated[StrictInt, Field(ge=1, le=MOST_64)]
SaidDay = Annotated[date, BeforeValidator(_text_of_day)]
#: As it is said: a text or a number.
SaidAmount = Annotated[
    StrictStr | StrictInt | StrictFloat,
    Field(description="A decimal number; best as a text.", examples=["12.50"]),
]
Money = Annotated[
    str, WithJsonSchema({"type": "string", "pattern": r"^-?\d+\.\d{2,4}$", "examples": ["12.50"]})
]
Quantity = Annotated[
    str, WithJsonSchema({"type": "string", "pattern": r"^-?\d+(\.\d{1,3})?$", "examples": ["3", "1.5"]})
]
Day = date
Moment = datetime


def money(amount: int | None) -> str | None:
    """1/10,000 of the currency as a text."""
    return None if amount is None else amounts.money_text(amount)


def quantity(amount: int | None) -> str | None:
    """1/1,000 of the unit of measure as a text."""
    return None if amount is None else amounts.quantity_text(amount)
