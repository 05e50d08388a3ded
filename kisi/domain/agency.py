"""Agency (Stelle): an office, service or association that can help with a need."""

from dataclasses import dataclass

from kisi.domain.choices import Choice
from kisi.domain.entry import Entry
from kisi.domain.need import Area
from kisi.i18n import N_, _

LONGEST = {"name": 200, "address": 300, "phone": 60, "email": 200, "opening_hours": 300}
LONGEST_ANSWER_DAYS = 365


class Kind(Choice):
    """Kinds of bodies referrals go to (Verweisberatung)."""

    MBE = "mbe", N_("Migrationsberatung für erwachsene Zugewanderte (MBE)")
    JMD = "jmd", N_("Jugendmigrationsdienst")
    FOREIGNERS_OFFICE = "auslaenderbehoerde", N_("Ausländerbehörde")
    JOBCENTER = "jobcenter", N_("Jobcenter")
    EMPLOYMENT_AGENCY = "arbeitsagentur", N_("Agentur für Arbeit")
    SOCIAL_OFFICE = "sozialamt", N_("Sozialamt")
    YOUTH_OFFICE = "jugendamt", N_("Jugendamt")
    CITIZENS_OFFICE = "buergerbuero", N_("Bürgerbüro / Einwohnermeldeamt")
    HOUSING = "wohnen", N_("Wohnungsamt / Wohnungsbaugesellschaft")
    COURSE_PROVIDER = "sprachkurstraeger", N_("Sprachkursträger")
    BAMF = "bamf", N_("BAMF (Regionalstelle)")
    RECOGNITION = "iq_anerkennung", N_("Anerkennungsberatung")
    ZAB = "zab", N_("Zentralstelle für ausländisches Bildungswesen")
    CHAMBER = "ihk_hwk", N_("Kammer (IHK, HWK)")
    SCHOOL_ADVICE = "schulamt_abz", N_("Aufnahme- und Beratungszentrum am Schulamt")
    KITA = "kita", N_("Kita / Kita-Verwaltung")
    HEALTH = "gesundheit", N_("Gesundheitsamt / Arztpraxis / Krankenkasse")
    PSYCHOSOCIAL = "psych", N_("Psychosoziales Zentrum")
    DEBT_ADVICE = "schuldnerberatung", N_("Schuldnerberatung")
    WOMEN_ADVICE = "frauenberatung", N_("Frauenberatung / Frauenhaus")
    ANTI_DISCRIMINATION = "antidiskriminierung", N_("Antidiskriminierungsberatung")
    WIR_CENTRE = "wir_zentrum", N_("WIR-Vielfaltszentrum des Kreises")
    PILOTS = "lotsen", N_("Lotsenprogramm")
    INTERPRETER_POOL = "dolmetschpool", N_("Laiendolmetscherpool")
    ASSOCIATION = "verein", N_("Verein")
    VOLUNTEER_AGENCY = "ehrenamtsagentur", N_("Ehrenamts-/Freiwilligenagentur")
    OWN_OFFER = "volunteer_offer", N_("Eigenes ehrenamtliches Angebot")
    OTHER = "other", N_("Sonstige")


# The areas each kind helps with. A starting point that the town changes as it learns.
USUAL_AREAS: dict[Kind, tuple[Area, ...]] = {
    Kind.MBE: (Area.LANGUAGE, Area.RESIDENCE_LAW, Area.FAMILY_REUNIFICATION, Area.LIVELIHOOD),
    Kind.JMD: (Area.LANGUAGE, Area.TRAINING, Area.SCHOOL),
    Kind.FOREIGNERS_OFFICE: (Area.RESIDENCE_LAW, Area.FAMILY_REUNIFICATION, Area.NATURALISATION),
    Kind.JOBCENTER: (Area.LIVELIHOOD, Area.WORK, Area.LANGUAGE),
    Kind.EMPLOYMENT_AGENCY: (Area.WORK, Area.TRAINING),
    Kind.SOCIAL_OFFICE: (Area.LIVELIHOOD, Area.HEALTH, Area.DISABILITY_CARE),
    Kind.YOUTH_OFFICE: (Area.PARENTING, Area.KITA, Area.PROTECTION),
    Kind.CITIZENS_OFFICE: (Area.AUTHORITY_CONTACT,),
    Kind.HOUSING: (Area.HOUSING,),
    Kind.COURSE_PROVIDER: (Area.LANGUAGE,),
    Kind.BAMF: (Area.LANGUAGE,),
    Kind.RECOGNITION: (Area.RECOGNITION, Area.WORK),
    Kind.ZAB: (Area.RECOGNITION,),
    Kind.CHAMBER: (Area.RECOGNITION, Area.TRAINING),
    Kind.SCHOOL_ADVICE: (Area.SCHOOL,),
    Kind.KITA: (Area.KITA,),
    Kind.HEALTH: (Area.HEALTH,),
    Kind.PSYCHOSOCIAL: (Area.PSYCHOSOCIAL,),
    Kind.DEBT_ADVICE: (Area.FINANCE_DEBT,),
    Kind.WOMEN_ADVICE: (Area.PROTECTION, Area.WOMEN_SPECIFIC),
    Kind.ANTI_DISCRIMINATION: (Area.DISCRIMINATION,),
    Kind.WIR_CENTRE: (Area.DAILY_LIFE, Area.CIVIC_EDUCATION, Area.VOLUNTEERING),
    Kind.PILOTS: (Area.AUTHORITY_CONTACT, Area.DAILY_LIFE, Area.MOBILITY),
    Kind.INTERPRETER_POOL: (Area.INTERPRETING,),
    Kind.ASSOCIATION: (Area.LEISURE_CONTACTS, Area.CHILDREN_SPECIFIC),
    Kind.VOLUNTEER_AGENCY: (Area.VOLUNTEERING, Area.LEISURE_CONTACTS),
    Kind.OWN_OFFER: (Area.LANGUAGE, Area.DAILY_LIFE, Area.MEDIA_DIGITAL),
    Kind.OTHER: (),
}

# Kinds every Hessian town has to do with: the register starts with one entry for each of them.
STARTING_KINDS = tuple(
    kind for kind in Kind if kind not in (Kind.ASSOCIATION, Kind.OWN_OFFER, Kind.OTHER)
)


@dataclass(frozen=True, kw_only=True)
class AgencyEntry(Entry):
    name: str
    kind: Kind = Kind.OTHER
    areas: tuple[Area, ...] = ()
    address: str = ""
    phone: str = ""
    email: str = ""
    opening_hours: str = ""
    answer_days: int | None = None
    """Days an answer usually takes; None when that is not known."""
    active: bool = True


def problems(entry: AgencyEntry) -> dict[str, str]:
    """What keeps the entry from being saved, by field; empty when it is fine."""
    found = {}
    if not entry.name:
        found["name"] = _("Bitte geben Sie den Namen der Stelle ein.")
    for field, longest in LONGEST.items():
        if len(getattr(entry, field)) > longest:
            found[field] = _("Der Text ist zu lang. Möglich sind {count} Zeichen.").format(
                count=longest
            )
    if entry.phone and not any(character.isdigit() for character in entry.phone):
        found["phone"] = _("Bitte geben Sie eine Telefonnummer mit Ziffern ein.")
    if entry.email and ("@" not in entry.email or " " in entry.email):
        found["email"] = _("Bitte geben Sie eine vollständige E-Mail-Adresse ein.")
    if not entry.areas:
        found["areas"] = _("Bitte wählen Sie mindestens einen Bereich.")
    if entry.answer_days is not None and not 1 <= entry.answer_days <= LONGEST_ANSWER_DAYS:
        found["answer_days"] = _("Bitte geben Sie 1 bis {count} Tage ein.").format(
            count=LONGEST_ANSWER_DAYS
        )
    return found


def starting_list() -> list[AgencyEntry]:
    """The regular bodies of a Hessian town, without invented addresses or numbers."""
    return [
        AgencyEntry(name=kind.german, kind=kind, areas=USUAL_AREAS[kind]) for kind in STARTING_KINDS
    ]
