"""What people type is text and stays text, wherever it is shown."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_faults import choose, open_intake, save_intake
from tests.browsing import settle, sign_in

NewPage = Callable[..., Page]
OUTSIDE = "http://198.51.100.7/collect"

# Given name, wish and note: each place gets everything somewhere.
HOSTILE = {
    "html": "<img src=x onerror=alert(1)>",
    "script": "<script>alert(document.cookie)</script>",
    "svg": "<svg/onload=fetch('//198.51.100.7')>",
    "markdown image": f"![Bild]({OUTSIDE}.png)",
    "markdown link": f"[hier klicken]({OUTSIDE})",
    "javascript link": "[klick](javascript:alert(1))",
    "bare address": f"{OUTSIDE}?a=1",
    "latex": r"$\frac{1}{0}$ und $$x^2$$",
    "icon": ":material/delete: :red[rot] :smile:",
    "marks": "**fett** _kursiv_ ~~weg~~ `code` # nicht > so",
    "right to left": "abc \u202eretlap\u202c \u05d0\u05d1",
    "emoji": "👩🏽‍👧‍👦 Зоя 🇺🇦",
    "entities": "&lt;b&gt; &amp; &#60;",
    "template": "{{7*7}} {0} %s %(name)s ${7*7}",
    "quotes": "O'Neill \"x\" \\ `",
    "pasted table": "a | b\n--- | ---\n1 | 2",
    "5,000 characters": "Ü" * 2500 + " z" * 1250,
}
ONE_LINE = [
    "html", "markdown image", "javascript link", "latex", "icon", "marks", "right to left",
    "emoji", "entities", "template", "quotes",
]  # fmt: skip


def shown_on(page: Page) -> str:
    return " ".join(page.get_by_test_id("stMain").inner_text().split())


def as_typed(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def watched(new_page: NewPage) -> Iterator[Callable[[str, str], Page]]:
    """Signs in; no dialog may ever open. Outside requests and console errors fail in new_page."""

    def open_as(account: str, path: str = "/") -> Page:
        page = new_page()
        page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
        sign_in(page, account, path)
        return page

    yield open_as


def nothing_came_alive(page: Page) -> None:
    inside = page.get_by_test_id("stMain")
    assert inside.locator("img, iframe, object, .katex, [onerror], [onload]").count() == 0
    assert inside.locator(f'a[href^="javascript:"], a[href^="{OUTSIDE}"]').count() == 0


@pytest.mark.parametrize("kind", ONE_LINE)
def test_a_persons_name_is_shown_as_typed(watched: Callable[..., Page], kind: str) -> None:
    name = HOSTILE[kind]
    page = watched("guide", "/aufnahme")
    page.get_by_label("Name", exact=True).fill("Zzz Yyy")
    page.get_by_role("button", name="aufnehmen").last.click()
    expect(page.get_by_label("Vorname")).to_have_value("Zzz")
    settle(page)
    page.get_by_label("Vorname").fill(name)
    page.get_by_label("Familienname").fill("Echt")
    choose(page, "Ukrainisch", "Sonstiges" if False else "Wohnen")
    save_intake(page)
    settle(page)
    assert as_typed(name) in shown_on(page)
    nothing_came_alive(page)
    page.goto("/personen")
    settle(page)
    assert as_typed(name) in shown_on(page)
    nothing_came_alive(page)
