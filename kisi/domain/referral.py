"""Referral (Verweis): passing a need on to the body that can help, until an answer comes."""

from dataclasses import dataclass
from datetime import date, timedelta

from kisi.domain import need
from kisi.domain.choices import Choice
from kisi.domain.entry import Entry
from kisi.i18n import N_, _

# When a body's usual answer time is not known, ask after two weeks.
USUAL_ANSWER_DAYS = 14
LONGEST_NOTE = 1000
LONGEST_WAIT = timedelta(days=366)


class Way(Choice):
    """How the person was passed on."""

    INFORMED = "info_only", N_("Auskunft gegeben")
    CALLED = "called", N_("angerufen")
    APPOINTMENT = "appointment", N_("Termin vereinbart")
    ACCOMPANIED = "warm_handover", N_("begleitet")


class Status(Choice):
    SENT = "sent", N_("weitergegeben")
    APPOINTMENT = "appointment", N_("Termin vereinbart")
    WAITLIST = "waitlist", N_("Warteliste")
    ARRIVED = "arrived", N_("angekommen")
    COMPLETED = "completed", N_("erledigt")
    NO_SHOW = "no_show", N_("nicht erschienen")
    DECLINED_BY_AGENCY = "declined_by_agency", N_("von der Stelle abgelehnt")
    DECLINED_BY_PERSON = "declined_by_person", N_("von der Person nicht gewünscht")


NEXT: dict[Status, tuple[Status, ...]] = {
    Status.SENT: (
        Status.APPOINTMENT,
        Status.WAITLIST,
        Status.ARRIVED,
        Status.COMPLETED,
        Status.NO_SHOW,
        Status.DECLINED_BY_AGENCY,
        Status.DECLINED_BY_PERSON,
    ),
    Status.APPOINTMENT: (
        Status.ARRIVED,
        Status.COMPLETED,
        Status.NO_SHOW,
        Status.DECLINED_BY_AGENCY,
        Status.DECLINED_BY_PERSON,
    ),
    Status.WAITLIST: (
        Status.APPOINTMENT,
        Status.ARRIVED,
        Status.COMPLETED,
        Status.DECLINED_BY_AGENCY,
        Status.DECLINED_BY_PERSON,
    ),
    Status.ARRIVED: (Status.COMPLETED,),
    Status.NO_SHOW: (Status.SENT,),
    Status.COMPLETED: (),
    Status.DECLINED_BY_AGENCY: (),
    Status.DECLINED_BY_PERSON: (),
}

# In these states the guide waits for something, so a date is watched.
WAITING = (Status.SENT, Status.APPOINTMENT, Status.WAITLIST)

# What an answer means for the need behind it; what is missing here leaves the need as it is.
NEED_AFTER: dict[Status, need.Status] = {
    Status.SENT: need.Status.REFERRED,
    Status.COMPLETED: need.Status.MET,
    Status.DECLINED_BY_AGENCY: need.Status.OPEN,
    Status.DECLINED_BY_PERSON: need.Status.OPEN,
    Status.NO_SHOW: need.Status.OPEN,
}


@dataclass(frozen=True, kw_only=True)
class ReferralEntry(Entry):
    """What a guide enters when passing someone on."""

    need_id: int
    agency_id: int
    way: Way
    referred_on: date
    follow_up_on: date
    """The day to ask if no answer has come."""
    note: str = ""


def problems(entry: ReferralEntry, today: date) -> dict[str, str]:
    """What keeps the entry from being saved, by field; empty when it is fine."""
    found = {}
    if entry.referred_on > today:
        found["referred_on"] = _("Das Datum liegt in der Zukunft.")
    if entry.follow_up_on < entry.referred_on:
        found["follow_up_on"] = _("Die Nachfrage kann nicht vor dem Verweis liegen.")
    elif entry.follow_up_on - entry.referred_on > LONGEST_WAIT:
        found["follow_up_on"] = _("Bitte wählen Sie einen Tag innerhalb eines Jahres.")
    if len(entry.note) > LONGEST_NOTE:
        found["note"] = _("Der Text ist zu lang. Möglich sind {count} Zeichen.").format(
            count=LONGEST_NOTE
        )
    return found


def may_become(old: Status, new: Status) -> bool:
    return new in NEXT[old]


def follow_up_day(referred_on: date, answer_days: int | None) -> date:
    return referred_on + timedelta(days=answer_days or USUAL_ANSWER_DAYS)


def is_overdue(status: Status, follow_up_on: date, today: date) -> bool:
    """The day to ask has passed; on the day itself it is due, not overdue."""
    return status in WAITING and follow_up_on < today
