"""Person (zugewiesene Person): someone the guide accompanies on arrival."""

from dataclasses import dataclass
from datetime import date

from kisi.domain.choices import Choice
from kisi.domain.entry import Entry
from kisi.i18n import N_, _

OLDEST_YEAR = 1900
LONGEST_NAME = 120


class Gender(Choice):
    """German civil status law knows the first three (§ 22 (3) PStG)."""

    FEMALE = "female", N_("weiblich")
    MALE = "male", N_("männlich")
    DIVERSE = "diverse", N_("divers")
    NOT_STATED = "not_stated", N_("keine Angabe")


# ISO 3166 alpha-2; the first ones are offered as pills, in the order of their number in Hesse.
COMMON_NATIONALITIES = ("UA", "SY", "AF", "TR", "IR", "IQ", "ER", "SO")
STATELESS, UNCLEAR = "stateless", "unclear"

# ISO 639 codes of the languages guides meet; names come from the Unicode locale data.
LANGUAGES = (
    "uk", "ar", "fa_AF", "fa", "tr", "ru", "en", "ku", "ckb", "ps", "ti", "so", "am", "fr", "es",
    "sq", "sr", "ka", "hy", "az", "ur", "pa", "ta", "bn", "vi", "zh", "ro", "bg", "pl", "hu", "el",
    "it", "pt", "hr", "bs", "mk", "rom", "sw", "ha", "ff", "om", "de",
)  # fmt: skip
COMMON_LANGUAGES = ("uk", "ar", "fa_AF", "fa", "tr", "ru", "en", "ku", "ti", "so")


@dataclass(frozen=True, kw_only=True)
class PersonEntry(Entry):
    given_name: str
    family_name: str = ""
    gender: Gender = Gender.NOT_STATED
    year_of_birth: int | None = None
    nationality: str = ""
    """ISO 3166 alpha-2, STATELESS, UNCLEAR, or empty when nobody has asked."""
    languages: tuple[str, ...] = ()
    """Codes from LANGUAGES; the first is the one to talk in."""

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.given_name, self.family_name) if part)


def problems(entry: PersonEntry, today: date) -> dict[str, str]:
    """What keeps the entry from being saved, by field; empty when it is fine."""
    found = {}
    if not entry.name:
        found["given_name"] = _("Bitte geben Sie mindestens einen Namen ein.")
    for field in ("given_name", "family_name"):
        if len(getattr(entry, field)) > LONGEST_NAME:
            found[field] = _("Der Name ist zu lang. Möglich sind {count} Zeichen.").format(
                count=LONGEST_NAME
            )
    if entry.year_of_birth is not None:
        if entry.year_of_birth > today.year:
            found["year_of_birth"] = _("Das Geburtsjahr liegt in der Zukunft.")
        elif entry.year_of_birth < OLDEST_YEAR:
            found["year_of_birth"] = _("Bitte geben Sie ein Geburtsjahr ab {year} ein.").format(
                year=OLDEST_YEAR
            )
    if not entry.languages:
        found["languages"] = _("Bitte wählen Sie mindestens eine Sprache.")
    return found


def year_from(text: str) -> int | str | None:
    """The year typed: a number, None when nothing is typed, else a sentence what to do."""
    text = text.strip()
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) == 4:
        return int(text)
    return _("Bitte geben Sie das Jahr mit vier Ziffern ein, zum Beispiel 1990.")


class Likeness(Choice):
    """Why an existing person may be the one standing here."""

    SAME_NAME = "same_name", N_("gleicher Name")
    SIMILAR_NAME = "similar_name", N_("ähnlich klingender Name")
    SAME_NAME_AND_YEAR = "same_name_and_year", N_("gleicher Name und gleiches Geburtsjahr")
    SIMILAR_NAME_AND_YEAR = (
        "similar_name_and_year",
        N_("ähnlich klingender Name und gleiches Geburtsjahr"),
    )
