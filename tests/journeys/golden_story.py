"""A golden story: who does what, told by a real server to one reader, in a form that is the same in every run.

tests/golden/NAME.json holds `story` (one sentence), `reader`, `before` and `deeds` (written by hand), and what the
server makes of them: `state` (the reader's welcome and pages before the deeds), `events` (what the reader is told
meanwhile, and pulls), `snapshot` (welcome and pages afterwards) and `expected` (the rooms, folded from the snapshot).
Ids of people and of alerts read as their names, a room's epochs as 1, 2, ...; times follow from the numbers, and
signatures read as "signed". `presence.changed` is left out: it comes by the clock.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from rooms import alert_due, log, presence, retention, warning_due
from server.app import Running
from tests.conftest import Join, code_for, until
from tests.neighbour import Neighbour
from tests.town import DE_VISSEN, GOUDKARPERSINGEL, JAN_LUYKENLAAN, MOERWIJK_WEST, MovedClock, device_of

Deed = dict[str, Any]
Event = dict[str, Any]
ROOMS = {
    "street": JAN_LUYKENLAAN,
    "neighbourhood": MOERWIJK_WEST,
    "new street": GOUDKARPERSINGEL,
    "new neighbourhood": DE_VISSEN,
}
STREETS = {"Jan Luykenlaan": JAN_LUYKENLAAN, "Goudkarpersingel": GOUDKARPERSINGEL}
WEIGHT = {"severity": "moderate", "urgency": "immediate", "certainty": "observed", "category": "security"}
BY_THE_CLOCK = {"presence.changed"}
SECOND_MS = 1000
DAY_MS = 86_400_000
"""When every warning ends, as it is told: what ends by the clock has an entry that says so."""


class Story:
    """One story under way. told: what the reader has been told and has pulled since the last `connect`."""

    def __init__(self, server: Running, clock: MovedClock, join: Join, staff: Join, reader: str) -> None:
        self._server, self._clock, self._join, self._staff, self._name = server, clock, join, staff, reader
        self._people: dict[str, Neighbour] = {}
        self._alerts: dict[str, str] = {}
        self._labels: dict[str, int] = {}
        self._heard = 0
        self.told: list[Event] = []

    @property
    def reader(self) -> Neighbour:
        return self._people[self._name]

    async def play(self, deeds: list[Deed]) -> None:
        for deed in deeds:
            for _ in range(deed.get("times", 1)):
                await getattr(self, "_" + deed["does"].replace(".", "_").replace(" ", "_"))(deed)
            await self._listen()

    async def snapshot(self) -> list[Event]:
        """What somebody is told who comes with nothing: the welcome, and every page from the newest back."""
        await self.reader.connect()
        pages = [page for room in self.reader.welcome["rooms"] for page in await self._pages(room["id"], room["head"])]
        await self._listen()
        self.told.clear()
        return [{"event": "welcome", **self.reader.welcome}, *pages]

    def plain(self, facts: Any) -> Any:
        """The facts without what differs from run to run."""
        return Plain(self._people, self._alerts).of(facts)

    # the deeds -----------------------------------------------------------------------------------

    async def _joins(self, deed: Deed) -> None:
        self._people[deed["who"]] = await self._join(deed["who"], STREETS[deed.get("street", "Jan Luykenlaan")])

    async def _signs_in(self, deed: Deed) -> None:
        """A member of the staff."""
        self._people[deed["who"]] = await self._staff(deed["who"])

    async def _moves(self, deed: Deed) -> None:
        who = self._people[deed["who"]]
        code = await code_for(self._server.town, STREETS[deed["street"]])
        status, answer = await who.post("/api/move", {"code": code}, who.token)
        assert status == 200, answer

    async def _command(self, deed: Deed, *fields: str) -> None:
        who = self._people[deed["who"]]
        payload: dict[str, Any] = {"room": ROOMS[deed.get("room", "street")], "client_id": who.next_id()}
        for field in fields:
            if field in deed:
                payload[field] = self._labels.get(deed[field], deed[field])
        reply = await who.ask(deed["does"], payload)
        assert reply["ok"], reply
        self._labels[deed.get("as", "")] = reply["seq"]

    async def _message_post(self, deed: Deed) -> None:
        await self._command(deed, "text", "reply_to")

    async def _message_edit(self, deed: Deed) -> None:
        await self._command(deed, "text", "target")

    async def _message_retract(self, deed: Deed) -> None:
        await self._command(deed, "target")

    async def _message_react(self, deed: Deed) -> None:
        await self._command(deed, "target", "reaction")

    async def _warning_raise(self, deed: Deed) -> None:
        await self._command(deed, "kind", "text", "emergency", "minutes", "place_note")

    async def _warning_answer(self, deed: Deed) -> None:
        await self._command(deed, "target", "answer")

    async def _warning_clear(self, deed: Deed) -> None:
        await self._command(deed, "target")

    async def _warning_retract(self, deed: Deed) -> None:
        await self._command(deed, "target", "reason")

    async def _warning_correct(self, deed: Deed) -> None:
        await self._command(deed, "target", "reason", "text")

    async def _warning_route(self, deed: Deed) -> None:
        await self._command(deed, "target", "desk")

    async def _alert_broadcast(self, deed: Deed) -> None:
        """To the place of a room, as a preview showed it; of little weight, so that nobody has to approve."""
        who, said = self._people[deed["who"]], {name: deed[name] for name in ("headline", "text")}
        until = self._clock.now_ms() + deed.get("minutes", 120) * 60 * SECOND_MS
        where = {"places": [ROOMS[deed.get("room", "street")]], "expires_at": until}
        preview = await who.ask("alert.preview", {**where, **WEIGHT, **said})
        assert preview["ok"], preview
        sent = await self._of_alert(deed, preview=preview["preview"])
        self._alerts[sent["alert"]] = deed["as"]

    async def _alert_update(self, deed: Deed) -> None:
        await self._of_alert(deed, text=deed["text"])

    async def _alert_clear(self, deed: Deed) -> None:
        await self._of_alert(deed)

    async def _alert_cancel(self, deed: Deed) -> None:
        await self._of_alert(deed, reason=deed["reason"])

    async def _alert_seen(self, deed: Deed) -> None:
        """By the reader, on a device that nobody has used; this one is told."""
        room = ROOMS[deed.get("room", "street")]
        tablet = await self.reader.other_device(deed["device"])
        said = {"alert": self._alert(deed), "room": room, "client_id": tablet.next_id()}
        assert (await tablet.ask("alert.seen", said))["ok"]
        await self.reader.expect("alert.noticed", room=room)
        await tablet.close()

    async def _of_alert(self, deed: Deed, **more: Any) -> dict[str, Any]:
        who = self._people[deed["who"]]
        about = {"alert": self._alert(deed)} if "alert" in deed else {}
        reply = await who.ask(deed["does"], {**about, "client_id": who.next_id(), **more})
        assert reply["ok"], reply
        return reply

    def _alert(self, deed: Deed) -> str:
        return next(alert for alert, name in self._alerts.items() if name == deed["alert"])

    async def _it_is_noted_who_was_given_what(self, _deed: Deed) -> None:
        """What the server does every moment, so that the story does not depend on which one it is."""
        fanout = self._server.fanout
        if not self.reader.connected:
            await until(lambda: self.reader.id not in fanout.people)
        await presence.renew(self._server.town, fanout.arrived())
        await self._server.sweeps.note_given()

    async def _notices_are_given(self, _deed: Deed) -> None:
        await warning_due.overdue(self._server.town, self._clock.now_ms())
        if self.reader.connected:
            await self.reader.expect("correction.given")

    async def _minutes_pass(self, deed: Deed) -> None:
        """What ends by the clock, does."""
        self._clock.forward(minutes=deed["minutes"])
        await warning_due.overdue(self._server.town, self._clock.now_ms())
        await alert_due.overdue(self._server.town, self._clock.now_ms())

    async def _reads_elsewhere(self, deed: Deed) -> None:
        """On another device; this one is told."""
        tablet = await self.reader.other_device()
        seq = self._labels[deed["seq"]]
        assert (await tablet.ask("room.read", {"room": ROOMS[deed.get("room", "street")], "seq": seq}))["ok"]
        await self.reader.expect("room.read_moved", seq=seq)
        await tablet.close()

    async def _goes_away(self, _deed: Deed) -> None:
        await self._listen()
        await self.reader.close()

    async def _comes_back(self, _deed: Deed) -> None:
        await self.reader.resume()

    async def _pulls(self, deed: Deed) -> None:
        """Asks for what lies after a seq."""
        room = ROOMS[deed.get("room", "street")]
        await self._listen()
        self.told.append(await self._page(room, after=deed["after"]))

    async def _days_pass(self, deed: Deed) -> None:
        self._clock.forward(days=deed["days"])
        await retention.purge(self._server.town)

    async def _is_moderated(self, deed: Deed) -> None:
        seq, town = self._labels[deed["target"]], self._server.town
        await log.blank(town.store, JAN_LUYKENLAAN, [seq], "moderation", town.clock.now_ms())

    async def _the_log_is_rolled_back(self, _deed: Deed) -> None:
        town = self._server.town
        known = (await self._page(JAN_LUYKENLAAN, asker="Ben"))["epoch"]
        await log.raise_epoch(town.store, JAN_LUYKENLAAN, known, town.clock.now_ms())

    # what the reader holds -----------------------------------------------------------------------

    async def _listen(self) -> None:
        """Takes down what has come, when nothing more is under way."""
        if self._name not in self._people or not self.reader.connected:
            return
        await self.reader.expect_nothing("nothing")
        news, self._heard = self.reader.events[self._heard :], len(self.reader.events)
        self.told += [{"event": name, **payload} for name, payload in news if name not in BY_THE_CLOCK]

    async def _page(self, room: str, asker: str = "", **part: int) -> Event:
        reply = await self._people[asker or self._name].ask("room.history", {"room": room, "limit": 200, **part})
        assert reply.pop("ok"), reply
        return {"event": "room.page", "room": room, **reply}

    async def _pages(self, room: str, head: int) -> list[Event]:
        pages = [await self._page(room, before=head + 1)]
        while pages[-1]["more"]:
            pages.append(await self._page(room, before=pages[-1]["entries"][0]["seq"]))
        return pages


class Plain:
    """Names for ids, ranks for epochs, numbers for times. alerts: id -> name."""

    def __init__(self, people: dict[str, Neighbour], alerts: dict[str, str]) -> None:
        self._names = {**alerts, **{person.id: name.lower() for name, person in people.items()}}
        self._names |= {device_of(name, number): f"{name.lower()}-{number}" for name in people for number in (1, 2)}
        self._epochs: dict[str, list[int]] = {}

    def of(self, facts: Any) -> Any:
        if isinstance(facts, dict):
            return {name: self._fact(name, value, facts) for name, value in facts.items()}
        if isinstance(facts, list):
            return [self.of(fact) for fact in facts]
        return self._named(facts) if isinstance(facts, str) else facts

    def _fact(self, name: str, value: Any, facts: dict[str, Any]) -> Any:
        if name == "epoch":
            known = self._epochs.setdefault(facts.get("room") or facts["id"], [])
            known += [value] if value not in known else []
            return known.index(value) + 1
        if name in ("until", "expires_at"):
            return DAY_MS
        if name in ("signature", "key"):
            return "signed"
        if name == "body":
            return json.dumps(self.of(json.loads(value)), ensure_ascii=False, separators=(",", ":"))
        if name in ("at", "now", "sent"):
            return facts.get("seq", 0) * SECOND_MS
        return self.of(value)

    def _named(self, text: str) -> str:
        first, colon, rest = text.partition(":")
        return self._names.get(first, first) + colon + rest


# the rooms, folded -------------------------------------------------------------------------------------

Rows = dict[int, dict[str, Any]]


def folded(snapshot: list[Event]) -> dict[str, Any]:
    """What a reader of this snapshot sees: room -> {head, read, rows}. Written apart from the client's apply.ts."""
    welcome = snapshot[0]
    return {room["id"]: _room(room, snapshot[1:], welcome) for room in welcome["rooms"]}


def _room(room: dict[str, Any], pages: list[Event], welcome: Event) -> dict[str, Any]:
    entries = [entry for page in pages if page["room"] == room["id"] for entry in page["entries"]]
    rows: Rows = {}
    for entry in sorted(entries, key=lambda entry: int(entry["seq"])):
        FOLDS[entry["event"]](rows, entry, entry["data"])
    pinned = [_pinned(view) for view in welcome.get("warnings", []) if view["room"] == room["id"]]
    alerts = [_on_top(view) for view in welcome.get("alerts", []) if view["room"] == room["id"]]
    seen = {"head": room["head"], "read": room["read"], "rows": list(rows.values())}
    return {**seen, **({"pinned": pinned} if pinned else {}), **({"alerts": alerts} if alerts else {})}


def _on_top(view: dict[str, Any]) -> dict[str, Any]:
    """An official alert in force, as it stands on top of the room."""
    seen = {"seen": True} if view.get("seen") else {}
    return {"seq": view["seq"], "alert": view["alert"], "n": view["n"], "says": _headline(view["body"]), **seen}


def _headline(body: str) -> str:
    return str(json.loads(body)["words"][0]["headline"])


def _pinned(view: dict[str, Any]) -> dict[str, Any]:
    """A warning in force, as it stands above the talk."""
    mine = {"mine": view["mine"]} if "mine" in view else {}
    return {"seq": view["seq"], "warning": view["text"], "desk": view["desk"], "counts": view["counts"], **mine}


def _posted(rows: Rows, entry: Event, data: dict[str, Any]) -> None:
    reply_to = {"reply_to": data["reply_to"]} if "reply_to" in data else {}
    rows[entry["seq"]] = {"seq": entry["seq"], "by": entry["by"]["name"], "words": data["text"], **reply_to}


def _edited(rows: Rows, _entry: Event, data: dict[str, Any]) -> None:
    row = rows[data["target"]]
    row["before"] = [*row.get("before", []), row["words"]]
    row["words"] = data["text"]


def _retracted(rows: Rows, _entry: Event, data: dict[str, Any]) -> None:
    rows[data["target"]] = {"seq": data["target"], "blank": "retracted"}


def _reacted(rows: Rows, entry: Event, data: dict[str, Any]) -> None:
    reactions = rows[data["target"]].setdefault("reactions", {})
    reactions.pop(entry["by"]["id"], None)
    if data["reaction"]:
        reactions[entry["by"]["id"]] = data["reaction"]
    if not reactions:
        del rows[data["target"]]["reactions"]


def _came(rows: Rows, entry: Event, data: dict[str, Any]) -> None:
    rows[entry["seq"]] = {"seq": entry["seq"], "joined": data["person"]["name"]}


def _went(rows: Rows, entry: Event, data: dict[str, Any]) -> None:
    rows[entry["seq"]] = {"seq": entry["seq"], "left": data["person"]["name"]}


def _blanked(rows: Rows, entry: Event, data: dict[str, Any]) -> None:
    if "target" not in data:
        rows[entry["seq"]] = {"seq": entry["seq"], "blank": data["reason"]}


def _raised(rows: Rows, entry: Event, data: dict[str, Any]) -> None:
    rows[entry["seq"]] = {
        "seq": entry["seq"], "by": entry["by"]["name"], "warning": data["text"], "desk": data["proposed"]["desk"],
        "counts": {"see": 0, "not_here": 0, "over": 0},
    }  # fmt: skip


def _answered(rows: Rows, _entry: Event, data: dict[str, Any]) -> None:
    rows[data["target"]]["counts"] = data["counts"]


def _ended(rows: Rows, entry: Event, data: dict[str, Any]) -> None:
    rows[data["target"]]["end"] = entry["event"]
    _lined(rows, entry, data)


def _corrected(rows: Rows, entry: Event, data: dict[str, Any]) -> None:
    rows[data["target"]]["warning"] = data["text"]
    _lined(rows, entry, data)


def _routed(rows: Rows, entry: Event, data: dict[str, Any]) -> None:
    rows[data["target"]]["desk"] = data["desk"]
    _lined(rows, entry, data)


def _lined(rows: Rows, entry: Event, data: dict[str, Any]) -> None:
    rows[entry["seq"]] = {"seq": entry["seq"], entry["event"]: data["target"]}


def _official(rows: Rows, entry: Event, data: dict[str, Any]) -> None:
    says = {"says": _headline(data["body"])} if "body" in data else {}
    rows[entry["seq"]] = {"seq": entry["seq"], entry["event"]: data["alert"], "n": data["n"], **says}


FOLDS: dict[str, Callable[[Rows, Event, dict[str, Any]], None]] = {
    "message.posted": _posted,
    "message.edited": _edited,
    "message.retracted": _retracted,
    "message.reacted": _reacted,
    "member.joined": _came,
    "member.left": _went,
    "entry.blanked": _blanked,
    "warning.raised": _raised,
    "warning.answered": _answered,
    "warning.cleared": _ended,
    "warning.expired": _ended,
    "warning.retracted": _ended,
    "warning.corrected": _corrected,
    "warning.routed": _routed,
    "alert.broadcast": _official,
    "alert.updated": _official,
    "alert.cancelled": _official,
    "alert.cleared": _official,
    "alert.expired": _official,
}
