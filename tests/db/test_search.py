"""People are found by their names in any script, although the names are encrypted."""

from dataclasses import replace

import pytest

from kisi.db.repository import open_repository
from kisi.db.repository.agencies import AgencyFilter
from kisi.db.repository.persons import PersonFilter
from kisi.domain.person import Likeness
from kisi.permissions import User
from tests import people

KNOWN = (
    ("Олена", "Коваль", 1988),
    ("محمد", "الأحمد", 1990),
    ("Jörg", "Müller", 1975),
    ("Şükrü", "Özil", 2001),
)


@pytest.fixture
def known(guide: User) -> User:
    """Somebody in whose town these four live."""
    with open_repository(guide, write=True) as repository:
        for given, family, year in KNOWN:
            repository.persons.add(
                people.person(given_name=given, family_name=family, year_of_birth=year)
            )
    return guide


def found(user: User, text: str) -> list[str]:
    with open_repository(user) as repository:
        wanted = PersonFilter(text)
        page = repository.persons.page(wanted)
        assert repository.persons.count(wanted) == page.total == len(page.rows)
    return [row.name for row in page.rows]


FOUND_BY = {
    "Олена Коваль": "Олена Коваль",
    "олена": "Олена Коваль",
    "Olena Kowal": "Олена Коваль",
    "koval olena": "Олена Коваль",
    "  Коваль\u00a0Олена  ": "Олена Коваль",
    "محمد الأحمد": "محمد الأحمد",
    "Muhammad al-Ahmad": "محمد الأحمد",
    "Mohamad Ahmad": "محمد الأحمد",
    "Ahmad": "محمد الأحمد",
    "MU-{year}-0002": "محمد الأحمد",
    "mu-{year}-0002": "محمد الأحمد",
    "Müller": "Jörg Müller",
    "Mueller": "Jörg Müller",
    "Mu\u0308ller Jörg": "Jörg Müller",
    "MÜLLER 1975": "Jörg Müller",
    "3": "Jörg Müller",
    "sukru ozil": "Şükrü Özil",
    "2001": "Şükrü Özil",
}


def test_a_person_is_found_by_name_in_any_script_and_order_by_code_and_by_year(
    known: User,
) -> None:
    year = people.today().year
    came_to = {typed: found(known, typed.format(year=year)) for typed in FOUND_BY}
    assert came_to == {typed: [name] for typed, name in FOUND_BY.items()}


def test_nobody_is_found_by_what_fits_nobody(known: User) -> None:
    for typed in ("Schmidt", "Olena Müller", "1999", "MU-1999-0001", "0"):
        assert found(known, typed) == [], typed


HOSTILE = {
    "percent": "%",
    "underscores": "____",
    "like-code": "MU-%",
    "like-digits": "1%",
    "one-wildcard": "19_0",
    "quotes": "' OR '1'='1",
    "statement": "'; DROP TABLE person; --1",
    "backslash": "\\",
    "backslash-digit": "\\1",
    "nul": "\x00",
    "nul-digit": "MU\x001",
    "surrogate": "\ud800",
    "surrogate-digit": "9\udfff",
    "long": "x" * 5000,
    "long-number": "9" * 5000,
    "many-names": " ".join(f"{a}{b}{c}" for a in "bcdfghk" for b in "aeiou" for c in "lmnprstx"),
    "many-numbers": " ".join(str(number) for number in range(1200, 2400)),
    "emoji": "😀😀",
    "direction": "\u200f\u202e\u2066",
    "superscripts": "²²²²",
    "arabic-digits": "٩٩٩٩",
    "other-digits": "①②③",
    "combining": "Z\u0351\u036b\u0343" * 40,
}


def test_whatever_is_typed_neither_fails_nor_finds_everybody(known: User) -> None:
    for name, typed in HOSTILE.items():
        assert found(known, typed) == [], name
        with open_repository(known) as repository:
            entry = people.person(given_name=typed, family_name="")
            assert repository.persons.similar(entry) == [], name


def test_nor_does_it_when_looking_for_a_body(known: User) -> None:
    with open_repository(known, write=True) as repository:
        repository.agencies.add(people.agency(name="Jobcenter", address="Markt 1"))
    for name, typed in HOSTILE.items():
        with open_repository(known) as repository:
            page = repository.agencies.page(AgencyFilter(typed))
        assert page.total == len(page.rows) == 0, name


def test_bodies_are_found_by_part_of_name_and_address(known: User) -> None:
    with open_repository(known, write=True) as repository:
        repository.agencies.add(people.agency(name="Jobcenter Süd", address="Am Markt 1"))
        repository.agencies.add(people.agency(name="50 % Rabatt", address="Hof"))
    with open_repository(known) as repository:
        for text, names in (
            ("job markt", ["Jobcenter Süd"]),
            ("%", ["50 % Rabatt"]),
            ("süd", ["Jobcenter Süd"]),
        ):
            page = repository.agencies.page(AgencyFilter(text))
            assert [row.name for row in page.rows] == names


def test_a_name_that_changed_is_no_longer_found_under_the_old_one(known: User) -> None:
    with open_repository(known, write=True) as repository:
        row = repository.persons.page(PersonFilter("Müller")).rows[0]
        seen = repository.persons.get(row.id)
        repository.persons.change(seen, replace(seen.entry, family_name="Schneider"))
    assert found(known, "Müller") == []
    assert found(known, "Jörg Schneider") == ["Jörg Schneider"]


def test_the_likeliest_comes_first_with_the_reason(known: User) -> None:
    with open_repository(known, write=True) as repository:
        repository.persons.add(
            people.person(given_name="Olena", family_name="Kowal", year_of_birth=1988)
        )
        repository.persons.add(
            people.person(given_name="Olena", family_name="Koval", year_of_birth=1960)
        )
        matches = repository.persons.similar(
            people.person(given_name="Olena", family_name="Koval", year_of_birth=1988)
        )
    assert [(one.person.name, one.likeness) for one in matches] == [
        ("Олена Коваль", Likeness.SAME_NAME_AND_YEAR),
        ("Olena Kowal", Likeness.SIMILAR_NAME_AND_YEAR),
        ("Olena Koval", Likeness.SAME_NAME),
    ]
