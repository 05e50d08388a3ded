"""KISI as it is really served, seen through headless Chromium.

Every page of a test is watched: afterwards nothing may have been asked of a foreign server,
and nothing may have been written to the browser's console as an error. Expect an error with
`page_watch(page).allow("text", reason="...")`.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.watch import Watch
from tests.browsing import GERMAN, TABLET, NoChromium, running_chromium
from tests.missing import skip_or_fail
from tests.running import ROOT, RunningKisi


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    try:
        with running_chromium() as browser:
            yield browser
    except NoChromium as reason:
        skip_or_fail(str(reason))


@pytest.fixture(scope="module")
def start_server(
    chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., RunningKisi]]:
    """Starts a further demo server, with the settings given: start_server(KISI_TODAY="...").
    It runs until the last test of the file is over."""
    started: list[RunningKisi] = []

    def start(*, data: Path | None = None, root: Path = ROOT, **environment: str) -> RunningKisi:
        server = RunningKisi(data or tmp_path_factory.mktemp("server"), root, **environment)
        started.append(server)
        return server

    yield start
    for server in started:
        server.stop()


@pytest.fixture(scope="module")
def server(start_server: Callable[..., RunningKisi]) -> RunningKisi:
    """One demo server for all tests of a file; a test that needs fresh data starts its own."""
    return start_server()


@pytest.fixture
def watches() -> dict[BrowserContext, Watch]:
    return {}


@pytest.fixture
def page_watch(watches: dict[BrowserContext, Watch]) -> Callable[[Page], Watch]:
    """What a page has asked for and complained about so far."""
    return lambda page: watches[page.context]


@pytest.fixture
def new_page(
    chromium: Browser, request: pytest.FixtureRequest, watches: dict[BrowserContext, Watch]
) -> Iterator[Callable[..., Page]]:
    """Opens a page in a browser of its own: new_page(), new_page((1280, 800)),
    new_page(of=another_server). Further keywords go to Playwright's new_context."""

    def open_page(
        size: tuple[int, int] = TABLET, *, of: RunningKisi | None = None, **options: Any
    ) -> Page:
        address = (of or request.getfixturevalue("server")).url
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            base_url=address,
            **(GERMAN | options),
        )
        context.set_default_timeout(15_000)
        watches[context] = Watch(urlsplit(address).netloc)
        watches[context].follow(context)
        return context.new_page()

    yield open_page
    for context in watches:
        context.close()
    assert not [url for watch in watches.values() for url in watch.strangers()]
    assert not [text for watch in watches.values() for text in watch.unexpected()]
