// How the town takes in warnings, cases, staff and duty: the golden files tell the talk, these the calls for help.

import { describe, expect, test } from "vitest";

import { apply } from "./apply";
import { ADA, after, BEN, DEVICE, entry, page, roomInfo, STREET, street, welcome } from "./cast";
import { BURGLARY, CASE, OFFICER, SERGEANT, taken, VEGA, view } from "./cast_case";
import type { CaseView } from "./protocol.gen";
import type { CaseEvent, Kept, TownEvent, Waiting } from "./town";
import { unread } from "./town";

const tells = (event: CaseEvent, seq: number, now: CaseView): Kept[CaseEvent] => entry(event, seq, { case: now });
const raised = tells("escalation.raised", 1, view());
const accepted = tells("escalation.accepted", 2, taken());
const PRIVATE = `case:${CASE}`;

function asks(command: Waiting["command"], payload: Waiting["payload"], n = 1): TownEvent {
  const waiting: Waiting = { client_id: `${DEVICE}:${n}`, command, payload, at: 1, state: "waiting" };
  return { event: "command.queued", waiting };
}

function onDuty(...cases: CaseView[]): TownEvent {
  const duty = { on: true, colleagues: [] };
  return { event: "welcome", person: OFFICER, rooms: [], now: 1, cases, duty };
}

describe("a case", () => {
  test("is what the newest event told, whole", () => {
    const town = after(welcome(roomInfo()), raised, accepted);
    expect(town.cases[CASE]).toEqual({ ...taken(), seq: 2 });
  });

  test("is not set back by a page of what was before", () => {
    const late = after(welcome({ ...roomInfo({ head: 2 }) }), page([raised, accepted], { head: 2 }));
    expect(late.cases[CASE]).toMatchObject({ state: "accepted", seq: 2 });
    expect(apply(late, page([raised], { head: 2 })).cases[CASE]?.state).toBe("accepted");
  });

  test("that welcome tells is as of the room's head: what was missed comes after it, and is older", () => {
    const rooms = [roomInfo({ head: 2 })];
    const told: TownEvent = { event: "welcome", person: ADA, rooms, now: 1, cases: [taken()] };
    expect(after(welcome(roomInfo()), told, raised).cases[CASE]?.state).toBe("accepted");
  });

  test("changes without an entry too, told without what was said in it", () => {
    const { text: _said, asker: _who, ...bare } = view({ reached: { paged: 2, seen: 1 } });
    const town = after(welcome(roomInfo()), raised, { event: "case.changed", case: bare });
    expect(town.cases[CASE]).toEqual({ ...view(), reached: { paged: 2, seen: 1 }, seq: 1 });
  });

  test("is not set back by what an entry has overtaken", () => {
    const late: TownEvent = { event: "case.changed", case: view({ reached: { paged: 2, seen: 1 } }) };
    expect(after(welcome(roomInfo()), raised, accepted, late).cases[CASE]?.state).toBe("accepted");
  });

  test("is the view of the highest version, in whatever order they come", () => {
    const changed = (now: CaseView): TownEvent => ({ event: "case.changed", case: now });
    const { text: _said, asker: _who, ...bare } = taken({ version: 3 });
    const early = after(welcome(roomInfo()), tells("escalation.raised", 1, view({ version: 1 })), changed(bare));
    expect(early.cases[CASE]).toMatchObject({ state: "accepted", text: view().text });
    expect(apply(early, changed(view({ version: 2, tier: 2 }))).cases[CASE]?.state).toBe("accepted");
    const widened = tells("escalation.widened", 2, view({ version: 2, tier: 2 }));
    const late = apply(early, widened);
    expect(late.cases[CASE]).toMatchObject({ state: "accepted", version: 3, seq: 2 });
    const told = tells("escalation.accepted", 3, taken({ version: 3 }));
    expect(apply(late, told).cases[CASE]).toEqual({ ...taken({ version: 3 }), seq: 3 });
  });

  test("begins anew with its log: what the old one knew is no newer than what the new one tells", () => {
    const old = after(welcome(roomInfo()), tells("escalation.accepted", 1, taken({ version: 9 })));
    const gone = apply(old, { event: "reset", room: STREET, epoch: 2, oldest: 1, head: 0 });
    expect(apply(gone, tells("escalation.raised", 1, view({ version: 1 }))).cases[CASE]?.state).toBe("paging");
  });

  test("leaves a row for each thing that happened to it, and a warning one of its own", () => {
    const warning = entry("warning.raised", 3, BURGLARY);
    const entered = entry("staff.entered", 4, { person: VEGA, ground: { kind: "case", id: CASE } }, VEGA);
    const rows = street(after(welcome(roomInfo()), raised, accepted, warning, entered)).rows;
    expect(rows.map(({ kind }) => kind)).toEqual(["case", "case", "warning", "staff_entered"]);
  });

  test("is news when it is called, and what becomes of it is not", () => {
    const town = after(welcome(roomInfo()), raised, accepted, entry("warning.raised", 3, BURGLARY));
    expect(unread(street(town), ADA.id).count).toBe(2);
  });

  test("is known from the rows that this device kept", () => {
    const room = street(after(welcome(roomInfo()), raised, accepted));
    const town = after({ event: "shelf.loaded", rooms: [room], order: [STREET], chosen: STREET });
    expect(town.cases[CASE]?.state).toBe("accepted");
  });
});

describe("a page", () => {
  const called: TownEvent = { event: "escalation.paged", case: view({ paged: true }) };

  test("calls until it is withdrawn", () => {
    const town = after(onDuty(), called);
    expect(town.cases[CASE]?.paged).toBe(true);
    expect(apply(town, { event: "page.withdrawn", case: CASE }).cases[CASE]?.paged).toBeUndefined();
  });

  test("that was overtaken by whoever took the case calls nobody", () => {
    const accepted: TownEvent = { event: "case.changed", case: taken({ version: 4, owner: SERGEANT }) };
    const late: TownEvent = { event: "escalation.paged", case: view({ version: 3, paged: true }) };
    expect(after(onDuty(), accepted, late).cases[CASE]).toMatchObject({ state: "accepted", version: 4 });
    expect(after(onDuty(), accepted, late).cases[CASE]?.paged).toBeUndefined();
  });

  test("goes on calling when the case changes for everybody", () => {
    const changed: TownEvent = { event: "case.changed", case: view({ tier: 2 }) };
    expect(after(onDuty(), called, changed).cases[CASE]).toMatchObject({ tier: 2, paged: true });
  });

  test("ends for all when somebody takes the case", () => {
    const changed: TownEvent = { event: "case.changed", case: taken({ owner: SERGEANT }) };
    expect(after(onDuty(), called, changed).cases[CASE]?.paged).toBeUndefined();
  });

  test("that was declined stays in sight, marked, until somebody has it or one is called anew", () => {
    const declined = apply(after(onDuty(), called), asks("escalation.decline", { case: CASE }));
    const withdrawn = apply(declined, { event: "page.withdrawn", case: CASE });
    expect(withdrawn.cases[CASE]).toMatchObject({ state: "paging", declined: true });
    const later = [{ event: "case.changed", case: view({ tier: 2 }) } as const, onDuty(view({ tier: 2 }))];
    expect(later.reduce<typeof withdrawn>(apply, withdrawn).cases[CASE]?.declined).toBe(true);
    expect(apply(withdrawn, called).cases[CASE]).toMatchObject({ paged: true });
    expect(apply(withdrawn, called).cases[CASE]?.declined).toBeUndefined();
    const isTaken: TownEvent = { event: "case.changed", case: taken({ owner: SERGEANT }) };
    expect(apply(withdrawn, isTaken).cases[CASE]?.declined).toBeUndefined();
  });

  test("is made anew by every welcome", () => {
    const town = after(onDuty(view({ paged: true })), onDuty(view({ id: "other" })));
    expect(Object.keys(town.cases)).toEqual(["other"]);
  });
});

describe("duty", () => {
  test("is one's own and the colleagues'", () => {
    const on = after(onDuty(), { event: "duty.changed", person: SERGEANT, on: true });
    expect(on.duty).toEqual({ on: true, colleagues: [SERGEANT] });
    const off = [
      { event: "duty.changed", person: SERGEANT, on: false } as const,
      { event: "duty.changed", person: VEGA, on: false } as const,
    ].reduce<typeof on>(apply, on);
    expect(off.duty).toEqual({ on: false, colleagues: [] });
  });
});

describe("the room of a case", () => {
  const info = roomInfo({ id: STREET, head: 2 });

  test("is chosen where it was taken, and nowhere else", () => {
    const opened: TownEvent = { event: "room.opened", room: info, cases: [taken()] };
    const elsewhere = after(onDuty(view()), { event: "room.opened", room: roomInfo({ id: "desk" }) }, opened);
    expect(elsewhere.chosen).toBe("desk");
    const sent: TownEvent = { event: "command.sent", lane: CASE, client_id: `${DEVICE}:1`, case: CASE };
    expect(apply(elsewhere, sent).chosen).toBe(STREET);
    const answered = after(onDuty(view()), { event: "room.opened", room: roomInfo({ id: "desk" }) }, sent);
    expect(apply(answered, opened).chosen).toBe(STREET);
  });

  test("that closes takes with it what was said, and leaves the open case on the desk", () => {
    const opened: TownEvent = { event: "room.opened", room: info, cases: [taken()] };
    const town = after(onDuty(), opened, { event: "room.closed", room: STREET });
    expect(town.cases[CASE]).toMatchObject({ state: "accepted" });
    expect(town.cases[CASE]?.text).toBeUndefined();
    expect(town.cases[CASE]?.asker).toBeUndefined();
  });

  test("that is private is never the first to be opened", () => {
    const rooms = [roomInfo({ id: PRIVATE, kind: "case" }), roomInfo()];
    expect(after(welcome(...rooms)).chosen).toBe(STREET);
  });
});

describe("what was asked", () => {
  test("about a case waits in the town, and is gone when it is answered", () => {
    const town = after(welcome(roomInfo()), asks("escalation.withdraw", { case: CASE }));
    expect(town.asked).toHaveLength(1);
    expect(apply(town, { event: "command.sent", lane: CASE, client_id: `${DEVICE}:1` }).asked).toEqual([]);
  });

  test("and was refused stays with its reason, until it is given up", () => {
    const refusal = { code: "already_taken", message: "", retryable: false, owner: "Wijkagent" } as const;
    const refused: TownEvent = { event: "command.refused", lane: CASE, client_id: `${DEVICE}:1`, refusal };
    const town = after(welcome(roomInfo()), asks("escalation.accept", { case: CASE }), refused);
    expect(town.asked).toMatchObject([{ state: "refused", refusal }]);
    expect(apply(town, { event: "command.discarded", lane: CASE, client_id: `${DEVICE}:1` }).asked).toEqual([]);
  });

  test("in private leaves no copy in the street, whatever number its own room gives it", () => {
    const call = asks("escalation.raise", { room: STREET, text: "hulp", private: true });
    const sent: TownEvent = { event: "command.sent", lane: STREET, client_id: `${DEVICE}:1`, seq: 1, case: CASE };
    expect(street(after(welcome(roomInfo()), call, sent)).waiting).toEqual([]);
  });

  test("and said in private is one row when it arrives under another number", () => {
    const welcomed = welcome(roomInfo());
    const said = asks("message.post", { room: STREET, text: "ik ben er" });
    const sent: TownEvent = { event: "command.sent", lane: STREET, client_id: `${DEVICE}:1`, seq: 1 };
    const masked = entry("message.posted", 1, { text: "ik ben er", client_id: "masked:1" }, BEN);
    for (const order of [[sent, masked], [masked, sent]]) {
      const room = street(after(welcomed, said, ...order));
      expect([room.rows.length, room.waiting.length]).toEqual([1, 0]);
    }
  });
});
