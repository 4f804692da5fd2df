"""What goes wrong: kills, stops and cuts, from a plan that a seed decides."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from random import Random

import msgspec
import structlog

from tests.chaos.proxy import Way
from tests.chaos.servers import ChaosServer, Servers

log = structlog.get_logger("chaos")
WAYS: tuple[Way, ...] = ("abort", "lose answers", "lose words", "hold")
PROGRESS_S = 20.0  # how long a fault waits for an acknowledgement after the one before it
POLL_S = 0.02


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How many of each. gap_s: mean time between faults. hold_s: the longest that one lasts; long_s: that one stop in
    five may last, 0 for none."""

    kill_server: int = 0
    kill_redis: int = 0
    kill_both: int = 0
    stop_server: int = 0
    stop_redis: int = 0
    cut: int = 0
    restart: int = 0
    gap_s: float = 0.4
    hold_s: float = 3.0
    long_s: float = 0.0

    def actions(self, rng: Random) -> list[str]:
        """Their names, in the order of this seed."""
        names = [name for name in ACTIONS for _ in range(getattr(self, name))]
        rng.shuffle(names)
        return names


def plan(kills: int, stops: int, cuts: int) -> Plan:
    """Kills are shared out among server, Redis and both, stops between server and Redis; some restarts besides."""
    both, redis = kills // 4, (kills - kills // 4) // 2
    return Plan(
        kill_server=kills - both - redis, kill_redis=redis, kill_both=both, stop_server=stops - stops // 2,
        stop_redis=stops // 2, cut=cuts, restart=(kills + 9) // 10, long_s=14,
    )  # fmt: skip


class Nemesis:
    """Works through a plan. progress: counts acknowledgements, so that faults don't only hit what is down already;
    actions: those of the plan that are left to do, the last one first; None for all, in the order of the seed."""

    def __init__(
        self,
        servers: Servers,
        plan: Plan,
        rng: Random,
        progress: Callable[[], int],
        actions: Sequence[str] | None = None,
    ) -> None:
        self._servers, self._plan, self._rng, self._progress = servers, plan, rng, progress
        self._left = plan.actions(rng) if actions is None else list(actions)
        self._may_act = asyncio.Event()
        self._may_act.set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._starting: set[asyncio.Task[None]] = set()
        self.done: Counter[str] = Counter()

    @property
    def left(self) -> int:
        return len(self._left)

    async def run(self) -> None:
        """Until the plan is done. `pause` and `go_on` make it wait in between."""
        while self._left:
            await self._may_act.wait()
            self._idle.clear()
            try:
                await self._act(self._left.pop())
            finally:
                self._idle.set()
            await asyncio.sleep(self._rng.expovariate(1 / self._plan.gap_s))
            if self._rng.random() < 0.7:  # the others hit while the last fault still heals
                await self._see_progress()

    async def _act(self, name: str) -> None:
        if await ACTIONS[name](self):
            self.done[name] += 1
        else:
            log.warning("a fault found nothing to hurt", fault=name)

    async def _see_progress(self) -> None:
        before = self._progress()
        for _ in range(int(PROGRESS_S / POLL_S)):
            if self._progress() > before:
                return
            await asyncio.sleep(POLL_S)

    async def pause(self) -> None:
        """No faults from now on; ends when everything that was hurt is back."""
        self._may_act.clear()
        await self._idle.wait()
        if self._starting:
            await asyncio.gather(*self._starting)
        await self._servers.redis(within_s=60)

    def go_on(self) -> None:
        self._may_act.set()

    # the faults ----------------------------------------------------------------------------------

    async def _victim(self) -> ChaosServer:
        """A server that runs; one may be on its way."""
        while not (alive := self._servers.alive()):  # noqa: ASYNC110 - a process tells nobody that it is there
            await asyncio.sleep(POLL_S)
        return self._rng.choice(alive)

    async def kill_server(self) -> bool:
        victim = await self._victim()
        await victim.kill()
        self._start_again(victim)
        return True

    async def kill_redis(self) -> bool:
        return await self._servers.kill_redis()

    async def kill_both(self) -> bool:
        """One server, or all of them, and Redis at once."""
        victims = [await self._victim()] if self._rng.random() < 0.5 else self._servers.alive()
        killed = await self._servers.kill_redis()
        for victim in victims:
            await victim.kill()
        for victim in victims:
            self._start_again(victim)
        return killed

    async def restart(self) -> bool:
        """SIGTERM, as at every new version: it drains."""
        victim = await self._victim()
        await victim.stop()
        self._start_again(victim)
        return True

    def _start_again(self, victim: ChaosServer) -> None:
        async def start() -> None:
            await asyncio.sleep(self._rng.uniform(0, self._plan.hold_s / 3))
            await victim.start()

        task = asyncio.get_running_loop().create_task(start())
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def stop_server(self) -> bool:
        victim = await self._victim()
        victim.pause()
        await self._hold()
        victim.go_on()
        return True

    async def stop_redis(self) -> bool:
        if not await self._servers.pause_redis():
            return False
        await self._hold()
        self._servers.go_on_redis()
        return True

    async def cut(self) -> bool:
        """Everybody's connections to one server, or a third of them."""
        way, share = self._rng.choice(WAYS), self._rng.choice((0.3, 1.0))
        for _ in range(int(PROGRESS_S / POLL_S)):
            victim = await self._victim()
            if await victim.proxy.hurt(way, share, self._rng.uniform(0.1, self._plan.hold_s / 2), self._rng):
                self.done[way] += 1
                return True
            await asyncio.sleep(POLL_S)
        return False

    async def _hold(self) -> None:
        """Mostly short; sometimes longer than anybody's patience."""
        is_long = self._rng.random() < 0.2
        await asyncio.sleep(self._rng.uniform(0.2, max(self._plan.hold_s, is_long * self._plan.long_s)))


ACTIONS = {
    "kill_server": Nemesis.kill_server,
    "kill_redis": Nemesis.kill_redis,
    "kill_both": Nemesis.kill_both,
    "stop_server": Nemesis.stop_server,
    "stop_redis": Nemesis.stop_redis,
    "cut": Nemesis.cut,
    "restart": Nemesis.restart,
}
