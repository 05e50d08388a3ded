"""Every screen as every role, on the tablet and on the desk: to read, to tap, to hear."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.looking import ENGLISH, scrolls_sideways, small_targets, words_on
from tests.browser.views import PLAIN, ROLES, opened_records, screens
from tests.browser.watch import Watch
from tests.browsing import GERMAN, TABLET, axe, settle, sign_in
from tests.running import RunningKisi

DESK = (1280, 800)
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


@dataclass
class Seen:
    """What was noticed on one account's way through all its screens."""

    watch: Watch
    broken_rules: list[str] = field(default_factory=list)
    sideways: list[str] = field(default_factory=list)
    english: list[str] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)
    languages: set[str] = field(default_factory=set)
    small: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@pytest.fixture(scope="module", params=ROLES)
def seen(request: pytest.FixtureRequest, chromium: Browser, server: RunningKisi) -> Iterator[Seen]:
    """Each screen is opened once, and looked at in both sizes."""
    account = request.param
    with chromium.new_context(base_url=server.url, **GERMAN) as context:
        watch = Watch(urlsplit(server.url).netloc)
        watch.follow(context)
        seen = Seen(watch)
        page = context.new_page()
        page.goto("/anmelden")
        look(page, "anmelden", seen)
        sign_in(page, account)
        for name, path in (screens(account) | opened_records(account, server.data)).items():
            page.goto(path)
            settle(page)
            look(page, name, seen)
        for name, path in PLAIN.items():
            page.goto(path)
            look(page, name, seen)
        yield seen


def look(page: Page, name: str, seen: Seen) -> None:
    for width, height in (TABLET, DESK):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(150)  # charts are drawn anew
        where = f"{name} at {width}: "
        seen.broken_rules += [f"{where}{fault['rule']} {fault['where']}" for fault in faults(page)]
        seen.sideways += [where] * scrolls_sideways(page)
        seen.small += [where + one for one in small_targets(page)]
    seen.english += [f"{name}: {one}" for one in words_on(page) if ENGLISH.search(one)]
    seen.titles[name] = page.title()
    seen.languages.add(page.locator("html").get_attribute("lang") or "")
    seen.errors += [f"{name}: {one}" for one in page.get_by_test_id("stAlert").all_inner_texts()]


def faults(page: Page) -> list[dict[str, Any]]:
    return axe(page, *RULES)


def test_no_screen_breaks_a_rule_of_accessibility(seen: Seen) -> None:
    assert seen.broken_rules == []


def test_nothing_has_to_be_scrolled_sideways(seen: Seen) -> None:
    assert seen.sideways == []


def test_no_word_of_the_framework_is_left_in_english(seen: Seen) -> None:
    assert seen.english == []


def test_each_screen_has_its_title_and_says_its_language(seen: Seen) -> None:
    assert seen.languages == {"de"}
    assert all(title.endswith(" – KISI") for title in seen.titles.values()), seen.titles


def test_everything_to_tap_is_as_large_as_a_fingertip(seen: Seen) -> None:
    assert seen.small == []


def test_no_screen_shows_an_error(seen: Seen) -> None:
    assert seen.errors == []


def test_nothing_is_asked_of_another_server_and_nothing_complained_of(seen: Seen) -> None:
    assert seen.watch.strangers() == []
    assert seen.watch.unexpected() == []
