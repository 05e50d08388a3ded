"""When something goes wrong: a German sentence, nothing typed lost, and work goes on."""

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Page, expect
from psycopg import sql

from tests.browsing import settle, sign_in
from tests.postgres import PostgresServer
from tests.running import ROOT, RunningKisi

NewPage = Callable[..., Page]
LOST = "Die Verbindung ist unterbrochen."
BACK = "Die Verbindung ist wieder da."
WISH = "Ein Platz für meine Tochter, sie ist vier"


def open_intake(page: Page, given: str = "Olha", family: str = "Testowa") -> None:
    page.goto("/aufnahme")
    settle(page)
    page.get_by_label("Name", exact=True).fill(f"{given} {family}")
    page.get_by_role("button", name="aufnehmen").last.click()
    expect(page.get_by_label("Vorname")).to_have_value(given)
    settle(page)


def type_wish(page: Page, words: str = WISH) -> None:
    page.get_by_label("In eigenen Worten").fill(words)


def leave_field(page: Page) -> None:
    page.get_by_label("Vorname").click()
    settle(page)


def choose(page: Page, *labels: str) -> None:
    for label in labels:
        page.get_by_test_id("stButtonGroup").get_by_text(label, exact=True).click()
        settle(page)


def save_intake(page: Page) -> None:
    page.get_by_role("button", name="Aufnahme speichern").click()
    expect(page.get_by_text("ist aufgenommen")).to_be_visible()


def alerts(page: Page) -> str:
    return " ".join(page.get_by_test_id("stAlert").all_inner_texts())


def no_trace(page: Page) -> None:
    shown = page.locator("body").inner_text()
    assert not re.search(r"Traceback|Error:|Exception|sqlalchemy|sqlite|\.py\b", shown), shown


# --- the connection and the server ---------------------------------------------------------------


def test_what_is_half_typed_when_the_server_dies_is_there_when_it_is_back(
    start_server: Callable[..., RunningKisi], new_page: NewPage, page_watch: Callable
) -> None:
    server = start_server()
    page = new_page(of=server)
    page_watch(page).allow("WebSocket|ERR_|server", reason="it was killed")
    sign_in(page, "guide")
    open_intake(page)
    type_wish(page)  # and stay in the field: nothing of it has been sent
    server.kill()
    expect(page.get_by_role("alert").filter(has_text=LOST)).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_label("In eigenen Worten")).to_have_value(WISH)
    server.restart()
    expect(page.get_by_text(BACK)).to_be_visible(timeout=30_000)
    settle(page)
    expect(page.get_by_label("Familienname")).to_have_value("Testowa")
    expect(page.get_by_label("In eigenen Worten")).to_have_value(WISH)
    choose(page, "Ukrainisch", "Wohnen")
    save_intake(page)
    expect(page.get_by_text(WISH)).to_be_visible()


def test_a_reload_in_the_middle_of_a_form_brings_the_draft_back(
    server: RunningKisi, new_page: NewPage
) -> None:
    page = new_page()
    sign_in(page, "guide")
    open_intake(page, "Halyna", "Entwurf")
    choose(page, "weiblich", "Syrien", "Wohnen")
    type_wish(page)
    leave_field(page)
    page.reload()
    expect(page.get_by_label("Familienname")).to_have_value("Entwurf")
    expect(page.get_by_label("In eigenen Worten")).to_have_value(WISH)
    for label in ("weiblich", "Syrien", "Wohnen"):
        chosen = page.get_by_test_id("stButtonGroup").get_by_role("button", name=label, exact=True)
        radio = page.get_by_role("radio", name=label, exact=True)
        expect(chosen.or_(radio)).to_have_attribute("data-selected", "true")


def test_a_session_that_ends_in_the_middle_of_a_form_loses_nothing(
    server: RunningKisi, new_page: NewPage, page_watch: Callable
) -> None:
    page, other = new_page(), new_page()
    page_watch(page).allow("401|403|WebSocket", reason="the session is over")
    sign_in(page, "guide")
    open_intake(page, "Iryna", "Sitzung")
    type_wish(page)
    leave_field(page)
    sign_in(other, "guide")
    other.goto("/konto")
    other.get_by_role("button", name="Überall abmelden").click()
    expect(page.get_by_text("Ihre Entwürfe sind gespeichert.")).to_be_visible()
    page.get_by_role("link", name="Neu anmelden").click()
    page.locator('input[name="u"]').fill("guide")
    page.locator('input[name="p"]').fill("kisi-demo-2026")
    page.locator('button[type="submit"]').click()
    expect(page.get_by_label("Familienname")).to_have_value("Sitzung")
    expect(page.get_by_label("In eigenen Worten")).to_have_value(WISH)


# --- the database and the disk -------------------------------------------------------------------


@pytest.mark.postgres
def test_a_database_that_is_away_is_said_in_german_and_needs_no_restart(
    start_server: Callable[..., RunningKisi],
    postgres_server: PostgresServer,
    new_page: NewPage,
    page_watch: Callable,
) -> None:
    database = postgres_server.create_database()
    server = start_server(**postgres_server.environment(database))
    page = new_page(of=server)
    page_watch(page).allow("503", reason="the database is away")
    sign_in(page, "guide")
    open_intake(page, "Oksana", "Datenbank")
    with away(postgres_server, database):
        type_wish(page)
        page.get_by_label("Vorname").click()
        expect(page.get_by_test_id("stAlert").first).to_contain_text(
            "Die Datenbank ist gerade nicht erreichbar."
        )
        settle(page)
        no_trace(page)
        tab = page.context.new_page()
        tab.goto("/personen")
        expect(tab.get_by_text("Die Datenbank antwortet nicht.")).to_be_visible()
        no_trace(tab)
    page.get_by_role("button", name="Noch einmal versuchen").first.click()
    expect(page.get_by_label("Familienname")).to_have_value("Datenbank")
    expect(page.get_by_label("In eigenen Worten")).to_have_value(WISH)
    tab.get_by_role("link", name="Noch einmal versuchen").click()
    expect(tab.get_by_role("button", name="MU-2026").first).to_be_visible()


@contextlib.contextmanager
def away(server: PostgresServer, database: str) -> Iterator[None]:
    """As if its machine had gone: open connections end, new ones are refused."""
    with psycopg.connect(server.admin_url("postgres"), autocommit=True) as admin:
        name = sql.Identifier(database)
        admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [database]
        )
        try:
            yield
        finally:
            admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk needs root")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_a_full_disk_keeps_what_was_typed_and_reading_works(
    small_disk: Path, start_server: Callable[..., RunningKisi], new_page: NewPage
) -> None:
    server = start_server(data=small_disk / "data")
    page = new_page(of=server)
    sign_in(page, "guide")
    open_intake(page, "Daryna", "Speicher")
    filler = fill_up(small_disk)
    type_wish(page)
    page.get_by_label("Vorname").click()
    expect(page.get_by_test_id("stAlert").first).to_be_visible()
    settle(page)
    assert "Der Speicher des Servers ist voll" in alerts(page)
    no_trace(page)
    expect(page.get_by_label("In eigenen Worten")).to_have_value(WISH)
    reader = page.context.new_page()
    reader.goto("/personen")
    settle(reader)
    expect(reader.get_by_role("button", name="MU-2026").first).to_be_visible()
    filler.unlink()
    choose(page, "Ukrainisch", "Wohnen")
    save_intake(page)
    expect(page.get_by_text(WISH)).to_be_visible()


def fill_up(disk: Path) -> Path:
    filler = disk / "filler"
    with filler.open("wb") as file:
        try:
            while True:
                os.write(file.fileno(), b"x" * 4096)
        except OSError:
            return filler


# --- addresses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("account", "path", "sentence"),
    [
        ("guide", "/gibt-es-nicht", "Diese Seite gibt es nicht, oder Sie haben keinen Zugriff."),
        ("leitung", "/personen", "Diese Seite gibt es nicht, oder Sie haben keinen Zugriff."),
        ("guide2", "/personen?person=1", "gibt es nicht"),
        ("guide", "/personen?person=999999999", "gibt es nicht"),
        ("guide", "/verweise?verweis=999999999", "gibt es nicht"),
        ("guide", "/verweise?bedarf=999999999", "gibt es nicht"),
        ("guide2", "/verweise?verweis=1", "gibt es nicht"),
        ("guide", "/stellen?stelle=999999999", "gibt es nicht"),
    ],
)
def test_an_address_that_leads_nowhere_is_answered_in_german(
    server: RunningKisi,
    new_page: NewPage,
    page_watch: Callable,
    account: str,
    path: str,
    sentence: str,
) -> None:
    page = new_page()
    page_watch(page).allow("page that you have requested", reason="Streamlit writes it there too")
    sign_in(page, account)
    page.goto(path)
    settle(page)
    expect(page.get_by_text(sentence).first).to_be_visible()
    assert page.locator(".kisi-name").count() == 0
    no_trace(page)


@pytest.mark.parametrize(
    "path",
    [
        "/personen?person=abc",
        "/personen?person=99999999999",
        "/personen?person=-1",
        "/personen?person=١",
        "/personen?zeige=<script>alert(1)</script>",
        "/aufnahme?entwurf=<script>alert(1)</script>",
        "/aufnahme?entwurf=../../etc/passwd",
        "/verweise?verweis=1;DROP TABLE person",
        "/stellen?stelle=%00",
        "/verweise?zeige=%F0%9F%92%A5",
    ],
)
def test_nonsense_in_the_address_opens_the_plain_screen(
    server: RunningKisi, new_page: NewPage, path: str
) -> None:
    page = new_page()
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
    sign_in(page, "guide")
    page.goto(path)
    settle(page)
    expect(page.get_by_test_id("stMain").get_by_role("button").first).to_be_visible()
    assert page.get_by_test_id("stAlert").count() == 0, alerts(page)
    assert page.locator(".kisi-name").or_(page.get_by_label("Vorname")).count() == 0
    no_trace(page)


# --- two people, one record ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choice", "phone", "opening_hours"),
    [
        ("Meine Eingaben speichern", "111", "montags"),
        ("Den gespeicherten Stand übernehmen", "222", "dienstags"),
    ],
)
def test_two_who_change_the_same_agency_see_both_texts_and_choose(
    server: RunningKisi, new_page: NewPage, choice: str, phone: str, opening_hours: str
) -> None:
    first, second = new_page(), new_page()
    for page, account in ((first, "guide"), (second, "koordination")):
        sign_in(page, account, "/stellen?stelle=2")
    change_agency(first, "111", "montags")
    change_agency(second, "222", "dienstags")
    second.get_by_role("button", name="Stelle speichern").click()
    expect(second.get_by_text("Die Stelle ist gespeichert.")).to_be_visible()
    first.get_by_role("button", name="Stelle speichern").click()
    table = first.locator(".kisi-table")
    for words in ("111", "222", "montags", "dienstags"):
        expect(table).to_contain_text(words)
    first.get_by_role("button", name=choice).click()
    settle(first)
    if choice.startswith("Den"):
        expect(first.get_by_label("Telefon")).to_have_value(phone)
        first.get_by_role("button", name="Stelle speichern").click()
    expect(first.get_by_text("Die Stelle ist gespeichert.")).to_be_visible()
    second.goto("/stellen?stelle=2")
    settle(second)
    expect(second.get_by_label("Telefon")).to_have_value(phone)
    expect(second.get_by_label("Öffnungszeiten")).to_have_value(opening_hours)


def change_agency(page: Page, phone: str, opening_hours: str) -> None:
    page.get_by_label("Telefon").fill(phone)
    page.get_by_label("Öffnungszeiten").fill(opening_hours)
    page.get_by_label("Name der Stelle").click()
    settle(page)


# --- mistakes of our own -------------------------------------------------------------------------


def test_a_mistake_in_a_page_shows_a_number_and_no_traceback(
    start_server: Callable[..., RunningKisi], new_page: NewPage, tmp_path: Path
) -> None:
    """In a copy of KISI whose screen of figures is broken."""
    copy = tmp_path / "copy"
    for name in ("kisi", "pages", "assets", ".streamlit"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "Home.py", copy)
    with (copy / "pages" / "project" / "figures.py").open("a") as page_file:
        page_file.write('\nraise RuntimeError("Olena Koval")\n')
    server = start_server(root=copy)
    page = new_page(of=server)
    sign_in(page, "leitung", "/zahlen")
    shown = alerts(page)
    incident = re.search(r"Nummer dieses Vorfalls: ([0-9a-f]{8})", shown)
    assert incident, shown
    no_trace(page)
    assert "Olena" not in page.content()
    assert f"incident {incident.group(1)}: RuntimeError" in server.printed()
    assert "Olena" not in server.printed()
