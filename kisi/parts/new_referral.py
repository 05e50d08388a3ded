"""Passing a need on to a body."""

import html

import streamlit as st

from kisi.clock import today
from kisi.db.repository import open_repository
from kisi.domain.referral import problems
from kisi.drafting import OpenForm, open_form, save_button
from kisi.forms.common import report
from kisi.forms.referral import referral_entry, referral_fields, referral_values
from kisi.i18n import _
from kisi.login import current_user
from kisi.navigation import AGENCIES, PERSONS
from kisi.screen import action, facts, go_to, open_screen, saving


def pass_on(need_id: int) -> None:
    with open_repository(current_user()) as repository:
        need = repository.needs.open(need_id)
        person = repository.persons.open(need.entry.person_id)
        agencies = repository.agencies.for_area(need.entry.area)
    if st.button(_("Zurück zur Person"), key="to-person", type="tertiary"):
        open_screen(PERSONS, person=person.id)
    st.html(f'<h2 class="kisi-name" dir="auto">{html.escape(person.entry.name)}</h2>')
    facts(
        (_("Code"), html.escape(person.code)),
        (_("Bedarf"), html.escape(need.entry.area.label)),
    )
    st.subheader(_("Weitergeben"), anchor=False)
    if not agencies:
        st.info(_("Es gibt noch keine Stelle, an die Sie verweisen können."))
        if st.button(_("Stelle anlegen"), key="to-agency"):
            open_screen(AGENCIES, stelle="neu")
        return
    fitting = [one for one in agencies if need.entry.area in one.areas]
    first = fitting[0] if fitting else None
    form = open_form(
        "referral",
        str(need_id),
        start=referral_values(
            first.id if first else None, first.answer_days if first else None, today()
        ),
    )
    referral_fields(form.fields(), {str(one.id): one.name for one in agencies})
    save_button(form, _("Verweis speichern"), _save, form, need_id, person.id)


@action
def _save(form: OpenForm, need_id: int, person_id: int) -> None:
    entry, missing = referral_entry(form.values(), need_id, today())
    if not report(form.key, missing or (problems(entry, today()) if entry else {})) or not entry:
        return
    with saving(_("Der Verweis ist gespeichert. Am Tag der Nachfrage steht er auf Heute.")) as (
        repository
    ):
        repository.referrals.add(entry, key=form.uid)
        form.done(repository)
    form.close()
    go_to(PERSONS, person=person_id)
