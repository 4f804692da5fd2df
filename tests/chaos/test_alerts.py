"""Alerts to the whole town while servers and Redis are killed: a short run, and what its judge must not overlook."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable

import msgspec
import pytest

from rooms.alert_shape import AlertBody, AlertType, AlertWords
from rooms.shape import NamedPlace
from rooms.signature import KeyPair
from tests.chaos import alerts_planted
from tests.chaos.alerts import TRIALS, attempt
from tests.chaos.alerts_check import Ack, Device, Entry, Evidence, Kept, Sent, check
from tests.chaos.alerts_run import Options, run

SEED = 20261123
ROOMS, ELSEWHERE, ALERT = ("BU05183637", "BU05183488"), "BU05184420", "k3m7x2w7q4v5"
KEY, STRANGER = KeyPair(bytes(32)), KeyPair(bytes(range(32)))
EVENTS: dict[AlertType, str] = {"alert": "alert.broadcast", "update": "alert.updated", "clear": "alert.cleared"}
Spoil = Callable[[Evidence], Evidence]


@pytest.mark.timeout(90)
async def test_kills_in_the_middle_of_a_broadcast_double_and_lose_nothing() -> None:
    """Twelve residents, one server, four kills: everyone has every message exactly once."""
    outcome = await run(Options(seed=SEED, kills=4, servers=1, residents=12))
    print(outcome.told(SEED))
    assert not outcome.violations, outcome.violations[:5]
    assert not outcome.faults
    assert outcome.done["rounds"] == 4
    assert outcome.done["in the middle"] > 0
    assert len(outcome.evidence.acks) == 3 + 4
    assert all(len(device.given) >= 7 for device in outcome.evidence.devices.values())


async def test_a_planted_bug_is_caught() -> None:
    """An area that reaches people in two of their rooms shows at once. The whole table by hand."""
    caught, found = await attempt("both_rooms", secrets.randbelow(10**6))
    assert caught, found


def test_every_planted_bug_has_a_trial() -> None:
    """No bug can be planted that the table does not try."""
    assert set(TRIALS) == set(alerts_planted.BUGS)


# the judge -------------------------------------------------------------------------------------------


def message(n: int, kind: AlertType, key: KeyPair = KEY) -> Sent:
    said = AlertBody(
        alert=ALERT, n=n, type=kind, organisation="police", sender_name="Wijkagent", sent=1_000 * n, expires_at=99_000,
        severity="moderate", urgency="immediate", certainty="observed", category="fire", rooms=ROOMS,
        words=(AlertWords(language="nl", event="Brand", headline="Rook", text=f"Bericht {n}."),),
        areas=(NamedPlace("GM0518", "'s-Gravenhage"),),
    )  # fmt: skip
    body = msgspec.json.encode(said)
    return Sent(n, kind, body.decode(), base64.urlsafe_b64encode(key.sign(body)).rstrip(b"=").decode(), key.id)


CHAIN = (message(1, "alert"), message(2, "update"), message(3, "clear"))


def entry(room: str, n: int, seq: int = 0) -> Entry:
    sent = CHAIN[n - 1]
    return Entry(room=room, seq=seq or n, at=1_000 * n, event=EVENTS[sent.type], alert=ALERT, n=n, body=sent.body,  # type: ignore[index]
                 signature=sent.signature, key=sent.key)  # fmt: skip


def as_it_should_be() -> Evidence:
    """One alert of three messages in two rooms, and a resident of each."""
    logs = {room: [entry(room, n) for n in (1, 2, 3)] for room in ROOMS}
    homes = zip(("Ada", "Ben"), ROOMS, strict=True)
    devices = {name: Device({room: (0, 3)}, tuple(logs[room])) for name, room in homes}
    return Evidence(
        acks=[Ack(ALERT, sent.type, f"Bericht {sent.n}.") for sent in CHAIN],
        kept={ALERT: Kept(ROOMS, CHAIN, 3)},
        logs={**logs, ELSEWHERE: []},
        heads={**dict.fromkeys(ROOMS, 3), ELSEWHERE: 0},
        devices=devices,
        keys={KEY.id: KEY.public},
    )


def with_log(evidence: Evidence, room: str, *entries: Entry) -> Evidence:
    return msgspec.structs.replace(evidence, logs={**evidence.logs, room: list(entries)})


def with_device(evidence: Evidence, **changed: object) -> Evidence:
    """Ada's device, otherwise."""
    device = msgspec.structs.replace(evidence.devices["Ada"], **changed)
    return msgspec.structs.replace(evidence, devices={**evidence.devices, "Ada": device})


def with_chain(evidence: Evidence, *chain: Sent, delivered: int = 3) -> Evidence:
    return msgspec.structs.replace(evidence, kept={ALERT: Kept(ROOMS, chain, delivered)})


def signed_by(evidence: Evidence, key: KeyPair) -> Evidence:
    return msgspec.structs.replace(evidence, keys={KEY.id: key.public})


WEST = ROOMS[0]
SPOILT: dict[str, tuple[str, Spoil]] = {
    "an acknowledged update is in no chain": ("lost", lambda run: with_chain(run, CHAIN[0], CHAIN[2])),
    "an acknowledged alert has no record": ("lost", lambda run: msgspec.structs.replace(run, kept={})),
    "an update was carried out twice": ("doubled", lambda run: with_chain(run, *CHAIN, CHAIN[1], delivered=4)),
    "it never got everywhere": ("unfinished", lambda run: with_chain(run, *CHAIN, delivered=2)),
    "a room lacks a message": ("missing", lambda run: with_log(run, WEST, entry(WEST, 1), entry(WEST, 3, 2))),
    "a room has nothing": ("missing", lambda run: with_log(run, WEST)),
    "a room has a message twice": (
        "twice", lambda run: with_log(run, WEST, *(entry(WEST, n, seq) for seq, n in enumerate((1, 2, 2, 3), 1))),
    ),
    "a room has them in another order": (
        "order", lambda run: with_log(run, WEST, *(entry(WEST, n, seq) for seq, n in enumerate((1, 3, 2), 1))),
    ),
    "a room that was not meant has it": ("stray", lambda run: with_log(run, ELSEWHERE, entry(ELSEWHERE, 1))),
    "a text was changed on its way": (
        "signature", lambda run: with_log(run, WEST, msgspec.structs.replace(entry(WEST, 1), body="{}")),
    ),
    "another key signed it": ("signature", lambda run: signed_by(run, STRANGER)),
    "a device was given too little": ("given", lambda run: with_device(run, given=(entry(WEST, 1), entry(WEST, 2)))),
    "a device was given it out of order": (
        "given", lambda run: with_device(run, given=(entry(WEST, 1), entry(WEST, 3), entry(WEST, 2))),
    ),
    "a device was given it twice": ("again", lambda run: with_device(run, again=(entry(WEST, 2),))),
    "a device never caught up": ("behind", lambda run: with_device(run, rooms={WEST: (0, 2)})),
    "a device was given it in two rooms": (
        "copies", lambda run: with_device(run, given=(*run.devices["Ada"].given, entry(ROOMS[1], 1))),
    ),
}  # fmt: skip


def test_a_run_as_it_should_be_has_no_violation() -> None:
    """Or every run would have one."""
    assert check(as_it_should_be()) == []


@pytest.mark.parametrize("what", list(SPOILT))
def test_the_judge_sees(what: str) -> None:
    """Each way in which a promise can be broken, by its rule."""
    rule, spoil = SPOILT[what]
    assert rule in {violation.rule for violation in check(spoil(as_it_should_be()))}
