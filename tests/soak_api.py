"""Every operation of the API, asked for long with whatever it allows and does not. `python -m tests.soak_api`."""

from __future__ import annotations

import os
import sys

import pytest


def main() -> int:
    """Run the fuzzing with 100 examples of each operation, on the engine of SERIATIM_TEST_ENGINE."""
    os.environ.setdefault("SERIATIM_TEST_FUZZ", "100")
    return int(pytest.main(["-q", "-p", "no:xdist", "tests/api/test_fuzz.py", *sys.argv[1:]]))


if __name__ == "__main__":
    raise SystemExit(main())
