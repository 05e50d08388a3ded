"""The menu: its sections and screens in order, and who sees what.

The sections are the four measures of the project and two more. A screen lives in
pages/<section>/<name>.py. Never put one directly into pages/: Streamlit would serve it on its own,
past the frame in Home.py.
"""

from dataclasses import dataclass

from kisi.i18n import N_
from kisi.permissions import Permission, User


@dataclass(frozen=True)
class Screen:
    file: str
    path: str
    """Its address; the start page is "/"."""
    title: str
    needs: Permission | None
    """None: for everybody who is signed in."""

    @property
    def script(self) -> str:
        return f"pages/{self.file}.py"

    def open_to(self, user: User) -> bool:
        return self.needs is None or user.can(self.needs)


TODAY = Screen("arrival/today", "/", N_("Heute"), None)
INTAKE = Screen("arrival/intake", "/aufnahme", N_("Neue Aufnahme"), Permission.EDIT_CASES)
PERSONS = Screen("arrival/persons", "/personen", N_("Personen"), Permission.VIEW_CASES)
REFERRALS = Screen("arrival/referrals", "/verweise", N_("Verweise"), Permission.VIEW_CASES)
AGENCIES = Screen("arrival/agencies", "/stellen", N_("Stellen"), Permission.VIEW_AGENCIES)
FIGURES = Screen("project/figures", "/zahlen", N_("Zahlen"), Permission.VIEW_FIGURES)
ACCOUNTS = Screen("system/accounts", "/konten", N_("Konten"), Permission.MANAGE_ACCOUNTS)
AUDIT = Screen("system/audit", "/protokoll", N_("Protokoll"), Permission.VIEW_AUDIT)

MENU: dict[str, tuple[Screen, ...]] = {
    N_("Ankommen"): (TODAY, INTAKE, PERSONS, REFERRALS, AGENCIES),
    N_("Ehrenamt"): (),
    N_("Netzwerk"): (),
    N_("Dialog"): (),
    N_("Nachweise"): (FIGURES,),
    N_("Verwaltung"): (ACCOUNTS, AUDIT),
}
