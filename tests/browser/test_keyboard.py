"""The whole day without a mouse, always seeing where one is."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.looking import focused
from tests.browsing import settle
from tests.running import DEMO_PASSWORD


def tab_to(page: Page, words: str, *, stops: int = 60) -> None:
    """Press the tabulator until the element with these words has the keyboard."""
    for _stop in range(stops):
        page.keyboard.press("Tab")
        here = focused(page)
        assert here["seen"] or here["tag"] == "BODY", f"no focus to be seen at {here}"
        if words in here["words"]:
            return
    raise AssertionError(f"{words!r} cannot be reached with the tabulator")


def choose_in_group(page: Page, group: str, words: str) -> None:
    """Into a group of pills with the tabulator, along it with the arrows."""
    for _stop in range(40):
        if group in page.evaluate(
            "() => document.activeElement.closest('[role=toolbar], [role=radiogroup]')"
            "?.getAttribute('aria-label') ?? ''"
        ):
            break
        page.keyboard.press("Tab")
    walk_to(page, words, "ArrowRight")
    page.keyboard.press("Space")
    settle(page)


def open_from_menu(page: Page, section: str, screen: str) -> None:
    tab_to(page, section)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("stTopNavPopover")).to_be_visible()
    walk_to(page, screen, "ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=screen, level=1)).to_be_visible()
    settle(page)


def walk_to(page: Page, words: str, key: str) -> None:
    for _step in range(15):
        here = focused(page)
        assert here["seen"], f"no focus to be seen at {here}"
        if words in here["words"]:
            return
        page.keyboard.press(key)
    raise AssertionError(f"{words!r} cannot be reached with {key}")


def test_a_day_at_the_keyboard(new_page: Callable[..., Page]) -> None:
    page = new_page()
    page.goto("/anmelden")
    assert focused(page)["seen"]
    page.keyboard.type("guide")
    tab_to(page, "Passwort")
    page.keyboard.type(DEMO_PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Heute", level=1)).to_be_visible()
    settle(page)

    open_from_menu(page, "Ankommen", "Neue Aufnahme")
    tab_to(page, "Name")
    page.keyboard.type("Tamara Tastatur")
    tab_to(page, "aufnehmen")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Familienname")).to_have_value("Tastatur")
    settle(page)
    tab_to(page, "Geburtsjahr")
    page.keyboard.type("1988")
    choose_in_group(page, "Sprachen", "Arabisch")
    choose_in_group(page, "Wobei", "Wohnen")
    tab_to(page, "In eigenen Worten")
    page.keyboard.type("Eine Wohnung nahe der Schule")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Tamara Tastatur ist aufgenommen")).to_be_visible()
    expect(page.get_by_text("Eine Wohnung nahe der Schule")).to_be_visible()
    settle(page)

    open_from_menu(page, "Ankommen", "Personen")
    tab_to(page, "Tamara Tastatur")
    page.keyboard.press("Enter")
    expect(page.locator(".kisi-name")).to_have_text("Tamara Tastatur")
    settle(page)
    tab_to(page, "Abmelden")
    page.keyboard.press("Enter")
    expect(page).to_have_title("Anmelden – KISI")
