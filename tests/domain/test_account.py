import pytest

from kisi.domain.account import AccountEntry, problems, tidy_name


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, []),
        ({"name": "gabi.muster@musterstadt.de"}, []),
        ({"name": "g"}, ["name"]),
        ({"name": "gabi muster"}, ["name"]),
        ({"name": "x" * 61}, ["name"]),
        ({"display_name": ""}, ["display_name"]),
        ({"display_name": "x" * 121}, ["display_name"]),
        ({"roles": frozenset()}, ["roles"]),
    ],
)
def test_what_keeps_an_account_from_being_saved(
    fields: dict[str, object], wrong: list[str]
) -> None:
    values = {"name": "gabi", "display_name": "Gabi Muster", "roles": frozenset({"guide"})}
    assert list(problems(AccountEntry(**(values | fields)))) == wrong


def test_names_are_the_same_however_they_are_typed() -> None:
    assert tidy_name("  Gabi ") == "gabi"
