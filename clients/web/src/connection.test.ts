import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { after, roomInfo, says, STREET, welcome } from "./cast";
import { FakeSocket } from "./cast_browser";
import { Connection, Unanswered } from "./connection";
import type { Credentials } from "./connection";
import { cursors } from "./town";
import type { TownEvent } from "./town";

let socket: FakeSocket;
let delivered: TownEvent[];
let luck: number;

function connect(credentials: () => Credentials = () => ({ token: "t", cursors: {} })): Connection {
  const open = (auth: (give: (credentials: Credentials) => void) => void) => (socket = new FakeSocket(auth));
  const connection = new Connection({
    open,
    credentials,
    deliver: (event) => delivered.push(event),
    random: () => luck,
  });
  connection.start();
  return connection;
}

const connects = (): number => socket.presented.length;

beforeEach(() => {
  vi.useFakeTimers();
  delivered = [];
  luck = 1;
});

afterEach(() => vi.useRealTimers());

describe("connecting", () => {
  test("presents the token and, at every connect anew, the cursors", () => {
    let town = after(welcome(roomInfo()), says(1, "one"));
    connect(() => ({ token: "t", cursors: cursors(town) }));
    socket.welcomes();
    town = after(welcome(roomInfo()), says(1, "one"), says(2, "two"));
    socket.breaks();
    vi.advanceTimersByTime(1_000);
    expect(socket.presented.map((shown) => shown.cursors[STREET])).toEqual([
      [1, 1],
      [1, 2],
    ]);
  });

  test("opens the socket while what is kept is still being read, and presents it when that is there", () => {
    let tell = (): void => undefined;
    const open = (auth: (give: (credentials: Credentials) => void) => void) => (socket = new FakeSocket(auth));
    const credentials = () => ({ token: "t", cursors: {} });
    const connection = new Connection({ open, credentials, deliver: () => undefined, whenReady: (then) => (tell = then) });
    connection.start();
    expect(connects()).toBe(0);
    tell();
    expect(connects()).toBe(1);
  });

  test("waits longer after every failure, at most 30 s, and starts small again after a welcome", () => {
    connect();
    for (const longest of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
      const before = connects();
      socket.refuses(undefined);
      vi.advanceTimersByTime(longest - 1);
      expect(connects()).toBe(before);
      vi.advanceTimersByTime(1);
      expect(connects()).toBe(before + 1);
    }
    socket.welcomes();
    socket.breaks();
    vi.advanceTimersByTime(1_000);
    expect(connects()).toBe(9);
  });

  test("jitters over the whole time, so that a street does not come back in one second", () => {
    connect();
    luck = 0.1;
    socket.refuses(undefined);
    vi.advanceTimersByTime(100);
    expect(connects()).toBe(2);
  });

  test("comes back when the draining server said, not before", () => {
    connect();
    socket.welcomes();
    socket.says("drain", { reconnect_in_ms: 7_000 });
    socket.breaks();
    vi.advanceTimersByTime(6_999);
    expect(connects()).toBe(1);
    vi.advanceTimersByTime(1);
    expect(connects()).toBe(2);
  });

  test("does not sit out the wait when the network is back", () => {
    const connection = connect();
    for (let n = 0; n < 6; n += 1) (socket.refuses(undefined), vi.advanceTimersByTime(30_000));
    socket.refuses(undefined);
    const before = connects();
    connection.hurry();
    expect(connects()).toBe(before + 1);
    connection.hurry();
    expect(connects()).toBe(before + 1);
  });

  test("tries again when no welcome comes", () => {
    connect();
    vi.advanceTimersByTime(15_000 + 1_000);
    expect(connects()).toBe(2);
  });

  test("a fault that shows in two ways is one failure", () => {
    connect();
    socket.refuses(undefined);
    socket.breaks();
    vi.advanceTimersByTime(1_000);
    expect(connects()).toBe(2);
  });
});

describe("somebody who touches the page or writes", () => {
  function lostForLong(): Connection {
    const connection = connect();
    for (let failures = 0; failures < 6; failures += 1) {
      socket.refuses(undefined);
      vi.advanceTimersByTime(30_000);
    }
    return connection;
  }

  test("does not wait for a try that is half a minute off, and brings about one in 5 s at most", () => {
    const connection = lostForLong();
    socket.refuses(undefined);
    vi.advanceTimersByTime(5_000);
    const before = connects();
    connection.nudge();
    connection.nudge();
    expect(connects()).toBe(before + 1);
    socket.refuses(undefined);
    vi.advanceTimersByTime(4_999);
    connection.nudge();
    expect(connects()).toBe(before + 1);
    vi.advanceTimersByTime(1);
    connection.nudge();
    expect(connects()).toBe(before + 2);
  });

  test("does not wait for the end of a try that hangs, nor breaks one that has just begun", () => {
    const connection = connect();
    vi.advanceTimersByTime(4_999);
    connection.nudge();
    expect([connects(), socket.disconnects]).toEqual([1, 0]);
    vi.advanceTimersByTime(1);
    connection.nudge();
    vi.advanceTimersByTime(0);
    expect([connects(), socket.disconnects]).toEqual([2, 1]);
  });

  test("changes nothing where it is live, was told when to come back, or is over", () => {
    const connection = connect();
    socket.welcomes();
    vi.advanceTimersByTime(5_000);
    connection.nudge();
    socket.says("drain", { reconnect_in_ms: 20_000 });
    socket.breaks();
    vi.advanceTimersByTime(10_000);
    connection.nudge();
    expect(connects()).toBe(1);
    connection.stop();
    connection.nudge();
    expect(connects()).toBe(1);
  });
});

describe("a network that dies without a word", () => {
  const bar = (): number => delivered.filter(({ event }) => event === "connection.lost").length;
  const checks = (): number => socket.asked.filter(({ event }) => event === "connection.check").length;

  test("is noticed within 10 s, and the next connection is begun at once", () => {
    connect();
    socket.welcomes();
    vi.advanceTimersByTime(9_000);
    expect([checks(), bar() > 0, connects()]).toEqual([1, true, 2]);
  });

  test("is told apart from a quiet evening", () => {
    connect();
    socket.welcomes();
    for (let n = 1; n <= 10; n += 1) {
      vi.advanceTimersByTime(4_000);
      socket.asked.at(-1)?.answer({ ok: true, now: 0 });
    }
    expect([bar(), connects()]).toEqual([0, 1]);
  });

  test("before the welcome shows too, while a slow line still has its time", () => {
    connect();
    vi.advanceTimersByTime(8_000);
    expect([bar(), connects()]).toEqual([1, 1]);
  });

  test("and of which the browser knows is told at once", () => {
    const connection = connect();
    socket.welcomes();
    connection.offline();
    expect([bar(), connection.isLive]).toEqual([1, false]);
  });

  test("and comes back: a try that was begun without it is begun anew", () => {
    const connection = connect();
    vi.advanceTimersByTime(5_000);
    connection.hurry();
    vi.advanceTimersByTime(0);
    expect(connects()).toBe(2);
  });

  test("during hours asleep is found out within a second of waking, and the next connection begun at once", () => {
    const connection = connect();
    socket.welcomes();
    connection.hidden();
    vi.setSystemTime(Date.now() + 8 * 3_600_000);
    connection.shown();
    vi.advanceTimersByTime(1_001);
    expect([checks(), connects()]).toEqual([1, 2]);
  });
});

test("a socket that broke during sleep is noticed on waking, and made anew without a wait, once", () => {
  const connection = connect();
  socket.welcomes();
  connection.hidden();
  vi.setSystemTime(Date.now() + 8 * 3_600_000);
  connection.shown();
  socket.breaks();
  vi.advanceTimersByTime(0);
  expect(connects()).toBe(2);
  socket.refuses(undefined);
  vi.advanceTimersByTime(500);
  expect(connects()).toBe(2);
});

describe("the end of a session", () => {
  test("a token that is no longer good ends it, without another try", () => {
    connect();
    socket.refuses({ code: "signed_out", message: "", retryable: false });
    vi.advanceTimersByTime(60_000);
    expect(connects()).toBe(1);
    expect(delivered).toEqual([{ event: "session.ended", reason: "signed_out" }]);
  });

  test("the server's word ends it, and the close that follows is no reason to come back", () => {
    connect();
    socket.welcomes();
    socket.says("session.ended", { reason: "signed_out" });
    socket.breaks("io server disconnect");
    vi.advanceTimersByTime(60_000);
    expect(connects()).toBe(1);
    expect(delivered.at(-1)).toEqual({ event: "session.ended", reason: "signed_out" });
  });

  test("a kick without that word is asked about again, at the door", () => {
    connect();
    socket.welcomes();
    socket.breaks("io server disconnect");
    vi.advanceTimersByTime(1_000);
    expect(connects()).toBe(2);
  });

  test("stop ends it", () => {
    const connection = connect();
    socket.welcomes();
    connection.stop();
    vi.advanceTimersByTime(60_000);
    expect(connects()).toBe(1);
  });
});

describe("asking", () => {
  const read = { room: STREET, seq: 3 };

  test("gives the answer", async () => {
    const connection = connect();
    socket.welcomes();
    const reply = connection.call("room.read", read);
    socket.asked[0]?.answer({ ok: true, seq: 3 });
    expect(await reply).toEqual({ ok: true, seq: 3 });
  });

  test("before the welcome is not even tried", async () => {
    const connection = connect();
    await expect(connection.call("room.read", read)).rejects.toThrow(Unanswered);
    expect(socket.asked).toEqual([]);
  });

  test("when the connection breaks is unanswered at once", async () => {
    const connection = connect();
    socket.welcomes();
    const reply = connection.call("room.read", read);
    socket.breaks();
    await expect(reply).rejects.toThrow(Unanswered);
  });

  test("without an answer for 15 s makes a new connection", async () => {
    const connection = connect();
    socket.welcomes();
    const reply = connection.call("room.read", read);
    vi.advanceTimersByTime(15_000);
    await expect(reply).rejects.toThrow(Unanswered);
    expect(socket.disconnects).toBe(1);
    vi.advanceTimersByTime(1_000);
    expect(connects()).toBe(2);
  });
});

test("entries and fleeting events are handed on by name", () => {
  connect();
  socket.welcomes();
  const { event, ...posted } = says(1, "hello");
  socket.says(event, posted);
  socket.says("presence.changed", { room: STREET, here: 7 });
  expect(delivered.slice(1)).toEqual([says(1, "hello"), { event: "presence.changed", room: STREET, here: 7 }]);
});
