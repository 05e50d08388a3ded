"""Every screen there is to see, as the accounts of the demo see it."""

import contextlib
import sqlite3
from pathlib import Path

from kisi.domain.referral import Status
from kisi.navigation import MENU
from kisi.permissions import Permission, Role, User

ROLES = {
    "guide": Role.GUIDE,
    "koordination": Role.COORDINATOR,
    "leitung": Role.LEADERSHIP,
    "admin": Role.ADMIN,
}
PLAIN = {"konto": "/konto", "passwort": "/passwort", "abmelden": "/abmelden"}
NEW_FORM = "0" * 32
"""The uid of an intake nobody has begun."""


def screens(account: str) -> dict[str, str]:
    """The screens of the menu that this account is offered: name and address."""
    user = user_of(account)
    return {
        screen.path.strip("/") or "heute": screen.path
        for section in MENU.values()
        for screen in section
        if screen.open_to(user)
    }


def opened_records(account: str, data: Path) -> dict[str, str]:
    """What opens within those screens: files, forms, referrals; records of the demo data."""
    user = user_of(account)
    found = {}
    if user.can(Permission.EDIT_CASES):
        person, referral, need = _records(data)
        found = {
            "aufnahme-formular": f"/aufnahme?entwurf={NEW_FORM}",
            "person": f"/personen?person={person}",
            "person-aendern": f"/personen?person={person}&zeige=person",
            "bedarf-neu": f"/personen?person={person}&zeige=need",
            "verweis": f"/verweise?verweis={referral}",
            "weitergeben": f"/verweise?bedarf={need}",
        }
    if user.can(Permission.EDIT_AGENCIES):
        found |= {"stelle": "/stellen?stelle=1", "stelle-neu": "/stellen?stelle=neu"}
    if user.can(Permission.MANAGE_ACCOUNTS):
        found |= {"konto-aendern": "/konten?konto=1", "konto-neu": "/konten?konto=neu"}
    return found


def user_of(account: str) -> User:
    return User(0, account, account, frozenset({ROLES[account]}), 1, "Musterstadt")


def _records(data: Path) -> tuple[int, int, int]:
    """A person of Musterstadt who was passed on, the referral no answer came to, and a need
    not passed on."""
    with contextlib.closing(sqlite3.connect(data / "kisi.db")) as database:
        person, referral = database.execute(
            "SELECT need.person_id, referral.id FROM referral JOIN need ON need.id = need_id "
            "WHERE referral.municipality_id = 1 AND referral.status = ? "
            "ORDER BY referral.follow_up_on LIMIT 1",
            [Status.SENT],
        ).fetchone()
        (need,) = database.execute(
            "SELECT id FROM need WHERE municipality_id = 1 AND status = 'open' ORDER BY id LIMIT 1"
        ).fetchone()
    return person, referral, need
