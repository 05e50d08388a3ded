"""The person's slip as a PDF, made when it is asked for."""

import streamlit as st

from kisi.clock import today
from kisi.db.repository import open_repository
from kisi.db.repository.persons import PersonFile
from kisi.i18n import _, current_language, use_language
from kisi.login import current_user
from kisi.permissions import User
from kisi.reports.arrival import Slip, SlipReferral, person_slip


def slip_button(person_id: int, file: PersonFile) -> None:
    """Draws nothing but a button: the paper is made, and noted as an export, when it is tapped."""
    user, language = current_user(), current_language()

    def make() -> bytes:
        use_language(language)
        return make_slip(user, person_id)

    st.download_button(
        _("Wegweiser (PDF)"),
        data=make,
        file_name=f"{file.code}.pdf",
        mime="application/pdf",
        on_click="ignore",
        key=f"slip-{person_id}",
    )


def make_slip(user: User, person_id: int) -> bytes:
    with open_repository(user, write=True) as repository:
        file = repository.persons.export(person_id)
        waiting = repository.referrals.for_slip(person_id)
    return person_slip(
        Slip(
            municipality=user.municipality,
            code=file.code,
            name=file.entry.name,
            made_on=today(),
            guide=user.display_name,
            guide_phone="",
            referrals=tuple(
                SlipReferral(
                    agency=agency.name,
                    address=agency.address,
                    phone=agency.phone,
                    opening_hours=agency.opening_hours,
                    need=row.area.label,
                    referred_on=row.referred_on,
                    follow_up_on=None,  # the guide's own day to ask, no day for the person
                )
                for row, agency in waiting
            ),
        )
    )
