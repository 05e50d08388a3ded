from datetime import date, timedelta

import pytest

from kisi.domain import need
from kisi.domain.referral import (
    LONGEST_NOTE,
    NEED_AFTER,
    NEXT,
    WAITING,
    ReferralEntry,
    Status,
    Way,
    follow_up_day,
    is_overdue,
    may_become,
    problems,
)

TODAY = date(2026, 4, 10)


def entry(**fields: object) -> ReferralEntry:
    values = {
        "need_id": 1,
        "agency_id": 1,
        "way": Way.CALLED,
        "referred_on": TODAY,
        "follow_up_on": TODAY,
    }
    return ReferralEntry(**(values | fields))


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, []),
        ({"follow_up_on": TODAY + timedelta(days=366)}, []),
        ({"follow_up_on": TODAY + timedelta(days=367)}, ["follow_up_on"]),
        ({"follow_up_on": TODAY - timedelta(days=1)}, ["follow_up_on"]),
        ({"referred_on": TODAY + timedelta(days=1)}, ["referred_on", "follow_up_on"]),
        ({"note": "x" * (LONGEST_NOTE + 1)}, ["note"]),
    ],
)
def test_what_keeps_a_referral_from_being_saved(
    fields: dict[str, object], wrong: list[str]
) -> None:
    assert list(problems(entry(**fields), TODAY)) == wrong


@pytest.mark.parametrize(("answer_days", "after"), [(None, 14), (0, 14), (1, 1), (30, 30)])
def test_it_is_asked_after_the_usual_time_of_the_body(answer_days: int | None, after: int) -> None:
    assert follow_up_day(TODAY, answer_days) == TODAY + timedelta(days=after)


def test_overdue_begins_the_day_after() -> None:
    for status in Status:
        assert not is_overdue(status, TODAY, TODAY)
        assert not is_overdue(status, TODAY + timedelta(days=1), TODAY)
        assert is_overdue(status, TODAY - timedelta(days=1), TODAY) == (status in WAITING)


def test_every_state_that_waits_can_be_answered() -> None:
    assert set(NEXT) == set(Status)
    for status in WAITING:
        assert may_become(status, Status.COMPLETED)
        assert may_become(status, Status.DECLINED_BY_AGENCY)


def test_what_is_over_stays_over() -> None:
    over = {status for status in Status if not NEXT[status]}
    assert over == {Status.COMPLETED, Status.DECLINED_BY_AGENCY, Status.DECLINED_BY_PERSON}


def test_every_final_answer_says_what_became_of_the_need() -> None:
    for status in Status:
        if not NEXT[status]:
            assert status in NEED_AFTER
    assert NEED_AFTER[Status.COMPLETED] is need.Status.MET
