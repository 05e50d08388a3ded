"""Papers about arriving: the slip a person takes along."""

from dataclasses import dataclass
from datetime import date, datetime, time

from kisi.i18n import HERE, _, day
from kisi.reports.document import Document
from kisi.reports.fonts import isolate, isolate_name

_SIZE = 12
_ROOM_FOR_A_REFERRAL = 58  # millimetres; no place to go is torn apart between two pages


@dataclass(frozen=True)
class SlipReferral:
    """What is not known is an empty text and is left out."""

    agency: str
    address: str
    phone: str
    opening_hours: str
    need: str
    referred_on: date
    follow_up_on: date | None


@dataclass(frozen=True)
class Slip:
    municipality: str
    code: str
    name: str
    made_on: date
    guide: str
    guide_phone: str
    referrals: tuple[SlipReferral, ...]


def person_slip(slip: Slip) -> bytes:
    """Who I am, where I go, what for, until when, whom I ask.

    A4, in large letters: it is the paper in every printer of a town hall, it fits into the folder
    in which people keep their letters, and an agency can copy it. Up to three places fit on one
    page.
    """
    document = Document(
        _("Wegweiser {code}").format(code=slip.code),
        municipality=slip.municipality,
        made_at=datetime.combine(slip.made_on, time(), HERE),
        made_by=slip.guide,
        size=_SIZE,
    )
    document.heading(_("Ihr Wegweiser"))
    document.facts([(_("Name"), slip.name), (_("Ihre Nummer"), isolate(slip.code))])
    document.space()
    if slip.referrals:
        document.text(_("Bitte gehen Sie zu diesen Stellen. Nehmen Sie dieses Blatt mit."))
    else:
        document.text(_("Im Moment müssen Sie nirgends hingehen."))
    for position, referral in enumerate(slip.referrals, start=1):
        _place(document, position, referral)
    _questions(document, slip)
    return document.output()


def _place(document: Document, position: int, referral: SlipReferral) -> None:
    document.room_for(_ROOM_FOR_A_REFERRAL)
    document.space(3)
    document.rule()
    # Nothing else in this line: then an Arabic name stands right, see isolate_name().
    document.heading(f"{position}. {referral.agency}", level=2)
    until = referral.follow_up_on
    document.facts(
        [
            (_("Darum geht es"), referral.need),
            (_("Gehen Sie hin bis"), day(until) if until else ""),
            (_("Adresse"), referral.address),
            (_("Telefon"), isolate(referral.phone)),
            (_("Geöffnet"), referral.opening_hours),
            (_("Besprochen am"), day(referral.referred_on)),
        ]
    )


def _questions(document: Document, slip: Slip) -> None:
    document.room_for(25)
    document.space(3)
    document.rule()
    document.heading(_("Haben Sie Fragen?"), level=2)
    document.text(_("Fragen Sie {name}.").format(name=isolate_name(slip.guide)))
    document.facts([(_("Telefon"), isolate(slip.guide_phone))])
