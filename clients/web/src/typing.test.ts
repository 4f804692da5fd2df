import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { apply } from "./apply";
import { after, BEN, roomInfo, says, STREET, street, welcome } from "./cast";
import { Unanswered } from "./connection";
import type { By } from "./protocol.gen";
import type { Town } from "./town";
import { Typing } from "./typing";

const VEGA: By = { id: "person-vega", name: "Officer Vega", role: "officer", organisation: "police" };

let asked: string[];
let town: Town;
let typing: Typing;

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  town = after(welcome(roomInfo()));
  typing = new Typing({
    call: async (_, { room }) => void asked.push(room),
    deliver: (event) => (town = apply(town, event)),
    now: Date.now,
  });
});

afterEach(() => vi.useRealTimers());

/** As it comes over the wire. */
function writes(by?: By): void {
  const event = { event: "typing.started", room: STREET, ...(by ? { by } : {}) } as const;
  town = apply(town, event);
  typing.heard(event);
}

test("I am writing is said at once and then every 3 s, however fast one types", () => {
  for (let n = 0; n < 70; n += 1) (typing.say(STREET), vi.advanceTimersByTime(100));
  expect(asked).toHaveLength(3);
});

test("the first letter after a message was sent is said at once", () => {
  typing.say(STREET);
  typing.said(STREET);
  typing.say(STREET);
  expect(asked).toHaveLength(2);
});

test("without a connection it is not said, and nothing comes of that", async () => {
  const alone = new Typing({ call: () => Promise.reject(new Unanswered()), deliver: () => undefined, now: Date.now });
  alone.say(STREET);
  await vi.advanceTimersByTimeAsync(10);
});

test("somebody who writes is forgotten when nothing more is heard of it", () => {
  writes();
  vi.advanceTimersByTime(5_000);
  writes();
  vi.advanceTimersByTime(5_000);
  expect(street(town).typing).toEqual([null]);
  vi.advanceTimersByTime(2_000);
  expect(street(town).typing).toEqual([]);
});

test("staff are named, neighbours are not, and each goes with the own message", () => {
  writes();
  writes(VEGA);
  expect(street(town).typing).toEqual([null, VEGA]);
  town = apply(town, says(1, "hello", BEN));
  expect(street(town).typing).toEqual([VEGA]);
  town = apply(town, says(2, "good evening", VEGA));
  expect(street(town).typing).toEqual([]);
});
