import pytest

from kisi.domain.agency import (
    LONGEST,
    STARTING_KINDS,
    USUAL_AREAS,
    Kind,
    problems,
    starting_list,
)
from tests import people


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, []),
        ({"name": ""}, ["name"]),
        ({"areas": ()}, ["areas"]),
        ({"phone": "ruf an"}, ["phone"]),
        ({"phone": "+49 (69) 1-2"}, []),
        ({"email": "amt"}, ["email"]),
        ({"email": "a b@c.de"}, ["email"]),
        ({"email": "kita@musterstadt.de"}, []),
        ({"answer_days": 0}, ["answer_days"]),
        ({"answer_days": 1}, []),
        ({"answer_days": 366}, ["answer_days"]),
        *(({field: "1@" * longest}, [field]) for field, longest in LONGEST.items()),
    ],
)
def test_what_keeps_a_body_from_being_saved(fields: dict[str, object], wrong: list[str]) -> None:
    assert list(problems(people.agency(**fields))) == wrong


def test_the_starting_list_can_be_saved_and_invents_nothing() -> None:
    entries = starting_list()
    assert len(entries) == len(STARTING_KINDS) > 20
    for entry in entries:
        assert problems(entry) == {}
        assert not (entry.phone or entry.email or entry.address or entry.opening_hours)


def test_every_kind_says_what_it_usually_helps_with() -> None:
    assert set(USUAL_AREAS) == set(Kind)
