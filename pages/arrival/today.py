"""Today: what is due, what waits for an answer, what was begun and not finished."""

import streamlit as st

from kisi.db.repository import open_repository
from kisi.db.repository.drafts import DraftFile
from kisi.db.repository.persons import PersonFilter
from kisi.db.repository.persons import Show as ShowPersons
from kisi.db.repository.referrals import ReferralRow, Show
from kisi.domain.entry import Page
from kisi.i18n import _, day, number
from kisi.login import current_user
from kisi.navigation import AGENCIES, FIGURES, INTAKE, MENU, PERSONS, REFERRALS, TODAY
from kisi.parts.figures import show_figures
from kisi.permissions import Permission
from kisi.screen import clock_words, figure, open_screen, part, record_list

SHOWN = 8  # lines of each list; the number above opens all of them


@part
def cases() -> None:
    user = current_user()
    with open_repository(user) as repository:
        overdue = repository.referrals.page(Show.OVERDUE, limit=SHOWN)
        due = repository.referrals.page(Show.DUE, limit=SHOWN)
        waiting = repository.referrals.count(Show.WAITING)
        open_persons = repository.persons.count(PersonFilter(show=ShowPersons.OPEN))
        drafts = repository.drafts.all()
    if st.button(_("Neue Aufnahme"), type="primary", width="stretch", key="to-intake"):
        open_screen(INTAKE)
    with st.container(key="figures"):
        one, two, three, four = st.columns(4)
        with one:
            if figure("overdue", overdue.total, _("überfällig")):
                open_screen(REFERRALS, zeige=Show.OVERDUE)
        with two:
            if figure("due", due.total, _("heute fällig")):
                open_screen(REFERRALS, zeige=Show.DUE)
        with three:
            if figure("waiting", waiting, _("warten auf Antwort")):
                open_screen(REFERRALS, zeige=Show.WAITING)
        with four:
            if figure("open", open_persons, _("Personen mit offenem Bedarf")):
                open_screen(PERSONS, zeige=ShowPersons.OPEN)
    show_referrals(Show.OVERDUE, _("Überfällig"), overdue, _("Nichts ist überfällig."))
    show_referrals(Show.DUE, _("Heute fällig"), due, _("Heute ist nichts fällig."))
    if drafts:
        st.header(_("Entwürfe weiterführen"), anchor=False)
        opened = record_list(
            "drafts",
            {_("Entwurf"): "3fr", _("gespeichert"): "1fr"},
            [
                (draft.uid, (draft_name(draft.form, draft.fields), clock_words(draft.updated_at)))
                for draft in drafts
            ],
        )
        if opened is not None:
            continue_draft(next(draft for draft in drafts if draft.uid == opened))


def show_referrals(show: Show, heading: str, page: Page[ReferralRow], none: str) -> None:
    st.header(heading, anchor=False)
    if not page.rows:
        st.caption(none)
        return
    opened = record_list(
        show,
        {_("Person"): "2fr", _("Bedarf"): "2fr", _("Stelle"): "2fr", _("Nachfrage"): "1.1fr"},
        [
            (row.id, (row.person, row.area.label, row.agency, day(row.follow_up_on)))
            for row in page.rows
        ],
    )
    if opened is not None:
        open_screen(REFERRALS, verweis=opened)
    if page.total > len(page.rows):
        shown = _("{count} weitere zeigen").format(count=number(page.total - len(page.rows)))
        if st.button(shown, key=f"all-{show}"):
            open_screen(REFERRALS, zeige=show)


def draft_name(form: str, fields: dict[str, object]) -> str:
    if form == "intake":
        name = f"{fields.get('given_name') or ''} {fields.get('family_name') or ''}".strip()
        return _("Neue Aufnahme: {name}").format(name=name or _("noch ohne Namen"))
    return {
        "referral": _("Neuer Verweis"),
        "person": _("Angaben zur Person"),
        "need": _("Neuer Bedarf"),
        "agency": _("Stelle"),
    }.get(form, _("Formular"))


def continue_draft(draft: DraftFile) -> None:
    if draft.form == "intake":
        open_screen(INTAKE, entwurf=draft.uid)
    elif draft.form == "referral":
        open_screen(REFERRALS, bedarf=draft.subject)
    elif draft.form == "agency":
        open_screen(AGENCIES, stelle=draft.subject or "neu")
    elif draft.form in ("person", "need"):
        open_screen(PERSONS, person=draft.subject, zeige=draft.form)


@part
def overview() -> None:
    """For those without cases: where their work is, and the figures if they may see them."""
    user = current_user()
    screens = [one for several in MENU.values() for one in several]
    with st.container(horizontal=True):
        for screen in screens:
            # The figures themselves stand below.
            if screen in (TODAY, FIGURES) or not screen.open_to(user):
                continue
            if st.button(_(screen.title), key=f"to-{screen.path}", type="primary"):
                open_screen(screen)
    if user.can(Permission.VIEW_FIGURES):
        show_figures()


if current_user().can(Permission.VIEW_CASES):
    cases()
else:
    overview()
