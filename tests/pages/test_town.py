"""Bodies, figures, accounts and the log on their screens."""

from kisi.db.repository import open_repository
from kisi.db.repository.agencies import AgencyFilter
from kisi.domain.need import Area
from kisi.permissions import User
from tests import people
from tests.pages.conftest import OpenApp, click, field, problems, put, words
from tests.people import Towns


def test_a_body_is_added_after_its_mistakes_are_put_right(
    open_app: OpenApp, coordinator: User
) -> None:
    app = open_app("coordinator", "/stellen", stelle="neu")
    put(app, "phone", "ruf an")
    put(app, "answer_days", "bald")
    click(app, "save-agency-button")
    assert set(problems(app)[1:]) == {
        "Bitte geben Sie den Namen der Stelle ein.",
        "Bitte wählen Sie mindestens einen Bereich.",
        "Bitte geben Sie eine Telefonnummer mit Ziffern ein.",
        "Bitte geben Sie 1 bis 365 Tage ein.",
    }
    for name, value in (
        ("name", "Kita-Verwaltung"),
        ("phone", "069 1234"),
        ("answer_days", "10"),
        ("areas", ["kita"]),
    ):
        put(app, name, value)
    click(app, "save-agency-button")
    with open_repository(coordinator) as repository:
        row = repository.agencies.page(AgencyFilter()).rows[0]
    assert (row.name, row.phone, row.answer_days) == ("Kita-Verwaltung", "069 1234", 10)
    assert row.areas == (Area.KITA,)
    assert "Kita\\-Verwaltung" in words(app)


def test_a_conflict_over_a_body_shows_both(open_app: OpenApp, guide: User) -> None:
    from dataclasses import replace

    with open_repository(guide, write=True) as repository:
        agency = repository.agencies.add(people.agency())
    app = open_app("coordinator", "/stellen", stelle=agency)
    put(app, "phone", "069 1")
    with open_repository(guide, write=True) as repository:
        seen = repository.agencies.get(agency)
        repository.agencies.change(seen, replace(seen.entry, phone="069 2"))
    click(app, "save-agency-button")
    assert "069 1" in words(app)
    assert "069 2" in words(app)
    click(app, next(one.key for one in app.button if str(one.key).endswith("-mine")))
    with open_repository(guide) as repository:
        assert repository.agencies.get(agency).entry.phone == "069 1"


def test_leadership_sees_no_small_number(
    open_app: OpenApp, guide: User, monkeypatch: object
) -> None:
    people.open_case(guide)
    assert "1</td>" in words(open_app("guide", "/zahlen"))
    assert "Kita" not in words(open_app("leadership", "/zahlen")), "noted this month"


def test_an_account_is_made_with_a_password_shown_once(open_app: OpenApp, towns: Towns) -> None:
    app = open_app("admin", "/konten", konto="neu")
    put(app, "display_name", "Nora Neu")
    put(app, "name", "guide")
    put(app, "roles", ["guide"])
    click(app, "save-account-button")
    assert "Diesen Namen gibt es schon. Bitte wählen Sie einen anderen." in problems(app)
    put(app, "name", "Nora")
    click(app, "save-account-button")
    password = app.code[0].value
    assert len(password) >= 12
    assert "nora" in words(app)
    click(app, "new-account")
    assert not app.code


def test_a_name_of_another_town_is_taken_too(open_app: OpenApp) -> None:
    app = open_app("admin", "/konten", konto="neu")
    put(app, "display_name", "Nora Neu")
    put(app, "name", "guide2")
    put(app, "roles", ["guide"])
    click(app, "save-account-button")
    assert "Diesen Namen gibt es schon" in words(app) + "".join(problems(app))
    assert field(app, "name").value == "guide2"


def test_the_log_names_what_was_done_and_no_contents(open_app: OpenApp, guide: User) -> None:
    people.take_in(guide, given_name="Xanthippe")
    shown = words(open_app("admin", "/protokoll"))
    assert "angelegt" in shown
    assert "given_name" in shown or "Vorname" in shown
    assert "Xanthippe" not in shown
