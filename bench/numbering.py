"""How fast serial numbers are made, read and compared on this machine: `python -m bench.numbering`."""

import random
import time
from collections.abc import Callable
from datetime import date
from functools import partial

from seriatim.numbering import (
    Context,
    Pattern,
    Runs,
    account,
    fold_many,
    next_block,
    normalise_many,
    read_entry,
    to_text,
)

MILLION = 1_000_000
HERE = Context(item="PUMP", location="WH1", day=date(2026, 11, 21))

PATTERNS = (
    ("decimal", "SN-{yyyy}-{seq:7}"),
    ("base 16", "SN-{seq:7:16}"),
    ("base 32", "SN-{seq:7:32}"),
    ("base 36", "SN-{seq:7:36}"),
    ("luhn", "20{seq:7}{check:luhn}"),
    ("damm", "20{seq:7}{check:damm}"),
    ("verhoeff", "20{seq:7}{check:verhoeff}"),
    ("mod37-2", "{item}-{seq:7}-{check:mod37-2}"),
    ("mod11-2", "20{seq:7}{check:mod11-2}"),
    ("mod37-2 first, base 32", "{check:mod37-2}-{seq:7:32}"),
)


def measure(name: str, count: int, work: Callable[[], object], rounds: int = 3) -> None:
    """Print the best of some rounds: what the code costs, not what the machine was doing besides."""
    took = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        took.append(time.perf_counter() - started)
    print(f"{name:<44} {count:>9,} {min(took) * 1000:>9.1f} {count / min(took):>13,.0f}")


def making() -> None:
    for name, text in PATTERNS:
        pattern = Pattern.parse(text)
        measure(f"format_run, {name}", MILLION, partial(pattern.format_run, 1, MILLION, HERE))
    bits = random.SystemRandom().getrandbits
    lottery = Pattern.parse("{rand:12:32}{check:mod37-2}")
    measure(
        "format_random, base 32 with mod37-2", 100_000, lambda: lottery.format_random(HERE, bits, 100_000)
    )
    plain = Pattern.parse("SN-{yyyy}-{seq:7}")
    measure(
        "format_run, one number at a time",
        10_000,
        lambda: [plain.format_run(v, 1, HERE) for v in range(10_000)],
    )


def reading() -> None:
    pattern = Pattern.parse("SN-{yyyy}-{seq:7:yearly}")
    checked = Pattern.parse("{item}-{seq:7}{check:mod37-2}")
    numbers = pattern.format_run(1, MILLION, HERE)
    some = numbers[:100_000]
    with_check = checked.format_run(1, 100_000, HERE)
    measure("parse_numbers", 100_000, lambda: pattern.parse_numbers(some, HERE))
    measure("parse_numbers with mod37-2", 100_000, lambda: checked.parse_numbers(with_check, HERE))
    shuffled = random.Random(1).sample(numbers, MILLION)
    texts = {
        "one per line": "\n".join(some),
        "commas": ", ".join(some),
        "quotes": "\n".join(f'"{number}"' for number in some),
    }
    for name, text in texts.items():
        measure(f"read_entry, {name}", 100_000, partial(read_entry, text))
    lines = "\n".join(numbers)
    measure("read_entry, one per line", MILLION, lambda: read_entry(lines))
    measure("read_entry, one range", MILLION, lambda: read_entry(f"{numbers[0]}..{numbers[-1]}"))
    measure("to_text, one run", MILLION, lambda: to_text(numbers))
    measure("to_text, no runs", MILLION, lambda: to_text(shuffled))
    measure("normalise_many", MILLION, lambda: normalise_many(numbers))
    measure("fold_many", MILLION, lambda: fold_many(numbers))


def counting() -> None:
    used, leased = Runs.of_values(range(1, MILLION, 10)), Runs.of_values(range(5, MILLION, 10))
    measure("Runs.of_values, no neighbours", 500_000, lambda: Runs.of_values(range(1, MILLION, 2)))
    measure(
        "account, intervals", 200_000, lambda: account((1, MILLION), used=used, void=Runs(), leased=leased)
    )
    measure("next_block, intervals", 200_000, lambda: next_block(50, (1, 2 * MILLION), used, leased))


def main() -> None:
    print(f"{'what':<44} {'how many':>9} {'ms':>9} {'per second':>13}")
    making()
    reading()
    counting()


if __name__ == "__main__":
    main()
