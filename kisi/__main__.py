"""The operator's command line: `python -m kisi …`. Its sentences are German."""

import argparse
import sys
import traceback
from pathlib import Path
from typing import TextIO

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from kisi.config import SettingsError
from kisi.db.installation import CannotStart
from kisi.domain.refusal import Refused
from kisi.i18n import number
from kisi.operate import Mistake
from kisi.operate.arguments import Arguments

MISTAKE = 2  # the exit code of everything the operator has to put right
INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> int:
    for stream in (sys.stdout, sys.stderr):
        _never_fail_on_letters(stream)
    try:
        given = _parser().parse_args(arguments)
        return int(given.run(given) or 0)
    except KeyboardInterrupt:
        return _told("Abgebrochen.", INTERRUPTED)
    except BrokenPipeError:
        return 1
    except Exception as error:
        return _told(_sentence(error), MISTAKE)


def _sentence(error: Exception) -> str:
    """What to tell the operator; never values, which may be people's data."""
    match error:
        case SettingsError() | CannotStart() | Mistake():
            return str(error)
        case Refused():
            return error.message
        case DBAPIError():
            return f"Die Datenbank hat abgelehnt ({type(error.orig).__name__})."
        case SQLAlchemyError():
            return "KISI_DATABASE_URL ist nicht lesbar oder die Datenbank nicht erreichbar."
        case PermissionError() if error.filename:
            return f"Auf {error.filename} darf KISI nicht zugreifen."
        case OSError() if error.filename:
            return f"{error.filename}: {error.strerror}."
        case _:
            place = traceback.extract_tb(error.__traceback__)[-1]
            name = Path(place.filename).name
            return f"Unerwarteter Fehler ({type(error).__name__} in {name}, Zeile {place.lineno})."


def _told(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code


def _never_fail_on_letters(stream: TextIO) -> None:
    if reconfigure := getattr(stream, "reconfigure", None):
        reconfigure(errors="replace")


# --- the commands --------------------------------------------------------------------------------


def _serve(given: argparse.Namespace) -> None:
    from kisi.config import settings
    from kisi.operate import serve

    serve.require_free(given.address, given.port)
    demo = settings().demo
    if demo:
        serve.prepare_demo()
    serve.require_fit()
    print(f"KISI läuft unter {serve.shown_address(given.address, given.port)}", flush=True)
    if demo:
        print("\n".join(serve.demo_lines()), flush=True)
    serve.run(given.port, given.address)


def _migrate(_given: argparse.Namespace) -> None:
    from kisi.db.schema import migrate
    from kisi.operate.start import require_own

    require_own()
    print(f"Die Datenbank ist auf dem neuesten Stand ({migrate()}).")


def _user_add(given: argparse.Namespace) -> None:
    from kisi.operate.accounts import add_account

    password = add_account(given.name, given.display_name, given.roles, given.municipality)
    print(f"Das Konto „{given.name.strip().lower()}“ ist angelegt.")
    _show_password(password)


def _user_reset(given: argparse.Namespace) -> None:
    from kisi.operate.accounts import reset_account

    password = reset_account(given.name)
    print("Das Konto hat ein neues Passwort; alle seine Sitzungen sind beendet.")
    _show_password(password)


def _show_password(password: str) -> None:
    print(f"Erstes Passwort: {password}")
    print("Es wird nur jetzt angezeigt und muss bei der ersten Anmeldung geändert werden.")


def _user_disable(given: argparse.Namespace) -> None:
    from kisi.operate.accounts import disable_account

    administration_left = disable_account(given.name)
    print("Das Konto ist gesperrt; alle seine Sitzungen sind beendet.")
    if not administration_left:
        print("Achtung: In dieser Kommune gibt es kein aktives Konto für die Administration mehr.")


def _user_list(_given: argparse.Namespace) -> None:
    from kisi.operate.accounts import list_accounts

    print("\n".join(list_accounts() or ["Es gibt noch keine Konten."]))


def _town_add(given: argparse.Namespace) -> None:
    from kisi.operate.accounts import add_town

    agencies = add_town(given.name, given.short)
    print(f"Die Kommune „{given.name}“ ist angelegt, mit {agencies} Stellen zum Ergänzen.")


def _town_list(_given: argparse.Namespace) -> None:
    from kisi.operate.accounts import list_towns

    print("\n".join(list_towns() or ["Es gibt noch keine Kommunen."]))


def _keys_new(given: argparse.Namespace) -> None:
    from kisi.clock import now
    from kisi.config import new_key

    print(new_key(given.name or f"k{now():%Y%m%d}"))


def _keys_rotate(_given: argparse.Namespace) -> int:
    from kisi.config import settings
    from kisi.operate.rotate import rotate

    result = rotate()
    active = settings().keys[0][0]
    print(f"{number(result.rows)} Einträge neu verschlüsselt mit „{active}“.")
    print(f"Noch unter einem alten Schlüssel: {number(result.left)}.")
    if result.unreadable:
        print(f"Nicht lesbar: {', '.join(result.unreadable[:10])}", file=sys.stderr)
    return 1 if result.left else 0


def _check(_given: argparse.Namespace) -> int:
    from kisi.operate.check import outcomes

    found = 0
    for good, sentence in outcomes():
        print(f"{'✓' if good else '✗'} {sentence}", flush=True)
        found += not good
    return 1 if found else 0


def _backup(given: argparse.Namespace) -> int:
    from kisi.operate.backup import write

    result = write(given.file)
    rows = number(sum(result.manifest.rows.values()))
    print(f"Gesichert in {given.file}: {rows} Einträge, zur Probe zurückgespielt und geprüft.")
    for sentence in result.findings:
        print(f"✗ {sentence}")
    return 1 if result.findings else 0


def _restore(given: argparse.Namespace) -> None:
    from kisi.operate.restore import restore

    result, kept = restore(given.file, replace=given.replace)
    rows = number(sum(result.manifest.rows.values()))
    print(f"Zurückgespielt: {rows} Einträge, Stand {result.manifest.made_at}.")
    print("Alle Sitzungen sind beendet.")
    if kept:
        print(f"Die bisherige Datenbank liegt in {kept}.")


def _demo(given: argparse.Namespace) -> None:
    from kisi.db.schema import migrate
    from kisi.operate import demo
    from kisi.operate.start import require_own

    demo.require_demo()
    require_own()
    if given.persons is not None and given.persons < 1:
        raise Mistake("--persons: mindestens 1.")
    migrate()
    if demo.already_filled():
        if not given.fresh:
            print("Die Datenbank ist schon gefüllt; nichts geändert. Mit --fresh neu beginnen.")
            return
        demo.start_anew()
    count = demo.fill(given.persons)
    print(f"Zwei erfundene Kommunen mit {number(count)} Personen sind angelegt.")
    if given.fresh:
        print("Falls KISI läuft: bitte neu starten.")


def _revision(given: argparse.Namespace) -> None:
    from kisi.operate.revision import write_revision

    print(f"Geschrieben: {write_revision(given.message)}")
    print("Bitte lesen, mit „ruff format“ in Form bringen und mit der Änderung festhalten.")


# --- the arguments -------------------------------------------------------------------------------


def _parser() -> Arguments:
    parser = Arguments(prog="python -m kisi", description="KISI einrichten und betreiben.")
    commands = parser.add_subparsers(title="Befehle", metavar="BEFEHL", required=True)

    serve = commands.add_parser("serve", help="KISI starten")
    serve.add_argument("--port", type=int, default=8501, help="Anschluss (sonst 8501)")
    serve.add_argument("--address", default="127.0.0.1", help="Adresse (sonst 127.0.0.1)")
    serve.set_defaults(run=_serve)
    migrate = commands.add_parser("migrate", help="Tabellen anlegen oder erneuern")
    migrate.set_defaults(run=_migrate)
    _add_user_commands(commands.add_parser("user", help="Konten anlegen und verwalten"))
    _add_town_commands(commands.add_parser("town", help="Kommunen anlegen und zeigen"))
    _add_key_commands(commands.add_parser("keys", help="Schlüssel erzeugen und wechseln"))
    check = commands.add_parser("check", help="Datenbank, Schlüssel und Protokoll prüfen")
    check.set_defaults(run=_check)
    backup = commands.add_parser("backup", help="Sicherung schreiben und prüfen")
    backup.add_argument("file", metavar="DATEI", type=Path, help="die neue Datei")
    backup.set_defaults(run=_backup)
    restore = commands.add_parser("restore", help="Sicherung prüfen und zurückspielen")
    restore.add_argument("file", metavar="DATEI", type=Path, help="die Sicherung")
    restore.add_argument("--replace", action="store_true", help="eine gefüllte Datenbank ersetzen")
    restore.set_defaults(run=_restore)
    demo = commands.add_parser("demo", help="mit erfundenen Personen füllen (nur Demo)")
    demo.add_argument("--persons", type=int, metavar="ANZAHL", help="wie viele (sonst 80)")
    demo.add_argument("--fresh", action="store_true", help="alles löschen und neu beginnen")
    demo.set_defaults(run=_demo)
    revision = commands.add_parser("revision", help="(Entwicklung) Migration aus den Modellen")
    revision.add_argument("message", metavar="TEXT", help="was sich ändert, auf Englisch")
    revision.set_defaults(run=_revision)
    return parser


def _add_user_commands(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(title="Befehle", metavar="BEFEHL", required=True)
    add = commands.add_parser("add", help="Konto anlegen, zeigt das erste Passwort")
    add.add_argument("name", metavar="NAME", help="Name für die Anmeldung")
    add.add_argument("--display-name", required=True, metavar="NAME", help="Vor- und Nachname")
    add.add_argument("--roles", required=True, metavar="ROLLEN", help="z. B. guide,admin")
    add.add_argument("--municipality", required=True, metavar="KOMMUNE", help="Name oder Kurzform")
    add.set_defaults(run=_user_add)
    for word, run, told in (
        ("reset", _user_reset, "neues erstes Passwort"),
        ("disable", _user_disable, "Konto sperren"),
    ):
        one = commands.add_parser(word, help=told)
        one.add_argument("name", metavar="NAME", help="Name für die Anmeldung")
        one.set_defaults(run=run)
    commands.add_parser("list", help="alle Konten").set_defaults(run=_user_list)


def _add_town_commands(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(title="Befehle", metavar="BEFEHL", required=True)
    add = commands.add_parser("add", help="Kommune anlegen, mit den üblichen Stellen")
    add.add_argument("name", metavar="NAME", help="z. B. Musterstadt")
    add.add_argument("short", metavar="KURZFORM", help="1 bis 4 Buchstaben, z. B. MU")
    add.set_defaults(run=_town_add)
    commands.add_parser("list", help="alle Kommunen").set_defaults(run=_town_list)


def _add_key_commands(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(title="Befehle", metavar="BEFEHL", required=True)
    new = commands.add_parser("new", help="einen Schlüssel für KISI_KEYS erzeugen")
    new.add_argument("name", nargs="?", metavar="NAME", help="sonst nach dem heutigen Tag")
    new.set_defaults(run=_keys_new)
    rotate = commands.add_parser("rotate", help="alles mit dem ersten Schlüssel verschlüsseln")
    rotate.set_defaults(run=_keys_rotate)


if __name__ == "__main__":
    sys.exit(main())
