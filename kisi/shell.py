"""The frame around every screen: who is here, the menu, the heading, and what went wrong."""

import html

import streamlit as st

from kisi.config import ROOT, settings
from kisi.domain.refusal import Refused
from kisi.i18n import _, day
from kisi.login import SignedOut, signed_in
from kisi.navigation import MENU, Screen
from kisi.permissions import User
from kisi.screen import show_refusal

_ICON = str(ROOT / "assets" / "icon.png")


def show() -> None:
    st.set_page_config(page_title="KISI", page_icon=_ICON, layout="wide")
    try:
        with signed_in() as user:
            _frame(user)
    except SignedOut as refusal:
        # kisi.js covers the page; this is what is left without it.
        st.error(refusal.message)
    except Refused as refusal:
        show_refusal(refusal)


def _frame(user: User) -> None:
    page = st.navigation(_menu(user), position="top")
    st.set_page_config(page_title=f"{page.title} – KISI")
    st.logo(str(ROOT / "assets" / "logo.svg"), size="large")
    st.html(_account_line(user))
    st.title(page.title, anchor=False)
    try:
        page.run()
    except Refused as refusal:
        show_refusal(refusal)


def _menu(user: User) -> dict[str, list[st.Page]]:
    menu = {
        _(section): [_page(screen) for screen in screens if screen.open_to(user)]
        for section, screens in MENU.items()
    }
    return {section: pages for section, pages in menu.items() if pages}


def _page(screen: Screen) -> st.Page:
    if screen.path == "/":
        return st.Page(ROOT / screen.script, title=_(screen.title), default=True)
    return st.Page(ROOT / screen.script, title=_(screen.title), url_path=screen.path[1:])


def _account_line(user: User) -> str:
    roles = ", ".join(role.label for role in sorted(user.roles))
    who = html.escape(f"{user.display_name} · {roles} · {user.municipality}")
    demo = ""
    if settings().demo:
        demo = f'<div class="kisi-demo">{html.escape(_demo_words())}</div>'
    return (
        f'{demo}<div class="kisi-account"><span>{who}</span> '
        f'<a href="/konto" target="_self">{html.escape(_("Mein Konto"))}</a> '
        f'<a href="/abmelden" target="_self" class="kisi-signout">'
        f"{html.escape(_('Abmelden'))}</a></div>"
    )


def _demo_words() -> str:
    words = _("Demo – alle Personen und Daten sind erfunden")
    moved = settings().today
    if moved is None:
        return words
    told = _("Heute ist der {day}").format(day=day(moved))
    return f"{words} · {told}"
