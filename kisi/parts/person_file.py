"""The file of one person on the screen: who they are, what they need, where they were passed on."""

import html

import streamlit as st

from kisi.clock import today
from kisi.db.repository import open_repository
from kisi.db.repository.needs import NeedFile
from kisi.db.repository.persons import PersonFile
from kisi.db.repository.referrals import ReferralRow
from kisi.domain import need
from kisi.domain.need import problems as need_problems
from kisi.domain.person import problems
from kisi.domain.referral import WAITING, is_overdue
from kisi.domain.refusal import Outdated
from kisi.drafting import OpenForm, note_conflict, open_form, save_button, show_conflict
from kisi.forms.common import report
from kisi.forms.need import need_entries, need_fields
from kisi.forms.person import (
    describe_person,
    nationality_name,
    person_entry,
    person_fields,
    person_values,
)
from kisi.i18n import _, day, language_name
from kisi.login import current_user
from kisi.navigation import REFERRALS
from kisi.parts.slip import slip_button
from kisi.permissions import Permission
from kisi.screen import (
    action,
    badge,
    facts,
    open_screen,
    record_list,
    saving,
    set_address,
    year_words,
)

NEED_BADGES = {
    need.Status.OPEN: "due",
    need.Status.REFERRED: "neutral",
    need.Status.MET: "ok",
    need.Status.NOT_MET: "overdue",
    need.Status.WITHDRAWN: "neutral",
}


def show_file(person_id: int) -> None:
    user = current_user()
    with open_repository(user) as repository:
        file = repository.persons.open(person_id)
        needs = repository.needs.of_person(person_id)
        referrals = repository.referrals.of_person(person_id)
    st.button(_("Zurück zur Liste"), key="to-list", on_click=set_address, type="tertiary")
    st.html(f'<h2 class="kisi-name" dir="auto">{html.escape(file.entry.name)}</h2>')
    _show_facts(file)
    may_edit = user.can(Permission.EDIT_CASES)
    editing = st.query_params.get("zeige", "") if may_edit else ""
    if editing == "person":
        _change_person(file)
        return
    with st.container(horizontal=True):
        if may_edit:
            _opener(_("Angaben ändern"), person_id, "person")
        slip_button(person_id, file)
    _show_needs(person_id, needs, may_edit, editing)
    _show_referrals(referrals)


def _show_facts(file: PersonFile) -> None:
    entry = file.entry
    languages = ", ".join(language_name(code) for code in entry.languages)
    facts(
        (_("Code"), html.escape(file.code)),
        (_("Sprachen"), html.escape(languages)),
        (_("Geburtsjahr"), year_words(entry.year_of_birth)),
        (_("Geschlecht"), html.escape(entry.gender.label)),
        (_("Staatsangehörigkeit"), html.escape(nationality_name(entry.nationality))),
        (_("Aufgenommen am"), day(file.registered_on)),
    )


# --- the person's own data ---


def _change_person(file: PersonFile) -> None:
    form = open_form("person", str(file.id), start=person_values(file.entry), version=file.version)
    st.subheader(_("Angaben ändern"), anchor=False)

    def save() -> None:
        _save_person(form, file)

    show_conflict(form, describe_person, save)
    person_fields(form.fields())
    save_button(form, _("Änderungen speichern"), save)
    st.button(
        _("Zurück ohne zu speichern"), key="leave-person", on_click=_leave, args=(form, file.id)
    )


@action
def _save_person(form: OpenForm, file: PersonFile) -> None:
    entry, unclear = person_entry(form.values())
    if not report(form.key, problems(entry, today()) | unclear):
        return
    try:
        with saving(_("Die Angaben sind gespeichert.")) as repository:
            repository.persons.change(form.seen(file), entry)
            form.done(repository)
    except Outdated:
        with open_repository(current_user()) as repository:
            newest = repository.persons.open(file.id)
        note_conflict(form, newest, person_values(newest.entry))
        return
    form.close()
    _close(file.id)


# --- needs ---


def _show_needs(person_id: int, needs: list[NeedFile], may_edit: bool, editing: str) -> None:
    st.subheader(_("Bedarfe"), anchor=False)
    if not needs:
        st.caption(_("Noch ist kein Bedarf notiert."))
    for one in needs:
        with st.container(border=True, key=f"need-{one.id}"):
            _show_need(one, may_edit)
    if editing == "need":
        _add_needs(person_id)
    elif may_edit:
        _opener(_("Bedarf hinzufügen"), person_id, "need")


def _show_need(one: NeedFile, may_edit: bool) -> None:
    status = badge(one.status.label, NEED_BADGES[one.status])
    since = _("seit {day}").format(day=day(one.noted_on))
    quoted = _("„{words}“").format(words=one.entry.wish)
    wish = f'<p dir="auto">{html.escape(quoted)}</p>' if one.entry.wish else ""
    st.html(
        f"<p><strong>{html.escape(one.entry.area.label)}</strong> {status} "
        f'<span class="kisi-hint">{html.escape(since)}</span></p>{wish}'
    )
    if not may_edit:
        return
    with st.container(horizontal=True):
        if one.status in need.UNSETTLED:
            again = one.status is need.Status.REFERRED
            if st.button(
                _("Erneut weitergeben") if again else _("Weitergeben"),
                key=f"refer-{one.id}",
                type="secondary" if again else "primary",
            ):
                open_screen(REFERRALS, bedarf=one.id)
            for status_next, words in (
                (need.Status.MET, _("Gedeckt")),
                (need.Status.NOT_MET, _("Nicht deckbar")),
                (need.Status.WITHDRAWN, _("Zurückgezogen")),
            ):
                st.button(
                    words,
                    key=f"{status_next}-{one.id}",
                    on_click=_set_status,
                    args=(one, status_next),
                )
        else:
            st.button(
                _("Wieder öffnen"),
                key=f"reopen-{one.id}",
                on_click=_set_status,
                args=(one, need.Status.OPEN),
            )


@action
def _set_status(one: NeedFile, status: need.Status) -> None:
    words = _("Bedarf „{area}“: {status}.").format(area=one.entry.area.label, status=status.label)
    with saving(words) as repository:
        repository.needs.set_status(one, status)


def _add_needs(person_id: int) -> None:
    form = open_form("need", str(person_id))
    with st.container(border=True):
        need_fields(form.fields())
        save_button(form, _("Bedarf speichern"), _save_needs, form, person_id)
        st.button(_("Abbrechen"), key="leave-need", on_click=_leave, args=(form, person_id))


@action
def _save_needs(form: OpenForm, person_id: int) -> None:
    entries = need_entries(form.values(), person_id)
    found: dict[str, str] = {}
    for entry in entries:
        found |= need_problems(entry)
    if not entries:
        found["areas"] = _("Bitte wählen Sie mindestens einen Bereich.")
    if not report(form.key, found):
        return
    with saving(_("Der Bedarf ist gespeichert.")) as repository:
        for entry in entries:
            repository.needs.add(entry, key=form.part_key(entry.area))
        form.done(repository)
    form.close()
    _close(person_id)


# --- referrals ---


def _show_referrals(referrals: list[ReferralRow]) -> None:
    st.subheader(_("Verweise"), anchor=False)
    if not referrals:
        st.caption(_("Noch wurde nichts weitergegeben. Wählen Sie bei einem Bedarf „Weitergeben“."))
        return
    opened = record_list(
        "referrals-of-person",
        {_("Bedarf"): "2fr", _("Stelle"): "2fr", _("Stand"): "1.3fr", _("Nachfrage"): "1.2fr"},
        [(row.id, (row.area.label, row.agency, row.status.label, _due(row))) for row in referrals],
    )
    if opened is not None:
        open_screen(REFERRALS, verweis=opened)


def _due(row: ReferralRow) -> str:
    if row.status not in WAITING:
        return ""
    if is_overdue(row.status, row.follow_up_on, today()):
        return _("{day}, überfällig").format(day=day(row.follow_up_on))
    return day(row.follow_up_on)


# --- opening and closing the forms of the file ---


def _opener(label: str, person_id: int, what: str) -> None:
    st.button(
        label,
        key=f"open-{what}",
        on_click=set_address,
        kwargs={"person": person_id, "zeige": what},
    )


def _leave(form: OpenForm, person_id: int) -> None:
    form.close()
    _close(person_id)


def _close(person_id: int) -> None:
    set_address(person=person_id)
