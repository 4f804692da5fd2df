import { expect, test } from "vitest";

import { approvableUntil, mayApprove, mayMake, mayTend, queueOf } from "./alert_queue";
import { apply } from "./apply";
import { after } from "./cast";
import { ALERT, CIVIL, inForceView, OFFICER, SECOND, waitingView } from "./cast_alert_desk";
import { VEGA } from "./cast_case";
import type { StaffAlertView } from "./protocol.gen";
import { NOBODY_HERE } from "./town";
import type { Town, TownEvent } from "./town";
import { laneOf } from "./waiting";

const changed = (alert: StaffAlertView): TownEvent => ({ event: "alert.changed", alert });
const listed = (alerts: StaffAlertView[], known: string[] = []): TownEvent =>
  ({ event: "alerts.listed", alerts, known });
const states = (town: Town): Record<string, string> =>
  Object.fromEntries(Object.entries(town.staffAlerts ?? {}).map(([id, { state }]) => [id, state]));

test("nothing is known before it is told, and an empty list is an answer", () => {
  expect(NOBODY_HERE.staffAlerts).toBeNull();
  expect(after(listed([])).staffAlerts).toEqual({});
});

test("of two views the newer one is the alert, in whatever order they come", () => {
  expect(states(after(changed(waitingView()), changed(inForceView())))).toEqual({ [ALERT]: "in_force" });
  expect(states(after(changed(inForceView()), changed(waitingView())))).toEqual({ [ALERT]: "in_force" });
  expect(states(after(changed(inForceView()), listed([waitingView()], [ALERT])))).toEqual({ [ALERT]: "in_force" });
});

test("what is no longer in the list goes, what came while it was asked stays", () => {
  const before = after(changed(inForceView({ alert: "old" })), changed(inForceView({ alert: "new" })));
  expect(states(apply(before, listed([waitingView()], ["old"])))).toEqual({ [ALERT]: "waiting", new: "in_force" });
});

test("who broadcast learns which alert it became", () => {
  const preview = laneOf({ preview: "p1" });
  const town = after({ event: "command.sent", lane: preview, client_id: "x:1", alert: ALERT });
  expect(town.broadcasts).toEqual({ [preview]: ALERT });
});

test("commands about an alert wait for each other, and not for those about another", () => {
  const lanes = [{ alert: "a" }, { alert: "b" }, { preview: "p" }, { id: "n" }, {}].map((payload) => laneOf(payload));
  expect(new Set(lanes).size).toBe(5);
  expect(laneOf({ alert: "a", room: "street" })).toBe("street");
});

test.each([
  ["an officer of the police", OFFICER, true],
  ["a moderator of the police", { ...OFFICER, role: "moderator" }, false],
  ["a moderator of the municipality", CIVIL, true],
  ["an officer of the municipality", { ...CIVIL, role: "officer" }, false],
  ["a resident", { id: "r", name: "Ada", role: "resident" }, false],
  ["an auditor", { ...OFFICER, role: "auditor" }, false],
] as const)("%s may make alerts: %#", (_who, person, may) => expect(mayMake(person)).toBe(may));

test("the second one is another officer of the same organisation, never who asks", () => {
  expect(mayApprove(waitingView(), SECOND)).toBe(true);
  expect(mayApprove(waitingView(), OFFICER)).toBe(false);
  expect(mayApprove(waitingView(), CIVIL)).toBe(false);
  expect(mayApprove(waitingView(), { ...SECOND, role: "moderator" })).toBe(false);
  expect(mayApprove(inForceView(), SECOND)).toBe(false);
});

test("of an update its author asks, not the author of the alert", () => {
  const { words, severity, urgency, certainty, expires_at } = inForceView();
  const pending = { by: SECOND as typeof VEGA, words, severity, urgency, certainty, expires_at, due: 400_000 };
  const view = inForceView({ pending });
  expect(mayApprove(view, SECOND)).toBe(false);
  expect(mayApprove(view, OFFICER)).toBe(true);
  expect(approvableUntil(view)).toBe(400_000);
  expect(queueOf(after(changed(view)), OFFICER)).toMatchObject({ toApprove: [view], inForce: [view], waiting: [] });
});

test("each alert stands where somebody has to do something about it", () => {
  const late = waitingView({ alert: "late", due: 500_000 });
  const ends = (["cancelled", "cleared", "expired", "lapsed", "declined"] as const).map((state, n) =>
    inForceView({ alert: state, state, sent: n }),
  );
  const fresh = inForceView({ alert: "fresh", sent: 9_000 });
  const town = after(listed([late, waitingView(), ...ends, inForceView({ alert: "force" }), fresh]));
  const ids = (views: readonly StaffAlertView[]): string[] => views.map(({ alert }) => alert);
  const theirs = queueOf(town, SECOND);
  expect(ids(theirs.toApprove)).toEqual([ALERT, "late"]);
  expect(ids(theirs.inForce)).toEqual(["fresh", "force"]);
  expect(ids(theirs.ended)).toEqual(["declined", "lapsed", "expired", "cleared", "cancelled"]);
  const mine = queueOf(town, OFFICER);
  expect([ids(mine.toApprove), ids(mine.waiting)]).toEqual([[], [ALERT, "late"]]);
});

test("only what is in force is updated or ended, by the organisation that sent it", () => {
  expect(mayTend(inForceView(), SECOND)).toBe(true);
  expect(mayTend(inForceView(), CIVIL)).toBe(false);
  expect(mayTend(waitingView(), OFFICER)).toBe(false);
});
