import { describe, expect, test } from "vitest";

import { held, OFFICER, SERGEANT, taken } from "./cast_case";
import { countWaiting, pagesOf, queueOf } from "./queue";
import type { Case } from "./town";

const NOW = 2_000;
const MINUTE = 60_000;

const town = (...all: Case[]) => ({ cases: Object.fromEntries(all.map((one) => [one.id, one])) });
const names = (...all: Case[]) => {
  const { groups, elsewhere } = queueOf(town(...all), OFFICER, NOW);
  const ids = Object.entries(groups).map(([group, cases]) => [group, cases.map(({ id }) => id)]);
  return { ...Object.fromEntries(ids), elsewhere: elsewhere.length };
};

describe("the queue", () => {
  test("has each open case once: mine, soon over, handed to us, waiting", () => {
    const mine = held({ ...taken(), id: "mine", deadline: NOW + 10 * MINUTE });
    const ending = held({ ...taken(), id: "ending", deadline: NOW + 4 * MINUTE });
    const last = held({ id: "last", tier: 3 });
    const handed = held({ ...taken({ owner: SERGEANT }), id: "handed", state: "handing_over", handing_to: "police" });
    const waiting = held({ id: "waiting" });
    const colleague = held({ ...taken({ owner: SERGEANT }), id: "colleague" });
    const over = held({ id: "over", state: "resolved" });
    expect(names(mine, ending, last, handed, waiting, colleague, over)).toEqual({
      mine: ["mine"],
      soon: ["last", "ending"],
      handed: ["handed"],
      waiting: ["waiting"],
      elsewhere: 1,
    });
  });

  test("puts on top what ends first", () => {
    const late = held({ id: "late", deadline: NOW + 3 * MINUTE });
    const early = held({ id: "early", deadline: NOW + MINUTE });
    expect(names(late, early)).toMatchObject({ waiting: ["early", "late"] });
  });

  test("keeps what nobody answered among the waiting until its last hour", () => {
    const unanswered = (left: number): Case => held({ id: "u", state: "unanswered", tier: 0, deadline: NOW + left });
    expect(names(unanswered(61 * MINUTE))).toMatchObject({ waiting: ["u"] });
    expect(names(unanswered(59 * MINUTE))).toMatchObject({ soon: ["u"] });
  });

  test("leaves the other organisation's calls alone, unless they are handed to us", () => {
    const theirs = held({ id: "theirs", to: "municipality" });
    const given = taken({ owner: SERGEANT, state: "handing_over", handing_to: "municipality" });
    const giving = held({ ...given, id: "giving" });
    expect(names(theirs, giving)).toMatchObject({ waiting: [], handed: [], elsewhere: 2 });
  });

  test("counts what waits for somebody, without my own", () => {
    const ending = held({ ...taken(), id: "ending", deadline: NOW + MINUTE });
    const all = town(held({ id: "a" }), held({ id: "b", tier: 3 }), ending);
    expect(countWaiting(queueOf(all, OFFICER, NOW), OFFICER)).toBe(2);
  });
});

test("pages are the open cases that call me, the oldest first", () => {
  const all = town(
    held({ id: "young", since: 5, paged: true }),
    held({ id: "old", since: 2, paged: true }),
    held({ id: "not-me" }),
    held({ id: "over", state: "withdrawn", paged: true }),
  );
  expect(pagesOf(all).map(({ id }) => id)).toEqual(["old", "young"]);
});
