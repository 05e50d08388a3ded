from kisi.domain.need import (
    COMMON_AREAS,
    LONGEST_WISH,
    NEXT,
    UNSETTLED,
    Area,
    Status,
    may_become,
    problems,
)
from tests import people


def test_every_status_has_its_moves_and_leads_back_to_open() -> None:
    assert set(NEXT) == set(Status)
    for status in Status:
        assert not may_become(status, status)
        if status is not Status.OPEN:
            assert may_become(status, Status.OPEN)


def test_a_settled_need_is_opened_before_it_is_passed_on() -> None:
    assert {old for old in Status if may_become(old, Status.REFERRED)} == {Status.OPEN}
    assert set(UNSETTLED) == {Status.OPEN, Status.REFERRED}


def test_a_wish_may_be_long_but_not_endless() -> None:
    assert problems(people.need(1, wish="x" * LONGEST_WISH)) == {}
    assert list(problems(people.need(1, wish="x" * (LONGEST_WISH + 1)))) == ["wish"]


def test_common_areas_are_a_few_of_all() -> None:
    assert len(set(COMMON_AREAS)) == len(COMMON_AREAS) < len(Area)
