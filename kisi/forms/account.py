"""Asking for an account."""

from collections.abc import Mapping
from typing import Any

from kisi.domain.account import AccountEntry, tidy_name
from kisi.domain.text import clean_line
from kisi.forms.common import Fields, known, labels
from kisi.i18n import _
from kisi.permissions import Role


def account_fields(fields: Fields) -> None:
    fields.text("display_name", _("Vor- und Nachname"))
    fields.text("name", _("Benutzername (für die Anmeldung)"))
    fields.some("roles", _("Rollen"), labels(Role))


def account_values(entry: AccountEntry | None) -> dict[str, Any]:
    """The entry as it stands in the fields."""
    if entry is None:
        return {}
    return {
        "display_name": entry.display_name,
        "name": entry.name,
        "roles": [Role(role).value for role in sorted(entry.roles)],
    }


def describe_account(values: Mapping[str, Any]) -> dict[str, str]:
    """What stands in the fields, to read."""
    entry = account_entry(values)
    return {
        _("Vor- und Nachname"): entry.display_name,
        _("Benutzername (für die Anmeldung)"): entry.name,
        _("Rollen"): ", ".join(Role(role).label for role in sorted(entry.roles)),
    }


def account_entry(values: Mapping[str, Any]) -> AccountEntry:
    return AccountEntry(
        name=tidy_name(values.get("name") or ""),
        display_name=clean_line(values.get("display_name") or ""),
        roles=frozenset(known(values.get("roles") or [], list(Role))),
    )
