import { beforeEach, expect, test, vi } from "vitest";

import { apply } from "./apply";
import { after, entry, roomInfo, says, SQUARE, STREET, street, welcome } from "./cast";
import { History } from "./history";
import type { Town, TownEvent } from "./town";

const LOG = Array.from({ length: 450 }, (_, index) => says(index + 1, `message ${index + 1}`));

let town: Town;
let asked: object[];
let history: History;

/** Answers from LOG as the server would. */
async function call(
  _: string,
  { after, before, limit = 50 }: { after?: number; before?: number; limit?: number },
): Promise<any> {
  asked.push({ after, before });
  const entries = after !== undefined ? LOG.slice(after, after + limit) : LOG.slice(0, (before ?? 0) - 1).slice(-limit);
  return { ok: true, entries, head: LOG.length, epoch: 1, oldest: 1, more: false };
}

function deliver(event: TownEvent): void {
  town = apply(town, event);
  history.look();
}

beforeEach(() => {
  asked = [];
  town = after();
  history = new History({ read: () => town, call, deliver });
});

test("the last page of the chosen room is pulled, and no more", async () => {
  deliver(welcome(roomInfo({ head: 450 })));
  await vi.waitFor(() => expect(street(town).rows).toHaveLength(50));
  expect(asked).toEqual([{ after: undefined, before: 451 }]);
});

test("a room beside it that may have news is peeked into, after the chosen one and once", async () => {
  const square = roomInfo({ id: SQUARE, kind: "neighbourhood", head: 450 });
  deliver(welcome(roomInfo({ head: 450 }), square));
  expect(asked).toHaveLength(1);
  await vi.waitFor(() => expect(town.rooms[SQUARE]?.rows).toHaveLength(50));
  expect(asked).toHaveLength(2);
});

test("a room beside it of which all was read is left alone", async () => {
  const square = roomInfo({ id: SQUARE, kind: "neighbourhood", head: 450, read: 450 });
  deliver(welcome(roomInfo({ head: 450 }), square));
  await vi.waitFor(() => expect(street(town).rows).toHaveLength(50));
  expect(asked).toHaveLength(1);
});

test("a peek that is refused is not asked for without end", async () => {
  const refusing = new History({
    read: () => town,
    deliver: () => undefined,
    call: async (_, payload) => {
      asked.push(payload);
      return { ok: false, error: { code: "too_fast", message: "", retryable: true } };
    },
  });
  town = after(welcome(roomInfo(), roomInfo({ id: SQUARE, kind: "neighbourhood", head: 450 })));
  for (let n = 0; n < 3; n += 1) {
    refusing.look();
    await new Promise((resolve) => setTimeout(resolve));
  }
  expect(asked).toHaveLength(1);
});

test("a gap is pulled page by page until the head", async () => {
  deliver(welcome(roomInfo({ head: 0 })));
  deliver(says(1, "message 1"));
  deliver(says(450, "message 450"));
  await vi.waitFor(() => expect(street(town)).toMatchObject({ last: 450, gap: false }));
  expect(asked).toEqual([{ after: 1 }, { after: 201 }, { after: 401 }]);
  expect(street(town).rows).toHaveLength(450);
});

test("after a night away the pages are asked for all at once, behind what comes unasked", async () => {
  const night = Array.from({ length: 901 }, (_, index) => says(index + 1, `message ${index + 1}`));
  town = after(welcome(roomInfo()), says(1, "message 1"), { event: "connection.lost" });
  const answers: (() => void)[] = [];
  const slow = new History({
    read: () => town,
    deliver: (event) => ((town = apply(town, event)), slow.look()),
    call: async (_, payload) => {
      asked.push({ after: payload.after });
      await new Promise<void>((resolve) => answers.push(resolve));
      const entries = night.slice(payload.after, (payload.after ?? 0) + 200);
      return { ok: true, entries, head: 901, epoch: 1, oldest: 1, more: true };
    },
  });
  const given: TownEvent[] = [welcome(roomInfo({ head: 901, more: true })), ...night.slice(1, 201)];
  for (const event of given) ((town = apply(town, event)), slow.look());
  expect(asked).toEqual([{ after: 201 }, { after: 401 }, { after: 601 }, { after: 801 }]);
  for (const answer of answers) answer();
  await vi.waitFor(() => expect(street(town)).toMatchObject({ from: 1, last: 901, gap: false }));
  expect(asked).toHaveLength(4);
});

test("what came unasked was less than usual: the rest is asked for from there", async () => {
  town = after(welcome(roomInfo()), says(1, "message 1"), { event: "connection.lost" });
  deliver(welcome(roomInfo({ head: 450, more: true })));
  for (const long of LOG.slice(1, 60)) deliver(long);
  await vi.waitFor(() => expect(street(town)).toMatchObject({ last: 450, gap: false }));
  expect(asked).toContainEqual({ after: 60 });
});

test("a jump to an earlier entry loads what lies between", async () => {
  deliver(welcome(roomInfo({ head: 450 })));
  await vi.waitFor(() => expect(street(town).rows).toHaveLength(50));
  expect(await history.reach(STREET, 120)).toBe(true);
  expect(street(town).from).toBeLessThanOrEqual(120);
  expect(await history.reach(STREET, 451)).toBe(false);
  expect(await history.reach(SQUARE, 1)).toBe(false);
});

test("every room is stocked with its last 200 entries, to be read without a network", async () => {
  town = after(welcome(roomInfo({ head: 450 })));
  await history.stock();
  expect(street(town)).toMatchObject({ from: 251, last: 450 });
});

test("what was deleted while it stood on the shelf is gone after a look at its page", async () => {
  town = after(welcome(roomInfo()), ...LOG.slice(0, 3), welcome(roomInfo({ head: 3 })));
  const marked = [LOG[0], entry("entry.blanked", 2, { reason: "moderation" }), LOG[2]];
  const reviewing = new History({
    read: () => town,
    deliver,
    call: async () => ({ ok: true, entries: marked as never, head: 3, epoch: 1, oldest: 1, more: false }),
  });
  await reviewing.review([STREET]);
  expect(street(town).rows.map((row) => row.kind)).toEqual(["message", "blank", "message"]);
});

test("earlier pages come on request, down to the first entry", async () => {
  deliver(welcome(roomInfo({ head: 450 })));
  await vi.waitFor(() => expect(street(town).rows).toHaveLength(50));
  for (let n = 0; n < 10; n += 1) await history.earlier(street(town));
  expect(street(town)).toMatchObject({ from: 1, last: 450 });
  expect(asked).toHaveLength(9);
});

test("a server that names a head but gives nothing is not asked without end", async () => {
  const barren = new History({
    read: () => town,
    deliver: (event) => (town = apply(town, event)),
    call: async (_, payload) => {
      asked.push(payload);
      return { ok: true, entries: [], head: 450, epoch: 1, oldest: 1, more: false };
    },
  });
  town = after(welcome(roomInfo()), { ...says(3, "far"), room: STREET });
  barren.look();
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  await new Promise((resolve) => setTimeout(resolve));
  expect(asked).toHaveLength(1);
});
