"""Judges a run with alerts, from the records, the rooms' logs and what each device was given. PURE."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from tests.alert_verdict import TYPES, verdict
from tests.chaos.checker import Violation


class Ack(msgspec.Struct, frozen=True):
    """A command that was answered ok. type: of the message that it sent; says: the words by which that is known."""

    alert: str
    type: str
    says: str


class Sent(msgspec.Struct, frozen=True):
    """A message of an alert as its record has it. type: of AlertBody."""

    n: int
    type: str
    body: str
    signature: str
    key: str


class Kept(msgspec.Struct, frozen=True):
    """The record of an alert. delivered: how many messages are in every room, by its own account."""

    rooms: tuple[str, ...]
    messages: tuple[Sent, ...]
    delivered: int


class Entry(msgspec.Struct, frozen=True):
    """An alert's entry in a log, or as a device was given it."""

    room: str
    seq: int
    at: int
    event: str
    alert: str
    n: int
    body: str = ""
    signature: str = ""
    key: str = ""


class Device(msgspec.Struct, frozen=True):
    """One resident's. rooms: what it holds of each, [after which seq it began, up to where]; given: entries of alerts
    in the order in which it took them over; again: those that came once more, unasked."""

    rooms: Mapping[str, tuple[int, int]]
    given: tuple[Entry, ...]
    again: tuple[Entry, ...] = ()


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """logs: the entries of alerts in every room of the town, by room; heads: the last seq of each; keys: those that the
    servers named."""

    acks: list[Ack]
    kept: Mapping[str, Kept]
    logs: Mapping[str, list[Entry]]
    heads: Mapping[str, int]
    devices: Mapping[str, Device]
    keys: Mapping[str, bytes]


def check(evidence: Evidence) -> list[Violation]:
    """Everything that is not as promised; empty where everyone has everything once."""
    rules = (_lost, _unfinished, _in_rooms, _signed, _given, _one_copy)
    return [violation for rule in rules for violation in rule(evidence)]


def _lost(evidence: Evidence) -> Iterator[Violation]:
    """What was acknowledged is in the chain, once."""
    for ack in evidence.acks:
        kept = evidence.kept.get(ack.alert)
        chain = kept.messages if kept else ()
        times = sum(message.type == ack.type and ack.says in message.body for message in chain)
        if times != 1:
            yield Violation("doubled" if times else "lost", "", f"{ack.type} of {ack.alert} stands {times} times")


def _unfinished(evidence: Evidence) -> Iterator[Violation]:
    for alert, kept in evidence.kept.items():
        if kept.delivered != len(kept.messages):
            yield Violation("unfinished", "", f"{alert}: {kept.delivered} of {len(kept.messages)} are everywhere")


def _in_rooms(evidence: Evidence) -> Iterator[Violation]:
    """Each room of the area has the whole chain, once and in order, and no other room has any of it."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for room, entries in evidence.logs.items():
        for entry in entries:
            found[room, entry.alert].append(entry.n)
    wanted = {
        (room, alert): [message.n for message in kept.messages]
        for alert, kept in evidence.kept.items()
        if kept.messages
        for room in kept.rooms
    }
    for where in found.keys() | wanted.keys():
        there, chain = found.get(where, []), wanted.get(where, [])
        if there != chain:
            yield Violation(_what(there, chain), where[0], f"has {there} of {where[1]}, not {chain}")


def _what(there: list[int], chain: list[int]) -> str:
    if not chain:
        return "stray"
    if len(set(there)) < len(there):
        return "twice"
    return "order" if sorted(there) == sorted(chain) else "missing"


def _signed(evidence: Evidence) -> Iterator[Violation]:
    """Every signed entry is the record's very message, and verifies where it stands."""
    for room, entries in evidence.logs.items():
        for entry in entries:
            if entry.event not in TYPES or entry.alert not in evidence.kept:
                continue
            chain = {message.n: message for message in evidence.kept[entry.alert].messages}
            same = chain.get(entry.n)
            told = {**msgspec.structs.asdict(entry), "type": TYPES[entry.event]}
            found = verdict(told, evidence.keys)
            if same is None or (same.body, same.signature) != (entry.body, entry.signature):
                found = "altered"
            if found != "valid":
                yield Violation("signature", room, f"{entry.seq} is {found}")


def _given(evidence: Evidence) -> Iterator[Violation]:
    """A device holds its rooms to the end, and was given just what stands there, in that order."""
    for name, device in evidence.devices.items():
        for entry in device.again:
            yield Violation("again", entry.room, f"{name} was given {entry.seq} once more")
        for room, (began, last) in device.rooms.items():
            if last != evidence.heads.get(room, 0):
                yield Violation("behind", room, f"{name} holds up to {last} of {evidence.heads.get(room, 0)}")
            mine = [entry for entry in device.given if entry.room == room]
            theirs = [entry for entry in evidence.logs.get(room, []) if entry.seq > began]
            if mine != theirs:
                yield Violation("given", room, f"{name} was given {_named(mine)}, where {_named(theirs)} stands")


def _one_copy(evidence: Evidence) -> Iterator[Violation]:
    """No message reaches anybody in two rooms."""
    for name, device in evidence.devices.items():
        rooms = {(entry.room, entry.alert, entry.n) for entry in device.given}
        for (alert, n), times in Counter((alert, n) for _, alert, n in rooms).items():
            if times > 1:
                yield Violation("copies", "", f"{name} has message {n} of {alert} in {times} rooms")


def _named(entries: Iterable[Entry]) -> list[str]:
    return [f"{entry.alert}/{entry.n}@{entry.seq}" for entry in entries]
