"""A process that takes people in and says so after each commit, until it is killed."""

import sys
import time

from kisi.db.repository import open_repository
from kisi.domain.need import Area, NeedEntry
from kisi.domain.person import PersonEntry
from kisi.permissions import Role, User


def main(account_id: int, municipality_id: int) -> None:
    guide = User(account_id, "guide", "Guide", frozenset({Role.GUIDE}), municipality_id, "Town")
    while True:
        with open_repository(guide, write=True) as repository:
            entry = PersonEntry(given_name="Wanda", family_name="Schreiber", languages=("pl",))
            person_id = repository.persons.add(entry)
            for area in (Area.HOUSING, Area.WORK):
                repository.needs.add(NeedEntry(person_id=person_id, area=area))
        print(person_id, flush=True)
        time.sleep(0.003)  # others want to write, too


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
