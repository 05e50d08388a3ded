"""The main job, from the tablet: take in, pass on, be reminded, close; and who sees none of it."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.watch import Watch
from tests.browsing import settle, sign_in
from tests.running import RunningKisi

OLENA = ("Олена", "Коваль")
MUHAMMAD = ("محمد", "الأحمد")
NAMES = ("Олена", "Коваль", "محمد", "الأحمد")


@pytest.fixture(scope="module")
def intaken(server: RunningKisi) -> RunningKisi:
    """The server both people are taken in on, by the first test of this file."""
    return server


def begin_intake(page: Page, name: str) -> None:
    page.goto("/aufnahme")
    settle(page)
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="aufnehmen").last.click()
    expect(page.get_by_label("Vorname")).to_be_visible()
    settle(page)


def choose(page: Page, *labels: str) -> None:
    for label in labels:
        page.get_by_test_id("stButtonGroup").get_by_text(label, exact=True).click()
        settle(page)


def taken_in(page: Page) -> str:
    """Save the open form; the code of the new person."""
    page.get_by_role("button", name="Aufnahme speichern").click()
    expect(page.get_by_text("ist aufgenommen")).to_be_visible()
    settle(page)
    return page.locator(".kisi-facts dd").first.inner_text()


def number_on(page: Page, words: str) -> int:
    card = page.locator(".st-key-figures button", has_text=words)
    return int(card.locator("strong").inner_text())


def test_nothing_is_lost_when_the_network_is_cut_and_the_page_reloaded(
    intaken: RunningKisi, new_page: Callable[..., Page], page_watch: Callable[[Page], Watch]
) -> None:
    page = new_page()
    page_watch(page).allow("ERR_INTERNET_DISCONNECTED|WebSocket", reason="the network is cut")
    sign_in(page, "guide")
    begin_intake(page, " ".join(OLENA))
    choose(page, "weiblich", "Ukraine", "Ukrainisch")

    page.context.set_offline(True)
    page.get_by_label("Geburtsjahr").fill("1990")
    page.wait_for_timeout(1500)
    page.context.set_offline(False)
    expect(page.get_by_text("Entwurf gespeichert")).to_be_visible()
    choose(page, "Kinderbetreuung / Kita")
    page.get_by_label("In eigenen Worten").fill("Ein Platz für meine Tochter")
    page.get_by_label("Vorname").click()
    settle(page)

    page.reload()
    expect(page.get_by_label("Vorname")).to_have_value(OLENA[0])
    settle(page)
    expect(page.get_by_label("Familienname")).to_have_value(OLENA[1])
    expect(page.get_by_label("Geburtsjahr")).to_have_value("1990")
    expect(page.get_by_label("In eigenen Worten")).to_have_value("Ein Platz für meine Tochter")
    assert taken_in(page).startswith("MU-")

    begin_intake(page, " ".join(MUHAMMAD))
    choose(page, "männlich", "Arabisch", "Sprache / Sprachkurs")
    assert taken_in(page).startswith("MU-")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Олена Коваль", "Олена Коваль"),
        ("Olena Kowal", "Олена Коваль"),
        ("koval olena", "Олена Коваль"),
        ("محمد الأحمد", "محمد الأحمد"),
        ("Muhammad al Ahmad", "محمد الأحمد"),
    ],
)
def test_a_person_is_found_again_however_the_name_is_written(
    intaken: RunningKisi, new_page: Callable[..., Page], typed: str, found: str
) -> None:
    page = new_page()
    sign_in(page, "guide", "/personen")
    page.get_by_label("Suchen").fill(typed)
    expect(page.get_by_role("button", name=found).first).to_be_visible()


def test_a_second_intake_under_the_same_name_is_warned_of(
    intaken: RunningKisi, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    sign_in(page, "guide", "/aufnahme")
    page.get_by_label("Name", exact=True).fill("Olena Koval")
    expect(page.get_by_text("schon aufgenommen")).to_be_visible()
    expect(page.get_by_role("button", name="Nein, trotzdem neu aufnehmen")).to_be_visible()
    page.get_by_role("button", name="Олена Коваль").first.click()
    expect(page.locator(".kisi-name")).to_have_text("Олена Коваль")


def test_a_need_is_passed_on_gets_overdue_and_is_closed_by_the_answer(
    intaken: RunningKisi, new_page: Callable[..., Page], page_watch: Callable[[Page], Watch]
) -> None:
    page = new_page()
    page_watch(page).allow(
        "WebSocket|ERR_CONNECTION_REFUSED|server is not responding|Client Error",
        reason="the server restarts",
    )
    sign_in(page, "guide", "/personen")
    page.get_by_label("Suchen").fill("Олена Коваль")
    page.get_by_role("button", name="Олена Коваль").first.click()
    page.get_by_role("button", name="Weitergeben").click()
    expect(page.get_by_label("Stelle")).to_have_value("Kita / Kita-Verwaltung")
    page.get_by_role("button", name="Verweis speichern").click()
    expect(page.get_by_text("Der Verweis ist gespeichert")).to_be_visible()
    page.goto("/")
    settle(page)
    before = number_on(page, "überfällig")

    in_15_days = (datetime.now(UTC) + timedelta(days=15)).date()
    intaken.restart(KISI_TODAY=in_15_days.isoformat())
    page.goto("/")
    settle(page)
    overdue = number_on(page, "überfällig")
    assert overdue > before
    page.locator(".st-key-figures button", has_text="überfällig").click()
    page.get_by_role("button", name="Letzte").click()  # the demo people have waited longer
    mine = page.get_by_role("button", name="Олена Коваль")
    expect(mine.first).to_be_visible()
    mine.first.click()
    expect(page.get_by_text("überfällig seit")).to_be_visible()
    page.get_by_role("button", name="Erledigt", exact=True).click()
    expect(page.get_by_text("Notiert: erledigt.")).to_be_visible()
    page.goto("/")
    settle(page)
    assert number_on(page, "überfällig") == overdue - 1


@pytest.mark.parametrize("account", ["guide2", "leitung", "koordination", "admin"])
def test_nobody_else_sees_any_of_it(
    intaken: RunningKisi,
    new_page: Callable[..., Page],
    page_watch: Callable[[Page], Watch],
    account: str,
) -> None:
    page = new_page()
    page_watch(page).allow("does not seem to exist", reason="not on this account's menu")
    sign_in(page, account)
    for path in ("/", "/personen", "/verweise", "/stellen", "/zahlen", "/konten", "/protokoll"):
        page.goto(path)
        settle(page)
        shown = page.locator("body").inner_text()
        assert not [name for name in NAMES if name in shown], path
    person = sqlite3.connect(intaken.data / "kisi.db").execute("SELECT max(id) FROM person")
    page.goto(f"/personen?person={person.fetchone()[0]}")
    settle(page)
    shown = page.locator("body").inner_text()
    assert not [name for name in NAMES if name in shown]


def test_the_slip_is_a_pdf_and_its_export_is_noted(
    intaken: RunningKisi, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    sign_in(page, "guide", "/personen")
    page.get_by_label("Suchen").fill("Олена Коваль")
    page.get_by_role("button", name="Олена Коваль").first.click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Wegweiser").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
    with sqlite3.connect(intaken.data / "kisi.db") as database:
        exports = database.execute("SELECT count(*) FROM audit_entry WHERE action = 'export'")
        assert exports.fetchone()[0] == 1


def test_no_name_lies_in_clear_in_any_file(intaken: RunningKisi) -> None:
    from subprocess import run
    from sys import executable

    backup = intaken.data / "sicherung.tar"
    keys = (intaken.data / "keys.env").read_text().strip().removeprefix("KISI_KEYS=")
    made = run(
        [executable, "-m", "kisi", "backup", str(backup)],
        env={"KISI_DATA": str(intaken.data), "KISI_KEYS": keys, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        check=False,
        text=True,
    )
    assert backup.exists(), made.stderr
    wanted = [name.encode() for name in (*NAMES, "Ein Platz für meine Tochter")]
    for file in intaken.data.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert not [name for name in wanted if name in content], file.name
