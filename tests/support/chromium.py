"""Where the system's Chromium is, and how it comes there: `python -m tests.support.chromium`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def found() -> str:
    """The program's path, that in ``SERIATIM_TEST_CHROMIUM`` first; refuses where there is none."""
    for program in (os.environ.get("SERIATIM_TEST_CHROMIUM", ""), *_PROGRAMS):
        if program and (path := shutil.which(program)):
            return path
    if path := _of_playwright():
        return path
    raise RuntimeError("There is no Chromium here: `make browser` installs it.")


def install() -> None:
    """Install it where it is missing: from the system's packages, else as Playwright brings it."""
    try:
        found()
    except RuntimeError:
        if not _from_packages():
            subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)
        print(f"Chromium: {found()}")  # noqa: T201  (a program that says what it did)


def _from_packages() -> bool:
    if not shutil.which("apt-get"):
        return False
    sudo = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
    if sudo and not shutil.which("sudo"):
        return False
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-qq", "-y", "chromium"]):
        if subprocess.run([*sudo, *command], stdout=subprocess.DEVNULL, env=quiet, check=False).returncode:
            return False
    return True


def _of_playwright() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if os.access(path, os.X_OK) else None


if __name__ == "__main__":
    install()
