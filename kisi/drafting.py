"""Forms whose content survives: kept on the server at every field, offered again, saved once.

A form instance has a uid. It names the draft while the form is open and becomes the uid of the
record when it is saved, so that a second tap or a repeated request stores nothing twice.
"""

import hashlib
import html
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import streamlit as st

from kisi.db.repository import open_repository
from kisi.domain.entry import Stored
from kisi.domain.refusal import NotFound
from kisi.forms.common import Fields, clear, put_values, show_summary, values_of
from kisi.i18n import _, clock
from kisi.login import current_user
from kisi.screen import action, data_table, set_address

Describe = Callable[[Mapping[str, Any]], dict[str, str]]

_UID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class OpenForm:
    form: str
    subject: str
    uid: str
    start: Mapping[str, Any]
    """What stands in the fields when the form is first drawn."""
    version: int
    """Of the record being changed, as this person first saw it; 0 for a new one."""
    restored_at: datetime | None
    """When the draft was kept that it starts from; None when it starts afresh."""

    @property
    def key(self) -> str:
        return f"{self.form}-{self.uid}"

    def fields(self) -> Fields:
        return Fields(self.key, self.start, self._keep)

    def values(self) -> dict[str, Any]:
        return values_of(self.key)

    def seen(self, stored: Stored[Any]) -> Stored[Any]:
        """The record with the version this person saw, for the optimistic lock: the one first
        opened, or the one they have compared theirs with."""
        now_open: OpenForm = st.session_state.get(_place(self.form, self.subject), self)
        return Stored(stored.id, now_open.version, stored.entry)

    def show_state(self) -> None:
        """Say that a draft is kept, and offer to start afresh when it was brought back."""
        kept = st.session_state.get(f"{self.key}!kept") or self.restored_at
        if kept is None:
            return
        with st.container(horizontal=True, vertical_alignment="center", key=f"draft-{self.uid}"):
            words = _("Entwurf gespeichert, {time}").format(time=clock(kept))
            st.html(f'<p class="kisi-hint" role="status">{html.escape(words)}</p>')
            st.button(
                _("Entwurf verwerfen"), key=f"{self.key}-discard", on_click=self.discard,
                type="tertiary",
            )  # fmt: skip

    def part_key(self, part: str) -> str:
        """A uid for a further record saved with this form; the same at every attempt."""
        return hashlib.sha256(f"{self.uid}:{part}".encode()).hexdigest()[:32]

    @property
    def discard(self) -> Callable[[], None]:
        return action(self._discard)

    def done(self, repository: Any) -> None:
        """Take the draft away with the same transaction that saves the record."""
        repository.drafts.discard(self.uid)

    def close(self) -> None:
        """Take the form off the screen: once it is saved, or left with its draft kept."""
        clear(self.key)
        st.session_state.pop(_place(self.form, self.subject), None)

    def _keep(self) -> None:
        keep(self)

    def _discard(self) -> None:
        with open_repository(current_user(), write=True) as repository:
            repository.drafts.discard(self.uid)
        self.close()
        st.query_params.pop("entwurf", None)


def save_button(form: OpenForm, label: str, save: Callable[..., None], *args: object) -> None:
    """The main button at the end of a form, with what is known of its draft below."""
    name = f"save-{form.form}"
    if st.session_state.get(f"{form.key}!problems"):
        show_summary()
    with st.container(key=name):
        st.button(
            label, type="primary", width="stretch", key=f"{name}-button", on_click=save, args=args
        )
    form.show_state()


def way_back(form: OpenForm) -> None:
    """To the list, with the draft kept."""
    st.button(_("Zurück zur Liste"), key="to-list", on_click=_leave, args=(form,), type="tertiary")


def _leave(form: OpenForm) -> None:
    form.close()
    set_address()


@action
def keep(form: OpenForm) -> None:
    """Store what stands in the form now."""
    fields = form.values() | {"_version": form.version}
    with open_repository(current_user(), write=True) as repository:
        kept = repository.drafts.keep(form.uid, form.form, fields, form.subject)
    st.session_state[f"{form.key}!kept"] = kept


def open_form(
    form: str,
    subject: str = "",
    *,
    uid: str = "",
    start: Mapping[str, Any] | None = None,
    version: int = 0,
) -> OpenForm:
    """The form instance open here: the one already open, else this person's draft, else new."""
    opened: OpenForm | None = st.session_state.get(_place(form, subject))
    if opened and _still_on_screen(opened) and uid in ("", opened.uid):
        return opened
    found = _from_draft(form, subject, uid)
    fresh = OpenForm(form, subject, uid or new_uid(), dict(start or {}), version, None)
    st.session_state[_place(form, subject)] = found or fresh
    return found or fresh


def is_open(form: str, uid: str) -> bool:
    opened: OpenForm | None = st.session_state.get(_place(form, ""))
    return opened is not None and opened.uid == uid


def _still_on_screen(form: OpenForm) -> bool:
    """Whether its fields still hold what was typed: Streamlit forgets them with the screen."""
    return bool(form.values())


def is_uid(text: str) -> bool:
    return bool(_UID.fullmatch(text))


def new_uid() -> str:
    return secrets.token_hex(16)


def _from_draft(form: str, subject: str, uid: str) -> OpenForm | None:
    with open_repository(current_user()) as repository:
        try:
            drafts = (
                [repository.drafts.open(uid)] if uid else repository.drafts.of_form(form, subject)
            )
        except NotFound:
            return None
    if not drafts or drafts[0].form != form:
        return None
    draft = drafts[0]
    fields = dict(draft.fields)
    return OpenForm(form, subject, draft.uid, fields, fields.pop("_version", 0), draft.updated_at)


def _place(form: str, subject: str) -> str:
    return f"open-form-{form}-{subject}"


def note_conflict(form: OpenForm, theirs: Stored[Any], values: Mapping[str, Any]) -> None:
    """Somebody saved in the meantime: have both versions shown, with what was typed kept."""
    st.session_state[f"{form.key}!theirs"] = (theirs.version, dict(values))


def show_conflict(form: OpenForm, describe: Describe, save: Callable[[], None]) -> None:
    """Both versions side by side where they differ, and the choice between them.

    `describe` turns what stands in the fields into labels with text to read.
    """
    conflict = st.session_state.get(f"{form.key}!theirs")
    if conflict is None:
        return
    version, theirs = conflict
    mine, saved = describe(form.values()), describe(theirs)
    st.error(
        _(
            "Jemand hat diesen Eintrag inzwischen geändert. Ihre Eingaben sind noch da. "
            "Bitte vergleichen Sie und entscheiden Sie, was gelten soll."
        )
    )
    data_table(
        _("Unterschiede"),
        (_("Feld"), _("Ihre Eingabe"), _("inzwischen gespeichert")),
        [
            (label, text or "–", saved[label] or "–")
            for label, text in mine.items()
            if text != saved[label]
        ],
    )
    with st.container(horizontal=True):
        st.button(
            _("Meine Eingaben speichern"),
            key=f"{form.key}-mine",
            on_click=_keep_mine,
            args=(form, version, save),
        )
        st.button(
            _("Den gespeicherten Stand übernehmen"),
            key=f"{form.key}-theirs",
            on_click=_take_theirs,
            args=(form, version, theirs),
        )


def _keep_mine(form: OpenForm, version: int, save: Callable[[], None]) -> None:
    _reopen(form, version, form.values())
    save()


@action
def _take_theirs(form: OpenForm, version: int, theirs: Mapping[str, Any]) -> None:
    put_values(form.key, theirs)
    _reopen(form, version, theirs)


def _reopen(form: OpenForm, version: int, start: Mapping[str, Any]) -> None:
    st.session_state.pop(f"{form.key}!theirs", None)
    st.session_state[_place(form.form, form.subject)] = OpenForm(
        form.form, form.subject, form.uid, dict(start), version, None
    )
