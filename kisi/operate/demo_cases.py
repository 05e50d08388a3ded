"""Invented persons with their needs and referrals, by the thousand.

Rows go in by plain bulk statements (measured: ten times as fast as records one by one), so what
records do by themselves is done here: sealing, the blind index, the number of open needs.
"""

import json
import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, insert, text
from sqlalchemy.orm import Session

from kisi.clock import today
from kisi.db import keys, search
from kisi.db.audit import OPERATOR, Action, Note, append
from kisi.db.models import Counter, Need, Person, PersonLanguage, PersonToken, Referral
from kisi.domain import need, referral
from kisi.domain.need import Area
from kisi.domain.person import Gender
from kisi.i18n import HERE, number
from kisi.operate.demo_people import NOTES, ORIGINS, WISHES, Origin
from kisi.operate.progress import Progress

BATCH = 1000
DAYS_BACK = 300

Rows = dict[Any, list[dict[str, Any]]]


@dataclass(frozen=True)
class Town:
    id: int
    short: str
    agencies: dict[str, list[int]]
    """Bodies by the area they help with."""
    persons: int


def fill_town(session: Session, town: Town, chance: random.Random, progress: Progress) -> None:
    connection = session.connection()
    ids = {table: _ids(connection, table) for table in (Person, Need, Referral)}
    numbers: dict[int, int] = defaultdict(int)
    days = sorted(
        _workday(today() - timedelta(chance.randint(0, DAYS_BACK))) for _ in range(town.persons)
    )
    for start in range(0, len(days), BATCH):
        batch = days[start : start + BATCH]
        rows: Rows = defaultdict(list)
        for registered_on in batch:
            numbers[registered_on.year] += 1
            code = f"{town.short}-{registered_on.year}-{numbers[registered_on.year]:04d}"
            _person(rows, town, chance, ids, code, registered_on)
        for model in (Person, PersonLanguage, PersonToken, Need, Referral):
            if rows[model]:
                connection.execute(insert(model), rows[model])
        noted = Note(Action.ADD, "person", None, f"{number(len(batch))} Einträge (Demo)")
        append(session, town.id, OPERATOR, [noted])
        progress.advance(len(batch))
    for year, last in numbers.items():
        counter = {"municipality_id": town.id, "name": f"person-{year}", "value": last}
        connection.execute(insert(Counter), counter)


def _ids(connection: Connection, model: Any) -> Callable[[], int]:
    """Gives out ids nobody else gets: on PostgreSQL from the table's own sequence."""
    name = model.__tablename__
    if connection.dialect.name == "sqlite":
        last = connection.execute(text(f"SELECT coalesce(max(id), 0) FROM {name}")).scalar_one()  # noqa: S608
        return iter(range(int(last) + 1, 2**62)).__next__
    return _drawn(connection, f"{name}_id_seq").__next__


def _drawn(connection: Connection, sequence: str) -> Iterator[int]:
    draw = text("SELECT nextval(CAST(:name AS regclass)) FROM generate_series(1, 5000)")
    while True:
        yield from connection.execute(draw, {"name": sequence}).scalars().all()


def _person(
    rows: Rows,
    town: Town,
    chance: random.Random,
    ids: dict[Any, Callable[[], int]],
    code: str,
    registered_on: date,
) -> None:
    origin = chance.choices(ORIGINS, _SHARES)[0]
    gender, given_name, family_name = _name(origin, chance)
    languages = chance.choice(origin.languages)
    person_id = ids[Person]()
    wanted = [_need(chance, registered_on) for _ in range(chance.choices(range(7), _NEEDS)[0])]
    rows[Person].append(
        {
            **_record(
                Person,
                person_id,
                town,
                chance,
                registered_on,
                given_name=given_name,
                family_name=family_name,
            ),
            "code": code,
            "gender": gender,
            "year_of_birth": _year_of_birth(chance),
            "nationality": origin.nationality,
            "contact_language": languages[0],
            "registered_on": registered_on,
            "open_needs": sum(one.status in need.UNSETTLED for one in wanted),
        }
    )
    mine = {"person_id": person_id, "municipality_id": town.id}
    rows[PersonLanguage] += [
        {**mine, "position": place, "language": one} for place, one in enumerate(languages)
    ]
    rows[PersonToken] += [{**mine, "token": one} for one in _tokens(given_name, family_name)]
    for one in wanted:
        _add_need(rows, town, chance, ids, mine, one)


def _name(origin: Origin, chance: random.Random) -> tuple[Gender, str, str]:
    gender = chance.choices((Gender.FEMALE, Gender.MALE, Gender.NOT_STATED), (50, 47, 3))[0]
    given = origin.female if gender is Gender.FEMALE else origin.male
    return gender, chance.choice(given), chance.choice(origin.family)


def _tokens(given_name: str, family_name: str) -> frozenset[int]:
    return _tokens_of(given_name, keys.vault()) | _tokens_of(family_name, keys.vault())


@cache
def _tokens_of(name: str, _vault: keys.Vault) -> frozenset[int]:
    return frozenset(search.tokens(name))


@dataclass(frozen=True)
class _Need:
    area: Area
    wish: str
    status: need.Status
    noted_on: date
    closed_on: date | None
    referrals: list[tuple[referral.Status, date, date, date | None]]
    """Status, day passed on, day to ask, day answered; the last one is the present one."""


def _need(chance: random.Random, registered_on: date) -> _Need:
    area, _share, wishes = chance.choices(WISHES, _AREA_SHARES)[0]
    status, last = chance.choices(_STORIES, _STORY_SHARES)[0]
    noted_on = min(
        today(), _workday(registered_on + timedelta(chance.choice((0, 0, 0, 3, 14, 40))))
    )
    history = []
    if last and chance.random() < 0.15:
        history.append(_answered(chance, referral.Status.DECLINED_BY_AGENCY, noted_on))
    after = (history[-1][3] if history else None) or noted_on
    if last in referral.WAITING:
        history.append(_waiting(chance, last, after))
    elif last:
        history.append(_answered(chance, last, after))
    closed_on = None if status in need.UNSETTLED else (history[-1][3] if history else noted_on)
    wish = chance.choice(wishes) if chance.random() < 0.4 else ""
    return _Need(Area(area), wish, status, noted_on, closed_on, history)


def _answered(
    chance: random.Random, status: referral.Status, after: date
) -> tuple[referral.Status, date, date, date | None]:
    passed_on = min(today(), after + timedelta(chance.randint(0, 5)))
    answered = min(today(), passed_on + timedelta(chance.randint(2, 30)))
    return status, passed_on, passed_on + timedelta(referral.USUAL_ANSWER_DAYS), answered


def _waiting(
    chance: random.Random, status: referral.Status, after: date
) -> tuple[referral.Status, date, date, date | None]:
    """Most have some days left; a few are due today, a few overdue."""
    left = chance.choices((0, -chance.randint(1, 12), chance.randint(1, 20)), (6, 12, 82))[0]
    follow_up_on = max(after, today() + timedelta(left))
    passed_on = min(today(), follow_up_on - timedelta(referral.USUAL_ANSWER_DAYS))
    return status, max(after, passed_on), follow_up_on, None


def _add_need(
    rows: Rows,
    town: Town,
    chance: random.Random,
    ids: dict[Any, Callable[[], int]],
    mine: dict[str, int],
    one: _Need,
) -> None:
    need_id = ids[Need]()
    rows[Need].append(
        {
            **_record(Need, need_id, town, chance, one.noted_on, wish=one.wish),
            **mine,
            "area": one.area,
            "status": one.status,
            "noted_on": one.noted_on,
            "closed_on": one.closed_on,
        }
    )
    bodies = town.agencies.get(one.area) or [town.agencies[Area.AUTHORITY_CONTACT][0]]
    for status, passed_on, follow_up_on, closed_on in one.referrals:
        note = chance.choice(NOTES) if chance.random() < 0.25 else ""
        rows[Referral].append(
            {
                **_record(Referral, ids[Referral](), town, chance, passed_on, note=note),
                **mine,
                "need_id": need_id,
                "agency_id": chance.choice(bodies),
                "way": chance.choice(_WAYS),
                "status": status,
                "referred_on": passed_on,
                "follow_up_on": follow_up_on,
                "closed_on": closed_on,
            }
        )


def _record(
    model: Any, id: int, town: Town, chance: random.Random, on: date, **secrets: str
) -> dict[str, Any]:
    """The columns every sealed record has; the same bytes as Sealed.seal writes."""
    uid = f"{chance.getrandbits(128):032x}"
    fields = {name: value for name, value in secrets.items() if value}
    sealed = None
    if fields:
        written = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
        sealed = keys.vault().ring.seal(written, f"{model.__tablename__}:{uid}")
    moment = datetime.combine(on, time(8 + chance.randrange(8), chance.randrange(60)), HERE)
    return {
        "id": id,
        "uid": uid,
        "municipality_id": town.id,
        "created_at": moment,
        "version": 1,
        "sealed": sealed,
    }


def _year_of_birth(chance: random.Random) -> int | None:
    if chance.random() < 0.04:
        return None
    return today().year - min(84, max(0, round(chance.gauss(34, 15))))


def _workday(day: date) -> date:
    """The day itself, or the Friday before."""
    return day - timedelta(max(0, day.weekday() - 4))


_SHARES = [origin.share for origin in ORIGINS]
_NEEDS = (4, 12, 24, 26, 18, 10, 6)
_AREA_SHARES = [share for _area, share, _wishes in WISHES]
_WAYS = tuple(referral.Way)

# What became of a need, with the state of its last referral, and how many of a hundred.
_OUTCOMES: tuple[tuple[need.Status, referral.Status | None, int], ...] = (
    (need.Status.OPEN, None, 14),
    (need.Status.OPEN, referral.Status.NO_SHOW, 3),
    (need.Status.OPEN, referral.Status.DECLINED_BY_AGENCY, 2),
    (need.Status.OPEN, referral.Status.DECLINED_BY_PERSON, 1),
    (need.Status.REFERRED, referral.Status.SENT, 13),
    (need.Status.REFERRED, referral.Status.APPOINTMENT, 7),
    (need.Status.REFERRED, referral.Status.WAITLIST, 4),
    (need.Status.REFERRED, referral.Status.ARRIVED, 5),
    (need.Status.MET, referral.Status.COMPLETED, 38),
    (need.Status.MET, None, 5),
    (need.Status.NOT_MET, referral.Status.DECLINED_BY_AGENCY, 4),
    (need.Status.WITHDRAWN, referral.Status.DECLINED_BY_PERSON, 4),
)
_STORIES = [(status, last) for status, last, _share in _OUTCOMES]
_STORY_SHARES = [share for _status, _last, share in _OUTCOMES]
