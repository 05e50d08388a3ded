"""What people type is text and stays text, wherever it is shown."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_faults import choose, save_intake
from tests.browsing import settle, sign_in

NewPage = Callable[..., Page]
OUTSIDE = "http://198.51.100.7/c"  # nobody's address

PEOPLE = [
    ("<img src=x onerror=alert(1)>", f"![Bild]({OUTSIDE}.png)"),
    ("[klick](javascript:alert(1))", r"$\frac{1}{0}$ $$x^2$$"),
    (":material/delete: :red[rot] :smile:", "**fett** _kursiv_ ~~weg~~ `code`"),
    ("abc \u05d0\u05d1 \u0639\u0644\u064a (1)", "👩🏽‍👧 Зоя 🇺🇦"),
    ('O\'Neill "x" \\ ` | a', "{{7*7}} {0} %s ${7*7} &lt;b&gt; #1"),
]
LINES = f"""<script>alert(document.cookie)</script> <svg/onload=fetch('//198.51.100.7')>
[hier klicken]({OUTSIDE}) und {OUTSIDE}?a=1
a | b
--- | ---
1 | 2
# Überschrift
> Zitat
- Punkt"""
LONG = "Donaudampfschifffahrt" * 90 + " z" * 1500
AGENCY = f"<b>Amt</b> ![x]({OUTSIDE}.png) :material/delete:"
COLLEAGUE = f"<i>Kim</i> [x]({OUTSIDE}) **K**"


def shown_on(page: Page) -> str:
    words = page.get_by_test_id("stMain").inner_text().replace("\u2060", "")
    return " ".join(words.split())


def expect_as_typed(page: Page, *texts: str) -> None:
    """Every text stands there as it was typed, and nothing of it came alive."""
    settle(page)
    shown = shown_on(page)
    for text in texts:
        assert " ".join(text.split()) in shown, text
    inside = page.get_by_test_id("stMain")
    alive = inside.locator("img, iframe, object, .katex, [onerror], [onload], i, b, h1 > h1")
    assert alive.count() == 0, alive.first.evaluate("one => one.outerHTML")
    assert inside.locator(f'a[href^="javascript:"], a[href^="{OUTSIDE}"]').count() == 0
    assert not page.evaluate(
        "() => document.querySelector('[data-testid=stMain]').scrollWidth > innerWidth + 1"
    )


@pytest.fixture
def sign_in_as(new_page: NewPage) -> Callable[[str], Page]:
    """No dialog may open. Requests to elsewhere and console errors fail in new_page."""

    def open_as(account: str) -> Page:
        page = new_page()
        page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
        sign_in(page, account)
        return page

    return open_as


def take_in(page: Page, given: str, family: str, wish: str) -> None:
    page.goto("/aufnahme")
    settle(page)
    page.get_by_label("Name", exact=True).fill(given)
    page.get_by_role("button", name="aufnehmen").last.click()
    expect(page.get_by_label("Vorname")).not_to_have_value("")
    settle(page)
    page.get_by_label("Vorname").fill(given)
    page.get_by_label("Familienname").fill(family)
    page.get_by_label("In eigenen Worten").fill(wish)
    choose(page, "Ukrainisch", "Wohnen")


@pytest.mark.parametrize(("given", "family"), PEOPLE)
def test_names_and_wishes_of_people_are_shown_as_typed(
    sign_in_as: Callable[[str], Page], given: str, family: str
) -> None:
    page = sign_in_as("guide")
    take_in(page, given, family, LINES)
    draft = page.context.new_page()
    draft.goto("/")
    expect_as_typed(draft, f"{given} {family}")
    draft.close()
    save_intake(page)
    expect_as_typed(page, f"{given} {family}", LINES)
    page.goto("/personen")
    expect_as_typed(page, f"{given} {family}")


def test_bodies_notes_and_referrals_are_shown_as_typed(
    sign_in_as: Callable[[str], Page],
) -> None:
    page = sign_in_as("guide")
    page.goto("/stellen?stelle=neu")
    settle(page)
    page.get_by_label("Name der Stelle").fill(AGENCY)
    page.get_by_label("Telefon").fill("06421 123-456")
    page.get_by_label("Anschrift").fill(f"<u>Markt</u> {OUTSIDE}")
    page.get_by_label("Art der Stelle").click()
    page.get_by_role("option").first.click()
    choose(page, "Wohnen")
    page.get_by_role("button", name="Stelle speichern").click()
    expect(page.get_by_text("Die Stelle ist gespeichert.")).to_be_visible()
    expect_as_typed(page, AGENCY)

    take_in(page, "Zoya", "Zitat", LINES)
    save_intake(page)
    page.get_by_role("button", name="Weitergeben").click()
    page.get_by_label("Stelle", exact=True).fill("<b>Amt")
    page.get_by_role("option", name="Amt").click()
    page.get_by_label("Notiz").fill(LINES)
    page.get_by_role("button", name="Verweis speichern").click()
    expect(page.get_by_text("Der Verweis ist gespeichert")).to_be_visible()
    expect_as_typed(page, AGENCY)
    page.get_by_test_id("stButton").get_by_role("button", name="Amt").click()
    expect(page.get_by_role("button", name="Akte der Person öffnen")).to_be_visible()
    expect_as_typed(page, AGENCY, LINES)
    page.goto("/verweise")
    settle(page)
    page.get_by_role("button", name="Letzte").click()
    expect_as_typed(page, AGENCY)


def test_a_very_long_wish_is_kept_or_refused_with_a_reason(
    sign_in_as: Callable[[str], Page],
) -> None:
    page = sign_in_as("guide")
    take_in(page, "Lang", "Lang", LONG)
    page.get_by_role("button", name="Aufnahme speichern").click()
    settle(page)
    kept = page.locator('p[dir="auto"]').filter(has_text=LONG[:100])
    refused = page.get_by_role("alert")
    expect(kept.or_(refused).first).to_be_visible()
    if refused.count():
        expect(page.get_by_label("In eigenen Worten")).to_have_value(LONG)
    expect_as_typed(page)


def test_the_name_of_a_colleague_is_shown_as_typed(sign_in_as: Callable[[str], Page]) -> None:
    admin = sign_in_as("admin")
    admin.goto("/konten?konto=2")
    settle(admin)
    admin.get_by_label("Vor- und Nachname").fill(COLLEAGUE)
    admin.get_by_role("button", name="Konto speichern").click()
    expect(admin.get_by_text("Das Konto ist gespeichert.")).to_be_visible()
    expect_as_typed(admin, COLLEAGUE)
    admin.goto("/protokoll")
    expect_as_typed(admin)
    colleague = sign_in_as("koordination")
    expect_as_typed(colleague, COLLEAGUE)
    colleague.goto("/konto")
    expect(colleague.locator("main")).to_contain_text(COLLEAGUE)
