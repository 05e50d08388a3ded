"""The audit log: who did what, and when; field names only, never their contents."""

import streamlit as st

from kisi.db.audit import Action
from kisi.db.repository import open_repository
from kisi.db.repository.system import AuditRow
from kisi.forms.common import labels
from kisi.i18n import _, moment
from kisi.login import current_user
from kisi.screen import PER_PAGE, Pager, data_table, part

RECORDS = {
    "person": "Person",
    "need": "Bedarf",
    "referral": "Verweis",
    "agency": "Stelle",
    "account": "Konto",
}


@part
def audit() -> None:
    st.caption(
        _("Notiert wird, wer was wann getan hat – nie, was in einem Feld stand. Das Protokoll ")
        + _("kann nicht geändert werden; „python -m kisi check“ prüft seine Kette.")
    )
    options = labels(Action)
    chosen = st.selectbox(
        _("Vorgang"),
        list(options),
        index=None,
        format_func=options.__getitem__,
        key="audit-action",
        placeholder=_("alle Vorgänge"),
    )
    action = Action(chosen) if chosen else None
    pager = Pager("audit", action)
    with open_repository(current_user()) as repository:
        page = repository.audit.page(action, offset=pager.offset, limit=PER_PAGE)
    if not page.rows:
        st.info(_("Dazu ist noch nichts notiert."))
        return
    data_table(
        _("Protokoll, das Neueste zuerst"),
        (_("Nr."), _("Zeit"), _("Wer"), _("Vorgang"), _("Was"), _("Felder")),
        [cells(row) for row in page.rows],
    )
    pager.show(page.total, len(page.rows))


def cells(row: AuditRow) -> tuple[str, ...]:
    number = f" {row.record_id}" if row.record_id else ""
    what = f"{RECORDS.get(row.record, row.record)}{number}"
    return str(row.seq), moment(row.at), row.actor, row.action.label, what, row.fields


audit()
