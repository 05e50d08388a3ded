"""Figures: exact for guides, protected and a month behind for everybody else."""

from datetime import date

import pytest

from kisi.db.repository import open_repository
from kisi.db.repository.figures import SMALLEST_SHOWN, AreaCounts
from kisi.db.repository.persons import PersonFilter
from kisi.domain import need
from kisi.domain.need import Area
from kisi.domain.refusal import NotAllowed
from kisi.permissions import User
from tests import people

NOTED = {Area.KITA: 5, Area.WORK: 4, Area.LANGUAGE: 1}


@pytest.fixture
def noted(guide: User, other_guide: User, monkeypatch: pytest.MonkeyPatch) -> User:
    """A guide whose town noted some needs in March 2026; the calendar shows the 10th of April."""
    monkeypatch.setenv("KISI_TODAY", "2026-03-31")
    for area, count in NOTED.items():
        note_needs(guide, area, count)
    note_needs(other_guide, Area.HEALTH, 7)
    monkeypatch.setenv("KISI_TODAY", "2026-04-10")
    note_needs(guide, Area.HOUSING, 6)
    return guide


def note_needs(user: User, area: Area, count: int) -> None:
    with open_repository(user, write=True) as repository:
        for _ in range(count):
            repository.needs.add(people.need(repository.persons.add(people.person()), area=area))


def figures(user: User) -> AreaCounts:
    with open_repository(user) as repository:
        return repository.figures.needs_by_area()


def test_guides_see_exact_figures_of_today(noted: User) -> None:
    seen = figures(noted)
    assert seen.counts == NOTED | {Area.HOUSING: 6}
    assert (seen.total, seen.as_of, seen.exact) == (16, date(2026, 4, 10), True)


def test_exact_figures_agree_with_the_lists(noted: User) -> None:
    with open_repository(noted, write=True) as repository:
        persons = repository.persons.page(PersonFilter(), limit=100).rows
        first = repository.needs.of_person(persons[0].id)[0]
        repository.needs.set_status(first, need.Status.MET)
    with open_repository(noted) as repository:
        persons = repository.persons.page(PersonFilter(), limit=100).rows
        assert figures(noted).total == sum(row.open_needs for row in persons) == 15


def test_others_see_the_end_of_last_month_with_small_numbers_protected(
    noted: User, leadership: User, coordinator: User
) -> None:
    seen = figures(leadership)
    assert seen == figures(coordinator)
    assert (seen.as_of, seen.exact) == (date(2026, 3, 31), False)
    assert Area.HOUSING not in seen.counts, "noted since"
    assert seen.counts[Area.LANGUAGE] is None
    shown = [count for count in seen.counts.values() if count is not None]
    hidden = [NOTED[area] for area, count in seen.counts.items() if count is None]
    assert all(count >= SMALLEST_SHOWN for count in shown)
    assert len(hidden) > 1, "a small number alone is the difference to the total"
    assert seen.total in (None, sum(shown) + sum(hidden))


def test_protected_figures_do_not_change_within_the_month(noted: User, leadership: User) -> None:
    before = figures(leadership)
    with open_repository(noted, write=True) as repository:
        for row in repository.persons.page(PersonFilter()).rows:
            for one in repository.needs.of_person(row.id):
                repository.needs.set_status(one, need.Status.MET)
    note_needs(noted, Area.LANGUAGE, 3)
    assert figures(leadership) == before


def test_administration_sees_no_figures(admin: User) -> None:
    with pytest.raises(NotAllowed):
        figures(admin)
