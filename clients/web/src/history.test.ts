import { beforeEach, expect, test, vi } from "vitest";

import { apply } from "./apply";
import { after, roomInfo, says, STREET, street, welcome } from "./cast";
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

test("a gap is pulled page by page until the head", async () => {
  deliver(welcome(roomInfo({ head: 0 })));
  deliver(says(1, "message 1"));
  deliver(says(450, "message 450"));
  await vi.waitFor(() => expect(street(town)).toMatchObject({ last: 450, gap: false }));
  expect(asked).toEqual([{ after: 1 }, { after: 201 }, { after: 401 }]);
  expect(street(town).rows).toHaveLength(450);
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
