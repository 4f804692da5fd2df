import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { Liveness } from "./liveness";

let said: string[];
let liveness: Liveness;

/** What happened, in order, since the last look. */
function since(): string[] {
  return said.splice(0);
}

beforeEach(() => {
  vi.useFakeTimers();
  said = [];
  const say = (word: string) => () => void said.push(word);
  const wishes = { ask: say("ask"), doubt: say("doubt"), trust: say("trust"), giveUp: say("give up") };
  liveness = new Liveness({ ...wishes, now: Date.now });
  liveness.start();
});

afterEach(() => vi.useRealTimers());

describe("a page that is looked at", () => {
  test("asks when nothing has been heard for 4 s, and not before", () => {
    vi.advanceTimersByTime(3_999);
    expect(since()).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(since()).toEqual(["ask"]);
  });

  test("is told within 10 s that nobody answers, and a new connection is made", () => {
    vi.advanceTimersByTime(9_000);
    expect(since()).toEqual(["ask", "doubt", "give up"]);
  });

  test("asks nothing while there is talk", () => {
    for (let n = 0; n < 20; n += 1) (vi.advanceTimersByTime(3_000), liveness.heard());
    expect(since()).toEqual([]);
  });

  test("takes any word for an answer, and asks again after the next silence", () => {
    vi.advanceTimersByTime(4_000);
    liveness.heard();
    vi.advanceTimersByTime(4_000);
    expect(since()).toEqual(["ask", "ask"]);
  });

  test("on a very slow line is told in time, but the line is given longer after each failure", () => {
    vi.advanceTimersByTime(8_000);
    expect(since()).toEqual(["ask", "doubt", "give up"]);
    liveness.start();
    vi.advanceTimersByTime(8_000);
    expect(since()).toEqual(["ask", "doubt"]);
    vi.advanceTimersByTime(3_000);
    liveness.heard();
    expect(since()).toEqual(["trust"]);
    vi.advanceTimersByTime(4_000);
    expect(since()).toEqual(["ask"]);
  });
});

describe("a page that nobody looks at", () => {
  test("asks nothing", () => {
    liveness.hidden();
    vi.advanceTimersByTime(3_600_000);
    expect(since()).toEqual([]);
  });

  test("does not trust the old connection when it is looked at after a while: a second is patience enough", () => {
    liveness.hidden();
    vi.advanceTimersByTime(21_000);
    liveness.shown();
    expect(since()).toEqual(["ask"]);
    vi.advanceTimersByTime(1_000);
    expect(since()).toEqual(["doubt", "give up"]);
  });

  test("goes on as before after a short look elsewhere", () => {
    liveness.hidden();
    vi.advanceTimersByTime(1_000);
    liveness.shown();
    expect(since()).toEqual([]);
    vi.advanceTimersByTime(3_000);
    expect(since()).toEqual(["ask"]);
  });
});

test("a machine that slept shows in a clock that jumped: asks, with little patience", () => {
  vi.advanceTimersByTime(1_000);
  vi.setSystemTime(Date.now() + 8 * 3_600_000);
  vi.advanceTimersByTime(3_000);
  expect(since()).toEqual(["ask"]);
  vi.advanceTimersByTime(1_000);
  expect(since()).toEqual(["doubt", "give up"]);
});

test("a clock that is set back stops nothing", () => {
  vi.setSystemTime(Date.now() - 3_600_000);
  vi.advanceTimersByTime(8_000);
  expect(since()).toEqual(["ask"]);
});

test("a connection that has ended is not watched", () => {
  liveness.stop();
  vi.advanceTimersByTime(60_000);
  liveness.wake();
  expect(since()).toEqual([]);
});
