"""Passing on: every move allowed and refused, what it means for the need, and what is overdue."""

from datetime import timedelta

import pytest

from kisi.clock import today
from kisi.db.repository import open_repository
from kisi.db.repository.persons import PersonFilter
from kisi.db.repository.persons import Show as ShowPersons
from kisi.db.repository.referrals import ReferralRow, Show
from kisi.domain import need, referral
from kisi.domain.referral import NEXT, WAITING, Status, is_overdue
from kisi.domain.refusal import NotFound, NotPossible, Outdated
from kisi.permissions import User
from tests import people
from tests.people import Case

# A way to bring a new referral into each state.
WAY_TO: dict[Status, tuple[Status, ...]] = {
    Status.SENT: (),
    **{status: (status,) for status in NEXT[Status.SENT]},
}


def answer(user: User, id: int, *statuses: Status) -> None:
    for status in statuses:
        with open_repository(user, write=True) as repository:
            repository.referrals.answer(repository.referrals.get(id), status)


def status_of(user: User, case: Case) -> tuple[Status, need.Status, int]:
    """Of the referral, of the need behind it, and how many open needs the person's line shows."""
    with open_repository(user) as repository:
        row = next(one for one in repository.persons.page(PersonFilter()).rows)
        return (
            repository.referrals.open(case.referral).status,
            repository.needs.open(case.need).status,
            row.open_needs,
        )


def test_every_move_of_the_table_is_possible_and_no_other(guide: User) -> None:
    assert set(WAY_TO) == set(Status)
    case = people.open_case(guide)
    for old in Status:
        possible = set()
        for new in Status:
            with open_repository(guide, write=True) as repository:
                entry = people.referral(repository.needs.add(people.need(case.person)), case.agency)
                id = repository.referrals.add(entry)
            answer(guide, id, *WAY_TO[old])
            try:
                answer(guide, id, new)
                possible.add(new)
            except NotPossible:
                with open_repository(guide) as repository:
                    assert repository.referrals.open(id).status is old
        assert possible == set(NEXT[old]), old


AFTER = {
    Status.COMPLETED: (need.Status.MET, 0),
    Status.DECLINED_BY_AGENCY: (need.Status.OPEN, 1),
    Status.DECLINED_BY_PERSON: (need.Status.OPEN, 1),
    Status.NO_SHOW: (need.Status.OPEN, 1),
    Status.APPOINTMENT: (need.Status.REFERRED, 1),
    Status.WAITLIST: (need.Status.REFERRED, 1),
    Status.ARRIVED: (need.Status.REFERRED, 1),
}


def test_an_answer_says_what_became_of_the_need(guide: User) -> None:
    """The newest person's line comes first, so each round looks at its own case."""
    assert set(AFTER) == set(NEXT[Status.SENT])
    for round, (status, (after, open_needs)) in enumerate(AFTER.items(), start=1):
        case = people.open_case(guide)
        assert status_of(guide, case) == (Status.SENT, need.Status.REFERRED, 1)
        answer(guide, case.referral, status)
        assert status_of(guide, case) == (status, after, open_needs)
        with open_repository(guide) as repository:
            closed = repository.referrals.open(case.referral).closed_on
            met = repository.needs.open(case.need).closed_on
            without = repository.persons.count(PersonFilter(show=ShowPersons.WITHOUT_NEED))
            with_open = repository.persons.count(PersonFilter(show=ShowPersons.OPEN))
        assert closed == (None if status in WAITING else today())
        assert met == (today() if after is need.Status.MET else None)
        assert (without, with_open) == (1, round - 1), "only the first need was met"


def test_a_need_that_is_met_stays_met_when_another_body_declines(guide: User) -> None:
    case = people.open_case(guide)
    with open_repository(guide, write=True) as repository:
        second = repository.referrals.add(people.referral(case.need, case.agency))
    answer(guide, case.referral, Status.COMPLETED)
    answer(guide, second, Status.DECLINED_BY_AGENCY)
    assert status_of(guide, case) == (Status.COMPLETED, need.Status.MET, 0)


def test_a_need_stays_passed_on_while_another_body_has_not_answered(guide: User) -> None:
    case = people.open_case(guide)
    with open_repository(guide, write=True) as repository:
        repository.referrals.add(people.referral(case.need, case.agency))
    answer(guide, case.referral, Status.DECLINED_BY_AGENCY)
    assert status_of(guide, case) == (Status.DECLINED_BY_AGENCY, need.Status.REFERRED, 1)


def test_asking_again_moves_the_day_and_nothing_else(guide: User) -> None:
    case = people.open_case(guide, follow_up_on=today())
    later = today() + timedelta(days=7)
    with open_repository(guide, write=True) as repository:
        seen = repository.referrals.get(case.referral)
        repository.referrals.ask_again(seen, later)
    with open_repository(guide) as repository:
        kept = repository.referrals.open(case.referral)
        assert repository.referrals.count(Show.DUE) == 0
    assert (kept.entry.follow_up_on, kept.status) == (later, Status.SENT)
    with pytest.raises(Outdated), open_repository(guide, write=True) as repository:
        repository.referrals.ask_again(seen, later)


def test_nobody_asks_again_in_the_past_or_after_the_answer(guide: User) -> None:
    case = people.open_case(guide)
    with open_repository(guide, write=True) as repository:
        seen = repository.referrals.get(case.referral)
        with pytest.raises(NotPossible):
            repository.referrals.ask_again(seen, today())
    answer(guide, case.referral, Status.ARRIVED)
    with open_repository(guide, write=True) as repository, pytest.raises(NotPossible):
        repository.referrals.ask_again(
            repository.referrals.get(case.referral), today() + timedelta(days=1)
        )


def test_an_answer_to_an_outdated_copy_is_refused(guide: User, colleague: User) -> None:
    case = people.open_case(guide)
    with open_repository(guide) as repository:
        seen = repository.referrals.get(case.referral)
    answer(colleague, case.referral, Status.APPOINTMENT)
    with pytest.raises(Outdated), open_repository(guide, write=True) as repository:
        repository.referrals.answer(seen, Status.COMPLETED)


def test_a_closed_need_is_not_passed_on(guide: User) -> None:
    for closed in set(need.Status) - set(need.UNSETTLED):
        case = people.open_case(guide)
        set_need(guide, case.need, closed)
        with open_repository(guide, write=True) as repository, pytest.raises(NotPossible):
            repository.referrals.add(people.referral(case.need, case.agency))


def test_nothing_is_passed_on_to_a_body_of_former_times(guide: User) -> None:
    case = people.open_case(guide)
    with open_repository(guide, write=True) as repository:
        former = repository.agencies.add(people.agency(active=False))
        with pytest.raises(NotFound):
            repository.referrals.add(people.referral(case.need, former))
        assert former not in [one.id for one in repository.agencies.for_area(need.Area.KITA)]


def test_overdue_means_the_same_everywhere(guide: User) -> None:
    """The number, the list it opens, and the rule: over all states and days around today."""
    case = people.open_case(guide)
    for status in Status:
        for days in (-40, -1, 0, 1):
            with open_repository(guide, write=True) as repository:
                entry = people.referral(
                    repository.needs.add(people.need(case.person)),
                    case.agency,
                    referred_on=today() - timedelta(days=50),
                    follow_up_on=today() + timedelta(days=days),
                )
                id = repository.referrals.add(entry)
            answer(guide, id, *WAY_TO[status])
    rows = everything(guide)
    assert len(rows) == 1 + 4 * len(Status)
    rule = {
        Show.OVERDUE: lambda row: is_overdue(row.status, row.follow_up_on, today()),
        Show.DUE: lambda row: row.status in WAITING and row.follow_up_on == today(),
        Show.WAITING: lambda row: row.status in WAITING,
        Show.CLOSED: lambda row: row.status not in WAITING,
        Show.ALL: lambda row: True,
    }
    with open_repository(guide) as repository:
        for show in Show:
            page = repository.referrals.page(show, limit=100)
            meant = {row.id for row in rows if rule[show](row)}
            assert {row.id for row in page.rows} == meant
            assert repository.referrals.count(show) == page.total == len(meant)
        overdue = [row.follow_up_on for row in repository.referrals.page(Show.OVERDUE).rows]
    assert overdue == sorted(overdue), "the most pressing first"


def everything(user: User) -> list[ReferralRow]:
    with open_repository(user) as repository:
        return repository.referrals.page(Show.ALL, limit=500).rows


def test_a_list_turned_from_its_end_shows_the_same_lines(guide: User) -> None:
    case = people.open_case(guide)
    with open_repository(guide, write=True) as repository:
        for days in (5, 1, 3, 3, 2):
            repository.referrals.add(
                people.referral(case.need, case.agency, follow_up_on=today() + timedelta(days))
            )
    with open_repository(guide) as repository:
        for show in (Show.WAITING, Show.ALL):
            whole = repository.referrals.page(show).rows
            last = repository.referrals.page(show, limit=2, from_end=True).rows
            before = repository.referrals.page(show, offset=2, limit=2, from_end=True).rows
            assert (before + last) == whole[-4:]


def test_the_slip_names_only_where_the_person_is_still_to_go(guide: User) -> None:
    case = people.open_case(guide)
    with open_repository(guide, write=True) as repository:
        waiting = repository.referrals.add(
            people.referral(repository.needs.add(people.need(case.person)), case.agency)
        )
    answer(guide, case.referral, Status.COMPLETED)
    with open_repository(guide) as repository:
        assert [row.id for row, _body in repository.referrals.for_slip(case.person)] == [waiting]


def test_the_moves_of_a_need_are_those_of_its_table(guide: User) -> None:
    for old in need.Status:
        for new in need.Status:
            case = people.open_case(guide)
            if old is not need.Status.REFERRED:
                set_need(guide, case.need, old)
            if need.may_become(old, new):
                set_need(guide, case.need, new)
            else:
                with pytest.raises(NotPossible):
                    set_need(guide, case.need, new)


def set_need(user: User, id: int, status: need.Status) -> None:
    with open_repository(user, write=True) as repository:
        repository.needs.set_status(repository.needs.get(id), status)


def test_an_answer_is_watched_in_exactly_the_states_that_wait() -> None:
    assert set(referral.WAITING) == {
        status for status in Status if is_overdue(status, today() - timedelta(1), today())
    }
