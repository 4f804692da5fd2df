import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, test, vi } from "vitest";

import { apply } from "./apply";
import { ADA, after, DEVICE, roomInfo, STREET, street, welcome } from "./cast";
import { FakeChannel, FakeLocks, notes } from "./cast_browser";
import { Unanswered } from "./connection";
import { Database } from "./database";
import { Outbox } from "./outbox";
import type { Marks } from "./outbox";
import { Sending } from "./sending";
import { Tabs } from "./tabs";
import type { Locks, Ownership } from "./tabs";
import type { Town } from "./town";

let locks: Locks | undefined;
let channels: FakeChannel[];
let isLive: boolean;
let marks: Marks;
/** (page, client_id) of every command that reached the server, in order. */
let sent: [string, string][];

/** One page of Ada's browser. */
class Page {
  town: Town = after(welcome(roomInfo()));
  readonly channel = new FakeChannel(channels);
  readonly tabs = new Tabs({ locks, channel: this.channel });
  readonly sending: Sending;
  readonly ownership: Ownership;
  readonly #seqs = new Map<string, number>();

  constructor(readonly name: string) {
    const facts = { database: new Database(), person: ADA.id, device: DEVICE, marks };
    const outbox = new Outbox({ ...facts, unkept: () => undefined });
    this.sending = new Sending({
      person: ADA.id,
      outbox,
      call: (_, { client_id }) => this.#call(client_id),
      deliver: (event) => (this.town = apply(this.town, event)),
      tell: (word) => this.tabs.tell(word),
      now: () => 1_000,
      random: () => 0,
    });
    this.tabs.listen((word) => this.sending.told(word));
    this.ownership = this.tabs.ownership("outbox", (isOwner) => void this.sending.owns(isOwner));
  }

  async #call(client_id: string): Promise<any> {
    if (!isLive) throw new Unanswered();
    sent.push([this.name, client_id.replace(`${DEVICE}:`, "")]);
    if (client_id.endsWith(":13")) return { ok: false, error: { code: "muted", message: "", retryable: false } };
    return { ok: true, seq: this.#seqs.size + 1 };
  }

  write(text: string): Promise<void> {
    return this.sending.write("message.post", { room: STREET, text });
  }

  /** What this page shows of what was written, as state and words. */
  get shown(): string[] {
    return street(this.town).waiting.map(({ state, payload }) => `${state}: ${payload.text}`);
  }

  /** The browser closes it: its locks are given back, and it says nothing more. */
  close(): void {
    this.sending.stop();
    this.ownership.stop();
    channels.splice(channels.indexOf(this.channel), 1);
  }
}

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  marks = notes();
  locks = new FakeLocks();
  channels = [];
  isLive = true;
  sent = [];
});

describe("two pages of one browser", () => {
  test("what is written in either goes out of one, and both show it", async () => {
    const [first, second] = [new Page("first"), new Page("second")];
    await first.write("one");
    await second.write("two");
    await vi.waitFor(() => expect(sent).toEqual([["first", "1"], ["first", "2"]]));
    for (const page of [first, second])
      await vi.waitFor(() => expect(page.shown).toEqual(["sent: one", "sent: two"]));
  });

  test("both show what waits, and what was refused", async () => {
    isLive = false;
    const [first, second] = [new Page("first"), new Page("second")];
    marks.setItem(`bart.counter.${DEVICE}`, "12");
    await second.write("no");
    expect([first.shown, second.shown]).toEqual([["waiting: no"], ["waiting: no"]]);
    isLive = true;
    await vi.waitFor(() => (first.sending.resume(), expect(second.shown).toEqual(["refused: no"])));
    await second.sending.discard(`${DEVICE}:13`);
    expect([first.shown, second.shown]).toEqual([[], []]);
  });

  test("when the one that sends is closed the other sends on at once, under the same number", async () => {
    isLive = false;
    const [first, second] = [new Page("first"), new Page("second")];
    await first.write("written in the first");
    await vi.waitFor(() => expect(second.shown).toHaveLength(1));
    isLive = true;
    first.close();
    await vi.waitFor(() => expect(sent).toEqual([["second", "1"]]));
  });

  test("the one that is looked at takes over from one that a phone has stopped, until it closes", async () => {
    const [stopped, looked] = [new Page("stopped"), new Page("looked at")];
    looked.ownership.take();
    await looked.write("one");
    await vi.waitFor(() => expect(sent).toEqual([["looked at", "1"]]));
    looked.close();
    await stopped.write("two");
    await vi.waitFor(() => expect(sent.at(-1)).toEqual(["stopped", "2"]));
  });

  test("a page that opens later shows what waits", async () => {
    isLive = false;
    const first = new Page("first");
    await first.write("waits");
    const later = new Page("later");
    await later.sending.load();
    expect(later.shown).toEqual(["waiting: waits"]);
  });
});

test("without locks, as over plain http, a page alone sends what it wrote", async () => {
  locks = undefined;
  const page = new Page("alone");
  await page.write("hello");
  await vi.waitFor(() => expect(sent).toEqual([["alone", "1"]]));
});

test("a browser that refuses locks is one without", async () => {
  locks = { request: () => Promise.reject(new DOMException("no", "SecurityError")) };
  const page = new Page("alone");
  await page.write("hello");
  await vi.waitFor(() => expect(sent).toEqual([["alone", "1"]]));
});
