"""What is to be written, as values: one step is one set of units that go the same way.

A column of a step is a constant, one value per unit, or an expression over what stands there. The engines in
``bulk`` turn steps into SQL; nothing else does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from seriatim.ledger.state import STATE


@dataclass(frozen=True, slots=True)
class Const:
    """The same value for every unit."""

    value: Any


@dataclass(frozen=True, slots=True)
class Each:
    """One value per unit, in the order of the step's keys."""

    values: Sequence[Any]


@dataclass(frozen=True, slots=True)
class ThisSeq:
    """The number of the movement that is being written."""


@dataclass(frozen=True, slots=True)
class Otherwise:
    """The given value; where it is null, what stands there already."""

    given: Const | Each


@dataclass(frozen=True, slots=True)
class Plus:
    """What stands there (null counts as 0) and the given amount."""

    given: Const | Each


Given = Const | Each
Column = Const | Each | ThisSeq | Otherwise | Plus

NULL = Const(None)
THIS_SEQ = ThisSeq()


@dataclass(frozen=True, slots=True, kw_only=True)
class Creation:
    """What a new unit has beside its state."""

    item: Given
    serial: Each
    folded: Each
    global_serial: Given
    lot: Given
    end_of_life: Given


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Units that go the same way under one or several lines. Keys are sorted (see ``bulk``)."""

    keys: Sequence[bytes]
    line: Given
    source: Given
    at: datetime
    #: Columns of STATE that change; the others stay (and are null for new units).
    state: Mapping[str, Column] = field(default_factory=dict)
    #: What the units must still be, column → value, for the write to count: compare and set.
    guard: Mapping[str, Const] = field(default_factory=dict)
    create: Creation | None = None

    def columns(self) -> dict[str, Column]:
        """Every column that differs from the default, by a name of its own."""
        named: dict[str, Column] = {"line": self.line, "source": self.source}
        named.update({f"state.{name}": self.state[name] for name in STATE if name in self.state})
        if self.create is not None:
            for name in ("item", "serial", "folded", "global_serial", "lot", "end_of_life"):
                named[f"create.{name}"] = getattr(self.create, name)
        return named


def merge(steps: Sequence[Step]) -> list[Step]:
    """Join steps of the same shape, so that a document of many lines takes no more statements than one of one."""
    if len(steps) < 2:
        return list(steps)
    by_shape: dict[tuple[Any, ...], list[Step]] = {}
    for step in steps:
        by_shape.setdefault(_shape(step), []).append(step)
    return [_joined(same) if len(same) > 1 else same[0] for same in by_shape.values()]


def in_key_order(step: Step) -> Step:
    """The same step with its keys, and everything that is one per unit, sorted.

    With unsorted keys 16 parallel writers gave 239 deadlocks, with sorted ones none.
    """
    keys = step.keys
    order = sorted(range(len(keys)), key=keys.__getitem__)
    if all(place == index for index, place in enumerate(order)):
        return step
    columns = {
        name: _map(column, lambda given: _reordered(given, order)) for name, column in step.columns().items()
    }
    return _rebuilt(step, [keys[place] for place in order], columns)


def _shape(step: Step) -> tuple[Any, ...]:
    guard = tuple(
        sorted((name, const.value) for name, const in step.guard.items() if const.value is not None)
    )
    nulls = tuple(sorted(name for name, const in step.guard.items() if const.value is None))
    kinds = tuple(
        (name, type(column).__name__.replace("Each", "Const")) for name, column in step.columns().items()
    )
    return (step.create is not None, step.at, guard, nulls, kinds)


def _joined(steps: Sequence[Step]) -> Step:
    keys = [key for step in steps for key in step.keys]
    parts = [(step.columns(), len(step.keys)) for step in steps]
    columns: dict[str, Column] = {}
    for name, first in parts[0][0].items():
        if isinstance(first, ThisSeq):
            columns[name] = first
            continue
        givens = [(_given(named[name]), count) for named, count in parts]
        columns[name] = _map(first, lambda _, givens=givens: _concatenated(givens))
    return in_key_order(_rebuilt(steps[0], keys, columns))


def _given(column: Column) -> Given:
    if isinstance(column, Otherwise | Plus):
        return column.given
    if isinstance(column, ThisSeq):
        raise AssertionError("has no value of its own")
    return column


def _map(column: Column, change: Any) -> Column:
    if isinstance(column, Otherwise | Plus):
        return type(column)(change(column.given))
    return column if isinstance(column, ThisSeq) else change(column)


def _concatenated(givens: Sequence[tuple[Given, int]]) -> Given:
    first = givens[0][0]
    if isinstance(first, Const) and all(given == first for given, _ in givens):
        return first
    values: list[Any] = []
    for given, count in givens:
        values.extend(given.values if isinstance(given, Each) else [given.value] * count)
    return Each(values)


def _reordered(given: Given, order: Sequence[int]) -> Given:
    return Each([given.values[place] for place in order]) if isinstance(given, Each) else given


def _rebuilt(step: Step, keys: Sequence[bytes], columns: Mapping[str, Any]) -> Step:
    create = None
    if step.create is not None:
        create = Creation(
            **{n.removeprefix("create."): c for n, c in columns.items() if n.startswith("create.")}
        )
    return Step(
        keys=keys,
        line=columns["line"],
        source=columns["source"],
        at=step.at,
        state={n.removeprefix("state."): c for n, c in columns.items() if n.startswith("state.")},
        guard=step.guard,
        create=create,
    )
