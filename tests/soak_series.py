"""The long race for numbers: 32 takers, 500 requests each, one in five refused. `python -m tests.soak_series`."""

from __future__ import annotations

import os
import sys

import pytest


def main() -> int:
    """Run the parallel tests with all requests, on the engine of SERIATIM_TEST_ENGINE."""
    os.environ["SERIATIM_TEST_RACE_S"] = "3600"
    return int(pytest.main(["-q", "-s", "tests/series/test_parallel.py", *sys.argv[1:]]))


if __name__ == "__main__":
    raise SystemExit(main())
