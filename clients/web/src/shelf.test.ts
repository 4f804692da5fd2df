import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { pinnedIn } from "./alerts";
import { apply } from "./apply";
import { ADA, after, edits, page, reacts, roomInfo, says, SQUARE, STREET, street, welcome, writes } from "./cast";
import { alerted } from "./cast_alert";
import { NOWHERE } from "./cast_browser";
import { Database } from "./database";
import { asShelved, Shelf } from "./shelf";
import { cursors, NOBODY_HERE, wording } from "./town";
import type { MessageRow, Room, Town, TownEvent } from "./town";

let town: Town;
let isUnkept: boolean;
let now_ms: number;

function shelf(person = ADA.id): Shelf {
  const now = (): number => now_ms;
  return new Shelf({ database: new Database(), person, read: () => town, now, unkept: () => (isUnkept = true) });
}

/** What a page that is opened now has of the rooms, before it is connected. */
async function reopened(person = ADA.id): Promise<Town> {
  const event = await shelf(person).load();
  return event ? apply({ ...NOBODY_HERE, me: ADA }, event) : NOBODY_HERE;
}

async function shelve(of: Town): Promise<Shelf> {
  const open = shelf();
  await open.load();
  town = of;
  await open.flush();
  return open;
}

const texts = (room: Room): string[] =>
  room.rows.filter((row): row is MessageRow => row.kind === "message").map(wording);
const talk = (count: number) => Array.from({ length: count }, (_, index) => says(index + 1, `message ${index + 1}`));

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  town = NOBODY_HERE;
  isUnkept = false;
  now_ms = 10_000;
});
afterEach(() => void vi.unstubAllGlobals());

describe("the shelf", () => {
  test("gives the rooms to the next page, to be read without a network and resumed from where they were", async () => {
    await shelve(after(welcome(roomInfo(), roomInfo({ id: SQUARE, kind: "neighbourhood" })), ...talk(3)));
    const next = await reopened();
    expect(texts(street(next))).toEqual(["message 1", "message 2", "message 3"]);
    expect(next).toMatchObject({ order: [STREET, SQUARE], chosen: STREET });
    expect(cursors(next)).toMatchObject({ [STREET]: [1, 3] });
    const live = [welcome(roomInfo({ head: 4 })), says(4, "missed")].reduce(apply, next);
    expect(texts(street(live)).at(-1)).toBe("missed");
  });

  test("has a new entry before any time has passed, since the page may be loaded anew at once", async () => {
    const open = await shelve(after(welcome(roomInfo()), ...talk(2)));
    vi.stubGlobal("setTimeout", () => undefined); // no timer ever fires
    town = apply(town, says(3, "just now"));
    open.look();
    await vi.waitUntil(async () => texts(street(await reopened())).includes("just now"), { interval: 0 });
  });

  test("is written anew for what lasts, not for who comes and who writes", async () => {
    const open = await shelve(after(welcome(roomInfo()), ...talk(2)));
    const writes = vi.spyOn(open, "flush");
    town = apply(town, { event: "presence.changed", room: STREET, here: 9 });
    town = apply(town, { event: "typing.started", room: STREET });
    open.look();
    expect(writes).not.toHaveBeenCalled();
    town = apply(town, { event: "room.read_moved", room: STREET, seq: 2 });
    open.look();
    expect(writes).toHaveBeenCalledOnce();
    open.stop();
  });

  test("has the official alerts in force, also one whose entry is not held, and writes them when one is seen", async () => {
    const open = await shelve(after({ ...welcome(roomInfo({ head: 9 })), alerts: [alerted({ seq: 3 })] } as TownEvent));
    expect(pinnedIn(await reopened(), STREET)).toEqual([alerted({ seq: 3 })]);
    const writes = vi.spyOn(open, "flush");
    town = apply(town, { ...welcome(roomInfo({ head: 9 })), alerts: [alerted({ seq: 3, seen: true })] } as TownEvent);
    open.look();
    expect(writes).toHaveBeenCalledOnce();
    await open.flush();
    expect(pinnedIn(await reopened(), STREET)[0]?.seen).toBe(true);
    open.stop();
  });

  test("holds the last 200 entries of a room", async () => {
    await shelve(after(welcome(roomInfo()), ...talk(450)));
    expect(street(await reopened())).toMatchObject({ from: 251, last: 450, rows: { length: 200 } });
  });

  test("holds nothing of the moment: what waits is the outbox's, who writes is over", async () => {
    const waiting = { event: "command.queued", waiting: writes(1, "mine") } as const;
    await shelve(after(welcome(roomInfo()), says(1, "a"), waiting, { event: "typing.started", room: STREET }));
    expect(street(await reopened())).toMatchObject({ waiting: [], typing: [], here: null, unreadFrom: null });
  });

  test("shows nothing that is older than a month, even to who never comes online again", async () => {
    await shelve(after(welcome(roomInfo()), ...talk(3)));
    now_ms = 30 * 86_400_000 + 1_002;
    expect(texts(street(await reopened()))).toEqual(["message 3"]);
    now_ms += 1_000;
    expect(street(await reopened())).toMatchObject({ rows: [], from: 4, last: 3 });
  });

  test("is written over by what is newer, and not by a page that knows less", async () => {
    const behind = await shelve(after(welcome(roomInfo()), ...talk(2)));
    await shelve(after(welcome(roomInfo()), ...talk(5)));
    town = after(welcome(roomInfo()), ...talk(3));
    await behind.flush();
    expect(street(await reopened()).last).toBe(5);
  });

  test("holds nothing of a private case, and does not say that there is one", async () => {
    const hidden = roomInfo({ id: "case:p07.k3m9x2w7q4v5", kind: "case" });
    const inside = after(welcome(roomInfo(), hidden), ...talk(1), { event: "room.chosen", room: hidden.id });
    await shelve(inside);
    const next = await reopened();
    expect([Object.keys(next.rooms), next.order, next.chosen]).toEqual([[STREET], [STREET], STREET]);
  });

  test("drops a room that is mine no longer", async () => {
    const open = await shelve(after(welcome(roomInfo()), ...talk(2)));
    town = apply(town, { event: "room.closed", room: STREET });
    await open.flush();
    expect((await reopened()).rooms).toEqual({});
  });

  test("is wiped at the end of the session, and a write that was under way does not bring it back", async () => {
    const open = await shelve(after(welcome(roomInfo()), ...talk(2)));
    town = apply(town, says(3, "later"));
    const writing = open.flush();
    await open.wipe();
    await writing;
    await open.flush();
    expect((await reopened()).rooms).toEqual({});
  });

  test("shows nobody what another person read on this device", async () => {
    await shelve(after(welcome(roomInfo()), ...talk(2)));
    expect((await reopened("person-ben")).rooms).toEqual({});
    expect((await reopened()).rooms).toEqual({});
  });

  test("that can't be opened says so, and the page works without", async () => {
    globalThis.indexedDB = NOWHERE;
    const open = shelf();
    expect(await open.load()).toBeNull();
    await open.flush();
    expect(isUnkept).toBe(true);
  });
});

test("a change to a message that stands no longer on the shelf is there when the message comes back", () => {
  const changed = after(welcome(roomInfo()), ...talk(250), edits(251, 10, "other words"), reacts(252, 10, "heart"));
  const shelved = { ...street(changed), ...asShelved(street(changed)) };
  expect(shelved).toMatchObject({ from: 53, last: 252 });
  const reloaded = { ...changed, rooms: { [STREET]: shelved } };
  const whole = street(apply(reloaded, page(talk(52), { head: 252 })));
  expect(whole.rows).toEqual(street(changed).rows);
  expect(whole.amendments).toEqual({});
});
