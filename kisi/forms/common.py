"""Fields of quick forms.

No ``st.form``: every field reports at once, so that what is typed can be kept as a draft. What
stands in a form is a dictionary of JSON values; `values_of` reads it at any time, also in the
action of the save button, before anything is drawn.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Literal, TypeVar

import streamlit as st

from kisi.domain.choices import Choice
from kisi.i18n import _, current_language

_HELD = "held-fields"
_FIELD = re.compile(r".+-[0-9a-f]{32}\..+")

Kind = TypeVar("Kind", bound=Choice)


class Fields:
    """The fields of one form instance, in the order they are asked for."""

    def __init__(
        self, key: str, start: Mapping[str, Any], on_change: Callable[[], None] | None = None
    ) -> None:
        """`start` is what stands in the fields when they are first drawn."""
        self._key = key
        self._start = start
        self._on_change = on_change
        self._problems: dict[str, str] = st.session_state.get(f"{key}!problems", {})

    def text(
        self,
        name: str,
        label: str,
        *,
        optional: bool = False,
        hint: str = "",
        kind: Literal["default", "phone", "search"] = "default",
        live: bool = False,
    ) -> str:
        """A single line. `live` reports while typing, so that a reload loses nothing.

        There is no kind for e-mail: the browser would keep back what it takes for no address.
        """
        typed = st.text_input(
            _label(label, optional),
            key=self._place(name, ""),
            on_change=self._on_change or "rerun",
            type=kind,
            live=live,
            autocomplete="off",
            placeholder=hint or None,
        )
        self._show_problem(name)
        return typed or ""

    def lines(self, name: str, label: str, *, optional: bool = False, height: int = 110) -> str:
        """Some lines of text."""
        typed = st.text_area(
            _label(label, optional),
            key=self._place(name, ""),
            on_change=self._on_change or "rerun",
            height=height,
        )
        self._show_problem(name)
        return typed or ""

    def one(
        self, name: str, label: str, options: Mapping[str, str], *, optional: bool = False
    ) -> str | None:
        """One of up to some ten options, as pills; None as long as none is chosen."""
        chosen = st.pills(
            _label(label, optional),
            list(options),
            format_func=options.__getitem__,
            key=self._place(name, None),
            on_change=self._on_change or "rerun",
        )
        self._show_problem(name)
        return chosen

    def some(
        self, name: str, label: str, options: Mapping[str, str], *, optional: bool = False
    ) -> list[str]:
        """Any number of options, as pills."""
        chosen = st.pills(
            _label(label, optional),
            list(options),
            format_func=options.__getitem__,
            key=self._place(name, []),
            selection_mode="multi",
            on_change=self._on_change or "rerun",
        )
        self._show_problem(name)
        return list(chosen or [])

    def one_of_many(
        self, name: str, label: str, options: Mapping[str, str], *, optional: bool = False
    ) -> str | None:
        """One of a long list that can be searched by typing."""
        chosen = st.selectbox(
            _label(label, optional),
            list(options),
            index=None,
            format_func=options.__getitem__,
            key=self._place(name, None),
            placeholder=_("Tippen Sie, um zu suchen"),
            on_change=self._on_change or "rerun",
        )
        self._show_problem(name)
        return chosen

    def some_of_many(
        self, name: str, label: str, options: Mapping[str, str], *, optional: bool = False
    ) -> list[str]:
        """Any number of a long list that can be searched by typing."""
        chosen = st.multiselect(
            _label(label, optional),
            list(options),
            format_func=options.__getitem__,
            key=self._place(name, []),
            placeholder=_("Tippen Sie, um zu suchen"),
            on_change=self._on_change or "rerun",
        )
        self._show_problem(name)
        return list(chosen)

    def day(self, name: str, label: str) -> date | None:
        chosen = st.date_input(
            label,
            value=None,
            key=self._place(name, None, as_day=True),
            format="DD.MM.YYYY" if current_language() == "de" else "DD/MM/YYYY",
            on_change=self._on_change or "rerun",
        )
        self._show_problem(name)
        return chosen

    def switch(self, name: str, label: str) -> bool:
        return st.checkbox(
            label, key=self._place(name, False), on_change=self._on_change or "rerun"
        )

    def _place(self, name: str, empty: Any, *, as_day: bool = False) -> str:
        """The key of the field in the session, filled when it is drawn for the first time."""
        place = f"{self._key}.{name}"
        if place not in st.session_state:
            value = self._start.get(name, empty)
            if as_day and isinstance(value, str):
                value = date.fromisoformat(value)
            st.session_state[place] = value
        elif place in st.session_state.get(_HELD, ()):
            # The browser has dropped the field meanwhile: only what is set anew reaches it.
            st.session_state[_HELD].discard(place)
            st.session_state[place] = st.session_state[place]
        return place

    def _show_problem(self, name: str) -> None:
        if problem := self._problems.get(name):
            st.html(_problem(problem))


def show_summary() -> None:
    """That something has to be put right, at the button that was tapped."""
    st.html(_problem(_("Bitte prüfen Sie die markierten Felder. Es ist nichts verloren.")))


def values_of(key: str) -> dict[str, Any]:
    """What stands in the form now, as JSON values; days as ISO dates."""
    prefix = f"{key}."
    return {
        str(place)[len(prefix) :]: value.isoformat() if isinstance(value, date) else value
        for place, value in st.session_state.items()
        if str(place).startswith(prefix)
    }


def hold() -> None:
    """Keep what stands in fields that cannot be drawn now; Streamlit forgets them otherwise."""
    held = {str(one) for one in st.session_state if _FIELD.fullmatch(str(one))}
    for place in held:
        st.session_state[place] = st.session_state[place]
    st.session_state[_HELD] = held


def put_values(key: str, values: Mapping[str, Any]) -> None:
    """Let the form start from these values the next time it is drawn."""
    clear(key)
    for name, value in values.items():
        st.session_state[f"{key}.{name}"] = value


def clear(key: str) -> None:
    for place in [str(one) for one in st.session_state]:
        if place.startswith((f"{key}.", f"{key}!")):
            del st.session_state[place]


def report(key: str, problems: Mapping[str, str]) -> bool:
    """Have the problems shown beside their fields; true when there are none."""
    st.session_state[f"{key}!problems"] = dict(problems)
    return not problems


def labels(kind: type[Kind], only: Iterable[Kind] | None = None) -> dict[str, str]:
    """Stored values with what to show for them, in the order of the list."""
    return {choice.value: choice.label for choice in (only or kind)}


def by_label(options: Mapping[str, str]) -> dict[str, str]:
    """Ä stands with A, as in a German list."""
    return dict(sorted(options.items(), key=lambda one: _without_marks(one[1])))


def _without_marks(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def known(values: Sequence[str], options: Iterable[str]) -> list[str]:
    """Those values that are (still) options: a draft may be older than the list."""
    allowed = set(options)
    return [value for value in values if value in allowed]


def _label(label: str, optional: bool) -> str:
    return _("{label} – optional").format(label=label) if optional else label


def _problem(words: str) -> str:
    return f'<p class="kisi-error" role="alert">{html.escape(words)}</p>'
