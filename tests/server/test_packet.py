"""What a Socket.IO packet may be, and how ours are written."""

from __future__ import annotations

import random
import tracemalloc

import msgpack
import pytest

from server import packet
from server.frames import Masking, frame
from server.packet import ProtocolError, decode
from tests.server.engine_raw import client_frame, pack


def nested(depth: int) -> list[object]:
    """A list in a list ..., *depth* of them, the innermost empty."""
    value: list[object] = []
    for _ in range(depth - 1):
        value = [value]
    return value


WORDS = {"headline": "Rook", "text": "Houd de ramen dicht.", "instruction": "Blijf binnen."}
ALERT = {
    "polygon": [[4.3 + point / 1000, 52.1] for point in range(200)], **WORDS, "severity": "minor",
    "urgency": "expected", "certainty": "likely", "category": "fire", "expires_at": 1795449661234,
    "link": "https://politie.nl", "exercise": True, "languages": [{**WORDS, "language": name} for name in "abcdefghi"],
}  # fmt: skip

GOOD = {
    "connect": pack(0),
    "connect with auth": pack(0, {"token": "t", "cursors": {"r": [1, 2]}}),
    "disconnect": pack(1),
    "event": pack(2, ["message.post", {"text": "hi"}], 0),
    "event without acknowledgement": pack(2, ["message.post"]),
    "the JS client's own note": pack(2, ["message.post"], options={"compress": True}),
    "acknowledgement": pack(3, [], 7),
    "binary": pack(2, ["e", {"b": b"\x00\xff"}]),
    "as deep as may be": pack(2, ["e", nested(7)]),
    "as many as may be": pack(2, ["e", [1] * 798]),
    "the longest line on the map, in ten languages": pack(2, ["alert.preview", ALERT]),
    "notepack's undefined": pack(2, ["e", msgpack.ExtType(0, b"\0")]),
}

BAD = {
    "nothing": b"",
    "no MessagePack": b"\xc1",
    "half": pack(2, ["e"])[:-1],
    "something behind": pack(2, ["e"]) + b"\0",
    "no map": msgpack.packb([2, "/", ["e"]]),
    "empty map": b"\x80",
    "unknown field": pack(2, ["e"], more=1),
    "type missing": msgpack.packb({"nsp": "/", "data": ["e"]}),
    "type is a bool": pack(True, ["e"]),
    "type is a text": pack("2", ["e"]),
    "CONNECT_ERROR": pack(4, {"message": "no"}),
    "binary event": pack(5, ["e"]),
    "binary acknowledgement": pack(6, ["e"], 1),
    "unknown type": pack(7),
    "negative type": pack(-1),
    "no namespace": msgpack.packb({"type": 2, "data": ["e"]}),
    "other namespace": pack(2, ["e"], nsp="/admin"),
    "event without data": pack(2),
    "event without name": pack(2, []),
    "event of a number": pack(2, [5]),
    "event named connect": pack(2, ["connect", {}]),
    "event named disconnect": pack(2, ["disconnect"]),
    "event named *": pack(2, ["*", "x"]),
    "event of a map": pack(2, {"e": 1}),
    "connect with a list": pack(0, ["t"]),
    "disconnect with data": pack(1, {"why": "x"}),
    "acknowledgement without id": pack(3, []),
    "acknowledgement of a map": pack(3, {}, 1),
    "id is negative": pack(2, ["e"], -1),
    "id is a bool": pack(2, ["e"], True),
    "id is a text": pack(2, ["e"], "1"),
    "id beyond JavaScript": pack(2, ["e"], 2**53),
    "connect with an id": pack(0, {}, 1),
    "nested too deeply": pack(2, ["e", nested(8)]),
    "a thousand lists": b"\x83\xa4type\x02\xa3nsp\xa1/\xa4data" + b"\x91" * 1000 + b"\xc0",
    "a hundred thousand lists": b"\x91" * 100_000,
    "too many items": pack(2, ["e", [1] * 799]),
    "too many keys": pack(2, ["e", {str(n): n for n in range(400)}]),
    "claims more than it has": b"\xdd\xff\xff\xff\xff",
    "map key is a number": msgpack.packb({"type": 2, "nsp": "/", "data": ["e", {1: 1}]}),
    "map key is bytes": msgpack.packb({"type": 2, "nsp": "/", "data": ["e", {b"k": 1}]}),
    "extension": pack(2, ["e", msgpack.ExtType(5, b"x")]),
    "time": pack(2, ["e", msgpack.Timestamp(1)]),
    "no UTF-8": pack(2, ["e"]).replace(b"\xa1e", b"\xa1\xff"),
    "note too large": pack(2, ["e"], options={str(n): n for n in range(20)}),
}


@pytest.mark.parametrize("name", GOOD)
def test_packets_of_correct_clients_are_read(name: str) -> None:
    """Every packet that the two clients write is understood."""
    received = decode(GOOD[name])
    fields = msgpack.unpackb(GOOD[name], ext_hook=lambda *_: None)
    assert (received.kind, received.data, received.ack_id) == (fields["type"], fields.get("data"), fields.get("id"))


@pytest.mark.parametrize("name", BAD)
def test_packets_that_no_correct_client_sends_are_refused(name: str) -> None:
    """Anything else is a protocol error, told without any of its content."""
    with pytest.raises(ProtocolError) as raised:
        decode(BAD[name])
    assert len(str(raised.value)) < 30


def test_a_frame_can_not_grow_much_in_memory() -> None:
    """64 KiB from a client never take more than 8 MiB to refuse, whatever they claim to hold."""
    bombs = [
        b"\xdc\x01\xf4" * 21_000,  # lists of 500, each the first item of the one before
        b"\xdc\x01\xf4" + b"\x80" * 65_000,
        b"\x9f" + (b"\xdc\x01\xf4" + b"\x90" * 500) * 120,
        b"\xde\x01\xf4" * 21_000,
    ]
    for bomb in bombs:
        tracemalloc.start()
        with pytest.raises(ProtocolError):
            decode(bomb[: 64 * 1024])
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 8 * 1024 * 1024


def test_a_disconnect_carries_no_data() -> None:
    """The JS client calls nil a parse error and comes back: a ban would not hold."""
    assert "data" not in msgpack.unpackb(packet.packet_frame(packet.DISCONNECT)[2:])


def test_an_event_is_one_finished_frame() -> None:
    """An event is encoded and framed once, for any number of receivers."""
    made = packet.event_frame("message.posted", {"seq": 1})
    assert made[:2] == bytes((0x82, len(made) - 2))
    assert msgpack.unpackb(made[2:]) == {"type": 2, "nsp": "/", "data": ["message.posted", {"seq": 1}]}


@pytest.mark.parametrize(("answer", "arguments"), [(None, []), ({"ok": True}, [{"ok": True}]), ((1, 2), [1, 2])])
def test_an_answer_becomes_the_arguments_of_the_acknowledgement(answer: object, arguments: list[object]) -> None:
    """None is no argument, a tuple is several, anything else is one."""
    assert msgpack.unpackb(packet.ack_frame(5, answer)[2:]) == {"type": 3, "nsp": "/", "id": 5, "data": arguments}


@pytest.mark.parametrize("size", [0, 125, 126, 65535, 65536])
def test_frames_of_every_length_have_the_right_header(size: int) -> None:
    """The three forms of a length (RFC 6455, 5.2) meet without a gap."""
    made = frame(bytes(size))
    head = len(made) - size
    short = made[1]
    assert head == {126: 4, 127: 10}.get(short, 2)
    assert size == (short if short < 126 else int.from_bytes(made[2:head], "big"))


def test_masking_is_followed_through_any_cut_of_the_stream() -> None:
    """Frames may come in any pieces; an unmasked one among them is always noticed, a masked one never blamed."""
    chance = random.Random(7)
    for _ in range(300):
        sizes = [chance.choice([0, 1, 125, 126, 300, 65535, 65536]) for _ in range(chance.randint(1, 6))]
        bad = chance.randrange(len(sizes) * 2)  # beyond the last: none
        stream = b"".join(client_frame(bytes(size), masked=at != bad) for at, size in enumerate(sizes))
        masking, at, held = Masking(), 0, True
        while at < len(stream) and held:
            step = chance.choice([1, 2, 3, 7, 100, 70_000])
            held = masking.holds(stream[at : at + step])
            at += step
        assert held == (bad >= len(sizes))
