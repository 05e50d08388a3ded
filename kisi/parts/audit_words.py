"""The audit log in words: names of records, fields and permissions as people know them."""

from kisi.i18n import N_, _
from kisi.permissions import Permission

RECORDS = {
    "person": N_("Person"),
    "need": N_("Bedarf"),
    "referral": N_("Verweis"),
    "agency": N_("Stelle"),
    "account": N_("Konto"),
    "municipality": N_("Kommune"),
    # What was refused.
    Permission.VIEW_CASES: N_("Personen ansehen"),
    Permission.EDIT_CASES: N_("Personen bearbeiten"),
    Permission.VIEW_AGENCIES: N_("Stellen ansehen"),
    Permission.EDIT_AGENCIES: N_("Stellen bearbeiten"),
    Permission.VIEW_FIGURES: N_("Zahlen ansehen"),
    Permission.VIEW_EXACT_FIGURES: N_("genaue Zahlen ansehen"),
    Permission.MANAGE_ACCOUNTS: N_("Konten verwalten"),
    Permission.VIEW_AUDIT: N_("Protokoll ansehen"),
}

FIELDS = {
    "active": N_("aktiv"),
    "address": N_("Anschrift"),
    "agency_id": N_("Stelle"),
    "answer_days": N_("Antwortzeit"),
    "area": N_("Bereich"),
    "areas": N_("Bereiche"),
    "closed_on": N_("abgeschlossen am"),
    "code": N_("Code"),
    "contact_language": N_("Sprache für das Gespräch"),
    "demo": N_("Demo"),
    "display_name": N_("Vor- und Nachname"),
    "email": N_("E-Mail"),
    "family_name": N_("Familienname"),
    "follow_up_on": N_("Nachfrage"),
    "gender": N_("Geschlecht"),
    "given_name": N_("Vorname"),
    "kind": N_("Art"),
    "language": N_("Sprache der Anzeige"),
    "languages": N_("Sprachen"),
    "must_change": N_("Passwort zu ändern"),
    "name": N_("Name"),
    "nationality": N_("Staatsangehörigkeit"),
    "need_id": N_("Bedarf"),
    "note": N_("Notiz"),
    "noted_on": N_("notiert am"),
    "opening_hours": N_("Öffnungszeiten"),
    "password_hash": N_("Passwort"),
    "person_id": N_("Person"),
    "phone": N_("Telefon"),
    "referred_on": N_("weitergegeben am"),
    "registered_on": N_("aufgenommen am"),
    "roles": N_("Rollen"),
    "short": N_("Kürzel"),
    "status": N_("Stand"),
    "way": N_("Weg"),
    "wish": N_("In eigenen Worten"),
    "year_of_birth": N_("Geburtsjahr"),
}


def record_words(record: str, record_id: int | None) -> str:
    name = _(RECORDS[record]) if record in RECORDS else record
    return f"{name} {record_id}" if record_id else name


def field_words(fields: str) -> str:
    """Names of fields in the person's language; what is no field name stays as it is."""
    return ", ".join(_(FIELDS[name]) if name in FIELDS else name for name in fields.split(", "))
