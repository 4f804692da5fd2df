import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, test, vi } from "vitest";

import { DEVICE, SQUARE, STREET } from "./cast";
import { notes, NOWHERE } from "./cast_browser";
import { Unanswered } from "./connection";
import { Database } from "./database";
import { asWaiting, Outbox } from "./outbox";
import type { Marks } from "./outbox";
import type { Refusal } from "./protocol.gen";
import { Sending } from "./sending";
import type { TownEvent } from "./town";

const ADA_ID = "person-ada";
const CALL = { room: STREET, to: "police", urgency: "urgent", text: "Inbraak.", emergency: "called" } as const;
let marks: Marks;
let isUnkept: boolean;

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  marks = notes();
  isUnkept = false;
});

/** As a page that has just been opened finds it. */
function open(person = ADA_ID, device = DEVICE): Outbox {
  return new Outbox({ database: new Database(), person, device, marks, unkept: () => (isUnkept = true) });
}

const post = (outbox: Outbox, text: string, room = STREET) => outbox.add("message.post", { room, text }, 1_000);

describe("the outbox", () => {
  test("counts up, also when two are written at once", async () => {
    const outbox = open();
    const written = await Promise.all(["a", "b", "c"].map((text) => post(outbox, text)));
    expect(written.map((stored) => stored.client_id)).toEqual([`${DEVICE}:1`, `${DEVICE}:2`, `${DEVICE}:3`]);
    expect((await outbox.all()).map((stored) => stored.n)).toEqual([1, 2, 3]);
  });

  test("outlives the page, and a number is never given twice", async () => {
    const first = open();
    await first.forget(await post(first, "gone"));
    await post(first, "kept");
    const second = open();
    expect((await second.all()).map((stored) => stored.payload)).toMatchObject([
      { text: "kept", client_id: `${DEVICE}:2` },
    ]);
    expect((await post(second, "next")).n).toBe(3);
  });

  test("keeps nothing of somebody who is forgotten, and everything of others", async () => {
    const [mine, bens] = [open(), open("person-ben")];
    await post(mine, "waits");
    await post(bens, "stays");
    await mine.clear();
    expect(await mine.all()).toEqual([]);
    expect((await bens.all()).map(({ payload }) => payload)).toMatchObject([{ text: "stays" }]);
  });

  test("counts on when the browser threw the database away", async () => {
    await post(open(), "one");
    globalThis.indexedDB = new IDBFactory();
    expect((await post(open(), "two")).n).toBe(2);
  });

  test("counts per device, but shows nobody what another person wrote on it", async () => {
    await post(open(), "ada's");
    const bens = open("person-ben");
    expect(await bens.all()).toEqual([]);
    expect((await post(bens, "ben's")).n).toBe(2);
  });

  test("keeps what was refused, with the reason", async () => {
    const outbox = open();
    const refusal: Refusal = { code: "muted", message: "", retryable: false };
    await outbox.refuse(await post(outbox, "no"), refusal);
    expect((await outbox.all()).map(asWaiting)).toMatchObject([{ state: "refused", refusal }]);
  });
});

describe("what is said in private", () => {
  const room = "case:p07.k3m9x2w7q4v5";

  test("waits in this page's memory alone, and takes its number from the same count", async () => {
    const outbox = open();
    const call = { room: STREET, to: "police", urgency: "urgent", text: "a", private: true } as const;
    await outbox.add("escalation.raise", call, 1);
    await post(outbox, "b", room);
    const waiting = await outbox.all();
    expect(waiting.map((stored) => [stored.n, outbox.isOnlyHere(stored)])).toEqual([[1, true], [2, true]]);
    expect(await open().all()).toEqual([]);
    expect((await post(open(), "c")).n).toBe(3);
    expect((await open().all()).map((stored) => stored.n)).toEqual([3]);
  });
});

describe("a browser that keeps nothing", () => {
  beforeEach(() => {
    globalThis.indexedDB = NOWHERE;
  });

  test("says so, and what is written waits in this page", async () => {
    const outbox = open();
    const stored = await post(outbox, "hello");
    expect(isUnkept).toBe(true);
    expect(await outbox.all()).toEqual([stored]);
    expect(outbox.isOnlyHere(stored)).toBe(true);
    await outbox.forget(stored);
    expect(await outbox.all()).toEqual([]);
  });

  test("still never gives a number twice", async () => {
    await post(open(), "lost with its page");
    expect((await post(open(), "next")).n).toBe(2);
  });

  test("keeps what was refused as long as the page is open", async () => {
    const outbox = open();
    await outbox.refuse(await post(outbox, "no"), { code: "muted", message: "", retryable: false });
    expect((await outbox.all()).map(asWaiting)).toMatchObject([{ state: "refused" }]);
  });
});

test("an older page that does not let go of the database does not hold up what is written", async () => {
  await new Promise((opened) => (indexedDB.open("bart", 1).onsuccess = opened));
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const outbox = open();
  const adding = post(outbox, "hello");
  await vi.advanceTimersByTimeAsync(3_000);
  vi.useRealTimers();
  expect(outbox.isOnlyHere(await adding)).toBe(true);
  expect(outbox.isOnlyHere(await post(outbox, "and this one at once"))).toBe(true);
  expect(isUnkept).toBe(true);
});

test("a database that the browser closed under the page is opened again", async () => {
  const database = new Database();
  const outbox = new Outbox({ database, person: ADA_ID, device: DEVICE, marks, unkept: () => (isUnkept = true) });
  await post(outbox, "before");
  await database.use(async (db) => db.close());
  await post(outbox, "after");
  expect((await open().all()).map(({ payload }) => payload)).toMatchObject([{ text: "before" }, { text: "after" }]);
  expect(isUnkept).toBe(false);
});

/** A server that answers when the test says so. */
class Desk {
  readonly asked: { client_id: string; room?: string; answer: (reply: object) => void; fail: (fault: Error) => void }[] =
    [];
  isLive = true;

  call = (_command: string, payload: { client_id: string; room?: string }): Promise<any> => {
    if (!this.isLive) return Promise.reject(new Unanswered());
    return new Promise((answer, fail) => this.asked.push({ ...payload, answer, fail }));
  };

  get ids(): string[] {
    return this.asked.map(({ client_id }) => client_id.replace(`${DEVICE}:`, ""));
  }

  /** Waits until so many or more were asked. */
  async until(count: number): Promise<void> {
    await vi.waitFor(() => expect(this.asked.length).toBeGreaterThanOrEqual(count));
  }

  async answer(index: number, reply: object): Promise<void> {
    await this.until(index + 1);
    this.asked[index]?.answer(reply);
  }
}

describe("sending", () => {
  const no = (refusal: Partial<Refusal>) => ({
    ok: false,
    error: { code: "busy", message: "", retryable: true, ...refusal },
  });
  let desk: Desk;
  let delivered: TownEvent[];

  async function begin(): Promise<Sending> {
    const wishes = {
      person: ADA_ID,
      outbox: open(),
      call: desk.call,
      tell: () => undefined,
      deliver: (event: TownEvent) => delivered.push(event),
      now: () => 1_000,
    };
    const sending = new Sending({ ...wishes, random: () => 0 });
    await sending.load();
    await sending.owns(true);
    return sending;
  }

  const write = (sending: Sending, text: string, room = STREET) => sending.write("message.post", { room, text });
  const stored = async (): Promise<number[]> => (await open().all()).map(({ n }) => n);

  beforeEach(() => {
    desk = new Desk();
    delivered = [];
  });

  test("is one command per room under way, in the order of writing; rooms do not wait for each other", async () => {
    const sending = await begin();
    await write(sending, "1st");
    await write(sending, "2nd");
    await write(sending, "elsewhere", SQUARE);
    expect(desk.ids).toEqual(["1", "3"]);
    await desk.answer(0, { ok: true, seq: 1 });
    await desk.until(3);
    expect(desk.ids).toEqual(["1", "3", "2"]);
  });

  test("forgets what was acknowledged, after saying so", async () => {
    const sending = await begin();
    await write(sending, "hello");
    await desk.answer(0, { ok: true, seq: 7 });
    await vi.waitFor(async () => expect(await stored()).toEqual([]));
    expect(delivered.at(-1)).toEqual({ event: "command.sent", lane: STREET, client_id: `${DEVICE}:1`, seq: 7 });
  });

  test("repeats the unanswered one with the same client_id after coming back, and nothing goes before it", async () => {
    const sending = await begin();
    await write(sending, "unknown");
    await write(sending, "behind it");
    desk.isLive = false;
    desk.asked[0]?.fail(new Unanswered());
    await vi.waitFor(() => expect(desk.asked).toHaveLength(1));
    desk.isLive = true;
    await vi.waitFor(() => (sending.resume(), expect(desk.ids).toEqual(["1", "1"])));
    await desk.answer(1, { ok: true, seq: 1 });
    await desk.until(3);
    expect(desk.ids).toEqual(["1", "1", "2"]);
  });

  test("takes up what an earlier page left", async () => {
    desk.isLive = false;
    const earlier = await begin();
    await write(earlier, "written in the tunnel");
    earlier.stop();
    desk.isLive = true;
    const later = await begin();
    expect(delivered.at(-1)).toMatchObject({
      event: "command.queued",
      waiting: { state: "waiting", client_id: `${DEVICE}:1` },
    });
    later.resume();
    await desk.until(1);
    expect(desk.ids).toEqual(["1"]);
  });

  test("waits as long as a retryable refusal says, and repeats with the same client_id", async () => {
    const sending = await begin();
    await write(sending, "hasty");
    await desk.answer(0, no({ code: "too_fast", retry_after_ms: 5 }));
    await desk.until(2);
    expect(desk.ids).toEqual(["1", "1"]);
    expect(delivered.map(({ event }) => event)).toEqual(["command.queued", "command.delayed"]);
  });

  test.each(["storage_low", "room_locked", "too_fast"] as const)(
    "a warning does not wait behind a message that was told to wait: %s",
    async (code) => {
      const sending = await begin();
      await write(sending, "talk");
      await desk.answer(0, no({ code, retry_after_ms: 60_000 }));
      await vi.waitFor(() => expect(delivered.at(-1)?.event).toBe("command.delayed"));
      await sending.write("warning.raise", { room: STREET, kind: "fire", text: "Er is brand in de straat." });
      await desk.until(2);
      await desk.answer(1, { ok: true, seq: 1 });
      await desk.until(3);
      expect(desk.ids).toEqual(["1", "2", "1"]);
    },
  );

  test("a call that stood behind a message goes as soon as that is told to wait", async () => {
    const sending = await begin();
    await write(sending, "talk");
    await sending.write("escalation.raise", CALL);
    await desk.answer(0, no({ code: "storage_low", retry_after_ms: 60_000 }));
    await desk.until(2);
    expect(desk.ids).toEqual(["1", "2"]);
  });

  test("nothing overtakes a message of which it is not known what became of it", async () => {
    const sending = await begin();
    await write(sending, "talk");
    await sending.write("escalation.raise", CALL);
    await desk.answer(0, no({ code: "unavailable", retry_after_ms: 5 }));
    await desk.until(2);
    expect(desk.ids).toEqual(["1", "1"]);
  });

  test("a final refusal is shown and kept, and the next one goes", async () => {
    const sending = await begin();
    await write(sending, "not allowed");
    await write(sending, "allowed");
    await desk.answer(0, no({ code: "muted", retryable: false }));
    await desk.answer(1, { ok: true, seq: 1 });
    await vi.waitFor(async () => expect(await stored()).toEqual([1]));
    expect(delivered.map(({ event }) => event)).toContain("command.refused");
    expect(desk.ids).toEqual(["1", "2"]);
  });

  test("what was refused is not sent again by itself, and can be thrown away", async () => {
    const sending = await begin();
    await write(sending, "not allowed");
    await desk.answer(0, no({ code: "muted", retryable: false }));
    await vi.waitFor(() => expect(delivered.at(-1)).toMatchObject({ event: "command.refused" }));
    const later = await begin();
    later.resume();
    expect(desk.ids).toEqual(["1"]);
    await later.discard(`${DEVICE}:1`);
    expect(await stored()).toEqual([]);
  });
});
