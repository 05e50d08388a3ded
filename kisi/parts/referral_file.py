"""One referral on the screen: what was agreed, and what came of it."""

import html
from datetime import timedelta

import streamlit as st

from kisi.clock import today
from kisi.db.repository import open_repository
from kisi.db.repository.referrals import ReferralFile
from kisi.domain import referral
from kisi.i18n import _, day
from kisi.login import current_user
from kisi.navigation import PERSONS
from kisi.permissions import Permission
from kisi.screen import action, badge, facts, open_screen, saving, set_address

ASK_AGAIN_AFTER = timedelta(days=7)


def show_referral(referral_id: int) -> None:
    user = current_user()
    with open_repository(user) as repository:
        file = repository.referrals.open(referral_id)
    st.button(_("Zurück zur Liste"), key="to-list", on_click=set_address, type="tertiary")
    st.html(f'<h2 class="kisi-name" dir="auto">{html.escape(file.person)}</h2>')
    facts(
        (_("Stand"), _status(file)),
        (_("Code"), html.escape(file.code)),
        (_("Bedarf"), html.escape(file.area.label)),
        (_("Stelle"), html.escape(file.agency)),
        (_("Weg"), html.escape(file.entry.way.label)),
        (_("Weitergegeben am"), day(file.entry.referred_on)),
        _what_comes(file),
    )
    if file.entry.note:
        st.html(f'<p dir="auto">{html.escape(file.entry.note)}</p>')
    if st.button(_("Akte der Person öffnen"), key="to-person"):
        open_screen(PERSONS, person=file.person_id)
    if user.can(Permission.EDIT_CASES):
        _ask_for_answer(file)


def _what_comes(file: ReferralFile) -> tuple[str, str]:
    if file.status in referral.WAITING:
        return _("Nachfragen am"), day(file.entry.follow_up_on)
    return _("Abgeschlossen am"), day(file.closed_on) if file.closed_on else ""


def _status(file: ReferralFile) -> str:
    if referral.is_overdue(file.status, file.entry.follow_up_on, today()):
        days = (today() - file.entry.follow_up_on).days
        late = (
            _("überfällig seit gestern")
            if days == 1
            else _("überfällig seit {count} Tagen").format(count=days)
        )
        return f"{badge(file.status.label)} {badge(late, 'overdue')}"
    kind = {
        referral.Status.COMPLETED: "ok",
        referral.Status.ARRIVED: "ok",
    }.get(file.status, "neutral" if file.status in referral.WAITING else "overdue")
    return badge(file.status.label, kind)


def _ask_for_answer(file: ReferralFile) -> None:
    moves = referral.NEXT[file.status]
    if moves:
        st.subheader(_("Was ist daraus geworden?"), anchor=False)
        with st.container(horizontal=True, key="answers"):
            for status in moves:
                st.button(
                    status.label[:1].upper() + status.label[1:],
                    key=f"answer-{status}",
                    on_click=_answer,
                    args=(file, status),
                )
    if file.status in referral.WAITING:
        again = today() + ASK_AGAIN_AFTER
        st.button(
            _("Noch keine Antwort – am {day} wieder nachfragen").format(day=day(again)),
            key="ask-again",
            on_click=_ask_again,
            args=(file,),
            width="stretch",
        )


@action
def _answer(file: ReferralFile, status: referral.Status) -> None:
    with saving(_("Notiert: {status}.").format(status=status.label)) as repository:
        repository.referrals.answer(file, status)


@action
def _ask_again(file: ReferralFile) -> None:
    again = today() + ASK_AGAIN_AFTER
    words = _("Notiert. Am {day} steht der Verweis wieder auf Heute.").format(day=day(again))
    with saving(words) as repository:
        repository.referrals.ask_again(file, again)
