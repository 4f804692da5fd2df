"""`python -m server.demo.living`: the neighbours and the staff on duty of the demo. A child of it.

A process of its own, so that what they cost is not the server's. The street that visitors look at lives first; the
others follow in the background.
"""

from __future__ import annotations

import asyncio
import os
from functools import partial
from typing import Any

from rooms.person import Person
from rooms.town import Town
from server.cli_ground import run
from server.demo import cast, child, hours, people, warned
from server.demo.cast import Home
from server.demo.child import Orders
from server.demo.desk import Desk
from server.demo.neighbour import Neighbour
from server.demo.pace import Pace
from server.demo.story import Evening
from server.demo.street import Street
from server.ground import open_town

LOOK_S = 60.0
"""How often it is looked who should be awake."""
AT_ONCE = 4
"""Neighbours who come in at the same time."""


class Life:
    """Everybody who lives in this town. streets: those whose neighbours have come, the story's first.  staff: those on
    duty."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self.pace = Pace(orders.pace, orders.hour, orders.settings.zone)
        self.desk = Desk(self.pace)
        self.streets: list[Street] = []
        self.staff: list[Neighbour] = []
        self._few_at_once = asyncio.Semaphore(AT_ONCE)

    async def begin(self, town: Town) -> list[Home]:
        """The story's street and the staff come; returns the streets that are yet to come."""
        first, *rest = cast.homes(town.places)
        self.staff = await asyncio.gather(*(self._colleague(town, row) for row in cast.ON_DUTY))
        await self.move_in(town, first)
        return rest

    def evening(self) -> Evening:
        """The story, told by the story's street and the staff."""
        street, (officer, second, *_) = self.streets[0], self.staff
        by_name = {neighbour.name: neighbour for neighbour in street.neighbours}
        return Evening(street, {**by_name, "officer": officer, "second": second}, self.desk, self.pace)

    async def _colleague(self, town: Town, row: cast.Colleague) -> Neighbour:
        person = await people.colleague(town, row)
        member = await self._neighbour(town, person, on_event=partial(self.desk.hear, person.id))
        self.desk.add(member, takes=row in cast.TAKERS)
        await member.come()
        await member.do("duty.start")
        return member

    async def move_in(self, town: Town, home: Home) -> None:
        """A street's neighbours get their accounts, and those who are awake come."""
        found = await people.residents(town, home.street, home.names)
        neighbours = [await self._neighbour(town, person) for person in found]
        street = Street(home.street, neighbours, self.pace, is_lively=not self.streets)
        await self.wake(street)
        self.streets.append(street)

    async def _neighbour(self, town: Town, person: Person, on_event: Any = None) -> Neighbour:
        token, device = await people.begin(town, person)
        return Neighbour(self._orders.url, person, token, device, self.pace, on_event)

    async def sun(self) -> None:
        """Let neighbours come and go as the hours go by."""
        while True:
            await asyncio.sleep(LOOK_S)
            for street in self.streets:
                await self.wake(street)

    async def wake(self, street: Street) -> None:
        """Those who should be awake come, the others go."""
        await asyncio.gather(*(self._come_or_go(neighbour) for neighbour in street.neighbours))

    async def _come_or_go(self, neighbour: Neighbour) -> None:
        stays_up = neighbour.name in cast.story_names()
        is_awake = stays_up or hours.is_awake(neighbour.name, self.pace.hour())
        if is_awake == neighbour.is_here:
            return
        async with self._few_at_once:
            await (neighbour.come() if is_awake else neighbour.go())


async def live(orders: Orders) -> None:
    """For ever."""
    life = Life(orders)
    async with asyncio.TaskGroup() as tasks, open_town(orders.settings) as ground:
        rest = await life.begin(ground.town)
        tasks.create_task(life.streets[0].live())
        tasks.create_task(life.evening().play())
        for home in rest:
            await life.move_in(ground.town, home)
            tasks.create_task(life.streets[-1].live())
        for _ in range(warned.AT_ONCE):
            tasks.create_task(warned.live(life.streets[1:] or life.streets, life.pace))
        tasks.create_task(life.sun())


async def main() -> None:
    """Until the parent has gone: then this process ends at once, and with it its 300 sockets; nothing here is kept."""
    orders, pipe = await child.orders()
    gone = asyncio.ensure_future(child.parent_gone(pipe))
    gone.add_done_callback(lambda _: os._exit(0))
    await live(orders)


if __name__ == "__main__":
    run(main())
