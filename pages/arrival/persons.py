"""Persons: the list, and the file of one."""

import streamlit as st

from kisi.db.repository import open_repository
from kisi.db.repository.persons import Order, PersonFilter, Show
from kisi.forms.common import labels
from kisi.forms.person import all_languages
from kisi.i18n import _, day, language_name, number
from kisi.login import current_user
from kisi.navigation import INTAKE
from kisi.parts.person_file import show_file
from kisi.screen import (
    PER_PAGE,
    PER_SEARCH,
    Pager,
    id_from_address,
    open_screen,
    part,
    record_list,
    set_address,
    year_words,
)  # fmt: skip


@part
def persons() -> None:
    opened = id_from_address("person")
    if opened is None:
        show_list()
    else:
        show_file(opened)


def show_list() -> None:
    wanted, order = asked_for()
    per_page = PER_SEARCH if wanted.text else PER_PAGE
    pager = Pager("persons", wanted, order, per_page=per_page)
    with open_repository(current_user()) as repository:
        page = repository.persons.page(
            wanted, order, offset=pager.offset, limit=per_page, from_end=pager.from_end
        )
    if not page.rows:
        st.info(_("Niemand gefunden. Bitte prüfen Sie die Suche, oder nehmen Sie die Person auf."))
        if st.button(_("Neue Aufnahme"), key="to-intake"):
            open_screen(INTAKE)
        return
    record_list(
        "persons",
        {
            _("Name"): "2.4fr",
            _("Code"): "1.3fr",
            _("Jahrgang"): "0.9fr",
            _("Sprache"): "1.2fr",
            _("offen"): "0.6fr",
            _("seit"): "1.1fr",
        },
        [
            (
                row.id,
                (
                    row.name,
                    row.code,
                    year_words(row.year_of_birth),
                    language_name(row.contact_language),
                    number(row.open_needs),
                    day(row.registered_on),
                ),
            )
            for row in page.rows
        ],
        on_open=open_file,
    )
    pager.show(page.total, len(page.rows))


def asked_for() -> tuple[PersonFilter, Order]:
    """The search and filters above the list; the one from the address counts when it is opened."""
    if "show-persons" not in st.session_state:
        asked = st.query_params.get("zeige", "")
        st.session_state["show-persons"] = asked if asked in set(Show) else Show.ALL.value
    text = st.text_input(
        _("Suchen"),
        key="search-persons",
        persist_state="page",
        live=True,
        autocomplete="off",
        type="search",
        placeholder=_("ganzer Vor- oder Familienname, Code oder Geburtsjahr"),
    )
    show = st.pills(_("Zeigen"), list(labels(Show)), format_func=labels(Show).__getitem__,
                    key="show-persons", persist_state="page", required=True)  # fmt: skip
    first, second = st.columns(2)
    with first:
        languages = all_languages()
        language = st.selectbox(
            _("Sprache"), list(languages), index=None, format_func=languages.__getitem__,
            key="language-persons", persist_state="page", placeholder=_("alle Sprachen"),
        )  # fmt: skip
    with second:
        order = st.selectbox(
            _("Reihenfolge"), list(labels(Order)), format_func=labels(Order).__getitem__,
            key="order-persons", persist_state="page",
        )  # fmt: skip
    return PersonFilter((text or "").strip(), Show(show or Show.ALL), language or ""), Order(order)


def open_file(person_id: int) -> None:
    set_address(person=person_id)


persons()
