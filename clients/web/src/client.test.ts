import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { ADA, roomInfo, says, STREET, street } from "./cast";
import { FakeChannel, FakeLocks, FakeSocket, notes, NOWHERE } from "./cast_browser";
import { Client } from "./client";
import { Database } from "./database";
import { Session } from "./session";
import { Tabs } from "./tabs";
import { NOBODY_HERE, town } from "./town";
import type { MessageRow } from "./town";

const answers: Record<string, object> = {
  "/api/sign-in": { token: "secret", person: ADA },
  "/api/recover": { token: "secret", person: ADA, recovery: "NEXT-ONE" },
};

let store: ReturnType<typeof notes>;
let channels: FakeChannel[];
let sockets: FakeSocket[];
let clients: Client[];

/** A page of Ada's browser; all pages of one test share the value `town`, as no two real ones do. */
function open(): Client {
  const fetch = async (path: string) => new Response(JSON.stringify(answers[path] ?? { ok: true }), { status: 200 });
  const client = new Client({
    session: new Session(store, fetch),
    marks: store,
    open: (auth) => (sockets[sockets.length] = new FakeSocket(auth)),
    tabs: new Tabs({ locks: new FakeLocks(), channel: new FakeChannel(channels) }),
  });
  clients.push(client);
  return client;
}

const socket = (): FakeSocket => sockets.at(-1) as FakeSocket;
const asked = (name: string): object[] => socket().asked.filter(({ event }) => event === name);

/** Signed in, connected and welcomed to the street. */
async function inTheStreet(head = 0): Promise<Client> {
  const client = open();
  await client.signIn("Ada", "x");
  socket().welcomes(ADA, [roomInfo({ head })]);
  return client;
}

function hears(event: string, facts: object): void {
  socket().says(event, facts);
}

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  town.value = NOBODY_HERE;
  store = notes();
  [channels, sockets, clients] = [[], [], []];
});

afterEach(async () => {
  for (const client of clients) await client.signOut();
});

test("the rooms of the last time are there before the connection, and it resumes from them", async () => {
  const before = await inTheStreet();
  const { event, ...posted } = says(1, "hello");
  hears(event, posted);
  before.hidden();
  const kept = () => new Database().use((db) => db.getAll("rooms"));
  await vi.waitFor(async () => expect(await kept()).toMatchObject([{ last: 1 }]));
  town.value = NOBODY_HERE;
  await open().start();
  expect(street(town.value)).toMatchObject({ last: 1 });
  expect(town.value.connection).toBe("starting");
  expect(socket().presented.at(-1)?.cursors).toEqual({ [STREET]: [1, 1] });
});

test("signing out leaves nothing on the device, and signs out the other pages", async () => {
  const [one, other] = [await inTheStreet(), open()];
  await other.start();
  const [first, second] = sockets as [FakeSocket, FakeSocket];
  await one.signOut();
  expect([first.disconnects, second.disconnects]).toEqual([1, 1]);
  expect(town.value.me).toBeNull();
  await open().start();
  expect(sockets).toHaveLength(2);
});

test("who signs out while the inside is still being fetched is not connected", async () => {
  await inTheStreet();
  const other = open();
  const started = other.start();
  await other.signOut();
  await started;
  expect(sockets).toHaveLength(1);
});

test("a session that the server ends takes the rooms from the device, and says why", async () => {
  const client = await inTheStreet();
  const { event, ...posted } = says(1, "hello");
  hears(event, posted);
  client.hidden();
  hears("session.ended", { reason: "everywhere" });
  expect(town.value).toMatchObject({ me: null, ended: "everywhere" });
  await client.signIn("Ada", "x");
  expect(Object.values(town.value.rooms).flatMap(({ rows }) => rows)).toEqual([]);
});

test("a browser that keeps nothing is told to whoever writes, and talk goes on", async () => {
  globalThis.indexedDB = NOWHERE;
  const warned = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  const client = await inTheStreet();
  expect(town.value.storage).toBe("memory");
  expect(warned).toHaveBeenCalledOnce();
  await client.post(STREET, "hello");
  expect(asked("message.post")).toMatchObject([{ payload: { text: "hello" } }]);
});

describe("what the views ask for", () => {
  const row = (): MessageRow => street(town.value).rows[0] as MessageRow;

  async function withOneMessage(): Promise<Client> {
    const client = await inTheStreet();
    const { event, ...posted } = says(1, "who helps?");
    hears(event, posted);
    return client;
  }

  test("a reply names what it replies to", async () => {
    const client = await withOneMessage();
    await client.post(STREET, "I do", 1);
    await vi.waitFor(() => expect(asked("message.post")).toMatchObject([{ payload: { text: "I do", reply_to: 1 } }]));
  });

  test("a reaction is given, and taken back by giving it again", async () => {
    const client = await withOneMessage();
    await client.react(STREET, row(), "heart");
    await client.react(STREET, row(), "heart");
    expect(street(town.value).waiting.map(({ payload }) => payload.reaction)).toEqual(["heart", null]);
  });

  test("what was refused goes once more as it was, under another number", async () => {
    const client = await withOneMessage();
    await client.edit(STREET, row(), "who helps me?");
    await vi.waitFor(() => expect(asked("message.edit")).toHaveLength(1));
    socket().asked.at(-1)?.answer({ ok: false, error: { code: "too_late", message: "", retryable: false } });
    await vi.waitFor(() => expect(street(town.value).waiting).toMatchObject([{ state: "refused" }]));
    const [refused] = street(town.value).waiting;
    if (refused) await client.again(refused);
    await vi.waitFor(() => expect(asked("message.edit")).toHaveLength(2));
    expect(asked("message.edit")).toMatchObject([
      { payload: { target: 1, text: "who helps me?", client_id: `${store.getItem("bart.device")}:1` } },
      { payload: { target: 1, text: "who helps me?", client_id: `${store.getItem("bart.device")}:2` } },
    ]);
  });

  test("a new password by the recovery code comes with the next code", async () => {
    expect(await open().recover({ name: "Ada", recovery: "OLD-ONE", password: "p" })).toBeNull();
    expect(town.value).toMatchObject({ me: ADA, recovery: "NEXT-ONE" });
  });

  test("the town's clock is known from the welcome on", async () => {
    await inTheStreet();
    expect(Math.abs(town.value.ahead_ms + Date.now())).toBeLessThan(60_000);
  });
});
