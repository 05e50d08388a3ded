"""Which passwords KISI takes, and how it keeps them."""

import re

import pytest

from kisi import passwords
from kisi.passwords import problem

NAMES = ("gmuster", "Gabi Muster", "Beispielhausen")


@pytest.mark.parametrize(
    "password",
    [
        "vier kleine Wörter im Wind",
        "  Leerzeichen am Rand zählen  ",
        "nur kleine buchstaben hier",
        "дождь идёт над морем",
        "x7#kQ9!vLp2$",
        "w" + "eitwandernde wolken " * 6,
    ],
)
def test_long_passwords_are_taken_whatever_they_are_made_of(password: str) -> None:
    assert problem(password, NAMES) is None


def test_sixty_four_characters_count_to_the_last() -> None:
    long = "Zwölf müde Füchse lesen nachts am Fluß die Zeitung von gestern!!"
    assert len(long) == 64
    kept = passwords.hashed(long)
    assert passwords.matches(long, kept)
    assert not passwords.matches(long[:-1], kept)


def test_spaces_and_case_are_kept_as_typed() -> None:
    kept = passwords.hashed(" Vier Kleine Wörter ")
    assert not passwords.matches("Vier Kleine Wörter", kept)
    assert not passwords.matches(" vier kleine wörter ", kept)


def test_umlauts_match_however_the_device_composes_them() -> None:
    kept = passwords.hashed("Vier kleine Wo\u0308rter")
    assert passwords.matches("Vier kleine W\u00f6rter", kept)


@pytest.mark.parametrize("password", ["elf Zeichen", "x" * 129])
def test_too_short_and_too_long_are_refused(password: str) -> None:
    assert problem(password, NAMES)


@pytest.mark.parametrize(
    "password",
    [
        "Kisi-Kommune-2026",
        "KommuneKommune1",
        "Beispielhausen2026!",
        "gabi.muster1985",
        "Gmuster123456789",
        "Sommer2026!!!!!!",
        "Passwort12345",
        "P@ssw0rd20262026",
        "123456789012345",
        "aaaaaaaaaaaaaaaa",
        "dragondragondragon",
        "1q2w3e4r5t6y7u8i",
    ],
)
def test_what_everybody_would_try_is_refused(password: str) -> None:
    assert problem(password, NAMES)


def test_common_passwords_are_refused_also_with_digits_behind() -> None:
    common = sorted(passwords._common())
    assert len(common) > 3000
    for word in common[::3]:
        assert problem(word + "20262026", NAMES), word
        assert problem(word * 3, NAMES), word


def test_a_first_password_is_long_random_and_easy_to_type() -> None:
    drawn = {passwords.first_password() for _try in range(200)}
    assert len(drawn) == 200
    for one in drawn:
        assert re.fullmatch(r"[b-z]{4}(-[b-z]{4}){3}", one)
        assert problem(one, NAMES) is None


def test_an_account_without_a_password_opens_to_nobody() -> None:
    assert not passwords.matches("", "")


def test_the_stand_in_for_unknown_names_costs_as_much_as_a_real_hash() -> None:
    assert passwords.DUMMY[:7] == passwords.hashed("irgend ein Passwort")[:7]
