"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
from pathlib import Path


def described() -> str:
    """The processor, its number, the memory and the system, as far as the system tells."""
    return f"{_processor()}, {os.cpu_count()} CPUs, {_memory_gib():.0f} GiB; {platform.system()} {platform.release()}"


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    if path.exists():
        for line in path.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def _memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)


def load() -> float:
    """How busy the machine was in the last minute."""
    return os.getloadavg()[0]
