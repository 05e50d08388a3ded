"""Everything the repository can do, and what it needs: permissions and scope are tested from this.

A new public method of a repository class without an entry here makes tests/db/test_permissions.py
red.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum, auto
from types import SimpleNamespace
from typing import Any

from kisi.clock import today
from kisi.db.models import Person
from kisi.db.repository import Repository, open_repository
from kisi.db.repository.agencies import AgencyFilter
from kisi.db.repository.persons import PersonFilter
from kisi.db.repository.referrals import Show
from kisi.domain import need, referral
from kisi.domain.account import AccountEntry
from kisi.domain.entry import Page, Stored
from kisi.domain.need import Area
from kisi.domain.refusal import Refused
from kisi.permissions import Permission
from tests import people
from tests.people import Towns

DRAFT = "d" * 32


@dataclass(frozen=True)
class Records:
    """What there is in Musterstadt, as somebody there has seen it."""

    person: Stored[Any]
    need: Stored[Any]
    agency: Stored[Any]
    referral: Stored[Any]
    account: Stored[Any]
    uid: str
    """Of the form the person was saved from."""


class Abroad(Enum):
    """What the same call comes to for somebody of another town."""

    NOT_FOUND = auto()
    NOTHING = auto()
    """It answers, with nothing in it."""
    OWN = auto()
    """It concerns only their own town."""


@dataclass(frozen=True)
class Verb:
    needs: Permission | None
    """None: for everybody who is signed in, about their own matters."""
    call: Callable[[Repository, Records], object]
    abroad: Abroad
    comes_to: type[Refused] | None = None
    """Refused to those with the permission too."""


def records(towns: Towns) -> Records:
    """One record of each kind in Musterstadt, and a draft."""
    case = people.open_case(towns["guide"])
    with open_repository(towns["guide"], write=True) as repository:
        repository.drafts.keep(DRAFT, "intake", {"given_name": "Mina"})
        kept = (
            repository.persons.get(case.person),
            repository.needs.get(case.need),
            repository.agencies.get(case.agency),
            repository.referrals.get(case.referral),
        )
        uid = repository.access.session.get_one(Person, case.person).uid
    with open_repository(towns["admin"]) as repository:
        account = repository.accounts.get(towns["colleague"].account_id)
    return Records(*kept, account, uid)


def _need_of(r: Repository, seen: Records) -> Any:
    return r.needs._get(seen.need.id)


_NEW_ACCOUNT = AccountEntry(name="neu", display_name="Nora Neu", roles=frozenset({"guide"}))
_VIEW, _EDIT = Permission.VIEW_CASES, Permission.EDIT_CASES
_BODIES, _EDIT_BODIES = Permission.VIEW_AGENCIES, Permission.EDIT_AGENCIES
_ACCOUNTS = Permission.MANAGE_ACCOUNTS
_FOUND, _NOTHING, _OWN = Abroad.NOT_FOUND, Abroad.NOTHING, Abroad.OWN

VERBS: dict[str, Verb] = {
    "persons.add": Verb(_EDIT, lambda r, s: r.persons.add(people.person()), _OWN),
    "persons.change": Verb(
        _EDIT,
        lambda r, s: r.persons.change(s.person, replace(s.person.entry, given_name="Nova")),
        _FOUND,
    ),
    "persons.get": Verb(_VIEW, lambda r, s: r.persons.get(s.person.id), _FOUND),
    "persons.open": Verb(_VIEW, lambda r, s: r.persons.open(s.person.id), _FOUND),
    "persons.id_of": Verb(_VIEW, lambda r, s: r.persons.id_of(s.uid), _NOTHING),
    "persons.code_of": Verb(_VIEW, lambda r, s: r.persons.code_of(s.person.id), _FOUND),
    "persons.export": Verb(_VIEW, lambda r, s: r.persons.export(s.person.id), _FOUND),
    "persons.page": Verb(_VIEW, lambda r, s: r.persons.page(PersonFilter("Mina")), _NOTHING),
    "persons.count": Verb(_VIEW, lambda r, s: r.persons.count(PersonFilter()), _NOTHING),
    "persons.similar": Verb(_VIEW, lambda r, s: r.persons.similar(people.person()), _NOTHING),
    "needs.add": Verb(_EDIT, lambda r, s: r.needs.add(people.need(s.person.id)), _FOUND),
    "needs.change": Verb(
        _EDIT, lambda r, s: r.needs.change(s.need, replace(s.need.entry, wish="Bald")), _FOUND
    ),
    "needs.get": Verb(_VIEW, lambda r, s: r.needs.get(s.need.id), _FOUND),
    "needs.open": Verb(_VIEW, lambda r, s: r.needs.open(s.need.id), _FOUND),
    "needs.of_person": Verb(_VIEW, lambda r, s: r.needs.of_person(s.person.id), _NOTHING),
    "needs.set_status": Verb(
        _EDIT, lambda r, s: r.needs.set_status(s.need, need.Status.MET), _FOUND
    ),
    "needs.move": Verb(_EDIT, lambda r, s: r.needs.move(_need_of(r, s), need.Status.MET), _FOUND),
    "referrals.add": Verb(
        _EDIT, lambda r, s: r.referrals.add(people.referral(s.need.id, s.agency.id)), _FOUND
    ),
    "referrals.change": Verb(
        _EDIT,
        lambda r, s: r.referrals.change(s.referral, replace(s.referral.entry, note="Anders")),
        _FOUND,
    ),
    "referrals.get": Verb(_VIEW, lambda r, s: r.referrals.get(s.referral.id), _FOUND),
    "referrals.open": Verb(_VIEW, lambda r, s: r.referrals.open(s.referral.id), _FOUND),
    "referrals.page": Verb(_VIEW, lambda r, s: r.referrals.page(Show.ALL), _NOTHING),
    "referrals.count": Verb(_VIEW, lambda r, s: r.referrals.count(Show.ALL), _NOTHING),
    "referrals.of_person": Verb(_VIEW, lambda r, s: r.referrals.of_person(s.person.id), _NOTHING),
    "referrals.for_slip": Verb(_VIEW, lambda r, s: r.referrals.for_slip(s.person.id), _NOTHING),
    "referrals.answer": Verb(
        _EDIT,
        lambda r, s: r.referrals.answer(s.referral, referral.Status.COMPLETED),
        _FOUND,
    ),
    "referrals.ask_again": Verb(
        _EDIT, lambda r, s: r.referrals.ask_again(s.referral, today() + timedelta(days=7)), _FOUND
    ),
    "agencies.add": Verb(_EDIT_BODIES, lambda r, s: r.agencies.add(people.agency()), _OWN),
    "agencies.change": Verb(
        _EDIT_BODIES,
        lambda r, s: r.agencies.change(s.agency, replace(s.agency.entry, name="Anders")),
        _FOUND,
    ),
    "agencies.get": Verb(_BODIES, lambda r, s: r.agencies.get(s.agency.id), _FOUND),
    "agencies.page": Verb(_BODIES, lambda r, s: r.agencies.page(AgencyFilter()), _NOTHING),
    "agencies.for_area": Verb(_BODIES, lambda r, s: r.agencies.for_area(Area.KITA), _NOTHING),
    "figures.needs_by_area": Verb(
        Permission.VIEW_FIGURES, lambda r, s: r.figures.needs_by_area().counts, _NOTHING
    ),
    "drafts.keep": Verb(None, lambda r, s: r.drafts.keep("e" * 32, "intake", {}), _OWN),
    "drafts.open": Verb(None, lambda r, s: r.drafts.open(DRAFT), _FOUND),
    "drafts.of_form": Verb(None, lambda r, s: r.drafts.of_form("intake"), _NOTHING),
    "drafts.all": Verb(None, lambda r, s: r.drafts.all(), _NOTHING),
    "drafts.discard": Verb(None, lambda r, s: r.drafts.discard(DRAFT), _OWN),
    "accounts.add": Verb(
        _ACCOUNTS, lambda r, s: r.accounts.add(_NEW_ACCOUNT), _OWN, comes_to=Refused
    ),
    "accounts.create": Verb(_ACCOUNTS, lambda r, s: r.accounts.create(_NEW_ACCOUNT), _OWN),
    "accounts.change": Verb(
        _ACCOUNTS,
        lambda r, s: r.accounts.change(s.account, replace(s.account.entry, display_name="X")),
        _FOUND,
    ),
    "accounts.get": Verb(_ACCOUNTS, lambda r, s: r.accounts.get(s.account.id), _FOUND),
    "accounts.all": Verb(
        _ACCOUNTS,
        lambda r, s: [one for one in r.accounts.all() if one.id == s.account.id],
        _NOTHING,
    ),
    "accounts.reset": Verb(_ACCOUNTS, lambda r, s: r.accounts.reset(s.account), _FOUND),
    "accounts.set_active": Verb(
        _ACCOUNTS, lambda r, s: r.accounts.set_active(s.account, False), _FOUND
    ),
    "audit.page": Verb(
        Permission.VIEW_AUDIT,
        lambda r, s: [one for one in r.audit.page(limit=500).rows if one.record == "person"],
        _NOTHING,
    ),
}


def public_verbs() -> set[str]:
    """ "persons.add" and so on: every public method of every part of the repository."""
    nobody: Any = SimpleNamespace(municipality_id=0)
    parts = vars(Repository(nobody, nobody))
    del parts["access"]
    return {
        f"{part}.{name}"
        for part, thing in parts.items()
        for name in dir(thing)
        if not name.startswith("_") and inspect.ismethod(getattr(thing, name))
    }


class Undo(Exception):
    """Ends a transaction without keeping it."""


def outcome(user: Any, verb: Verb, seen: Records) -> object:
    """What the call comes to for this user: its answer, or the class of the refusal. Undone."""
    answer: object = None
    try:
        with open_repository(user, write=True) as repository:
            answer = verb.call(repository, seen)
            raise Undo
    except Undo:
        return answer
    except Refused as refusal:
        return type(refusal)


def is_nothing(answer: object) -> bool:
    return answer.total == 0 and not answer.rows if isinstance(answer, Page) else not answer
