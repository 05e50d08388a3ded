"""Signing in and out as people do it, in one and in several tabs and browsers."""

import contextlib
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browsing import settle, sign_in
from tests.running import DEMO_PASSWORD, RunningKisi

NewPage = Callable[..., Page]
ENDED = "Ihre Sitzung ist beendet."
WITHIN = 5_000  # milliseconds
NEW_PASSWORD = "vier blaue Schuhe im Regen"


def names_shown(page: Page) -> list[str]:
    names = page.locator('[class*="st-key-rows"] button strong:first-child').all_inner_texts()
    assert names
    return names


def expect_blank(page: Page, names: list[str]) -> None:
    expect(page.get_by_role("heading", name=ENDED)).to_be_visible(timeout=WITHIN)
    left = page.content()
    assert not [name for name in names if name in left]
    assert names[0] not in page.title()


def change_sessions(server: RunningKisi, account: str, change: str) -> None:
    with contextlib.closing(sqlite3.connect(server.data / "kisi.db")) as database, database:
        database.execute(
            f"UPDATE sign_in SET {change} WHERE ended_at IS NULL AND account_id = "
            "(SELECT id FROM account WHERE name = ?)",
            [account],
        )


# --- the way in ----------------------------------------------------------------------------------


def test_the_address_asked_for_is_opened_after_signing_in(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/personen?person=3")
    expect(page).to_have_title("Anmelden – KISI")
    page.locator('input[name="u"]').fill("guide")
    page.locator('input[name="p"]').fill(DEMO_PASSWORD)
    page.locator('button[type="submit"]').click()
    expect(page.locator(".kisi-name")).not_to_be_empty()
    assert page.url.endswith("/personen?person=3")
    expect(page.locator(".kisi-facts")).to_contain_text("MU-2026-0003")


def test_no_script_can_read_the_session_and_each_sign_in_has_its_own(
    new_page: NewPage,
) -> None:
    page = new_page()
    sign_in(page, "guide")
    session = session_cookie(page)
    assert session["httpOnly"] and session["sameSite"] == "Strict"
    first = session["value"]
    assert first not in page.evaluate("document.cookie + JSON.stringify(localStorage)")
    page.goto("/abmelden")
    page.get_by_role("button", name="Abmelden").click()
    sign_in(page, "guide")
    assert session_cookie(page)["value"] != first


def session_cookie(page: Page) -> dict[str, Any]:
    return next(one for one in page.context.cookies() if one["name"] == "kisi")


def test_the_first_password_is_shown_once_and_has_to_be_changed(
    new_page: NewPage,
) -> None:
    admin, newcomer = new_page(), new_page()
    sign_in(admin, "admin", "/konten?konto=neu")
    admin.get_by_label("Vor- und Nachname").fill("Nadia Neu")
    admin.get_by_label("Benutzername").fill("nadia")
    admin.get_by_test_id("stButtonGroup").get_by_text("Integrationsguide").click()
    settle(admin)
    admin.get_by_role("button", name="Konto speichern").click()
    password = admin.get_by_test_id("stCode").inner_text().strip()
    settle(admin)
    admin.reload()
    settle(admin)
    assert password not in admin.content()

    newcomer.goto("/verweise")
    newcomer.locator('input[name="u"]').fill("nadia")
    newcomer.locator('input[name="p"]').fill(password)
    newcomer.locator('button[type="submit"]').click()
    expect(newcomer).to_have_title("Passwort ändern – KISI")
    newcomer.goto("/personen")
    expect(newcomer).to_have_title("Passwort ändern – KISI")
    newcomer.get_by_label("Bisheriges Passwort").fill(password)
    newcomer.get_by_label("Neues Passwort", exact=True).fill(NEW_PASSWORD)
    newcomer.get_by_label("Neues Passwort noch einmal").fill(NEW_PASSWORD)
    newcomer.get_by_role("button", name="Passwort ändern").click()
    expect(newcomer).to_have_title("Personen – KISI")


# --- the way out ---------------------------------------------------------------------------------


def blocked_by_the_administration(page: Page, new_page: NewPage, server: RunningKisi) -> None:
    admin = new_page()
    sign_in(admin, "admin", "/konten")
    admin.get_by_role("button", name="Gudrun Beispiel").click()
    admin.get_by_role("button", name="Konto sperren").click()
    expect(admin.get_by_text("Das Konto ist gesperrt.")).to_be_visible()


def signed_out_everywhere(page: Page, new_page: NewPage, server: RunningKisi) -> None:
    elsewhere = new_page()
    sign_in(elsewhere, "guide")
    elsewhere.goto("/konto")
    elsewhere.get_by_role("button", name="Überall abmelden").click()
    expect(elsewhere).to_have_title("Anmelden – KISI")


def password_changed_elsewhere(page: Page, new_page: NewPage, server: RunningKisi) -> None:
    elsewhere = new_page()
    sign_in(elsewhere, "guide")
    elsewhere.goto("/passwort")
    elsewhere.get_by_label("Bisheriges Passwort").fill(DEMO_PASSWORD)
    elsewhere.get_by_label("Neues Passwort", exact=True).fill(NEW_PASSWORD)
    elsewhere.get_by_label("Neues Passwort noch einmal").fill(NEW_PASSWORD)
    elsewhere.get_by_role("button", name="Passwort ändern").click()
    expect(elsewhere.get_by_text("Ihr Passwort ist geändert")).to_be_visible()


def signed_out_in_another_tab(page: Page, new_page: NewPage, server: RunningKisi) -> None:
    tab = page.context.new_page()
    tab.goto("/")
    settle(tab)
    tab.get_by_role("link", name="Abmelden").click()
    expect(tab).to_have_title("Anmelden – KISI")


def ended_by_the_operator(page: Page, new_page: NewPage, server: RunningKisi) -> None:
    change_sessions(server, "guide", "ended_at = last_seen")


def unused_for_half_an_hour(page: Page, new_page: NewPage, server: RunningKisi) -> None:
    change_sessions(server, "guide", "last_seen = datetime(last_seen, '-31 minutes')")


def older_than_a_working_day(page: Page, new_page: NewPage, server: RunningKisi) -> None:
    change_sessions(server, "guide", "created_at = datetime(created_at, '-601 minutes')")


@pytest.mark.parametrize(
    "ends",
    [
        signed_out_everywhere,
        signed_out_in_another_tab,
        ended_by_the_operator,
        unused_for_half_an_hour,
        older_than_a_working_day,
        blocked_by_the_administration,
        password_changed_elsewhere,
    ],
    ids=lambda ends: ends.__name__,
)
def test_an_open_tab_is_blank_within_seconds_when_its_session_is(
    ends: Callable[[Page, NewPage, RunningKisi], None],
    server: RunningKisi,
    new_page: NewPage,
    page_watch: Callable,
) -> None:
    page = new_page()
    page_watch(page).allow("401|403|WebSocket", reason="the session is over")
    sign_in(page, "guide", "/personen")
    names = names_shown(page)
    try:
        ends(page, new_page, server)
        expect_blank(page, names)
        page.reload()
        expect(page).to_have_title("Anmelden – KISI")
    finally:
        as_before(server)


def as_before(server: RunningKisi) -> None:
    """The account of the demo as it was, for the next test."""
    with contextlib.closing(sqlite3.connect(server.data / "kisi.db")) as database, database:
        (other,) = database.execute(
            "SELECT password_hash FROM account WHERE name = 'koordination'"
        ).fetchone()
        database.execute(
            "UPDATE account SET active = 1, password_hash = ? WHERE name = 'guide'", [other]
        )


# --- Streamlit's own memory ----------------------------------------------------------------------


def test_streamlits_session_id_alone_opens_nothing(new_page: NewPage, page_watch: Callable) -> None:
    page, anonymous, stranger = new_page(), new_page(), new_page()
    sessions: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", remember(sessions)))
    sign_in(page, "guide", "/personen")
    names = names_shown(page)
    stolen = sessions[-1]

    anonymous.goto("/anmelden")
    page_watch(anonymous).allow("403|WebSocket", reason="the connection is refused")
    assert connect(anonymous, stolen) is None
    sign_in(stranger, "guide2", "/konto")
    answers = connect(stranger, stolen)
    assert answers
    resumed: list[str] = []
    for answer in answers:
        remember(resumed)(answer)
    assert resumed and stolen not in resumed
    assert not [name for name in names if name.encode() in b"".join(answers)]


def remember(sessions: list[str]) -> Callable[[bytes | str], None]:
    """Notes the id of the Streamlit session that a message from the server begins."""

    def note(frame: bytes | str) -> None:
        message = ForwardMsg()
        message.ParseFromString(frame if isinstance(frame, bytes) else frame.encode())
        if message.new_session.initialize.session_id:
            sessions.append(message.new_session.initialize.session_id)

    return note


def connect(page: Page, session_id: str) -> list[bytes] | None:
    """Ask for that session from this browser; what the server answers, None when it refuses."""
    ask = BackMsg()
    ask.rerun_script.query_string = ""
    answers = page.evaluate(
        """async ([id, ask]) => {
          const socket = new WebSocket(`ws://${location.host}/_stcore/stream`,
                                       ["streamlit", "PLACEHOLDER_AUTH_TOKEN", id]);
          socket.binaryType = "arraybuffer";
          const answers = [];
          socket.onmessage = (message) => answers.push([...new Uint8Array(message.data)]);
          const open = await new Promise((done) => {
            socket.onopen = () => done(true);
            socket.onclose = () => done(false);
          });
          if (!open) return null;
          socket.send(new Uint8Array(ask));
          await new Promise((done) => setTimeout(done, 1500));
          socket.close();
          return answers;
        }""",
        [session_id, list(ask.SerializeToString())],
    )
    return None if answers is None else [bytes(answer) for answer in answers]


def test_after_signing_out_the_next_person_at_the_tablet_finds_nothing(
    new_page: NewPage,
) -> None:
    page = new_page()
    sign_in(page, "guide", "/personen")
    names = names_shown(page)
    page.get_by_role("link", name="Abmelden").click()
    expect(page).to_have_title("Anmelden – KISI")
    page.go_back()
    page.wait_for_timeout(500)
    assert not [name for name in names if name in page.content()]
    sign_in(page, "guide2", "/personen")
    assert names_shown(page) != names
