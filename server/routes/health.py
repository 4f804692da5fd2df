"""/healthz: this process lives. /readyz: it can serve. /metrics: its figures."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from rooms.refusal import Refusal
from rooms.space import Space
from rooms.store import StoreFault
from rooms.town import Town
from server import metrics
from server.gateway import Gateway
from server.routes.account import answer
from server.sweeps import UNHEALTHY_S, Sweeps


class HealthRoutes:
    """The handlers; `table` says at which paths."""

    def __init__(self, town: Town, gateway: Gateway, sweeps: Sweeps, restarts: Callable[[], int]) -> None:
        self._town, self._gateway, self._sweeps, self._restarts = town, gateway, sweeps, restarts

    def table(self) -> list[web.RouteDef]:
        return [
            web.get("/healthz", self.healthy),
            web.get("/readyz", self.ready),
            web.get("/metrics", self.figures),
        ]

    async def healthy(self, _request: web.Request) -> web.Response:
        age_s = self._sweeps.age_s()
        well = age_s < UNHEALTHY_S
        return answer({"ok": well, "tick_age_s": round(age_s, 3)}, 200 if well else 503)

    async def ready(self, _request: web.Request) -> web.Response:
        reason = "draining" if self._gateway.draining else await self._store_problem()
        if reason is not None:
            return answer({"ok": False, "reason": reason}, 503)
        # Ready all the same: sent elsewhere, people would find no other disk, and nobody to read from.
        return answer({"ok": True, **({"read_only": True} if self._town.space >= Space.READ_ONLY else {})}, 200)

    async def _store_problem(self) -> str | None:
        try:
            await self._town.store.read("PING")
        except (Refusal, StoreFault):
            return "unavailable"
        return None

    async def figures(self, _request: web.Request) -> web.Response:
        metrics.tick_age_s.set(self._sweeps.age_s())
        metrics.redis_restarts.set(self._restarts())
        return web.Response(body=generate_latest(metrics.REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST})
