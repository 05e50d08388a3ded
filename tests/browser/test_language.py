"""English for those who want it: kept, complete, and nobody else's business."""

import contextlib
import re
import sqlite3
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import GERMAN as GERMAN_WORDS
from tests.browser.looking import words_on
from tests.browser.views import PLAIN, ROLES, opened_records, screens
from tests.browsing import settle, sign_in
from tests.running import RunningKisi

NewPage = Callable[..., Page]
GERMAN_DAY = re.compile(r"\b\d{2}\.\d{2}\.\d{4}\b")
ENGLISH_DAY = re.compile(r"\b\d{2}/\d{2}/\d{4}\b")


def switch(page: Page, language: str) -> None:
    page.goto("/konto")
    page.locator("#language").select_option(language)
    page.locator('form[action="/sprache"] button').click()
    expect(page.locator("html")).to_have_attribute("lang", language)


def data_of(server: RunningKisi) -> list[str]:
    """What people have written, in whatever language."""
    with contextlib.closing(sqlite3.connect(server.data / "kisi.db")) as database:
        return [name for (name,) in database.execute("SELECT name FROM agency")]


@pytest.mark.parametrize("account", ROLES)
def test_every_screen_is_english_for_whoever_chose_it(
    server: RunningKisi, new_page: NewPage, account: str
) -> None:
    page = new_page()
    sign_in(page, account)
    switch(page, "en")
    written_by_people = data_of(server)
    left, days = [], ""
    views = screens(account) | opened_records(account, server.data) | PLAIN
    for name, path in views.items():
        page.goto(path)
        if path not in PLAIN.values():
            settle(page)
        page.evaluate("() => document.querySelectorAll('p[dir=auto]').forEach(one => one.remove())")
        assert page.locator("html").get_attribute("lang") == "en"
        for words in words_on(page):
            for data in written_by_people:
                words = words.replace(data, "")
            if GERMAN_WORDS.search(words) or GERMAN_DAY.search(words):
                left.append(f"{name}: {words}")
            days += words
    assert left == []
    assert ENGLISH_DAY.search(days)
    switch(page, "de")


def test_the_language_is_kept_and_each_person_has_their_own(
    server: RunningKisi, new_page: NewPage
) -> None:
    english, german = new_page(), new_page()
    sign_in(english, "guide")
    switch(english, "en")
    sign_in(german, "guide2")
    for _round in range(3):
        english.goto("/personen")
        german.goto("/personen")
        expect(english.get_by_role("heading", level=1)).to_have_text("Persons")
        expect(german.get_by_role("heading", level=1)).to_have_text("Personen")
        english.get_by_label("Search").fill("x")
        german.get_by_label("Suchen").fill("x")
        settle(english)
        settle(german)
        assert not GERMAN_WORDS.search(english.get_by_test_id("stAlert").inner_text())
        assert GERMAN_WORDS.search(german.get_by_test_id("stAlert").inner_text())
    english.goto("/abmelden")
    english.get_by_role("button").click()
    sign_in(english, "guide")
    expect(english.locator("html")).to_have_attribute("lang", "en")
    switch(english, "de")
