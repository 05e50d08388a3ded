"""The main job on its screens: take in, pass on, be reminded, answer."""

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from kisi.clock import today
from kisi.db.repository import open_repository
from kisi.db.repository.persons import PersonFilter
from kisi.domain import need, referral
from kisi.domain.need import Area
from kisi.domain.person import LONGEST_NAME
from kisi.permissions import User
from tests import people
from tests.pages.conftest import OpenApp, click, field, problems, put, words


def begin_intake(open_app: OpenApp, name: str = "Mina Muster") -> AppTest:
    app = open_app("guide", "/aufnahme")
    put(app, "name", name)
    return click(app, "begin")


def persons(user: User, text: str = "") -> list[str]:
    with open_repository(user) as repository:
        return [row.name for row in repository.persons.page(PersonFilter(text)).rows]


# --- taking in ---


def test_what_is_missing_is_said_and_nothing_is_lost(open_app: OpenApp, guide: User) -> None:
    app = begin_intake(open_app)
    put(app, "given_name", "")
    put(app, "family_name", "")
    put(app, "year_of_birth", "abc")
    put(app, "wish", "Ein Platz ab Herbst")
    click(app, "save-intake-button")
    assert problems(app) == [
        "Bitte prüfen Sie die markierten Felder. Es ist nichts verloren.",
        "Bitte geben Sie mindestens einen Namen ein.",
        "Bitte geben Sie das Jahr mit vier Ziffern ein, zum Beispiel 1990.",
        "Bitte wählen Sie mindestens eine Sprache.",
        "Bitte wählen Sie mindestens einen Bereich.",
    ]
    assert field(app, "year_of_birth").value == "abc"
    assert field(app, "wish").value == "Ein Platz ab Herbst"
    assert persons(guide) == []


def test_each_wrong_year_has_its_sentence(open_app: OpenApp) -> None:
    app = begin_intake(open_app)
    for typed, sentence in (
        ("1800", "Bitte geben Sie ein Geburtsjahr ab 1900 ein."),
        (str(today().year + 1), "Das Geburtsjahr liegt in der Zukunft."),
        ("90", "Bitte geben Sie das Jahr mit vier Ziffern ein, zum Beispiel 1990."),
    ):
        put(app, "year_of_birth", typed)
        click(app, "save-intake-button")
        assert problems(app)[1] == sentence
        assert field(app, "year_of_birth").value == typed


def test_a_name_of_five_thousand_letters_is_kept_but_not_saved(
    open_app: OpenApp, guide: User
) -> None:
    app = begin_intake(open_app)
    fill(app, given_name="x" * 5000)
    click(app, "save-intake-button")
    assert problems(app)[1:] == [f"Der Name ist zu lang. Möglich sind {LONGEST_NAME} Zeichen."]
    assert field(app, "given_name").value == "x" * 5000
    assert persons(guide) == []


def fill(app: AppTest, **values: object) -> AppTest:
    right = {"year_of_birth": "1990", "languages": ["fa_AF"], "areas": ["kita", "work"]}
    for name, value in (right | values).items():
        put(app, name, value)
    return app


def test_an_intake_is_saved_after_its_mistakes_are_put_right(
    open_app: OpenApp, guide: User
) -> None:
    app = begin_intake(open_app)
    click(app, "save-intake-button")
    assert problems(app)
    fill(app, wish="Ein Platz ab Herbst")
    click(app, "save-intake-button")
    assert app.title[0].value == "Personen"
    assert f"MU-{today().year}-0001" in words(app).replace("\\", "")
    with open_repository(guide) as repository:
        row = repository.persons.page(PersonFilter()).rows[0]
        needs = repository.needs.of_person(row.id)
        assert repository.drafts.all() == []
        kept = repository.persons.get(row.id).entry
    assert (row.name, row.open_needs) == ("Mina Muster", 2)
    assert (kept.year_of_birth, kept.languages) == (1990, ("fa_AF",))
    assert {one.entry.area: one.entry.wish for one in needs} == {
        Area.KITA: "Ein Platz ab Herbst",
        Area.WORK: "Ein Platz ab Herbst",
    }


@pytest.mark.parametrize(
    "name", ["Олена Коваль", "محمد الأحمد", "<b>Mina</b> $x^2$", "[Klick](http://x)", "O'Neil %_"]
)
def test_a_name_is_kept_and_shown_as_it_is_typed(name: str, open_app: OpenApp, guide: User) -> None:
    app = begin_intake(open_app, name)
    fill(app)
    click(app, "save-intake-button")
    assert persons(guide) == [name]
    heading = next(one.value for one in app.get("html") if "kisi-name" in one.value)
    assert "<b>" not in heading
    assert "[Klick](" not in words(open_app("guide", "/personen"))


def test_someone_already_known_is_shown_before_they_are_taken_in_again(
    open_app: OpenApp, guide: User
) -> None:
    people.take_in(guide, given_name="Олена", family_name="Коваль")
    app = open_app("guide", "/aufnahme")
    put(app, "name", "Olena Kowal")
    assert "Олена Коваль" in words(app)
    assert "trotzdem" in words(app)


def test_a_draft_comes_back_in_a_new_session(open_app: OpenApp, guide: User) -> None:
    app = begin_intake(open_app)
    put(app, "year_of_birth", "19")
    put(app, "languages", ["uk", "ar"])
    put(app, "wish", "Ein Platz ab Herbst")
    begun = app.query_params["entwurf"]
    uid = begun if isinstance(begun, str) else begun[0]

    again = open_app("guide", "/aufnahme", entwurf=uid)
    assert field(again, "given_name").value == "Mina"
    assert field(again, "family_name").value == "Muster"
    assert field(again, "year_of_birth").value == "19"
    assert field(again, "languages").value == ["uk", "ar"]
    assert field(again, "wish").value == "Ein Platz ab Herbst"
    assert "Entwurf gespeichert" in words(again)
    assert "Mina Muster" in words(open_app("guide"))
    assert "Mina Muster" not in words(open_app("colleague"))


def test_a_draft_of_somebody_else_does_not_open(open_app: OpenApp) -> None:
    app = begin_intake(open_app)
    begun = app.query_params["entwurf"]
    uid = begun if isinstance(begun, str) else begun[0]
    for name in ("colleague", "guide2"):
        other = open_app(name, "/aufnahme", entwurf=uid)
        assert field(other, "given_name").value == ""


def test_a_draft_thrown_away_is_gone(open_app: OpenApp, guide: User) -> None:
    app = begin_intake(open_app)
    key = next(one.key for one in app.button if str(one.key).endswith("-discard"))
    click(app, key)
    with open_repository(guide) as repository:
        assert repository.drafts.all() == []


# --- passing on and answering ---


def test_a_need_is_passed_on_from_the_file(open_app: OpenApp, guide: User) -> None:
    with open_repository(guide, write=True) as repository:
        person = repository.persons.add(people.person())
        wanted = repository.needs.add(people.need(person))
        agency = repository.agencies.add(people.agency(answer_days=10))
    app = click(open_app("guide", "/personen", person=person), f"refer-{wanted}")
    assert app.title[0].value == "Verweise"
    app = open_app("guide", "/verweise", bedarf=wanted)
    assert field(app, "follow_up_on").value == today() + timedelta(days=10)
    put(app, "note", "Frau Müller fragen")
    click(app, "save-referral-button")
    assert app.title[0].value == "Personen"
    with open_repository(guide) as repository:
        row = repository.referrals.of_person(person)[0]
        kept = repository.referrals.get(row.id).entry
        assert repository.needs.open(wanted).status is need.Status.REFERRED
    assert (kept.agency_id, kept.note) == (agency, "Frau Müller fragen")
    assert kept.follow_up_on == today() + timedelta(days=10)


def test_an_overdue_referral_stands_on_today_until_its_answer_comes(
    open_app: OpenApp, guide: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = people.open_case(guide)
    assert "Nichts ist überfällig." in words(open_app("guide"))
    monkeypatch.setenv("KISI_TODAY", (today() + timedelta(days=15)).isoformat())
    app = open_app("guide")
    assert "**1** *überfällig*" in words(app)
    assert "Mina Muster" in words(app)
    app = open_app("guide", "/verweise", verweis=case.referral)
    assert "überfällig seit gestern" in words(app)
    click(app, f"answer-{referral.Status.COMPLETED}")
    assert "erledigt" in words(app)
    with open_repository(guide) as repository:
        assert repository.needs.open(case.need).status is need.Status.MET
    app = open_app("guide")
    assert "**0** *überfällig*" in words(app)
    assert "**0** *Personen mit offenem Bedarf*" in words(app)


def test_each_number_on_today_opens_its_list(
    open_app: OpenApp, guide: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.open_case(guide, follow_up_on=today())
    monkeypatch.setenv("KISI_TODAY", (today() + timedelta(days=1)).isoformat())
    for number, screen in (
        ("overdue", "Verweise"),
        ("due", "Verweise"),
        ("waiting", "Verweise"),
        ("open", "Personen"),
    ):
        app = click(open_app("guide"), f"figure-{number}")
        assert app.title[0].value == screen
        assert ("Mina Muster" in words(app)) == (number != "due")


def test_no_answer_yet_moves_the_day(open_app: OpenApp, guide: User) -> None:
    case = people.open_case(guide, follow_up_on=today())
    app = open_app("guide", "/verweise", verweis=case.referral)
    click(app, "ask-again")
    with open_repository(guide) as repository:
        kept = repository.referrals.open(case.referral)
    assert kept.entry.follow_up_on > today()
    assert kept.status is referral.Status.SENT


# --- two at once ---


def change_behind(user: User, person: int, **fields: object) -> None:
    from dataclasses import replace

    with open_repository(user, write=True) as repository:
        seen = repository.persons.get(person)
        repository.persons.change(seen, replace(seen.entry, **fields))


def conflict(open_app: OpenApp, guide: User, colleague: User) -> tuple[AppTest, int]:
    person = people.take_in(guide)
    app = open_app("guide", "/personen", person=person, zeige="person")
    put(app, "given_name", "Meine")
    change_behind(colleague, person, given_name="Deren", year_of_birth=1977)
    click(app, "save-person-button")
    return app, person


def test_a_conflict_shows_both_texts_and_loses_none(
    open_app: OpenApp, guide: User, colleague: User
) -> None:
    app, person = conflict(open_app, guide, colleague)
    assert "Jemand hat diesen Eintrag inzwischen geändert" in words(app)
    for text in ("Meine", "Deren", "1990", "1977"):
        assert f"<td>{text}</td>" in words(app).replace(' class="kisi-number"', ""), text
    assert field(app, "given_name").value == "Meine"
    assert persons(guide) == ["Deren Muster"]
    with open_repository(guide) as repository:
        assert repository.drafts.of_form("person", str(person))[0].fields["given_name"] == "Meine"


def test_after_a_conflict_my_texts_can_be_saved(
    open_app: OpenApp, guide: User, colleague: User
) -> None:
    app, _person = conflict(open_app, guide, colleague)
    click(app, next(one.key for one in app.button if str(one.key).endswith("-mine")))
    assert persons(guide) == ["Meine Muster"]
    with open_repository(guide) as repository:
        assert repository.drafts.all() == []


def test_after_a_conflict_the_other_texts_can_be_taken(
    open_app: OpenApp, guide: User, colleague: User
) -> None:
    app, _person = conflict(open_app, guide, colleague)
    click(app, next(one.key for one in app.button if str(one.key).endswith("-theirs")))
    assert field(app, "given_name").value == "Deren"
    put(app, "family_name", "Neu")
    click(app, "save-person-button")
    assert persons(guide) == ["Deren Neu"]


def test_a_second_change_meanwhile_is_a_conflict_again(
    open_app: OpenApp, guide: User, colleague: User
) -> None:
    app, person = conflict(open_app, guide, colleague)
    change_behind(colleague, person, given_name="Wieder")
    click(app, next(one.key for one in app.button if str(one.key).endswith("-mine")))
    assert "<td>Wieder</td>" in words(app)
    assert field(app, "given_name").value == "Meine"
    assert persons(guide) == ["Wieder Muster"]
