"""The town a process serves: its store, its places, its rules, its clock, its limits. What every feature is handed."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from rooms import case_policy, keys
from rooms.case_policy import Rule, Rules, Where
from rooms.clock import Clock
from rooms.lately import Lately
from rooms.limit import LIMITS, Limit
from rooms.on_call import POLICIES, CasePolicy
from rooms.place import LEVELS, Place, Places
from rooms.shape import OrganisationName, Urgency
from rooms.signature import KeyPair, new_seed
from rooms.space import Space
from rooms.store import Changed, Store, fields_of
from rooms.together import Together

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers a town may choose; product.md and promise.md name the defaults.

    cases: of each urgency, where no rule of an organisation or a place says otherwise.  open_cases, cases_a_day: an
    asker's share; beyond it a call is kept and pages nobody, unless it is urgent.  neighbours_over: who say that a
    warning is over end it, unless its kind has danger.  link_hosts: where the link of an alert may lead, or below.
    proof_ms: how long a shown second factor is good for what needs a fresh one.
    """

    limits: Mapping[str, Limit] = msgspec.field(default_factory=lambda: dict(LIMITS))
    edit_window_ms: int = 15 * 60_000
    warning_minutes: int = 60
    session_ms: int = 180 * DAY_MS
    proof_ms: int = 15 * MINUTE_MS
    household: int = 4
    code_valid_ms: int = 30 * DAY_MS
    keep_ms: Mapping[str, int] = msgspec.field(
        default_factory=lambda: {"talk": 30 * DAY_MS, "membership": 30 * DAY_MS, "warning": 90 * DAY_MS,
                                 "escalation": 180 * DAY_MS, "alert": 180 * DAY_MS}
    )  # fmt: skip
    keep_audit_ms: int = 730 * DAY_MS
    few_below: int = 5
    lease_ms: int = 25_000
    duty_ms: int = 5 * 60_000
    cases: Mapping[Urgency, CasePolicy] = msgspec.field(default_factory=lambda: dict(POLICIES))
    open_cases: int = 3
    cases_a_day: int = 5
    neighbours_over: int = 3
    link_hosts: tuple[str, ...] = ("politie.nl", "denhaag.nl", "rijksoverheid.nl", "crisis.nl")


class Town:
    """One process's view of the town. code_key: the secret, kept outside Redis, under which codes are stored.
    signing: the key pair of its alerts; without one it signs by a new one, which no client knows."""

    def __init__(
        self,
        store: Store,
        code_key: bytes,
        *,
        clock: Clock | None = None,
        policy: Policy | None = None,
        signing: KeyPair | None = None,
    ) -> None:
        self.store, self.code_key = store, code_key
        self.clock, self.policy = clock or Clock(), policy or Policy()
        self.signing = signing or KeyPair(new_seed())
        self.together, self.lately = Together(), Lately()
        self.places = Places(())
        self._places_version = ""
        self.rules: Rules = {}
        self._rules_version = ""
        self.talk_waits = False
        """The store is nearly full: talk is refused so that warnings, cases and alerts keep their place."""
        self.space, self.may_rewrite = Space.AMPLE, True
        """What the disk has room for, and whether a rewriting of the store's file may begin (server/disk.py)."""

    async def load_places(self) -> bool:
        """Read the places again if somebody imported since; True where they changed."""
        version = (await self.store.read("GET", keys.PLACES_VERSION) or b"").decode()
        if version == self._places_version:
            return False
        rows = await self.store.read("HVALS", keys.PLACES)
        places = [msgspec.msgpack.decode(row, type=Place) for row in rows]
        self.places = Places(sorted(places, key=lambda place: (LEVELS[place.kind], place.id)))
        self._places_version = version
        return True

    async def import_places(self, places: list[Place]) -> int:
        """Add these places, or change those of the same id, all or none; returns how many there are now.

        Raises PlaceError where they and those that are there make no tree.
        """
        rows = [part for place in places for part in (place.id, msgspec.msgpack.encode(place))]
        while True:
            await self.load_places()
            updated = self.places.updated(places)
            if not rows:
                return len(updated)
            try:
                arguments = [self._places_version, *rows]
                (version,) = await self.store.run("import_places", [keys.PLACES, keys.PLACES_VERSION], arguments)
            except Changed:
                continue  # somebody else imported meanwhile, or our first try did: look again
            self.places, self._places_version = updated, str(version)
            return len(updated)

    def case_policy(self, organisation: OrganisationName, urgency: Urgency, place: str) -> CasePolicy:
        """How a case of this organisation and urgency runs that opens in this place now."""
        line = self.places.line(place)
        return case_policy.policy_for(self.rules, self.policy.cases[urgency], organisation, urgency, line)

    async def load_rules(self) -> bool:
        """Read the rules of cases again if somebody changed one since; True where they changed."""
        version = (await self.store.read("GET", keys.RULES_VERSION) or b"").decode()
        if version == self._rules_version:
            return False
        rows = fields_of(await self.store.read("HGETALL", keys.RULES))
        self.rules = {
            case_policy.where(field.decode()): msgspec.msgpack.decode(body, type=Rule) for field, body in rows.items()
        }
        self._rules_version = version
        return True

    async def set_rule(self, at: Where, rule: Rule) -> None:
        """Set these numbers; what was set before and is not among them stays. Raises Refusal("bad_request")."""
        case_policy.check(at, rule)
        await self._write_rule(at, rule)

    async def clear_rule(self, at: Where) -> bool:
        """Take a rule away; False where there was none."""
        await self.load_rules()
        if at not in self.rules:
            return False
        await self._write_rule(at, None)
        return True

    async def _write_rule(self, at: Where, rule: Rule | None) -> None:
        while True:
            await self.load_rules()
            body = b"" if rule is None else msgspec.msgpack.encode(rule.over(self.rules.get(at)))
            try:
                await self.store.run(
                    "set_rule", [keys.RULES, keys.RULES_VERSION], [self._rules_version, at.field, body]
                )
            except Changed:
                continue  # somebody else set one meanwhile, or our first try did: look again
            await self.load_rules()
            return
