"""Drafts belong to one account, lie there encrypted, and go with the save that uses them."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from kisi.clock import now
from kisi.db.engine import SYSTEM, transaction
from kisi.db.models import Draft
from kisi.db.repository import open_repository
from kisi.db.repository.persons import PersonFilter
from kisi.domain.refusal import NotFound, Outdated
from kisi.permissions import User
from tests import people
from tests.people import Towns

UID = "d" * 32
TYPED = {"given_name": "Xanthippe", "languages": ["ar"], "wish": "Quittenmarmelade"}


def keep(user: User, uid: str = UID, **typed: object) -> None:
    with open_repository(user, write=True) as repository:
        repository.drafts.keep(uid, "intake", TYPED | typed)


def test_a_draft_comes_back_as_it_was_last_kept(guide: User) -> None:
    keep(guide)
    keep(guide, given_name="Xenia")
    with open_repository(guide) as repository:
        draft = repository.drafts.open(UID)
        assert [one.uid for one in repository.drafts.all()] == [UID]
        assert repository.drafts.of_form("intake", "7") == []
    assert draft.fields == TYPED | {"given_name": "Xenia"}
    assert now() - draft.updated_at < timedelta(minutes=1)


def test_nobody_else_sees_changes_or_discards_it(towns: Towns, guide: User) -> None:
    keep(guide)
    for name in set(towns) - {"guide"}:
        with open_repository(towns[name], write=True) as repository:
            assert repository.drafts.all() == repository.drafts.of_form("intake") == []
            with pytest.raises(NotFound):
                repository.drafts.open(UID)
            repository.drafts.discard(UID)
        with pytest.raises(Outdated):
            keep(towns[name])
    with open_repository(guide) as repository:
        assert repository.drafts.open(UID).fields == TYPED


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_is_typed_lies_nowhere_in_clear(guide: User, tmp_path: Path) -> None:
    keep(guide)
    people.take_in(guide, given_name="Xanthippe", family_name="Quittenmarmelade")
    with open_repository(guide, write=True) as repository:
        person = repository.persons.page(PersonFilter()).rows[0].id
        repository.needs.add(people.need(person, wish="Quittenmarmelade"))
        repository.agencies.add(people.agency(name="Sichtbarstelle"))
    files = [file for file in tmp_path.iterdir() if file.is_file()]
    content = b"".join(file.read_bytes() for file in files)
    assert {file.name for file in files} >= {"kisi.db", "kisi.db-wal"}
    assert b"Sichtbarstelle" in content, "or the test looks in the wrong place"
    for secret in ("Xanthippe", "xanthippe", "Quittenmarmelade"):
        assert secret.encode() not in content
        assert secret.encode("utf-16-le") not in content


def test_a_draft_goes_with_the_save_and_stays_with_a_failed_one(guide: User) -> None:
    keep(guide)
    with pytest.raises(ZeroDivisionError), open_repository(guide, write=True) as repository:
        repository.persons.add(people.person(), key=UID)
        repository.drafts.discard(UID)
        raise ZeroDivisionError
    with open_repository(guide) as repository:
        assert repository.drafts.open(UID).fields == TYPED
        assert repository.persons.count(PersonFilter()) == 0
    with open_repository(guide, write=True) as repository:
        repository.persons.add(people.person(), key=UID)
        repository.drafts.discard(UID)
    with open_repository(guide) as repository:
        assert repository.drafts.all() == []


def test_drafts_are_kept_for_two_weeks(guide: User) -> None:
    keep(guide)
    keep(guide, "e" * 32)
    with transaction(SYSTEM, write=True) as session:
        for row in session.scalars(select(Draft).where(Draft.uid == UID)):
            row.updated_at = now() - timedelta(days=15)
    with open_repository(guide, write=True) as repository:
        assert [one.uid for one in repository.drafts.all()] == ["e" * 32]
        repository.drafts.discard("e" * 32)
    with transaction(SYSTEM) as session:
        assert session.scalars(select(Draft)).all() == []
