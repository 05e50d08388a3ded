"""What KISI declines to do, each with the sentence shown to the person.

Pages let these pass; Home.py shows them.
"""

from kisi.i18n import N_, _


class Refused(Exception):
    german = N_("Das ist nicht möglich.")

    @property
    def message(self) -> str:
        return _(self.german)


class NotAllowed(Refused):
    german = N_("Dafür fehlt Ihnen die Berechtigung. Bitte wenden Sie sich an Ihre Administration.")


class NotFound(Refused):
    german = N_("Diesen Eintrag gibt es nicht oder nicht mehr.")


class Outdated(Refused):
    german = N_("Jemand hat den Eintrag inzwischen geändert. Ihre Eingaben bleiben erhalten.")


class NotPossible(Refused):
    german = N_("Dieser Schritt ist jetzt nicht vorgesehen.")


class Taken(Refused):
    german = N_("Diesen Namen gibt es schon. Bitte wählen Sie einen anderen.")


class LastAdmin(Refused):
    german = N_("Mindestens ein Konto für die Administration muss aktiv bleiben.")


class OutOfOrder(Refused):
    """The database cannot be reached or cannot write."""

    german = N_(
        "Die Datenbank ist gerade nicht erreichbar. Ihre Eingaben bleiben auf dem Bildschirm – "
        "bitte versuchen Sie es in einer Minute noch einmal."
    )


class DiskFull(OutOfOrder):
    german = N_(
        "Der Speicher des Servers ist voll, deshalb kann nichts gespeichert werden. "
        "Ihre Eingaben bleiben auf dem Bildschirm – bitte verständigen Sie Ihre Administration."
    )
