"""Somebody of another town, with every role there, comes to nothing of this town's."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from kisi.db.engine import SYSTEM, transaction
from kisi.db.models import Base
from kisi.db.repository import open_repository
from kisi.domain.refusal import NotFound, Refused
from kisi.permissions import User
from tests import people
from tests.db.verbs import VERBS, Abroad, is_nothing, outcome, records
from tests.people import Towns


def test_another_town_comes_to_nothing(towns: Towns) -> None:
    seen = records(towns)
    for name, verb in VERBS.items():
        what = outcome(towns["everything2"], verb, seen)
        if verb.abroad is Abroad.NOT_FOUND:
            assert what is NotFound, name
        elif verb.abroad is Abroad.NOTHING:
            assert is_nothing(what), name
            user = "guide" if name.startswith("drafts.") else "everything"
            assert not is_nothing(outcome(towns[user], verb, seen)), f"{name} shows nothing here"


def test_whatever_another_town_does_nothing_here_changes(towns: Towns) -> None:
    seen = records(towns)
    before = everything_of(towns.here)
    for verb in VERBS.values():
        try:
            with open_repository(towns["everything2"], write=True) as repository:
                verb.call(repository, seen)
        except Refused:
            continue
    assert everything_of(towns.here) == before


def everything_of(town: int) -> dict[str, list[Any]]:
    with transaction(SYSTEM) as session:
        return {
            table.name: sorted(
                map(repr, session.execute(select(table).where(table.c.municipality_id == town)))
            )
            for table in Base.metadata.sorted_tables
            if "municipality_id" in table.c
        }


def test_a_need_cannot_be_moved_to_a_person_of_another_town(guide: User, other_guide: User) -> None:
    case, stranger = people.open_case(guide), people.take_in(other_guide)
    with open_repository(guide, write=True) as repository:
        seen = repository.needs.get(case.need)
        with pytest.raises(NotFound):
            repository.needs.change(seen, replace(seen.entry, person_id=stranger))


def test_nothing_is_passed_on_to_a_body_of_another_town(guide: User, other_guide: User) -> None:
    here, there = people.open_case(guide), people.open_case(other_guide)
    with open_repository(guide, write=True) as repository, pytest.raises(NotFound):
        repository.referrals.add(people.referral(here.need, there.agency))
    with open_repository(guide, write=True) as repository, pytest.raises(NotFound):
        repository.referrals.add(people.referral(there.need, here.agency))


def test_each_town_counts_its_own_codes(guide: User, other_guide: User) -> None:
    codes = []
    for user in (guide, other_guide, guide):
        with open_repository(user, write=True) as repository:
            codes.append(repository.persons.code_of(repository.persons.add(people.person())))
    year = people.today().year
    assert codes == [f"MU-{year}-0001", f"BE-{year}-0001", f"MU-{year}-0002"]
