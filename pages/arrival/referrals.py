"""Referrals: the list, one referral with its answer, and passing on a need."""

import streamlit as st

from kisi.clock import today
from kisi.db.repository import open_repository
from kisi.db.repository.referrals import ReferralRow, Show
from kisi.domain.referral import WAITING, is_overdue
from kisi.forms.common import labels
from kisi.i18n import _, day
from kisi.login import current_user
from kisi.parts.new_referral import pass_on
from kisi.parts.referral_file import show_referral
from kisi.screen import PER_PAGE, Pager, id_from_address, part, record_list, set_address


@part
def referrals() -> None:
    opened, need_id = id_from_address("verweis"), id_from_address("bedarf")
    if opened is not None:
        show_referral(opened)
    elif need_id is not None:
        pass_on(need_id)
    else:
        show_list()


def show_list() -> None:
    if "show-referrals" not in st.session_state:
        asked = st.query_params.get("zeige", "")
        st.session_state["show-referrals"] = asked if asked in set(Show) else Show.WAITING.value
    options = labels(Show)
    chosen = st.pills(
        _("Zeigen"),
        list(options),
        format_func=options.__getitem__,
        key="show-referrals",
        persist_state="page",
        required=True,
    )
    show = Show(chosen or Show.WAITING)
    pager = Pager("referrals", show)
    with open_repository(current_user()) as repository:
        page = repository.referrals.page(
            show, offset=pager.offset, limit=PER_PAGE, from_end=pager.from_end
        )
    if not page.rows:
        st.info(_("Hier ist nichts. Verweise beginnen in der Akte einer Person: „Weitergeben“."))
        return
    record_list(
        "referrals",
        {
            _("Person"): "1.8fr",
            _("Bedarf"): "1.8fr",
            _("Stelle"): "2.2fr",
            _("Stand"): "1.3fr",
            _("Nachfrage"): "1.3fr",
        },
        [
            (row.id, (row.person, row.area.label, row.agency, row.status.label, due_words(row)))
            for row in page.rows
        ],
        on_open=open_referral,
    )
    pager.show(page.total, len(page.rows))


def due_words(row: ReferralRow) -> str:
    if row.status not in WAITING:
        return ""
    if is_overdue(row.status, row.follow_up_on, today()):
        return _("{day}, überfällig").format(day=day(row.follow_up_on))
    return day(row.follow_up_on)


def open_referral(referral_id: int) -> None:
    set_address(verweis=referral_id)


referrals()
