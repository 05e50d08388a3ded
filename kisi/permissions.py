"""Who may do what. Change a role here and nowhere else."""

from dataclasses import dataclass
from enum import StrEnum, auto

from kisi.domain.choices import Choice
from kisi.domain.refusal import NotAllowed
from kisi.i18n import N_


class Permission(StrEnum):
    VIEW_CASES = auto()
    """Read persons, their needs and referrals."""
    EDIT_CASES = auto()
    VIEW_AGENCIES = auto()
    EDIT_AGENCIES = auto()
    VIEW_FIGURES = auto()
    """Read figures with small numbers protected."""
    VIEW_EXACT_FIGURES = auto()
    MANAGE_ACCOUNTS = auto()
    VIEW_AUDIT = auto()


class Role(Choice):
    GUIDE = "guide", N_("Integrationsguide")
    COORDINATOR = "coordinator", N_("Koordination")
    LEADERSHIP = "leadership", N_("Leitung")
    ADMIN = "admin", N_("Administration")


GRANTS: dict[Role, frozenset[Permission]] = {
    Role.GUIDE: frozenset(
        {
            Permission.VIEW_CASES,
            Permission.EDIT_CASES,
            Permission.VIEW_AGENCIES,
            Permission.EDIT_AGENCIES,
            Permission.VIEW_FIGURES,
            Permission.VIEW_EXACT_FIGURES,
        }
    ),
    Role.COORDINATOR: frozenset(
        {Permission.VIEW_AGENCIES, Permission.EDIT_AGENCIES, Permission.VIEW_FIGURES}
    ),
    Role.LEADERSHIP: frozenset({Permission.VIEW_FIGURES}),
    Role.ADMIN: frozenset({Permission.MANAGE_ACCOUNTS, Permission.VIEW_AUDIT}),
}


@dataclass(frozen=True)
class User:
    """Someone signed in, for one municipality, with one or more roles."""

    account_id: int
    name: str
    display_name: str
    roles: frozenset[Role]
    municipality_id: int
    municipality: str
    language: str = "de"

    def can(self, permission: Permission) -> bool:
        return any(permission in GRANTS[role] for role in self.roles)

    def require(self, permission: Permission) -> None:
        if not self.can(permission):
            raise NotAllowed(permission)
