"""Chromium for browser tests and screenshots, and what a person does first in KISI."""

import contextlib
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Browser, Error, Page, Playwright, sync_playwright

from tests.running import DEMO_PASSWORD

TABLET = (820, 1180)
GERMAN: dict[str, Any] = {"locale": "de-DE", "timezone_id": "Europe/Berlin"}
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # Nothing that Chromium would ask the internet for on its own.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Path(__file__).parent / "browser" / "axe.min.js"
READY = (
    '[data-testid="stApp"]'
    '[data-test-connection-state="CONNECTED"][data-test-script-state="notRunning"]'
)
CALM_SECONDS = 0.2  # a click reaches the server and starts a run within this time


class NoChromium(Exception):
    """There is none to be had here; the message says why."""


@contextlib.contextmanager
def running_chromium() -> Iterator[Browser]:
    """The system's Chromium, else the one Playwright downloads. Raises NoChromium."""
    playwright = _start_playwright()
    try:
        browser = _launch(playwright)
        try:
            yield browser
        finally:
            browser.close()
    finally:
        playwright.stop()


def _start_playwright() -> Playwright:
    try:
        return sync_playwright().start()
    except Exception as error:  # what it raises is no class of its own
        raise NoChromium(f"Playwright does not run (is libatomic1 there?): {error}") from error


def _launch(playwright: Playwright) -> Browser:
    executable = system_chromium() or playwright.chromium.executable_path
    if not Path(executable).exists():
        raise NoChromium("no Chromium: install it, or run `playwright install chromium`")
    # The sandbox of Chromium does not work for root.
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    try:
        return playwright.chromium.launch(executable_path=executable, args=flags)
    except Error as error:
        raise NoChromium(f"Chromium did not start: {error.message[-400:]}") from error


def system_chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


def settle(page: Page, seconds: float = 30) -> None:
    """Wait until the screen is complete: connected, nothing running, nothing greyed out."""
    deadline = time.monotonic() + seconds
    calm_since = None
    while calm_since is None or time.monotonic() - calm_since < CALM_SECONDS:
        if time.monotonic() > deadline:
            raise AssertionError(f"{page.url} did not settle within {seconds:.0f} s")
        calm = page.locator(READY).count() == 1
        calm = calm and page.locator('[data-stale="true"]').count() == 0
        calm = calm and page.locator('[data-testid="stSkeleton"]').count() == 0
        calm_since = (calm_since or time.monotonic()) if calm else None
        page.wait_for_timeout(25)


def sign_in(page: Page, name: str, next: str = "/", password: str = DEMO_PASSWORD) -> None:
    """Sign in and wait for the screen at `next`. The page needs a base_url."""
    page.goto(f"/anmelden?n={quote(next)}")
    page.locator('input[name="u"]').fill(name)
    page.locator('input[name="p"]').fill(password)
    page.locator('button[type="submit"]').click()
    page.wait_for_url(lambda url: "/anmelden" not in url)
    if page.locator("body.kisi-plain").count() == 0:
        settle(page)


def axe(page: Page, *tags: str) -> list[dict[str, Any]]:
    """The accessibility rules the page breaks; with tags such as "wcag2aa" only those rules."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if tags:
        options["runOnly"] = list(tags)
    result = page.evaluate(
        "options => axe.run(document, options).then(result => result.violations)", options
    )
    return [
        {
            "rule": broken["id"],
            "impact": broken["impact"],
            "help": broken["help"],
            "where": [node["html"] for node in broken["nodes"]],
        }
        for broken in result
    ]
