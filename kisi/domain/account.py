"""Account (Konto): someone who may sign in, with their roles."""

import re
from dataclasses import dataclass

from kisi.domain.entry import Entry
from kisi.i18n import _

LONGEST_NAME = 120
_NAME = re.compile(r"[\w.@-]{2,60}")


@dataclass(frozen=True, kw_only=True)
class AccountEntry(Entry):
    name: str
    """What is typed at sign-in; kept in lower case."""
    display_name: str
    roles: frozenset[str] = frozenset()
    """Values of kisi.permissions.Role."""


def tidy_name(name: str) -> str:
    return name.strip().lower()


def problems(entry: AccountEntry) -> dict[str, str]:
    """What keeps the entry from being saved, by field; empty when it is fine."""
    found = {}
    if not _NAME.fullmatch(entry.name):
        found["name"] = _(
            "Bitte 2 bis 60 Zeichen ohne Leerzeichen: Buchstaben, Ziffern, Punkt, Strich, @."
        )
    if not entry.display_name:
        found["display_name"] = _("Bitte geben Sie Vor- und Nachnamen ein.")
    elif len(entry.display_name) > LONGEST_NAME:
        found["display_name"] = _("Der Name ist zu lang. Möglich sind {count} Zeichen.").format(
            count=LONGEST_NAME
        )
    if not entry.roles:
        found["roles"] = _("Bitte wählen Sie mindestens eine Rolle.")
    return found
