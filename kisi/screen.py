"""What screens do alike: run as a part, save and confirm, list records, turn pages."""

import html
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from typing import ParamSpec, TypeVar

import streamlit as st

from kisi.db.repository import Repository, open_repository
from kisi.domain.refusal import OutOfOrder, Refused
from kisi.forms.common import hold
from kisi.i18n import _, moment, number
from kisi.login import current_user, signed_in
from kisi.navigation import Screen

Arguments = ParamSpec("Arguments")
Id = TypeVar("Id", int, str)

PER_PAGE = 25
PER_SEARCH = 15  # what was searched for stands on the first screen of a tablet
COUNTED_AT_MOST = 1000

_CONFIRMATION, _REFUSAL, _GO = "_confirmation", "_refusal", "_go"
_NUMBER = re.compile(r"[\d.,•]+")
# Streamlit makes links of these even when escaped; an invisible joiner keeps them words.
_LINKS = re.compile(r"https?\\:|www|\\@", re.IGNORECASE)
_PUNCTUATION = {ord(sign): f"\\{sign}" for sign in "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"}


# --- running ---


def part(draw: Callable[Arguments, None]) -> Callable[Arguments, None]:
    """A piece of a page that is redrawn alone after a click within it (a Streamlit fragment).

    Streamlit redraws it without Home.py, so who is signed in is asked here again.
    """

    @st.fragment
    @wraps(draw)
    def alone(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        try:
            with signed_in():
                _leave_if_asked()
                _show_outcome()
                draw(*args, **kwargs)
        except Refused as refusal:
            show_refusal(refusal)

    return alone


def show_refusal(refusal: Refused) -> None:
    """The sentence, in place of what cannot be drawn; what was typed is kept for the next try."""
    st.error(refusal.message)
    if isinstance(refusal, OutOfOrder):
        st.session_state.pop(_REFUSAL, None)  # the same sentence, from what the tap tried to do
        hold()
        st.button(_("Noch einmal versuchen"), key="try-again")


def action(act: Callable[Arguments, None]) -> Callable[Arguments, None]:
    """What a button does (`on_click`), before anything is drawn; a refusal is shown on the page."""

    @wraps(act)
    def safely(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        try:
            with signed_in():
                act(*args, **kwargs)
        except Refused as refusal:
            st.session_state[_REFUSAL] = refusal.message

    return safely


@contextmanager
def saving(confirmation: str) -> Iterator[Repository]:
    """Save what the block does in one transaction and confirm it on the next drawing.

    For use in an `action`: Streamlit's own reruns would undo the transaction.
    """
    with open_repository(current_user(), write=True) as repository:
        yield repository
    confirm(confirmation)


def confirm(message: str) -> None:
    """Show this on the next drawing, until the next click after it."""
    st.session_state[_CONFIRMATION] = message


def _show_outcome() -> None:
    """What came of the last tap, on top of the part that was tapped."""
    if message := st.session_state.pop(_CONFIRMATION, None):
        st.success(message)
    if message := st.session_state.pop(_REFUSAL, None):
        st.error(message)


def go_to(screen: Screen, **parameters: object) -> None:
    """Open another screen once the current action is over."""
    st.session_state[_GO] = (
        screen.script,
        {name: str(value) for name, value in parameters.items()},
    )


def open_screen(screen: Screen, **parameters: object) -> None:
    """Open another screen now. Not inside a transaction: it would be undone."""
    st.switch_page(
        screen.script, query_params={name: str(value) for name, value in parameters.items()}
    )


def _leave_if_asked() -> None:
    if target := st.session_state.pop(_GO, None):
        script, parameters = target
        st.switch_page(script, query_params=parameters)


# --- the address ---


def id_from_address(name: str) -> int | None:
    """The record the address asks for; None for none, and for nonsense."""
    text = st.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def set_address(**parameters: object) -> None:
    """Make the address say what is open, so that a reload and a bookmark come back here."""
    st.query_params.from_dict({name: str(value) for name, value in parameters.items() if value})


# --- text ---


def plain(text: str) -> str:
    """Text of people for places where Streamlit reads Markdown: shown exactly as typed."""
    shown = " ".join(text.split()).translate(_PUNCTUATION)
    return _LINKS.sub(lambda found: f"{found[0]}\N{WORD JOINER}", shown)


def year_words(year: int | None) -> str:
    return str(year) if year else "–"


def clock_words(value: datetime) -> str:
    return moment(value)


def badge(words: str, kind: str = "neutral") -> str:
    """A label in HTML; the kinds are overdue, due, ok and neutral."""
    return f'<span class="kisi-badge kisi-{kind}">{html.escape(words)}</span>'


def facts(*pairs: tuple[str, str]) -> None:
    """A list of short facts; the second of each pair is HTML (badges) or text already escaped."""
    items = "".join(
        f"<div><dt>{html.escape(label)}</dt><dd>{value or '–'}</dd></div>" for label, value in pairs
    )
    st.html(f'<dl class="kisi-facts">{items}</dl>')


def data_table(caption: str, headings: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    """An accessible HTML table; columns of numbers align right."""
    kinds = [
        ' class="kisi-number"' if lines and all(_NUMBER.fullmatch(cell) for cell in column) else ""
        for column in zip(*lines, strict=True)
    ] or [""] * len(headings)
    head = "".join(
        f'<th scope="col"{kind}>{html.escape(heading)}</th>'
        for heading, kind in zip(headings, kinds, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{kind}>{html.escape(cell)}</td>" for cell, kind in zip(line, kinds, strict=True)
        )
        + "</tr>"
        for line in lines
    )
    st.html(
        f'<table class="kisi-table"><caption>{html.escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


# --- lists ---


def record_list(
    name: str,
    columns: dict[str, str],
    rows: Sequence[tuple[Id, Sequence[str]]],
    on_open: Callable[[Id], None] | None = None,
) -> Id | None:
    """Records as lines to tap, each with its id and cells; returns the id just tapped.

    `columns` maps a heading to the width of its column ("3fr"). The id belongs to the button, so a
    colleague's new record does not turn a tap into one on somebody else.
    """
    tapped = None
    with st.container(key=f"rows{len(columns)}-{name}", gap=None):
        headings = "".join(f"<span>{html.escape(heading)}</span>" for heading in columns)
        widths = " ".join(columns.values())
        st.html(f'<div class="kisi-head" style="--kisi-columns: {widths}">{headings}</div>')
        for id, cells in rows:
            label = " ".join(
                f"{mark}{plain(cell) or '–'}{mark}"
                for cell, mark in zip(cells, _marks(len(cells)), strict=True)
            )
            key = f"{name}-{id}"
            if on_open:
                st.button(label, key=key, width="stretch", on_click=on_open, args=(id,))
            elif st.button(label, key=key, width="stretch"):
                tapped = id
    return tapped


def _marks(count: int) -> list[str]:
    return ["**" if place % 2 == 0 else "*" for place in range(count)]


def figure(name: str, value: int, words: str) -> bool:
    """A number on a card that opens the records behind it; true when tapped."""
    shown = f"{number(COUNTED_AT_MOST)}+" if value > COUNTED_AT_MOST else number(value)
    return st.button(f"**{plain(shown)}** *{plain(words)}*", key=f"figure-{name}", width="stretch")


class Pager:
    """Turns the pages of a list, from either end when there are too many to count."""

    def __init__(self, name: str, *about: object, per_page: int = PER_PAGE) -> None:
        """`about` is what the list is narrowed to: when it changes, the list begins anew."""
        self.per_page = per_page
        self._key = f"pager-{name}"
        wanted = repr(about)
        if st.session_state.get(f"{self._key}-about") != wanted:
            st.session_state[f"{self._key}-about"] = wanted
            st.session_state[self._key] = (0, False)
        self.offset, self.from_end = st.session_state[self._key]

    def show(self, total: int, shown: int) -> None:
        """Draw the buttons and where one is; nothing when all fits on one page."""
        many = total > COUNTED_AT_MOST
        if total <= self.per_page:
            return
        with st.container(horizontal=True, vertical_alignment="center", key=f"{self._key}-bar"):
            at_start = self.offset == 0 and not self.from_end
            last = (min(total, COUNTED_AT_MOST) - 1) // self.per_page * self.per_page
            at_end = (self.offset == 0) if self.from_end else (not many and self.offset >= last)
            self._button("first", _("Erste"), (0, False), off=at_start)
            self._button("back", _("Zurück"), self._step(-1), off=at_start)
            st.caption(self._where(total, shown, many))
            self._button("next", _("Weiter"), self._step(1), off=at_end or self._stuck(many, last))
            self._button("last", _("Letzte"), (0, True) if many else (last, False), off=at_end)

    def _step(self, direction: int) -> tuple[int, bool]:
        step = -direction if self.from_end else direction
        return max(0, self.offset + step * self.per_page), self.from_end

    def _stuck(self, many: bool, last: int) -> bool:
        """The middle of a very long list is reached by searching, not by turning pages."""
        return many and not self.from_end and self.offset >= last

    def _where(self, total: int, shown: int, many: bool) -> str:
        if self.from_end:
            return _("die letzten, bis {place} vom Ende").format(place=number(self.offset + shown))
        of = _("mehr als {count}").format(count=number(COUNTED_AT_MOST)) if many else number(total)
        first, to = number(self.offset + 1), number(self.offset + shown)
        return _("{first}–{to} von {of}").format(first=first, to=to, of=of)

    def _button(self, name: str, label: str, target: tuple[int, bool], *, off: bool) -> None:
        st.button(
            label,
            key=f"{self._key}-{name}",
            disabled=off,
            on_click=st.session_state.__setitem__,
            args=(self._key, target),
        )
