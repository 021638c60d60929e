"""Reads what somebody else wrote, with inputs that a fuzzer grows: those that reach code that none before them did.

``python -m tests.soak_fuzz [--seconds N] [--target NAME]``: each target for so long, in a process of its own. Needs
atheris (the extra ``fuzz``), which there is for some machines only; the rest of the tests go without.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

#: Longer inputs are cut off by the readers themselves, or take no further way through them.
LONGEST = 400

ENTRIES = (
    "SN-0001..SN-0500",
    "A1, A2;A3\nA4\tA5",
    "SN-001 + 20",
    '"A,1", "B""2"',
    "A-{1..3}",
    "X001-X010, !X005",
    "0001..9999",
)
LINKS = (
    "https://id.gs1.org/01/04006381333931/10/L%2F7/21/SN-1?17=271231",
    "https://x.test/a/b/gtin/4006381333931/ser/1?exp=271231;10=A&linkType=gs1:pip",
    "https://x.test/8006/040063813339310102/21/A",
    "https://x.test/414/4006381000009/254/1",
    "https://x.test/00/106141411234567897",
    "https://id.gs1.org/AQnYUc1gmiCNV4JGYg",
)


def reader(data: bytes) -> None:
    """A scan is read or refused, whole; and means something where units are collected."""
    from seriatim.scanning import Chosen, Profile, interpret, meaning
    from tests.scanning.test_properties import whole

    text = data.decode("utf-8", "surrogateescape")
    read = interpret(text, year=2026)
    assert read.meanings or read.flaws, "neither read nor refused"
    whole(read)
    meaning(text, item=Chosen("LAPTOP", "04006381333931"))
    interpret(text, year=2026, profile=Profile(prefix="]", suffix="#", separator="~"))


def digital_link(data: bytes) -> None:
    """An address is a Digital Link, a refused one, or none; what it says is said of itself alone."""
    from seriatim.scanning import Form, interpret

    text = "https://" + data.decode("utf-8", "surrogateescape")
    read = interpret(text, year=2026)
    assert read.meanings or read.flaws, "neither read nor refused"
    for one in read.meanings:
        if one.form is Form.DIGITAL_LINK:
            assert one.elements, "a link that says nothing"
            assert not one.gtin or len(one.gtin) == 14


def entry(data: bytes) -> None:
    """A typed list is read or its mistakes are named; what was read is read again as itself."""
    from seriatim.numbering import read_entry, read_list

    read = read_entry(data.decode("utf-8", "surrogateescape"), limit=2_000)
    assert read.serials or read.problems or not data.strip() or not read.serials
    assert len(set(read.serials)) == len(read.serials), "one serial twice"
    again = read_list(read.serials, limit=2_000)
    assert again.serials == read.serials, "what was read is not what it is kept as"
    assert not again.problems


TARGETS: dict[str, tuple[Callable[[bytes], None], Sequence[str]]] = {
    "reader": (reader, ()),
    "digital_link": (digital_link, [link.removeprefix("https://") for link in LINKS]),
    "entry": (entry, ENTRIES),
}


def main(arguments: list[str] | None = None) -> int:
    """Each target in turn; the first fault ends it, with the input that shows it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--target", choices=sorted(TARGETS))
    parser.add_argument("--alone", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    if chosen.alone:
        _alone(chosen.target, chosen.seconds, Path(chosen.alone))
    for name in [chosen.target] if chosen.target else TARGETS:
        with tempfile.TemporaryDirectory() as place:
            print(f"--- {name}, {chosen.seconds} s", flush=True)
            command = [sys.executable, "-m", "tests.soak_fuzz", "--target", name, "--alone", place]
            done = subprocess.run([*command, "--seconds", str(chosen.seconds)], check=False)
            for found in sorted(Path(place).glob("found-*")):
                print(f"FAILED: {name} at {found.read_bytes()!r}")
            if done.returncode:
                return 1
    return 0


def _alone(name: str, seconds: int, place: Path) -> None:
    """One target, in this process, which ends with it."""
    import atheris
    import django

    with atheris.instrument_imports(include=["seriatim.scanning", "seriatim.numbering", "biip"]):
        django.setup()
        import seriatim.numbering
        import seriatim.scanning  # noqa: F401  (imported here, so that their ways are seen)
    from tests.soak_scans import WHOLE

    target, seeds = TARGETS[name]
    corpus = place / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(seeds or WHOLE):
        (corpus / str(number)).write_bytes(seed.encode())
    options = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-artifact_prefix={place}/found-"]
    atheris.Setup([sys.argv[0], *options, "-timeout=10", "-print_final_stats=1", str(corpus)], target)
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
