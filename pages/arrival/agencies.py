"""Agencies: the register of bodies that can help; add and change."""

import streamlit as st

from kisi.db.repository import open_repository
from kisi.db.repository.agencies import AgencyFilter
from kisi.domain.agency import problems
from kisi.domain.need import Area
from kisi.domain.refusal import Outdated
from kisi.drafting import (
    OpenForm,
    note_conflict,
    open_form,
    save_button,
    show_conflict,
    way_back,
)
from kisi.forms.agency import agency_entry, agency_fields, agency_values, describe_agency
from kisi.forms.common import labels, report
from kisi.i18n import _
from kisi.login import current_user
from kisi.permissions import Permission
from kisi.screen import (
    PER_PAGE,
    Pager,
    action,
    id_from_address,
    part,
    plain,
    record_list,
    saving,
    set_address,
)


@part
def agencies() -> None:
    opened = id_from_address("stelle")
    if opened is not None:
        change_agency(opened)
    elif st.query_params.get("stelle") == "neu":
        add_agency()
    else:
        show_list()


def show_list() -> None:
    may_edit = current_user().can(Permission.EDIT_AGENCIES)
    if may_edit:
        st.button(
            _("Neue Stelle"), key="new-agency", on_click=set_address, kwargs={"stelle": "neu"}
        )
    wanted = asked_for()
    pager = Pager("agencies", wanted)
    with open_repository(current_user()) as repository:
        page = repository.agencies.page(wanted, offset=pager.offset, limit=PER_PAGE)
    if not page.rows:
        st.info(_("Keine Stelle gefunden. Bitte ändern Sie die Suche, oder legen Sie eine an."))
    else:
        record_list(
            "agencies",
            {_("Stelle"): "2.5fr", _("Hilft bei"): "3fr", _("Antwort nach (Tagen)"): "1.2fr"},
            [
                (
                    row.id,
                    (
                        row.name,
                        ", ".join(area.label for area in row.areas),
                        str(row.answer_days or ""),
                    ),
                )
                for row in page.rows
            ],
            on_open=open_agency,
        )
    pager.show(page.total, len(page.rows))


def asked_for() -> AgencyFilter:
    first, second = st.columns(2)
    with first:
        text = st.text_input(
            _("Suchen"),
            key="search-agencies",
            persist_state="page",
            live=True,
            autocomplete="off",
            type="search",
            placeholder=_("Name oder Ort"),
        )
    with second:
        areas = labels(Area)
        area = st.selectbox(
            _("Hilft bei"),
            list(areas),
            index=None,
            format_func=areas.__getitem__,
            key="area-agencies",
            persist_state="page",
            placeholder=_("alle Bereiche"),
        )
    former = st.checkbox(_("frühere Stellen zeigen"), key="former-agencies", persist_state="page")
    return AgencyFilter((text or "").strip(), Area(area) if area else None, active=not former)


def open_agency(agency_id: int) -> None:
    set_address(stelle=agency_id)


def add_agency() -> None:
    current_user().require(Permission.EDIT_AGENCIES)
    form = open_form("agency", "neu", start=agency_values(None))
    way_back(form)
    st.header(_("Neue Stelle"), anchor=False)
    agency_fields(form.fields())
    save_button(form, _("Stelle speichern"), save, form, None)


def change_agency(agency_id: int) -> None:
    user = current_user()
    with open_repository(user) as repository:
        stored = repository.agencies.get(agency_id)
    form = open_form(
        "agency", str(agency_id), start=agency_values(stored.entry), version=stored.version
    )
    way_back(form)
    st.header(plain(stored.entry.name), anchor=False)

    def save_again() -> None:
        save(form, agency_id)

    show_conflict(form, describe_agency, save_again)
    agency_fields(form.fields())
    if user.can(Permission.EDIT_AGENCIES):
        save_button(form, _("Stelle speichern"), save, form, agency_id)


@action
def save(form: OpenForm, agency_id: int | None) -> None:
    entry, unclear = agency_entry(form.values())
    if not report(form.key, problems(entry) | unclear):
        return
    try:
        with saving(_("Die Stelle ist gespeichert.")) as repository:
            if agency_id is None:
                repository.agencies.add(entry, key=form.uid)
            else:
                stored = repository.agencies.get(agency_id)
                repository.agencies.change(form.seen(stored), entry)
            form.done(repository)
    except Outdated:
        with open_repository(current_user()) as repository:
            newest = repository.agencies.get(agency_id or 0)
        note_conflict(form, newest, agency_values(newest.entry))
        return
    form.close()
    set_address()


agencies()
