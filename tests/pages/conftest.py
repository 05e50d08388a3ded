"""Whole screens, through Home.py and its menu, without a browser."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def open_app(database: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Open KISI as someone, on one of its screens ("/personen"); an exception fails the test.

    A screen this person may not open makes it raise ValueError. Use `run_well` after each
    further step, so that exceptions there are seen too.
    """

    def open_as(user_name: str | None = None, screen_path: str | None = None) -> AppTest:
        token = session_of(user_name) if user_name else None
        monkeypatch.setattr("kisi.login.presented_session", lambda: token)
        app = run_well(AppTest.from_file(ROOT / "Home.py", default_timeout=30))
        if screen_path:
            run_well(app.switch_page(str(ROOT / "pages" / page_file(screen_path))))
        return app

    return open_as


def run_well(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception, [problem.message for problem in app.exception]
    return app


def page_file(screen_path: str) -> str:
    """Where the screen with this address lies, within pages/."""
    from kisi.navigation import MENU

    for screens in MENU.values():
        for screen in screens:
            if screen.path == screen_path:
                name = str(screen.file).removeprefix("pages/").removesuffix(".py")
                return f"{name}.py"
    raise LookupError(f"no screen at {screen_path}")


# --- the seam to sign-in ------------------------------------------------------------------------


def session_of(user_name: str) -> str:
    """Open a real session for this account, as signing in does; its stored form (SHA-256)."""
    from kisi.db.sessions import open_session

    return str(open_session(account_named(user_name)))


def account_named(user_name: str) -> int:
    """The id of the account, which a fixture has created."""
    raise NotImplementedError("needs the accounts of kisi.db")
