import { beforeEach, expect, test } from "vitest";

import { Calls } from "./calls";
import { after, roomInfo, STREET, street, welcome } from "./cast";
import { CASE, view } from "./cast_case";
import type { LastingCommand, Town, Waiting } from "./town";
import { NOBODY_HERE } from "./town";

let town: Town;
let done: string[];

const calls = (): Calls =>
  new Calls({
    read: () => town,
    write: async (command: LastingCommand) => void done.push(command),
    discard: async ({ client_id }) => void done.push(`discard ${client_id}`),
    mention: (command) => void done.push(command),
    ask: async (command) => (done.push(command), null),
  });

function asked(client_id: string, facts: Partial<Waiting>): Waiting {
  return { client_id, command: "escalation.accept", payload: { case: CASE }, at: 1, state: "waiting", ...facts };
}

const refused = { state: "refused", refusal: { code: "already_taken", message: "", retryable: false } } as const;

beforeEach(() => {
  town = NOBODY_HERE;
  done = [];
});

test("what was refused about a case gives way to what is asked of it next, and nothing else does", async () => {
  const elsewhere = asked("d:3", { ...refused, payload: { case: "other" } });
  town = { ...town, asked: [asked("d:1", refused), asked("d:2", {}), elsewhere] };
  await calls().decline(CASE);
  expect(done).toEqual(["discard d:1", "escalation.decline"]);
});

test("a page that came and was shown is told once, and again when the case is opened again", () => {
  const told = calls();
  told.gotPage("delivered", view());
  told.gotPage("seen", view());
  told.gotPage("seen", view({ tier: 2 }));
  told.gotPage("seen", view({ reopened: true }));
  expect(done).toEqual(["page.delivered", "page.seen", "page.seen"]);
});

test("duty is asked for by itself", async () => {
  await calls().startDuty();
  await calls().stopDuty();
  expect(done).toEqual(["duty.start", "duty.stop"]);
});

test("what was refused about a warning gives way to what is asked of it next", async () => {
  const about = (target: number) => ({ command: "warning.answer", payload: { room: STREET, target } }) as const;
  const waiting = [asked("old", { ...about(1), ...refused }), asked("other", { ...about(2), ...refused })];
  town = { ...after(welcome(roomInfo())), rooms: { [STREET]: { ...street(after(welcome(roomInfo()))), waiting } } };
  await calls().clearWarning(STREET, 1);
  expect(done).toEqual(["discard old", "warning.clear"]);
});
