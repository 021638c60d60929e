"""How much work something is, counted and not timed: the same on every machine, however busy."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def effort(work: Callable[[], object]) -> int:
    """Return how many lines of Python it runs. What runs within one call of a C function counts as one line."""
    lines = 0

    def tracer(_frame: FrameType, event: str, _arg: Any) -> Callable[..., Any]:
        nonlocal lines
        lines += event == "line"
        return tracer

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        work()
    finally:
        sys.settrace(before)
    return lines
