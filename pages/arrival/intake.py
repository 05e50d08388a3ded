"""Intake: first look whether the person is already known, then take them in."""

import streamlit as st

from kisi.clock import today
from kisi.db.repository import open_repository
from kisi.db.repository.persons import Match
from kisi.domain.need import problems as need_problems
from kisi.domain.person import PersonEntry, problems
from kisi.domain.text import clean_line
from kisi.drafting import OpenForm, is_open, is_uid, keep, new_uid, open_form, save_button
from kisi.forms.common import Fields, clear, put_values, report, values_of
from kisi.forms.need import need_entries, need_fields
from kisi.forms.person import person_entry, person_fields
from kisi.i18n import _
from kisi.login import current_user
from kisi.navigation import PERSONS
from kisi.screen import (
    action,
    clock_words,
    confirm,
    go_to,
    open_screen,
    part,
    plain,
    record_list,
    set_address,
    year_words,
)  # fmt: skip


@part
def intake() -> None:
    uid = st.query_params.get("entwurf", "")
    if is_uid(uid):
        leave_if_saved(uid)
        take_in(open_form("intake", uid=uid))
    else:
        look_first()


def leave_if_saved(uid: str) -> None:
    """Going back in the browser must not open a saved form again: its uid is used up."""
    if is_open("intake", uid):
        return
    with open_repository(current_user()) as repository:
        saved = repository.persons.id_of(uid)
    if saved is not None:
        open_screen(PERSONS, person=saved)


def look_first() -> None:
    st.write(_("Ist die Person vielleicht schon da? Bitte geben Sie zuerst ihren Namen ein."))
    name = clean_line(
        Fields("look", {}).text(
            "name", _("Name"), live=True, hint=_("Vor- und Familienname in jeder Schrift")
        )
    )
    with open_repository(current_user()) as repository:
        matches = repository.persons.similar(PersonEntry(given_name=name)) if name else []
        drafts = repository.drafts.of_form("intake")
    if matches:
        show_matches(_("Diese Personen sind schon aufgenommen:"), matches)
    elif name:
        st.info(_("Unter diesem Namen ist noch niemand aufgenommen."))
    with st.container(key="save-begin"):
        st.button(
            _("Nein, trotzdem neu aufnehmen") if matches else _("Neue Person aufnehmen"),
            type="primary", width="stretch", key="begin", on_click=begin,
        )  # fmt: skip
    if drafts:
        st.header(_("Entwürfe weiterführen"), anchor=False)
        opened = record_list(
            "drafts",
            {_("Person"): "3fr", _("gespeichert"): "1fr"},
            [(draft.uid, (name_in(draft.fields), clock_words(draft.updated_at)))
             for draft in drafts],
        )  # fmt: skip
        if opened is not None:
            set_address(entwurf=opened)
            st.rerun(scope="fragment")


@action
def begin() -> None:
    """Open a new form; the name typed for the search is not typed again."""
    name = clean_line(values_of("look").get("name") or "")
    if not report("look", {} if name else {"name": _("Bitte geben Sie zuerst den Namen ein.")}):
        return
    clear("look")
    uid = new_uid()
    given, _space, family = name.partition(" ")
    form = open_form("intake", uid=uid)
    put_values(form.key, {"given_name": given, "family_name": family})
    keep(form)
    set_address(entwurf=uid)


def take_in(form: OpenForm) -> None:
    fields = form.fields()
    person_fields(fields)
    need_fields(fields)
    show_possible_double(form)
    save_button(form, _("Aufnahme speichern"), save, form)


def show_possible_double(form: OpenForm) -> None:
    """Warn while the form is filled, not only at its end."""
    entry, _unclear = person_entry(form.values())
    if not entry.name or not entry.family_name:
        return
    with open_repository(current_user()) as repository:
        matches = repository.persons.similar(entry)
    if matches:
        with st.container(border=True, key="possible-double"):
            show_matches(_("Vielleicht schon aufgenommen – bitte vergleichen:"), matches)


def show_matches(words: str, matches: list[Match]) -> None:
    st.write(words)
    opened = record_list(
        "matches",
        {_("Name"): "2fr", _("Code"): "1fr", _("Geburtsjahr"): "1fr", _("Warum?"): "2fr"},
        [
            (one.person.id, (one.person.name, one.person.code,
             year_words(one.person.year_of_birth), one.likeness.label))
            for one in matches
        ],
    )  # fmt: skip
    if opened is not None:
        open_screen(PERSONS, person=opened)


@action
def save(form: OpenForm) -> None:
    values = form.values()
    entry, unclear = person_entry(values)
    needs = need_entries(values, person_id=0)
    found = problems(entry, today()) | unclear
    for need in needs:
        found |= need_problems(need)
    if not needs:
        found["areas"] = _("Bitte wählen Sie mindestens einen Bereich.")
    if not report(form.key, found):
        return
    with open_repository(current_user(), write=True) as repository:
        person_id = repository.persons.add(entry, key=form.uid)
        for need in need_entries(values, person_id):
            repository.needs.add(need, key=form.part_key(need.area))
        code = repository.persons.code_of(person_id)
        form.done(repository)
    form.close()
    confirm(
        _(
            "{name} ist aufgenommen. Der Code ist {code}. "
            "Sie können jetzt einen Bedarf weitergeben."
        ).format(name=plain(entry.name), code=plain(code))
    )
    go_to(PERSONS, person=person_id)


def name_in(fields: dict[str, object]) -> str:
    name = f"{fields.get('given_name') or ''} {fields.get('family_name') or ''}".strip()
    return name or _("noch ohne Namen")


intake()
