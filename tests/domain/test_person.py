from datetime import date

import pytest

from kisi.domain.person import COMMON_LANGUAGES, LANGUAGES, LONGEST_NAME, problems, year_from
from tests import people

TODAY = date(2026, 4, 10)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, []),
        ({"given_name": "", "family_name": "Ahmad"}, []),
        ({"given_name": "", "family_name": ""}, ["given_name"]),
        ({"given_name": "x" * LONGEST_NAME}, []),
        ({"given_name": "x" * 5000}, ["given_name"]),
        ({"family_name": "x" * (LONGEST_NAME + 1)}, ["family_name"]),
        ({"year_of_birth": None}, []),
        ({"year_of_birth": 1899}, ["year_of_birth"]),
        ({"year_of_birth": 1900}, []),
        ({"year_of_birth": 2026}, []),
        ({"year_of_birth": 2027}, ["year_of_birth"]),
        ({"languages": ()}, ["languages"]),
    ],
)
def test_what_keeps_a_person_from_being_saved(fields: dict[str, object], wrong: list[str]) -> None:
    assert list(problems(people.person(**fields), TODAY)) == wrong


def test_all_that_is_wrong_is_said_at_once() -> None:
    entry = people.person(given_name="", family_name="", year_of_birth=1800, languages=())
    assert set(problems(entry, TODAY)) == {"given_name", "year_of_birth", "languages"}


@pytest.mark.parametrize(("typed", "year"), [("1990", 1990), (" 1990 ", 1990), ("", None)])
def test_a_year_is_understood(typed: str, year: int | None) -> None:
    assert year_from(typed) == year


@pytest.mark.parametrize("typed", ["abc", "90", "19 90", "²²²²", "١٩٩٠", "-990", "1990.0", "19905"])
def test_anything_else_is_asked_for_in_a_sentence(typed: str) -> None:
    answer = year_from(typed)
    assert isinstance(answer, str)
    assert "vier Ziffern" in answer


def test_names_are_put_together_without_stray_spaces() -> None:
    assert people.person(given_name="", family_name="Ahmad").name == "Ahmad"
    assert people.person(given_name="Mina", family_name="").name == "Mina"


def test_common_languages_are_languages() -> None:
    assert set(COMMON_LANGUAGES) < set(LANGUAGES)
    assert len(set(LANGUAGES)) == len(LANGUAGES)
