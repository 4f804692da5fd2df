import { describe, expect, test } from "vitest";

import { apply } from "./apply";
import {
  ADA,
  after,
  edits,
  entry,
  page,
  reacts,
  retracts,
  roomInfo,
  says,
  SQUARE,
  STREET,
  street,
  welcome,
  writes,
} from "./cast";
import { BEN } from "./cast";
import { cursors, firstNew, hasEarlier, holdsNothing, isForeseen, unread, wording } from "./town";
import type { Kept, MessageRow, Room, TownEvent } from "./town";

const texts = (room: Room): string[] =>
  room.rows.filter((row): row is MessageRow => row.kind === "message").map(wording);

describe("entries", () => {
  test("come in order and move the cursor", () => {
    const town = after(welcome(roomInfo()), says(1, "hello"), says(2, "there"));
    expect(texts(street(town))).toEqual(["hello", "there"]);
    expect(cursors(town)).toEqual({ [STREET]: [1, 2] });
  });

  test("that come twice are shown once", () => {
    const town = after(welcome(roomInfo()), says(1, "hello"), says(1, "hello"));
    expect(texts(street(town))).toEqual(["hello"]);
  });

  test("beyond the next one are not shown and not counted: the room asks for what is missing", () => {
    const room = street(after(welcome(roomInfo()), says(1, "one"), says(3, "three")));
    expect(texts(room)).toEqual(["one"]);
    expect(room).toMatchObject({ last: 1, head: 3, gap: true });
  });

  test("that fill a gap end it", () => {
    const filled = after(
      welcome(roomInfo()),
      says(1, "one"),
      says(3, "three"),
      page([says(2, "two"), says(3, "three")], { head: 3 }),
    );
    expect(texts(street(filled))).toEqual(["one", "two", "three"]);
    expect(street(filled).gap).toBe(false);
  });

  test("of a room that is not mine change nothing", () => {
    const before = after(welcome(roomInfo()));
    expect(apply(before, { ...says(1, "psst"), room: SQUARE })).toBe(before);
  });

  test("of a kind that this page does not know still move the cursor", () => {
    const unknown = { ...says(1, "x"), event: "flood.rose", data: { kind: "dike" } } as unknown as TownEvent;
    const town = after(welcome(roomInfo()), unknown, says(2, "still here"));
    expect(texts(street(town))).toEqual(["still here"]);
    expect(street(town).last).toBe(2);
  });

  test("of joining and leaving are rows of their own", () => {
    const joined = entry("member.joined", 1, { person: BEN });
    const left = entry("member.left", 2, { person: BEN, reason: "moved" });
    expect(street(after(welcome(roomInfo()), joined, left)).rows.map((row) => row.kind)).toEqual(["joined", "left"]);
  });
});

describe("amendments", () => {
  const row = (room: Room, seq: number) => room.rows.find((other) => other.seq === seq);

  test("an edit changes the words and keeps the old ones", () => {
    const room = street(
      after(welcome(roomInfo()), says(1, "thursday"), edits(2, 1, "friday"), edits(3, 1, "saturday")),
    );
    expect(texts(room)).toEqual(["saturday"]);
    expect(row(room, 1)).toMatchObject({
      text: "thursday",
      edits: [
        { seq: 2, text: "friday" },
        { seq: 3, text: "saturday" },
      ],
    });
  });

  test("a retraction leaves the same marker as an entry that was blanked, and no words", () => {
    const live = street(after(welcome(roomInfo()), says(1, "wrong street"), retracts(2, 1)));
    const fetched = street(
      after(welcome(roomInfo()), entry("entry.blanked", 1, { reason: "retracted" }), retracts(2, 1)),
    );
    expect(live.rows).toEqual(fetched.rows);
    expect(JSON.stringify(live)).not.toContain("wrong street");
  });

  test("taken back after an edit leave one marker, for who was there and for who reads later", () => {
    const there = after(welcome(roomInfo()), says(1, "one"), edits(2, 1, "two"), retracts(3, 1));
    const later = after(
      welcome(roomInfo()),
      entry("entry.blanked", 1, { reason: "retracted" }),
      entry("entry.blanked", 2, { reason: "retracted", target: 1 }),
      retracts(3, 1),
    );
    expect(street(there).rows).toHaveLength(1);
    expect(street(later).rows).toMatchObject(street(there).rows);
  });

  test("one person has one reaction, the last one", () => {
    const room = street(after(welcome(roomInfo()), says(1, "hello"), reacts(2, 1, "heart"), reacts(3, 1, "laugh")));
    expect(row(room, 1)).toMatchObject({ reactions: [{ person: BEN.id, reaction: "laugh" }] });
  });

  test("of an entry that is not loaded wait until it is", () => {
    const early = after(welcome(roomInfo({ head: 1 })), edits(2, 1, "friday"), reacts(3, 1, "heart"));
    expect(street(early).rows).toEqual([]);
    const room = street(apply(early, page([says(1, "thursday")], { head: 3 })));
    expect(texts(room)).toEqual(["friday"]);
    expect(row(room, 1)).toMatchObject({ reactions: [{ reaction: "heart" }] });
    expect(room.amendments).toEqual({});
  });

  test("give the same room whichever page comes first", () => {
    const log = [
      says(1, "thursday"),
      edits(2, 1, "friday"),
      reacts(3, 1, "heart"),
      says(4, "oops"),
      reacts(5, 1, null),
      edits(6, 1, "saturday"),
      retracts(7, 4),
      says(8, "bye"),
    ];
    const forwards = street(after(welcome(roomInfo()), ...log));
    for (const size of [1, 2, 3, 5, 8])
      expect(street(after(welcome(roomInfo({ head: 8 })), ...backwards(log, size)))).toEqual({
        ...forwards,
        unreadFrom: 0,
      });
  });

  test("a marker for an entry that is held takes its words away", () => {
    const town = after(welcome(roomInfo()), says(1, "secret"), entry("entry.blanked", 1, { reason: "moderation" }));
    expect(street(town).rows).toMatchObject([{ kind: "blank", seq: 1, reason: "moderation" }]);
  });
});

/** The log as pages of `size`, the last page first, as one scrolls back. */
function backwards(log: Kept[keyof Kept][], size: number): TownEvent[] {
  const pages: TownEvent[] = [];
  for (let end = log.length; end > 0; end -= size)
    pages.push(page(log.slice(Math.max(0, end - size), end), { head: log.length }));
  return pages;
}

describe("welcome and what follows", () => {
  test("a new room stands at its head and holds nothing, until its last page comes", () => {
    const town = after(welcome(roomInfo({ head: 2 })));
    expect(holdsNothing(street(town)) && hasEarlier(street(town))).toBe(true);
    const paged = street(
      after(welcome(roomInfo({ head: 2 })), says(3, "live"), page([says(1, "a"), says(2, "b")], { head: 2 })),
    );
    expect(texts(paged)).toEqual(["a", "b", "live"]);
    expect(hasEarlier(paged)).toBe(false);
  });

  test("coming back keeps what is held and takes what was missed", () => {
    const town = after(
      welcome(roomInfo()),
      says(1, "before"),
      { event: "connection.lost" },
      welcome(roomInfo({ head: 2 })),
      says(2, "missed"),
    );
    expect(texts(street(town))).toEqual(["before", "missed"]);
    expect(town.connection).toBe("live");
  });

  test("more than was sent unasked is pulled", () => {
    const town = after(welcome(roomInfo()), says(1, "before"), welcome(roomInfo({ head: 900, more: true })));
    expect(street(town).gap).toBe(true);
  });

  test.each([
    ["another epoch", { head: 5, epoch: 2 }],
    ["a lower head in the same epoch", { head: 0, epoch: 1 }],
  ])("%s empties the room, but not what waits", (_, facts) => {
    const held = after(welcome(roomInfo()), says(1, "rolled back"), {
      event: "command.queued",
      waiting: writes(1, "mine"),
    });
    const room = street(apply(held, welcome(roomInfo(facts))));
    expect(room.rows).toEqual([]);
    expect(room).toMatchObject({ ...facts, last: facts.head, from: facts.head + 1 });
    expect(room.waiting).toHaveLength(1);
  });

  test("reset empties the room and sets it at the head", () => {
    const reset = { event: "reset", room: STREET, epoch: 2, oldest: 400, head: 700 } as const;
    const room = street(after(welcome(roomInfo()), says(1, "old"), reset));
    expect(room.rows).toEqual([]);
    expect(room).toMatchObject({ epoch: 2, oldest: 400, head: 700, last: 700, from: 701 });
  });

  test("what retention has taken meanwhile goes from what is held", () => {
    const held = after(welcome(roomInfo()), says(1, "a month old"), says(2, "fresh"));
    const room = street(apply(held, welcome(roomInfo({ head: 2, oldest: 2 }))));
    expect(texts(room)).toEqual(["fresh"]);
    expect(room).toMatchObject({ from: 2, last: 2, oldest: 2 });
    expect(hasEarlier(room)).toBe(false);
  });

  test("who missed thousands begins at the newest, and what comes unasked from long before is passed over", () => {
    const held = after(welcome(roomInfo()), says(1, "long ago"));
    const back = apply(held, welcome(roomInfo({ head: 2_002, more: true })));
    expect(street(back)).toMatchObject({ rows: [], from: 2_003, last: 2_002, gap: false });
    expect(street(apply(back, says(2, "missed")))).toEqual(street(back));
  });

  test("a page of another epoch is dropped", () => {
    const town = after(welcome(roomInfo({ head: 1, epoch: 2 })), page([says(1, "other life")], { head: 1, epoch: 1 }));
    expect(street(town).rows).toEqual([]);
  });

  test("a page that does not touch what is held is dropped", () => {
    const town = after(welcome(roomInfo({ head: 9 })), page([says(4, "far away")], { head: 9 }));
    expect(street(town).rows).toEqual([]);
  });

  test("a room that closes is gone, with its words, and another one is chosen", () => {
    const rooms = [roomInfo(), roomInfo({ id: SQUARE, kind: "neighbourhood" })];
    const town = after(welcome(...rooms), says(1, "hello"), { event: "room.closed", room: STREET });
    expect(Object.keys(town.rooms)).toEqual([SQUARE]);
    expect(town.chosen).toBe(SQUARE);
  });

  test("read cursors only rise", () => {
    const moved = (seq: number) => ({ event: "room.read_moved", room: STREET, seq }) as const;
    expect(street(after(welcome(roomInfo({ head: 9 })), moved(7), moved(5))).read).toBe(7);
  });

  test("signing out leaves nothing of the person in the town", () => {
    const town = after(welcome(roomInfo()), says(1, "hello"), { event: "session.ended", reason: "signed_out" });
    expect(JSON.stringify(town)).not.toContain("hello");
    expect(town).toMatchObject({ me: null, ended: "signed_out" });
  });
});

describe("a device that keeps nothing", () => {
  const [lane, square] = [roomInfo(), roomInfo({ id: SQUARE, kind: "neighbourhood", name: "Bouwlust" })];
  const place = ({ id, name }: { id: string; name: string }) => ({ id, name });
  const resident = { ...ADA, street: place(lane), neighbourhood: place(square) };
  const began: TownEvent[] = [{ event: "session.started", person: resident }, { event: "rooms.foreseen" }];

  test("knows the rooms of whoever lives there before the server tells, and presents nothing of them", () => {
    const town = after(...began);
    expect(town).toMatchObject({ order: [STREET, SQUARE], chosen: STREET, connection: "starting" });
    expect(street(town)).toMatchObject({ name: lane.name, kind: "street", rows: [], here: null });
    expect(cursors(town)).toEqual({ [STREET]: null, [SQUARE]: null });
    expect(unread(street(town), ADA.id)).toEqual({ count: 0, hasMore: false });
  });

  test("finds them as the server has them, with what was written meanwhile", () => {
    const written: TownEvent = { event: "command.queued", waiting: writes(1, "hello") };
    const told = after(...began, written, welcome(roomInfo({ head: 9, read: 4 }), square));
    expect(street(told)).toMatchObject({ head: 9, from: 10, last: 9, oldest: 1, unreadFrom: 4 });
    expect(street(told).waiting.map(({ payload }) => payload.text)).toEqual(["hello"]);
    expect(cursors(told)).toEqual({ [STREET]: [1, 9], [SQUARE]: [1, 0] });
  });

  test("takes a room in which nothing was ever said for what it is", () => {
    const told = after(...began, welcome(roomInfo({ epoch: 0 }), square));
    expect(isForeseen(street(told))).toBe(false);
  });

  test("waits for the server where nothing follows from the person, as with staff", () => {
    const town = after({ event: "session.started", person: ADA }, { event: "rooms.foreseen" });
    expect(town).toMatchObject({ order: [], rooms: {}, chosen: null });
  });
});

describe("what is new", () => {
  const chosen = (room: string): TownEvent => ({ event: "room.chosen", room });
  const read = (seq: number): TownEvent => ({ event: "room.read_moved", room: STREET, seq });
  const rooms = [roomInfo({ id: SQUARE, kind: "neighbourhood" }), roomInfo()];

  test("begins at the first message that was unread when the room was opened, and stays there while one reads", () => {
    const opened = after(welcome(...rooms), says(1, "old"), read(1), says(2, "new"), chosen(STREET), read(2));
    expect(firstNew(street(opened), ADA.id)).toBe(2);
    expect(firstNew(street(apply(apply(opened, says(3, "newer")), read(3))), ADA.id)).toBe(2);
  });

  test("is nothing when all was read, and goes when the room is opened again", () => {
    const opened = after(welcome(...rooms), says(1, "new"), chosen(STREET), read(1));
    expect(firstNew(street(after(welcome(...rooms), says(1, "old"), read(1), chosen(STREET))), ADA.id)).toBeNull();
    expect(firstNew(street([chosen(SQUARE), chosen(STREET)].reduce(apply, opened)), ADA.id)).toBeNull();
  });

  test("begins anew for one who comes back to the open room", () => {
    const town = after(welcome(roomInfo()), says(1, "read"), read(1), says(2, "while hidden"), chosen(STREET));
    expect(firstNew(street(town), ADA.id)).toBe(2);
    const again = welcome(roomInfo({ head: 2 }));
    const back = after(welcome(roomInfo()), says(1, "read"), read(1), again, says(2, "missed"));
    expect(firstNew(street(back), ADA.id)).toBe(2);
  });

  test("is what others said; of entries that are not held nobody knows whether they are", () => {
    const held = after(welcome(roomInfo()), says(1, "a"), reacts(2, 1, "heart"), says(3, "mine", ADA), says(4, "b"));
    expect(unread(street(held), ADA.id)).toEqual({ count: 2, hasMore: false });
    const unheld = after(welcome(roomInfo({ head: 9, read: 4 })));
    expect(unread(street(unheld), ADA.id)).toEqual({ count: 0, hasMore: true });
    const half = apply(unheld, page([says(8, "a"), says(9, "b")], { head: 9 }));
    expect(unread(street(half), ADA.id)).toEqual({ count: 2, hasMore: true });
  });

  test("is nothing where eight people joined and nobody said a word", () => {
    const joins = Array.from({ length: 8 }, (_, index) => entry("member.joined", index + 1, { person: BEN }));
    const town = after(welcome(roomInfo({ head: 8 })), page(joins, { head: 8 }));
    expect(unread(street(town), ADA.id)).toEqual({ count: 0, hasMore: false });
  });

  test("is not what was said before one came, nor what is purged", () => {
    const talk = [says(7, "before"), entry("member.joined", 8, { person: ADA }, ADA), says(9, "welcome!")];
    const town = after(welcome(roomInfo({ head: 9 })), page(talk, { head: 9 }), { event: "room.chosen", room: STREET });
    expect(unread(street(town), ADA.id)).toEqual({ count: 1, hasMore: false });
    expect(firstNew(street(town), ADA.id)).toBe(9);
    const purged = after(welcome(roomInfo({ head: 9, read: 4, oldest: 10 })));
    expect(unread(street(purged), ADA.id)).toEqual({ count: 0, hasMore: false });
  });
});

test("the town is plain JSON, so that golden files can hold it", () => {
  const town = after(welcome(roomInfo({ head: 1 })), edits(2, 1, "x"), says(3, "y"), {
    event: "command.queued",
    waiting: writes(1, "z"),
  });
  expect(JSON.parse(JSON.stringify(town))).toEqual(town);
});
