"""A town hall at work: signed-in people who click, think, and click again."""

import asyncio
import random
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bench.client import PASSWORD, Run, Tab, Unexpected, sign_in
from bench.installation import Server
from bench.measure import Row

THIRDS = ("first", "second", "last")
SIGN_INS_AT_ONCE = 2  # as many as the server checks at once


@dataclass(frozen=True)
class Click:
    at: float
    """Seconds since the clock was started."""
    seconds: float


@dataclass(frozen=True)
class Third:
    """A growing queue shows in the last third being slower than the first."""

    clicks: int
    median: float
    slowest_twentieth: float
    cpu_per_click: float | None


async def load(server: Server, people: int, seconds: float, think: float) -> list[Third]:
    """Have so many people work for so long; each thinks for `think` seconds on average."""
    gate = asyncio.Semaphore(SIGN_INS_AT_ONCE)
    tabs = await asyncio.gather(*(_come_in(server, gate) for _person in range(people)))
    names = await _names(tabs[0])
    begun = time.perf_counter()
    clicks: list[Click] = []
    persons = [_Person(tab, number, names) for number, tab in enumerate(tabs)]
    working = [asyncio.create_task(_work(one, clicks, begun, think)) for one in persons]
    cpu = [server.cpu_seconds()]
    for _third in THIRDS:
        await asyncio.sleep(seconds / len(THIRDS))
        cpu.append(server.cpu_seconds())
    # Who still waits has waited at least so long.
    waiting = [one.waiting_since for one in persons if one.waiting_since is not None]
    clicks += [Click(since - begun, time.perf_counter() - since) for since in waiting]
    for task in working:
        if task.done():
            task.result()
        task.cancel()
    await asyncio.gather(*working, return_exceptions=True)
    for tab in tabs:
        await tab.close()
    return _thirds(clicks, seconds, cpu)


def rows(server: Server, people: int, thirds: list[Third], empty_ms: float) -> list[Row]:
    """One line for the median and one for the slowest twentieth of each third."""
    made = []
    for name, third in zip(THIRDS, thirds, strict=True):
        cpu = None if third.cpu_per_click is None else round(third.cpu_per_click * 1000, 2)
        for label, value in (("median", third.median), ("p95", third.slowest_twentieth)):
            ms = round(value * 1000, 2)
            title = f"{people} people, {name} third, {label}"
            made.append(Row(title, server.persons, ms, cpu, round(ms / empty_ms, 2)))
    return made


class _Person:
    """What one of them does next depends on nothing but their own chance."""

    def __init__(self, tab: Tab, number: int, names: list[str]) -> None:
        self.tab = tab
        self.number = number
        self.chance = random.Random(number)
        self.waiting_since: float | None = None
        self._names = names
        self._next: list[Callable[[], Coroutine[Any, Any, Run]]] = []

    async def click(self) -> float:
        """One click; how long it took."""
        if not self._next:
            self._next = self.chance.choices(
                (self._look_at_today(), self._find_somebody(), self._watch_referrals(),
                 self._begin_intake(), self._see_figures()),
                weights=(25, 40, 15, 15, 5),
            )[0]  # fmt: skip
        self.waiting_since = time.perf_counter()
        try:
            return (await self._next.pop(0)()).seconds
        finally:
            self.waiting_since = None

    def _look_at_today(self) -> list[Any]:
        return [lambda: self.tab.visit("")]

    def _find_somebody(self) -> list[Any]:
        name = self.chance.choice(self._names)
        return [
            lambda: self.tab.visit("personen"),
            lambda: self.tab.type("search-persons", name),
            lambda: self.tab.tap(self.chance.choice(self.tab.keys("persons-"))),
        ]

    def _watch_referrals(self) -> list[Any]:
        return [
            lambda: self.tab.visit("verweise"),
            lambda: self.tab.tap(self.chance.choice(self.tab.keys("referrals-"))),
        ]

    def _begin_intake(self) -> list[Any]:
        name = f"{self.chance.choice(self._names).split()[0]} {self.number}"

        def field(end: str) -> str:
            return next(key for key in self.tab.widgets if key.endswith(end))

        return [
            lambda: self.tab.visit("aufnahme"),
            lambda: self.tab.type("look.name", name),
            lambda: self.tab.tap("begin"),
            lambda: self.tab.type(field(".year_of_birth"), "1988"),
            lambda: self.tab.choose(field(".languages"), 0),
            lambda: self.tab.choose(field(".areas"), 0, 2),
            lambda: self.tab.tap("save-intake-button"),
        ]

    def _see_figures(self) -> list[Any]:
        return [lambda: self.tab.visit("zahlen")]


async def _come_in(server: Server, gate: asyncio.Semaphore) -> Tab:
    async with gate:
        cookie = await asyncio.to_thread(sign_in, server.host, "guide", PASSWORD)
        return await Tab.open(server.host, cookie)


async def _work(person: _Person, clicks: list[Click], begun: float, think: float) -> None:
    await asyncio.sleep(person.chance.uniform(0, think))  # they do not all begin at once
    while True:
        at = time.perf_counter() - begun
        clicks.append(Click(at, await person.click()))
        await asyncio.sleep(person.chance.uniform(0.5 * think, 1.5 * think))


async def _names(tab: Tab) -> list[str]:
    names = []
    await tab.visit("personen")
    for _page in range(4):
        for key in tab.keys("persons-"):
            names.append(str(tab.widgets[key].shown.label).split("**")[1].replace("\\", ""))
        with suppress(Unexpected):  # a small town has fewer pages
            await tab.tap("pager-persons-next")
    await tab.visit("")
    return names


def _thirds(clicks: list[Click], seconds: float, cpu: list[float | None]) -> list[Third]:
    made = []
    for place in range(len(THIRDS)):
        begin, end = (seconds * (place + more) / len(THIRDS) for more in (0, 1))
        took = sorted(click.seconds for click in clicks if begin <= click.at < end)
        if not took:
            raise Unexpected("nobody has clicked: let them work longer")
        before, after = cpu[place], cpu[place + 1]
        used = None if before is None or after is None else (after - before) / len(took)
        made.append(Third(len(took), took[len(took) // 2], took[int(len(took) * 0.95)], used))
    return made
