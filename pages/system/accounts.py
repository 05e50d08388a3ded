"""Accounts: who may sign in for this town, with which roles."""

import streamlit as st

from kisi.db.repository import open_repository
from kisi.db.repository.system import AccountFile
from kisi.domain.account import problems
from kisi.domain.refusal import Outdated, Taken
from kisi.drafting import (
    OpenForm,
    note_conflict,
    open_form,
    save_button,
    show_conflict,
    way_back,
)
from kisi.forms.account import account_entry, account_fields, account_values, describe_account
from kisi.forms.common import report
from kisi.i18n import _, moment
from kisi.login import current_user
from kisi.permissions import Role
from kisi.screen import action, id_from_address, part, plain, record_list, saving, set_address

FIRST_PASSWORD = "first-password"  # noqa: S105  the place in the session, not a password


@part
def accounts() -> None:
    show_first_password()
    with open_repository(current_user()) as repository:
        files = {file.id: file for file in repository.accounts.all()}
    opened = id_from_address("konto")
    if opened in files:
        change_account(files[opened])
    elif st.query_params.get("konto") == "neu":
        add_account()
    else:
        show_list(list(files.values()))


def show_first_password() -> None:
    """Once, to be handed over in person; it is stored nowhere in clear."""
    if shown := st.session_state.pop(FIRST_PASSWORD, None):
        name, password = shown
        st.warning(
            _("Einmal-Passwort für {name} – es wird nur jetzt gezeigt:").format(name=plain(name))
        )
        st.code(password, language=None)


def show_list(files: list[AccountFile]) -> None:
    record_list(
        "accounts",
        {
            _("Name"): "2fr",
            _("Benutzername"): "1.5fr",
            _("Rollen"): "2fr",
            _("Stand"): "1fr",
            _("zuletzt da"): "1.5fr",
        },
        [(file.id, cells(file)) for file in files],
        on_open=open_account,
    )
    st.button(_("Neues Konto"), key="new-account", on_click=set_address, kwargs={"konto": "neu"})


def cells(file: AccountFile) -> tuple[str, ...]:
    roles = ", ".join(Role(role).label for role in sorted(file.entry.roles))
    seen = moment(file.last_seen) if file.last_seen else _("noch nie")
    state = _("aktiv") if file.active else _("gesperrt")
    return file.entry.display_name, file.entry.name, roles, state, seen


def open_account(account_id: int) -> None:
    set_address(konto=account_id)


def add_account() -> None:
    form = open_form("account", "neu")
    way_back(form)
    st.header(_("Neues Konto"), anchor=False)
    account_fields(form.fields())
    save_button(form, _("Konto speichern"), save, form, None)


def change_account(file: AccountFile) -> None:
    form = open_form(
        "account", str(file.id), start=account_values(file.entry), version=file.version
    )
    way_back(form)
    st.header(plain(file.entry.display_name), anchor=False)

    def save_again() -> None:
        save(form, file)

    show_conflict(form, describe_account, save_again)
    account_fields(form.fields())
    save_button(form, _("Konto speichern"), save, form, file)
    with st.container(horizontal=True):
        st.button(_("Neues Einmal-Passwort"), key="reset", on_click=reset, args=(file,))
        label = _("Konto sperren") if file.active else _("Konto wieder freigeben")
        st.button(label, key="switch", on_click=switch, args=(file,))


@action
def save(form: OpenForm, file: AccountFile | None) -> None:
    entry = account_entry(form.values())
    if not report(form.key, problems(entry)):
        return
    try:
        with saving(_("Das Konto ist gespeichert.")) as repository:
            if file is None:
                st.session_state[FIRST_PASSWORD] = (entry.name, repository.accounts.create(entry))
            else:
                repository.accounts.change(form.seen(file), entry)
            form.done(repository)
    except Taken as refusal:
        report(form.key, {"name": refusal.message})
        return
    except Outdated:
        newest = _newest(file)
        note_conflict(form, newest, account_values(newest.entry))
        return
    form.close()
    set_address()


def _newest(file: AccountFile | None) -> AccountFile:
    if file is None:
        raise Taken
    with open_repository(current_user()) as repository:
        return next(one for one in repository.accounts.all() if one.id == file.id)


@action
def reset(file: AccountFile) -> None:
    with saving(_("Alle Sitzungen dieses Kontos sind beendet.")) as repository:
        password = repository.accounts.reset(file)
    st.session_state[FIRST_PASSWORD] = (file.entry.name, password)


@action
def switch(file: AccountFile) -> None:
    words = _("Das Konto ist gesperrt.") if file.active else _("Das Konto ist freigegeben.")
    with saving(words) as repository:
        repository.accounts.set_active(file, not file.active)


accounts()
