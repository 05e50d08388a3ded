"""Need (Bedarf): what a person says they want help with, by area."""

from dataclasses import dataclass

from kisi.domain.choices import Choice
from kisi.domain.entry import Entry
from kisi.i18n import N_, _

LONGEST_WISH = 1000


class Area(Choice):
    """Areas of need (Handlungsfelder), after the project paper, MBE and EOK topics."""

    LANGUAGE = "language", N_("Sprache / Sprachkurs")
    HOUSING = "housing", N_("Wohnen")
    KITA = "kita", N_("Kinderbetreuung / Kita")
    SCHOOL = "school", N_("Schule")
    WORK = "work", N_("Arbeit")
    HEALTH = "health", N_("Gesundheit")
    LIVELIHOOD = "livelihood", N_("Lebensunterhalt / Sozialleistungen")
    RESIDENCE_LAW = "residence_law", N_("Aufenthalt")
    AUTHORITY_CONTACT = "authority_contact", N_("Behörden / Formulare")
    DAILY_LIFE = "daily_life", N_("Alltag / Orientierung vor Ort")
    INTERPRETING = "interpreting", N_("Dolmetschen")
    FAMILY_REUNIFICATION = "family_reunification", N_("Familiennachzug")
    TRAINING = "training", N_("Ausbildung / Studium")
    RECOGNITION = "recognition", N_("Anerkennung von Abschlüssen")
    PARENTING = "parenting", N_("Erziehung / Familie")
    PSYCHOSOCIAL = "psychosocial", N_("Psychosoziale Unterstützung")
    MOBILITY = "mobility", N_("Mobilität")
    MEDIA_DIGITAL = "media_digital", N_("Digitales / Medien")
    FINANCE_DEBT = "finance_debt", N_("Finanzen / Schulden")
    LEISURE_CONTACTS = "leisure_contacts", N_("Freizeit / Kontakte / Vereine")
    VOLUNTEERING = "volunteering", N_("Eigenes Engagement")
    WOMEN_SPECIFIC = "women_specific", N_("Angebote für Frauen")
    CHILDREN_SPECIFIC = "children_specific", N_("Angebote für Kinder")
    CIVIC_EDUCATION = "civic_education", N_("Politische Bildung / Zusammenleben")
    DISCRIMINATION = "discrimination", N_("Diskriminierung / Rassismus")
    PROTECTION = "protection", N_("Gewaltschutz")
    DISABILITY_CARE = "disability_care", N_("Behinderung / Pflege")
    NATURALISATION = "naturalisation", N_("Einbürgerung")
    OTHER = "other", N_("Sonstiges")


# Asked for most often; offered as pills, the others in a list to search.
COMMON_AREAS = (
    Area.LANGUAGE,
    Area.HOUSING,
    Area.KITA,
    Area.SCHOOL,
    Area.WORK,
    Area.HEALTH,
    Area.LIVELIHOOD,
    Area.RESIDENCE_LAW,
    Area.AUTHORITY_CONTACT,
    Area.DAILY_LIFE,
)


class Status(Choice):
    OPEN = "open", N_("offen")
    REFERRED = "referred", N_("weitergegeben")
    MET = "met", N_("gedeckt")
    NOT_MET = "not_met", N_("nicht deckbar")
    WITHDRAWN = "withdrawn", N_("zurückgezogen")


UNSETTLED = (Status.OPEN, Status.REFERRED)

NEXT: dict[Status, set[Status]] = {
    Status.OPEN: {Status.REFERRED, Status.MET, Status.NOT_MET, Status.WITHDRAWN},
    Status.REFERRED: {Status.OPEN, Status.MET, Status.NOT_MET, Status.WITHDRAWN},
    Status.MET: {Status.OPEN},
    Status.NOT_MET: {Status.OPEN},
    Status.WITHDRAWN: {Status.OPEN},
}


@dataclass(frozen=True, kw_only=True)
class NeedEntry(Entry):
    person_id: int
    area: Area
    wish: str = ""
    """In the person's own words."""


def problems(entry: NeedEntry) -> dict[str, str]:
    """What keeps the entry from being saved, by field; empty when it is fine."""
    found = {}
    if len(entry.wish) > LONGEST_WISH:
        found["wish"] = _("Der Text ist zu lang. Möglich sind {count} Zeichen.").format(
            count=LONGEST_WISH
        )
    return found


def may_become(old: Status, new: Status) -> bool:
    return new in NEXT[old]
