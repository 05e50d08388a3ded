"""Whole screens, through Home.py and its menu, without a browser."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from kisi.db import sign_in
from kisi.navigation import MENU, Screen
from kisi.permissions import User
from tests.people import Towns

ROOT = Path(__file__).resolve().parents[2]
SCREENS = tuple(screen for section in MENU.values() for screen in section)

PROBLEM = re.compile(r"<[^>]+>")

OpenApp = Callable[..., AppTest]


@pytest.fixture
def database(sqlite_database: str) -> str:
    """Screens are tried on SQLite: tests/db knows both, and a screen cannot tell."""
    return sqlite_database


@pytest.fixture
def open_app(towns: Towns, monkeypatch: pytest.MonkeyPatch) -> OpenApp:
    """Open KISI in a new session as someone, on one of its screens ("/personen").

    Further arguments are the address's: ``open_app("guide", "/personen", person=1)``. An exception
    fails the test; a screen this person may not open raises ValueError. Use `run_well` after each
    further step, so that exceptions there are seen too.
    """

    def open_as(user_name: str, path: str = "/", **address: object) -> AppTest:
        act_as(user_name, towns, monkeypatch)
        app = run_well(AppTest.from_file(ROOT / "Home.py", default_timeout=30))
        for name, value in address.items():
            app.query_params[name] = str(value)
        return app if path == "/" else run_well(app.switch_page(script(screen_at(path))))

    return open_as


def act_as(user_name: str, towns: Towns, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the gate vouches for a session of this account, as after signing in."""
    session = session_of(towns[user_name])
    monkeypatch.setattr("kisi.login.presented_session", lambda: session)


def session_of(user: User) -> str:
    return sign_in.hash_of(sign_in.open_session(user.account_id))


def run_well(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception, [problem.message for problem in app.exception]
    return app


def click(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click()
    return run_well(app)


def screen_at(path: str) -> Screen:
    return next(screen for screen in SCREENS if screen.path == path)


def script(screen: Screen) -> str:
    return str(ROOT / screen.script)


def put(app: AppTest, name: str, value: object) -> AppTest:
    """Type or choose this in the form's field of that name."""
    field(app, name).set_value(value)
    return run_well(app)


def field(app: AppTest, name: str) -> Any:
    """The form's field of that name, whatever kind it is and whichever draft it belongs to."""
    kinds = ("text_input", "text_area", "button_group", "selectbox", "multiselect", "date_input",
             "checkbox")  # fmt: skip
    for kind in kinds:
        for one in app.get(kind):
            if str(one.key).endswith(f".{name}"):
                return one
    raise LookupError(f"no field {name}")


def words(app: AppTest) -> str:
    """All that stands on the screen, but not what stands in its fields."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "html", "info", "success",
             "error", "warning")  # fmt: skip
    shown = [one.value for kind in kinds for one in app.get(kind)]
    return "\n".join([*map(str, shown), *(button.label for button in app.button)])


def problems(app: AppTest) -> list[str]:
    """The summary at the button first, then the sentences beside fields in their order."""
    found = (one.value for one in app.get("html"))
    shown = [PROBLEM.sub("", html) for html in found if "kisi-error" in html]
    return sorted(shown, key=lambda words: not words.startswith("Bitte prüfen Sie die markierten"))
