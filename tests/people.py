"""Invented towns, accounts and entries. A test names the one field it is about, nothing else."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from kisi.clock import today
from kisi.db.engine import SYSTEM, transaction
from kisi.db.models import Account, Municipality
from kisi.db.repository import open_repository
from kisi.domain.agency import AgencyEntry, Kind
from kisi.domain.need import Area, NeedEntry
from kisi.domain.person import Gender, PersonEntry
from kisi.domain.referral import ReferralEntry, Way
from kisi.permissions import Role, User

NO_PASSWORD = "nobody signs in with a password here"
HERE, THERE = "Musterstadt", "Beispielhausen"
ALL_ROLES = frozenset(Role)


class Towns(dict[str, User]):
    """Two towns with an account of every role each; the users by the name of their account."""

    @property
    def here(self) -> int:
        return self["guide"].municipality_id

    @property
    def there(self) -> int:
        return self["guide2"].municipality_id


def found_towns() -> Towns:
    """Musterstadt with its people, and Beispielhausen with theirs: their names end in 2."""
    towns = Towns()
    for name, short, mark in ((HERE, "MU", ""), (THERE, "BE", "2")):
        with transaction(SYSTEM, write=True) as session:
            town = Municipality(name=name, short=short)
            session.add(town)
            session.flush()
            town_id = town.id
        for role in Role:
            made = account(town_id, name, f"{role}{mark}", role)
            towns[made.name] = made
        for special in ("colleague", "everything"):
            roles = ALL_ROLES if special == "everything" else {Role.GUIDE}
            towns[special + mark] = account(town_id, name, special + mark, *roles)
    return towns


def account(town_id: int, town: str, name: str, *roles: Role, language: str = "de") -> User:
    """A real account with these roles, and who it belongs to."""
    values = {"name": name, "display_name": f"Muster {name}", "roles": frozenset(roles)}
    with transaction(SYSTEM, write=True) as session:
        row = Account(
            municipality_id=town_id,
            password_hash=NO_PASSWORD,
            must_change=False,
            language=language,
            **values,
        )
        session.add(row)
        session.flush()
        return User(row.id, name, row.display_name, row.roles, town_id, town, language)


# --- entries --------------------------------------------------------------------------------------


def person(**fields: Any) -> PersonEntry:
    values = {
        "given_name": "Mina",
        "family_name": "Muster",
        "gender": Gender.FEMALE,
        "year_of_birth": 1990,
        "nationality": "AF",
        "languages": ("fa_AF",),
    }
    return PersonEntry(**(values | fields))


def need(person_id: int, **fields: Any) -> NeedEntry:
    return NeedEntry(**({"person_id": person_id, "area": Area.KITA} | fields))


def agency(**fields: Any) -> AgencyEntry:
    values = {"name": "Kita-Verwaltung", "kind": Kind.KITA, "areas": (Area.KITA,)}
    return AgencyEntry(**(values | fields))


def referral(need_id: int, agency_id: int, **fields: Any) -> ReferralEntry:
    values = {
        "need_id": need_id,
        "agency_id": agency_id,
        "way": Way.CALLED,
        "referred_on": today(),
        "follow_up_on": today() + timedelta(days=14),
    }
    return ReferralEntry(**(values | fields))


@dataclass(frozen=True)
class Case:
    """The ids of one person with a need that was passed on to an agency."""

    person: int
    need: int
    agency: int
    referral: int


def take_in(user: User, **fields: Any) -> int:
    """A person of this user's town; their id."""
    with open_repository(user, write=True) as repository:
        return repository.persons.add(person(**fields))


def open_case(user: User, **referral_fields: Any) -> Case:
    with open_repository(user, write=True) as repository:
        person_id = repository.persons.add(person())
        need_id = repository.needs.add(need(person_id))
        agency_id = repository.agencies.add(agency())
        referral_id = repository.referrals.add(referral(need_id, agency_id, **referral_fields))
    return Case(person_id, need_id, agency_id, referral_id)
