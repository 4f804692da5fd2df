import { expect, test } from "vitest";

import { isAlerted, pinnedIn } from "./alerts";
import { everywhere, inForce, isSeen } from "./alerts_now";
import type { Judge } from "./alerts_now";
import { apply } from "./apply";
import { ADA, after, entry, page, roomInfo, says, SQUARE, street, STREET, welcome } from "./cast";
import { ALERT, alerted, allClear, body, broadcasts, cancels, expires, updates } from "./cast_alert";
import type { AlertView } from "./protocol.gen";
import { isNews } from "./town";
import type { LastingCommand, Town, TownEvent, Waiting } from "./town";

const NOW = 10_000;
const HERE = welcome(roomInfo());

const told = (...views: AlertView[]): TownEvent => ({
  event: "welcome",
  person: ADA,
  rooms: [roomInfo({ head: 5 })],
  now: NOW,
  alerts: views,
});
const SIGNED: Judge = () => "valid";
const held = (town: Town, judge: Judge = SIGNED, now_ms = NOW): [string, number][] =>
  inForce(town, STREET, now_ms, judge).map(({ alert, n }) => [alert, n]);
/** What this text signed; all else was altered. */
const signedAre =
  (...bodies: string[]): Judge =>
  ({ body }) =>
    bodies.includes(body) ? "valid" : "altered";
const bodyIn = (event: TownEvent): string => (event as { data: { body: string } }).data.body;

function answering(state: Waiting["state"] = "waiting"): TownEvent {
  const [client_id, command] = ["ada:1", "alert.seen" as LastingCommand];
  return { event: "command.queued", waiting: { client_id, command, payload: { room: STREET, alert: ALERT, n: 1 }, at: 1, state } };
}

test("an alert is pinned until it ends, and says what its newest message says", () => {
  const before = after(HERE, broadcasts(1), says(2, "Ik zag ze."), updates(3, 2));
  expect(held(before)).toEqual([[ALERT, 2]]);
  for (const end of [allClear(4, 3), cancels(4, 3)]) expect(held(apply(before, end))).toEqual([]);
  expect(held(apply(before, expires(4, 3)), SIGNED, 3_600_000)).toEqual([]);
});

test("an end that nobody signed unpinned the alert", () => {
  const [said, changed] = [broadcasts(1), updates(3, 2)];
  const before = after(HERE, said, says(2, "Ik zag ze."), changed);
  const judge = signedAre(bodyIn(said), bodyIn(changed));
  for (const end of [allClear(4, 3), cancels(4, 3)]) expect(held(apply(before, end), judge)).toEqual([[ALERT, 2]]);
});

test("an end by the clock before its time unpinned the alert", () => {
  const town = after(HERE, broadcasts(1), expires(2, 2));
  expect(held(town, SIGNED, 3_599_999)).toEqual([[ALERT, 1]]);
  expect(held(town, SIGNED, 3_600_000)).toEqual([]);
});

test("an update that nobody signed stood for the alert, and kept out what came later", () => {
  const [said, later] = [broadcasts(1), updates(3, 2)];
  const forged = updates(2, 9, { severity: "minor" });
  const town = after(HERE, said, forged);
  expect(held(town, signedAre(bodyIn(said)))).toEqual([[ALERT, 1]]);
  expect(held(apply(town, later), signedAre(bodyIn(said), bodyIn(later)))).toEqual([[ALERT, 2]]);
});

test("while a message is being checked the one before it stands, and where none was signed nothing protects it", () => {
  const [said, end] = [broadcasts(1), allClear(2, 2)];
  const town = after(HERE, said, end);
  expect(held(town, ({ body }) => (body === bodyIn(said) ? "valid" : "checking"))).toEqual([[ALERT, 1]]);
  expect(held(town, () => "checking")).toEqual([[ALERT, 1]]);
  expect(held(town, () => "unchecked")).toEqual([]);
});

test("two alerts stand beside each other, and one ends alone", () => {
  const other = "w7q4v5k3m9x2";
  const town = after(HERE, broadcasts(1), broadcasts(2, { alert: other }), allClear(3, 2));
  expect(held(town)).toEqual([[other, 1]]);
});

test("what was told at once is whole: entries that it takes in change nothing", () => {
  const town = after(told(alerted({ seq: 3 }, { n: 2 })), page([broadcasts(1), says(2, "ja"), updates(3, 2)], { head: 5 }));
  expect(held(town)).toEqual([[ALERT, 2]]);
});

test("an older message that comes once more does not stand for the newer one", () => {
  expect(held(after(HERE, broadcasts(1), updates(2, 2), broadcasts(3)))).toEqual([[ALERT, 2]]);
});

test("a log that went back takes what was told beyond it", () => {
  const town = after(HERE, broadcasts(1), says(2, "ja"), broadcasts(3, { alert: "w7q4v5k3m9x2" }));
  const back = apply(town, { event: "reset", room: STREET, epoch: 2, oldest: 1, head: 2 });
  expect(held(back)).toEqual([[ALERT, 1]]);
});

test("what lies behind a gap is not pinned before it came", () => {
  expect(held(after(HERE, broadcasts(4)))).toEqual([]);
});

test("a room that opens brings its alerts, and takes them when it closes", () => {
  const opened = after(HERE, { event: "room.opened", room: roomInfo({ id: SQUARE }), alerts: [alerted({ room: SQUARE })] });
  expect(pinnedIn(opened, SQUARE)).toHaveLength(1);
  expect(isAlerted(apply(opened, { event: "room.closed", room: SQUARE }))).toBe(false);
});

test("each message has a row, and only what is said is news", () => {
  const town = after(HERE, broadcasts(1), updates(2, 2), allClear(3, 3));
  expect(street(town).rows.map((row) => [row.kind, isNews(row, ADA.id)])).toEqual([
    ["alert", true],
    ["alert", true],
    ["alert", false],
  ]);
});

test("it ends by the clock without a word, and where the text is none it stays until the server says", () => {
  const town = after(HERE, broadcasts(1), entry("alert.broadcast", 2, { alert: "x", n: 1, body: "?", signature: "", key: "" }));
  expect(held(town, SIGNED, 3_599_999)).toHaveLength(2);
  expect(held(town, SIGNED, 3_600_000)).toEqual([["x", 1]]);
  expect(held(apply(town, entry("alert.expired", 3, { alert: "x", n: 2 })), SIGNED, 3_600_000)).toEqual([]);
});

test("the gravest stands first, then the newest, and all rooms of mine count", () => {
  const views = [
    alerted({ seq: 1, at: 1 }, { alert: "minor", severity: "minor" }),
    alerted({ seq: 2, at: 2 }, { alert: "old", severity: "extreme" }),
    alerted({ seq: 3, at: 3 }, { alert: "new", severity: "extreme" }),
  ];
  const town = after({ ...told(...views), rooms: [roomInfo(), roomInfo({ id: SQUARE })] } as TownEvent);
  expect(held(town).map(([alert]) => alert)).toEqual(["new", "old", "minor"]);
  expect(everywhere(town, NOW, SIGNED)).toHaveLength(3);
});

test("my answer shows while it is on its way, and stays when it is sent", () => {
  const asked = after(HERE, broadcasts(1), answering());
  const [waits] = pinnedIn(asked, STREET) as [AlertView];
  expect([isSeen(street(asked), waits), waits.seen]).toEqual([true, undefined]);
  const sent = apply(asked, { event: "command.sent", lane: STREET, client_id: "ada:1" });
  expect(pinnedIn(sent, STREET)[0]?.seen).toBe(true);
  expect(street(sent).waiting).toEqual([]);
});

test("who had seen an alert had seen its update too", () => {
  const sent = apply(after(HERE, broadcasts(1), answering()), { event: "command.sent", lane: STREET, client_id: "ada:1" });
  const changed = apply(sent, updates(2, 2));
  const [view] = pinnedIn(changed, STREET) as [AlertView];
  expect([view.n, view.seen, isSeen(street(changed), view)]).toEqual([2, undefined, false]);
  const waits = apply(after(HERE, broadcasts(1), answering()), updates(2, 2));
  expect(isSeen(street(waits), pinnedIn(waits, STREET)[0] as AlertView)).toBe(false);
  const late = apply(changed, { event: "alert.noticed", room: STREET, alert: ALERT, n: 1 });
  expect(pinnedIn(late, STREET)[0]?.seen).toBeUndefined();
  expect(pinnedIn(apply(late, { event: "alert.noticed", room: STREET, alert: ALERT, n: 2 }), STREET)[0]?.seen).toBe(true);
});

test("an answer that was refused is none", () => {
  const refused = after(HERE, broadcasts(1), answering("refused"));
  expect(isSeen(street(refused), pinnedIn(refused, STREET)[0] as AlertView)).toBe(false);
});

test("what I answered on another device shows here", () => {
  const town = after(HERE, broadcasts(1), { event: "alert.noticed", room: STREET, alert: ALERT, n: 1 });
  expect(pinnedIn(town, STREET)[0]?.seen).toBe(true);
});

test("what this device kept is pinned before the server was reached", () => {
  const room = street(after(HERE, broadcasts(1)));
  const shelf: TownEvent = { event: "shelf.loaded", rooms: [room], alerts: [alerted()], order: [STREET], chosen: STREET };
  expect(held(after(shelf))).toEqual([[ALERT, 1]]);
  expect(held(after(shelf, told()))).toEqual([]);
});

test("the cast's alert is one", () => {
  expect(JSON.parse(alerted().body)).toEqual(body());
});
