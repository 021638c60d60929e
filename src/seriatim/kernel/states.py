"""The states of a document and the only ways between them."""

from enum import StrEnum


class State(StrEnum):
    """Where a document stands in its life."""

    DRAFT = "draft"
    PENDING = "pending"
    POSTED = "posted"
    REVERSED = "reversed"
    CANCELLED = "cancelled"


class Action(StrEnum):
    """What a user may do to a document."""

    CHANGE = "change"
    CONFIRM = "confirm"
    POST = "post"
    REVERSE = "reverse"
    CANCEL = "cancel"


#: action → the states in which it is allowed.
ALLOWED: dict[Action, frozenset[State]] = {
    Action.CHANGE: frozenset({State.DRAFT, State.PENDING}),
    Action.CONFIRM: frozenset({State.DRAFT}),
    Action.POST: frozenset({State.DRAFT, State.PENDING}),
    Action.REVERSE: frozenset({State.POSTED}),
    Action.CANCEL: frozenset({State.DRAFT, State.PENDING}),
}


def allowed(action: Action, state: str) -> bool:
    """Whether the action is open to a document in this state."""
    return state in ALLOWED[action]
