"""Planted faults: each is put into a copy of the package, and the tests must catch it. ``make mutants``.

A fault that no test notices means that the rule it breaks is not proved; then this exits with 1.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Fault:
    """One change of the code that must not go unnoticed."""

    says: str
    file: str
    old: str
    new: str
    #: Where a test has to fail.
    tests: tuple[str, ...] = ("tests/kernel", "tests/documents", "tests/walks")


FAULTS = (
    Fault(
        "a unit is moved though the document is dated before its last movement",
        "kernel/rules.py",
        "if group.last_at is not None and group.last_at > ask.at:",
        "if False:",
    ),
    Fault(
        "a unit that is held for another document is taken",
        "kernel/rules.py",
        "if group.reserved_by is not None and group.reserved_by != ask.document:",
        "if False:",
    ),
    Fault(
        "a sales return is taken from anybody",
        "kernel/rules.py",
        "if match is Match.LAST_BUYER and group.customer != ask.party:",
        "if False:",
    ),
    Fault(
        "goods that come back stay the customer's",
        "kernel/kinds.py",
        """                match=Match.LAST_BUYER,
                overridable=True,
                owner_before=OwnerBefore.THEIRS,
                owner=OwnerAfter.US,""",
        """                match=Match.LAST_BUYER,
                overridable=True,
                owner_before=OwnerBefore.THEIRS,
                owner=OwnerAfter.SAME,""",
    ),
    Fault(
        "more is taken from a balance than it holds",
        "ledger/quantities.py",
        "if there < plan.quantity:",
        "if False:",
    ),
    Fault(
        "a backdated quantity makes the past negative",
        "ledger/quantities.py",
        "    _judge_later(takers, at)\n",
        "    pass\n",
    ),
    Fault(
        "a reversal forgets what was before",
        "ledger/bulk/sqlite.py",
        'restored = {"location_id": "m.source_id", "cost": cost, "price": price}',
        'restored = {"location_id": "m.source_id", "cost": cost, "price": price, "sale_seq": f"{UNIT}.sale_seq",'
        ' "customer_id": f"{UNIT}.customer_id"}',
    ),
    Fault(
        "a document is reversed under a later one",
        "documents/reversal.py",
        "    _refuse_later(document, lines)\n",
        "    pass\n",
    ),
    Fault(
        "a stolen unit goes through",
        "kernel/rules.py",
        "if blocked & Mark.STOLEN:",
        "if False:",
    ),
    Fault(
        "a posted document is posted twice",
        "kernel/states.py",
        "Action.POST: frozenset({State.DRAFT, State.PENDING}),",
        "Action.POST: frozenset({State.DRAFT, State.PENDING, State.POSTED, State.CANCELLED}),",
    ),
)


def main() -> int:
    """Try every fault; say what caught it."""
    survived = 0
    for number, fault in enumerate(FAULTS, start=1):
        caught = _caught(fault)
        survived += not caught
        _say(f"{number:2}. {f'caught by {caught}' if caught else 'SURVIVED'}: {fault.says}")
    _say(f"{len(FAULTS) - survived} of {len(FAULTS)} planted faults were caught")
    return 1 if survived else 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _caught(fault: Fault) -> str:
    """The first test that failed; empty when all passed."""
    with tempfile.TemporaryDirectory(prefix="seriatim-mutant-") as folder:
        source = Path(folder) / "src"
        shutil.copytree(ROOT / "src", source, ignore=shutil.ignore_patterns("__pycache__"))
        file = source / "seriatim" / fault.file
        text = file.read_text()
        if text.count(fault.old) != 1:
            raise SystemExit(f"{fault.file}: the place of “{fault.says}” is not there once; mend this list")
        file.write_text(text.replace(fault.old, fault.new))
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-x",
                "--no-header",
                "-p",
                "no:cacheprovider",
                *fault.tests,
            ],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(source), "SERIATIM_TEST_ENGINE": "sqlite"},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode not in (0, 1):
        raise SystemExit(
            f"the tests did not run with “{fault.says}”:\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        )
    failed = [line for line in done.stdout.splitlines() if line.startswith("FAILED ")]
    if done.returncode and not failed:
        raise SystemExit(f"the tests broke with “{fault.says}”:\n{done.stdout[-2000:]}")
    return failed[0].removeprefix("FAILED ").split(" - ")[0] if failed else ""


if __name__ == "__main__":
    sys.exit(main())
