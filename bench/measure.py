"""What a click costs the server: each action in turn, on every database in turn, round by round.

Whatever else the machine does meets all actions and sizes alike, so the ratios hold even where
the milliseconds do not. An action is measured as a person causes it: choosing a screen from the
menu runs the whole page, a tap within a screen runs only the part it is in, and a save that opens
another screen counts until that screen is there.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from statistics import median

from bench.client import Run, Tab, Unexpected, sign_in
from bench.installation import Server

EMPTY = "empty page"
SETTLE = 0.02  # seconds until what Streamlit tidies up after a run has been counted too
WARM_UP = 2  # rounds not counted

# Somebody with as much behind them as most: the same on every size.
_BUSY = """
    SELECT id FROM person WHERE municipality_id = 1 AND id IN (
      SELECT person_id FROM need WHERE municipality_id = 1 GROUP BY person_id
      HAVING count(*) BETWEEN 3 AND 4 AND sum(status IN ('open', 'referred')) > 0)
    AND id IN (
      SELECT person_id FROM referral WHERE municipality_id = 1 GROUP BY person_id
      HAVING count(*) BETWEEN 2 AND 4)
    ORDER BY uid LIMIT 200
"""


@dataclass(frozen=True)
class Row:
    """One line of data/bench.json."""

    name: str
    persons: int
    ms: float
    cpu_ms: float | None
    times_empty: float


@dataclass
class Visit:
    """A guide at one server, and what has been measured there."""

    server: Server
    tab: Tab
    busy: list[int]
    names: list[str] = field(default_factory=list)
    round: int = 0
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    cpu: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    async def begin(cls, server: Server) -> "Visit":
        cookie = sign_in(server.host, "guide")
        visit = cls(server, await Tab.open(server.host, cookie), [])
        visit.busy = [id for (id,) in server.query(_BUSY)]
        if not visit.busy:
            raise Unexpected("nobody here has several needs and referrals")
        await visit._learn_names()
        return visit

    @property
    def name(self) -> str:
        return self.names[self.round % len(self.names)]

    @property
    def person(self) -> int:
        return self.busy[self.round % len(self.busy)]

    async def measure(self, name: str, act: Callable[[], Awaitable[Run]]) -> None:
        before = self.server.cpu_seconds()
        run = await act()
        await asyncio.sleep(SETTLE)
        after = self.server.cpu_seconds()
        self.seconds[name].append(run.seconds)
        if before is not None and after is not None:
            self.cpu[name].append(after - before)

    def forget(self) -> None:
        self.seconds.clear()
        self.cpu.clear()

    def rows(self) -> list[Row]:
        empty = median(self.seconds[EMPTY])
        return [
            Row(
                name,
                self.server.persons,
                round(median(seconds) * 1000, 2),
                round(median(self.cpu[name]) * 1000, 2) if self.cpu[name] else None,
                round(median(seconds) / empty, 2),
            )
            for name, seconds in self.seconds.items()
        ]

    async def _learn_names(self) -> None:
        """Of people who are there: read from the list, as they are encrypted in the database."""
        await self.tab.visit("personen")
        for _page in range(4):
            for key in self.tab.keys("persons-"):
                label = str(self.tab.widgets[key].shown.label)
                name = label.split("**")[1].replace("\\", "")
                if " " in name:
                    self.names.append(name)
            with suppress(Unexpected):  # a small town has fewer pages
                await self.tab.tap("pager-persons-next")


# --- the actions, in the order of a round --------------------------------------------------------


async def empty(visit: Visit) -> None:
    await visit.measure(EMPTY, lambda: visit.tab.visit("leer"))


async def today(visit: Visit) -> None:
    await visit.measure("Heute", lambda: visit.tab.visit(""))
    _require(visit.tab.keys("figure-"))


async def persons(visit: Visit) -> None:
    await visit.tab.visit("leer")
    await visit.measure("Personen, first page", lambda: visit.tab.visit("personen"))
    _require(visit.tab.keys("persons-"))


async def search(visit: Visit) -> None:
    tab = visit.tab
    await visit.measure("search, full name", lambda: tab.type("search-persons", visit.name))
    _require(tab.keys("persons-"))
    given = visit.name.split()[0]
    await visit.measure("search, given name", lambda: tab.type("search-persons", given))
    _require(tab.keys("persons-"))
    await tab.type("search-persons", "")


async def last_page(visit: Visit) -> None:
    tab = visit.tab
    if tab.keys("pager-persons-last"):
        await visit.measure("Personen, last page", lambda: tab.tap("pager-persons-last"))
        _require(tab.keys("persons-"))
        await tab.tap("pager-persons-first")


async def file(visit: Visit) -> None:
    tab = visit.tab
    (code,) = visit.server.query("SELECT code FROM person WHERE id = ?", visit.person)[0]
    await visit.measure("search, code", lambda: tab.type("search-persons", str(code)))
    await visit.measure("file of a person", lambda: tab.tap(f"persons-{visit.person}"))
    _require(tab.keys("referrals-of-person-"))


async def slip(visit: Visit) -> None:
    async def fetch() -> Run:
        run, body = await visit.tab.fetch(f"slip-{visit.person}")
        if not body.startswith(b"%PDF"):
            raise Unexpected("the slip is no PDF")
        return run

    await visit.measure("slip (PDF)", fetch)


async def referral(visit: Visit) -> None:
    tab = visit.tab
    await visit.measure("referral, open the form", lambda: tab.tap(tab.key("refer-")))
    agency = _ending(tab, ".agency")  # for rare needs none is proposed
    await tab.type(agency, tab.widgets[agency].shown.options[0])
    await visit.measure("referral, save", lambda: tab.tap("save-referral-button"))
    _require(tab.query == f"person={visit.person}")


async def intake(visit: Visit) -> None:
    tab = visit.tab
    await visit.measure("Neue Aufnahme", lambda: tab.visit("aufnahme"))
    await tab.type("look.name", visit.name)
    await tab.tap("begin")
    await visit.measure(
        "intake, one field (draft)",
        lambda: tab.type(_ending(tab, ".year_of_birth"), str(1960 + visit.round % 40)),
    )
    await tab.choose(_ending(tab, ".languages"), 0, 1)
    await tab.choose(_ending(tab, ".areas"), 0, 1)
    await visit.measure("intake, save", lambda: tab.tap("save-intake-button"))
    _require(tab.query.startswith("person="))


async def chart(visit: Visit) -> None:
    await visit.measure("Zahlen (chart)", lambda: visit.tab.visit("zahlen"))


ACTIONS = (empty, today, persons, search, last_page, file, slip, referral, intake, chart)


async def measure(servers: list[Server], rounds: int) -> list[Row]:
    visits = [await Visit.begin(server) for server in servers]
    for place in range(-min(WARM_UP, rounds // 2), rounds):
        for action in ACTIONS:
            for visit in visits if place % 2 else visits[::-1]:
                if place == 0 and action is ACTIONS[0]:
                    visit.forget()
                visit.round = place % 1000
                await action(visit)
        print(f"\r  round {place + 1} of {rounds}", end="", flush=True)
    print()
    for visit in visits:
        await visit.tab.close()
    return [row for visit in visits for row in visit.rows()]


def _ending(tab: Tab, end: str) -> str:
    return next(key for key in tab.widgets if key.endswith(end))


def _require(seen: object) -> None:
    if not seen:
        raise Unexpected("the screen does not show what was to be measured")
