"""The reader of scans for long: valid codes, damaged at random, and random texts made of their pieces.

``python -m tests.soak_scans [--examples N] [--pictures N] [--seed N]``
"""

from __future__ import annotations

import argparse
import os
import random
import secrets
import sys
import time

#: A valid code of every form, to be damaged.
WHOLE = (
    "SN-104881",
    "https://example.com/units/RTR-900/SN%20104881",
    "https://example.com/u/bzajnbid2hu266ogpaymkcr6tq",
    "https://id.gs1.org/01/04006381333931/10/L%2F7/21/SN-1?17=271231",
    "]d2010400638133393117271231" + "10LOT-7\x1d21SN-1",
    "(01)04006381333931(21)SER(0001(17)271231",
    "010400638133393121ABC17271231",
    "]C100106141411234567897020400638133393137" + "24",
    "4006381333931",
    "]E04006381333931",
    "106141411234567897",
    "356938035643809",
    "00:1A:2B:3C:4D:5E",
    "[)>\x1e06\x1d17V0CVA5\x1d1P1234\x1dS786950\x1e\x04",
    "[)>\x1e12\x1dMFR 0CVA5\x1dSER 786950\x1e\x04",
    "+A123BJC5D6E71/$$32709282LOT1/SXYZ456/16D202502020",
)
SIGNS = "0123456789ABCXYZabc()[]{}/\\%+-$.,:;&=?#|~^_<>@ \x1d\x1e\x04\r\n\t\0é\u241d"


def main(arguments: list[str] | None = None) -> int:
    """Damage codes and pictures until so many were read; say the seed, and where something goes wrong the text."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=300_000)
    parser.add_argument("--pictures", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=None)
    chosen = parser.parse_args(arguments)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    seed = secrets.randbits(32) if chosen.seed is None else chosen.seed
    print(f"seed {seed}")
    chance = random.Random(seed)
    return _texts(chance, chosen.examples) or _pictures(chance, chosen.pictures)


def damaged(chance: random.Random) -> str:
    """A code with some signs changed, doubled, lost or exchanged with another one's, or nothing but signs."""
    text = chance.choice(WHOLE)
    for _ in range(chance.randrange(6)):
        at = chance.randrange(len(text) + 1)
        what = chance.randrange(6)
        if what == 0:
            text = text[:at] + text[at + 1 :]
        elif what == 1:
            text = text[:at] + chance.choice(SIGNS) + text[at:]
        elif what == 2:
            text = text[:at] + chance.choice(SIGNS) + text[at + 1 :]
        elif what == 3:
            text = text[:at] + chance.choice(WHOLE)[chance.randrange(12) :]
        elif what == 4:
            text = text[:at] + text[max(0, at - chance.randrange(12)) :]
        else:
            text = "".join(chance.choices(SIGNS, k=chance.randrange(40)))
    return text


def _texts(chance: random.Random, examples: int) -> int:
    from seriatim.scanning import Chosen, interpret, meaning
    from tests.scanning.test_properties import whole

    began = time.monotonic()
    slowest = 0.0
    for number in range(examples):
        text = damaged(chance)
        start = time.perf_counter()
        try:
            read = interpret(text, year=2026)
            assert read.meanings or read.flaws, "neither read nor refused"
            whole(read)
            meaning(text, item=Chosen("LAPTOP", "04006381333931"))
        except Exception as error:
            print(f"example {number}: {text!r}: {error!r}")
            return 1
        slowest = max(slowest, time.perf_counter() - start)
    rate = examples / (time.monotonic() - began)
    print(f"{examples:,} texts read or refused, {rate:,.0f} a second, the slowest in {slowest * 1000:.0f} ms")
    return 0


def _pictures(chance: random.Random, examples: int) -> int:
    from seriatim.kernel.refusals import Invalid
    from seriatim.scanning.pictures import codes_in
    from tests.scanning import drawing

    kinds = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
    sources = [drawing.encoded(drawing.code("SN-1", scale=2), kind) for kind in kinds]
    refused = 0
    for number in range(examples):
        data = bytearray(chance.choice(sources))
        for _ in range(chance.randrange(12)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            size = chance.randrange(1, len(data)) if chance.random() < 0.3 else len(data)
            codes_in(bytes(data[:size]), thorough=False)
        except Invalid:
            refused += 1
        except Exception as error:
            print(f"picture {number}: {error!r}")
            return 1
    print(f"{examples:,} damaged pictures, {refused:,} of them refused")
    return 0


if __name__ == "__main__":
    sys.exit(main())
