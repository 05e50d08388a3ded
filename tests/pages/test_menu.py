"""Who reaches which screen: each opens, empty and filled, and the others cannot be opened."""

import pytest

from kisi.db.repository import open_repository
from kisi.permissions import Role, User
from tests import people
from tests.pages.conftest import SCREENS, OpenApp, act_as, run_well, script, words
from tests.people import Towns


@pytest.mark.parametrize("filled", [False, True], ids=["empty", "filled"])
@pytest.mark.parametrize("role", Role, ids=str)
def test_a_role_opens_its_screens_and_no_other(
    role: Role, filled: bool, open_app: OpenApp, towns: Towns
) -> None:
    if filled:
        people.open_case(towns["guide"], follow_up_on=people.today())
    app = open_app(role)
    for screen in SCREENS:
        if screen.open_to(towns[role]):
            run_well(app.switch_page(script(screen)))
            assert app.title[0].value == screen.title
            assert not app.error, screen.path
        else:
            with pytest.raises(ValueError, match="Could not find a navigation page"):
                app.switch_page(script(screen))


def test_a_screen_left_open_shows_nothing_once_the_session_is_over(
    open_app: OpenApp, guide: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = people.take_in(guide, given_name="Xanthippe")
    app = open_app("guide", "/personen", person=person)
    assert "Xanthippe" in words(app)
    monkeypatch.setattr("kisi.login.presented_session", lambda: "")
    run_well(app)
    assert "Xanthippe" not in words(app)
    assert "Ihre Sitzung ist beendet" in words(app)


def test_a_screen_left_open_shows_nothing_to_who_signs_in_next(
    open_app: OpenApp, guide: User, towns: Towns, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = people.take_in(guide, given_name="Xanthippe")
    app = open_app("guide", "/personen", person=person)
    for name in ("guide2", "leadership", "admin", "coordinator"):
        act_as(name, towns, monkeypatch)
        run_well(app)
        assert "Xanthippe" not in words(app), name


@pytest.mark.parametrize(
    ("path", "name"), [("/personen", "person"), ("/verweise", "verweis"), ("/verweise", "bedarf")]
)
def test_an_address_of_another_town_opens_nothing(
    path: str, name: str, open_app: OpenApp, other_guide: User
) -> None:
    people.take_in(other_guide, given_name="Fremd")
    with open_repository(other_guide, write=True) as repository:
        need = repository.needs.add(people.need(1))
        agency = repository.agencies.add(people.agency(name="Fremde Stelle"))
        repository.referrals.add(people.referral(need, agency))
    app = open_app("guide", path, **{name: 1})
    assert "Diesen Eintrag gibt es nicht" in words(app)
    assert "Fremd" not in words(app)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/personen", "person"),
        ("/personen", "zeige"),
        ("/verweise", "verweis"),
        ("/verweise", "bedarf"),
        ("/verweise", "zeige"),
        ("/stellen", "stelle"),
        ("/aufnahme", "entwurf"),
        ("/konten", "konto"),
    ],
)
def test_nonsense_in_the_address_is_no_failure(path: str, name: str, open_app: OpenApp) -> None:
    app = open_app("admin" if path == "/konten" else "guide", path)
    for nonsense in ("abc", "-1", "9999999", "1; DROP TABLE person", "²"):
        app.query_params[name] = nonsense
        run_well(app)


def test_leadership_sees_no_name_on_any_screen(
    open_app: OpenApp, guide: User, towns: Towns
) -> None:
    people.take_in(guide, given_name="Xanthippe", family_name="Quitte")
    for name in ("leadership", "coordinator", "admin"):
        app = open_app(name)
        for screen in SCREENS:
            if screen.open_to(towns[name]):
                run_well(app.switch_page(script(screen)))
                assert "Xanthippe" not in words(app), (name, screen.path)
                assert "Quitte" not in words(app), (name, screen.path)


def test_english_for_who_has_chosen_it_and_german_for_the_next(
    open_app: OpenApp, guide: User, towns: Towns
) -> None:
    from kisi.db import sign_in

    sign_in.set_language(guide, "en")
    assert open_app("guide").title[0].value == "Today"
    assert "New intake" in words(open_app("guide", "/aufnahme"))
    assert open_app("colleague").title[0].value == "Heute"
