"""The audit log: who did what, and when; field names only, never their contents."""

import streamlit as st

from kisi.db.audit import OPERATOR, Action
from kisi.db.repository import open_repository
from kisi.db.repository.system import AuditRow
from kisi.forms.common import labels
from kisi.i18n import _, moment
from kisi.login import current_user
from kisi.parts.audit_words import field_words, record_words
from kisi.screen import PER_PAGE, Pager, data_table, part


@part
def audit() -> None:
    st.caption(
        _(
            "Notiert wird, wer was wann getan hat – nie, was in einem Feld stand. Das Protokoll "
            "kann nicht geändert werden; „python -m kisi check“ prüft seine Kette."
        )
    )
    options = labels(Action)
    chosen = st.selectbox(
        _("Vorgang"),
        list(options),
        index=None,
        format_func=options.__getitem__,
        key="audit-action",
        persist_state="page",
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
    return (
        str(row.seq),
        moment(row.at),
        _("Betrieb") if row.actor == OPERATOR.name else row.actor,
        row.action.label,
        record_words(row.record, row.record_id),
        field_words(row.fields),
    )


audit()
