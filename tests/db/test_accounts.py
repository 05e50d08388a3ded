"""Accounts: made with a first password, changed, closed, and never the last administrator."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from kisi import passwords
from kisi.db import sign_in
from kisi.db.engine import SYSTEM, transaction
from kisi.db.models import Account
from kisi.db.repository import open_repository
from kisi.domain.account import AccountEntry
from kisi.domain.entry import Stored
from kisi.domain.refusal import LastAdmin, Outdated, Taken
from kisi.permissions import Role, User
from tests.people import Towns

NEW = AccountEntry(name="nora", display_name="Nora Neu", roles=frozenset({Role.GUIDE}))


def stored(admin: User, user: User) -> Stored[AccountEntry]:
    with open_repository(admin) as repository:
        return repository.accounts.get(user.account_id)


def session_of(user: User) -> str:
    return sign_in.hash_of(sign_in.open_session(user.account_id))


def test_a_first_password_is_shown_once_and_must_be_changed(admin: User) -> None:
    with open_repository(admin, write=True) as repository:
        password = repository.accounts.create(NEW)
    with transaction(SYSTEM) as session:
        row = session.scalars(select(Account).where(Account.name == "nora")).one()
    assert passwords.matches(password, row.password_hash)
    assert password not in row.password_hash
    assert (row.must_change, row.active) == (True, True)
    assert row.municipality_id == admin.municipality_id


def test_a_name_is_given_once_in_all_towns(admin: User, other_guide: User) -> None:
    for name in ("guide", " GUIDE "):
        with pytest.raises(Taken), open_repository(admin, write=True) as repository:
            repository.accounts.create(replace(NEW, name=name))
    with pytest.raises((Taken, Outdated)), open_repository(admin, write=True) as repository:
        repository.accounts.create(replace(NEW, name=other_guide.name))


def test_a_closed_account_is_signed_out_everywhere(admin: User, guide: User) -> None:
    session = session_of(guide)
    assert sign_in.user_of(session) == guide
    with open_repository(admin, write=True) as repository:
        repository.accounts.set_active(repository.accounts.get(guide.account_id), False)
    assert sign_in.user_of(session) is None
    with open_repository(admin, write=True) as repository:
        repository.accounts.set_active(repository.accounts.get(guide.account_id), True)
    assert sign_in.user_of(session) is None, "being open again does not bring the session back"


def test_roles_taken_away_are_gone_at_once(admin: User, guide: User, colleague: User) -> None:
    session, other = session_of(guide), session_of(colleague)
    with open_repository(admin, write=True) as repository:
        seen = repository.accounts.get(guide.account_id)
        repository.accounts.change(seen, replace(seen.entry, roles=frozenset({Role.LEADERSHIP})))
    assert sign_in.user_of(session) is None
    assert sign_in.user_of(other) == colleague
    again = sign_in.user_of(session_of(guide))
    assert again is not None
    assert again.roles == {Role.LEADERSHIP}


def test_a_new_first_password_ends_the_sessions(admin: User, guide: User) -> None:
    session = session_of(guide)
    with open_repository(admin, write=True) as repository:
        password = repository.accounts.reset(repository.accounts.get(guide.account_id))
    assert sign_in.user_of(session) is None
    assert sign_in.attempt("guide", password).must_change


def test_a_town_does_not_lock_itself_out(admin: User, towns: Towns) -> None:
    with open_repository(admin, write=True) as repository:
        repository.accounts.set_active(
            repository.accounts.get(towns["everything"].account_id), False
        )
    with open_repository(admin, write=True) as repository:
        seen = repository.accounts.get(admin.account_id)
        with pytest.raises(LastAdmin):
            repository.accounts.set_active(seen, False)
        with pytest.raises(LastAdmin):
            repository.accounts.change(seen, replace(seen.entry, roles=frozenset({Role.GUIDE})))


def test_an_outdated_copy_of_an_account_changes_nothing(admin: User, guide: User) -> None:
    seen = stored(admin, guide)
    with open_repository(admin, write=True) as repository:
        repository.accounts.change(seen, replace(seen.entry, display_name="Gabi"))
    for act in ("change", "reset", "set_active"):
        with pytest.raises(Outdated), open_repository(admin, write=True) as repository:
            extra = {"change": [seen.entry], "reset": [], "set_active": [False]}[act]
            getattr(repository.accounts, act)(seen, *extra)


def test_the_list_shows_who_was_here_last(admin: User, guide: User) -> None:
    session_of(guide)
    with open_repository(admin) as repository:
        seen = {file.entry.name: file.last_seen for file in repository.accounts.all()}
    assert list(seen) == sorted(seen)
    assert seen["guide"] is not None
    assert seen["colleague"] is None
    assert "guide2" not in seen
