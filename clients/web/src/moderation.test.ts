import { expect, test } from "vitest";

import { apply } from "./apply";
import { ADA, after, BEN, edits, entry, page, reacts, roomInfo, says, STREET, street, welcome } from "./cast";
import { CASE, SERGEANT, taken, VEGA } from "./cast_case";
import { guestsIn, pauseLeft_s, reportsFor, unseen } from "./judged";
import { closed, isBound, isGuest, isJudge, isStanding, standingIn } from "./moderation";
import type { By, NoticeView, ReportView } from "./protocol.gen";
import { wording } from "./town";
import type { MessageRow } from "./town";

const BAKKER: By = { id: "person-bakker", name: "Moderator", role: "moderator", organisation: "municipality" };
const ARRANGEMENT = { id: "a1", organisation: "police", reason: "Er is brand gesticht.", since: 1, until: 9_000 } as const;
const NOTICE: NoticeView = { id: "r1:2:decided", kind: "decided", report: "r1", room: STREET, target: 1, at: 5 };

function report(name: string, facts: Partial<ReportView> = {}): ReportView {
  const place = { id: STREET, name: "Betje Wolffstraat" };
  const asked = { version: 1, room: STREET, place, target: 1, reasons: ["insult" as const], reporters: 1 };
  return { report: name, ...asked, state: "waiting", since: 1, deadline: 100, ...facts };
}

const told = (...views: ReportView[]) => after(welcome(roomInfo()), { event: "reports.listed", reports: views });

test("what holds in a room is told at once, and then by its entries", () => {
  const begun = after(welcome(roomInfo({ head: 3, locked: true, slow: 30, arrangements: [ARRANGEMENT] })));
  expect(standingIn(begun, STREET)).toMatchObject({ locked: true, slow: 30, arrangements: [ARRANGEMENT] });
  const unlocked = [entry("room.unlocked", 4, {}), entry("room.slowed", 5, { seconds: 0 })].reduce(apply, begun);
  const ended = apply(unlocked, entry("arrangement.ended", 6, { arrangement: "a1", reason: "withdrawn" }));
  expect(standingIn(ended, STREET)).toMatchObject({ locked: false, slow: 0, arrangements: [] });
  expect([isStanding(begun, street(begun), ADA), isBound(begun, STREET, ADA)]).toEqual([true, true]);
  expect([isStanding(ended, street(ended), ADA), isBound(ended, STREET, ADA)]).toEqual([false, false]);
});

test("an older page changes nothing of what holds now", () => {
  const begun = after(welcome(roomInfo({ head: 3 })));
  const back = apply(begun, page([entry("room.locked", 3, {})], { head: 3 }));
  expect(standingIn(back, STREET).locked).toBe(false);
});

test("a lock for all is a line in the timeline, and keeps no staff from writing; who is inside may go", () => {
  const locked = after(welcome(roomInfo()), entry("room.locked", 1, {}, BAKKER));
  expect(street(locked).rows).toMatchObject([{ kind: "measure", event: "room.locked", seq: 1 }]);
  const bakker = { ...ADA, ...BAKKER };
  expect([isBound(locked, STREET, bakker), isBound(locked, STREET, ADA)]).toEqual([false, true]);
  expect([isGuest(street(locked), bakker), isGuest({ kind: "desk" }, bakker), isGuest(street(locked), ADA)]).toEqual([true, false, false]);
});

test("in a slow room one waits from one's own last message on", () => {
  const slow = after(welcome(roomInfo({ slow: 30 })), says(1, "mine", ADA), says(2, "other"));
  const standing = standingIn(slow, STREET);
  expect(pauseLeft_s(standing, street(slow), ADA.id, 11_001)).toBe(20);
  expect(pauseLeft_s(standing, street(slow), ADA.id, 31_001)).toBe(0);
  expect(pauseLeft_s(standing, street(slow), "nobody", 1_001)).toBe(0);
});

test("who came in on a report is named until they go; who came for a case stands with the case", () => {
  const ground = { kind: "report", id: "r1" } as const;
  const came = after(
    welcome(roomInfo()),
    entry("staff.entered", 1, { person: BAKKER, ground }),
    entry("escalation.accepted", 2, { case: taken(), client_id: "x:1" }, VEGA),
    entry("staff.entered", 3, { person: VEGA, ground: { kind: "case", id: CASE } }),
  );
  expect(guestsIn(came, street(came))).toEqual([{ by: BAKKER, ground }]);
  const helped = apply(came, entry("staff.entered", 4, { person: SERGEANT, ground: { kind: "case", id: CASE } }));
  expect(guestsIn(helped, street(helped)).map(({ by }) => by)).toEqual([BAKKER, SERGEANT]);
  const gone = apply(came, entry("staff.left", 4, { person: BAKKER, ground }));
  expect(guestsIn(gone, street(gone))).toEqual([]);
});

test("a mute is known by its notice, and over by the next one", () => {
  const given = (notice: Partial<NoticeView>) => ({ event: "notice.given" as const, notice: { ...NOTICE, ...notice } });
  const muted = after(welcome(roomInfo()), given({ decision: "mute", until: 9_000 }));
  expect(standingIn(muted, STREET).muted_until).toBe(9_000);
  const warned = apply(muted, given({ id: "r2:2:decided", decision: "warn" }));
  expect(standingIn(warned, STREET).muted_until).toBe(9_000);
  const free = apply(warned, given({ id: "r1:4:appeal_decided", kind: "appeal_decided", decision: "keep" }));
  expect(standingIn(free, STREET).muted_until).toBe(0);
});

test("a notice is shown until it was seen here, also while that is on its way", () => {
  const town = after(welcome(roomInfo()), { event: "notice.given", notice: NOTICE });
  expect(unseen(town)).toEqual([NOTICE]);
  const waiting = { client_id: "d:1", command: "notice.seen", payload: { id: NOTICE.id }, at: 1, state: "waiting" } as const;
  const asked = apply(town, { event: "command.queued", waiting });
  expect(unseen(asked)).toEqual([]);
  const sent = apply(asked, { event: "command.sent", lane: NOTICE.id, client_id: "d:1" });
  expect([sent.notices, sent.asked]).toEqual([[], []]);
  expect(closed(sent, "another")).toBe(sent);
});

test("the queue has one's own first, then what is late, then what waits; what is decided is gone", () => {
  const town = told(
    report("taken", { state: "taken", owner: BEN }),
    report("soon", { deadline: 50 }),
    report("later"),
    report("late", { late: true }),
    report("mine", { state: "taken", owner: BAKKER }),
    report("done", { state: "decided" }),
  );
  expect(reportsFor(town, BAKKER.id).map((view) => view.report)).toEqual(["mine", "late", "soon", "later", "taken"]);
});

test("of two views of a report the higher version is the newer", () => {
  const town = apply(told(report("r1", { version: 3, state: "decided" })), { event: "report.changed", report: report("r1") });
  expect(reportsFor(town, BAKKER.id)).toEqual([]);
});

test.each([
  ["municipality", "moderator", true],
  ["police", "moderator", false],
  ["municipality", "officer", false],
] as const)("of the %s, a %s judges: %s", (organisation, role, expected) => {
  expect(isJudge({ ...ADA, organisation, role })).toBe(expected);
});

test("what was hidden while one was here has its last wording again when its page came", () => {
  const hidden = after(
    welcome(roomInfo()),
    says(1, "one"),
    edits(2, 1, "two"),
    reacts(3, 1, "heart"),
    entry("entry.hidden", 4, { target: 1, reason: "hidden" }),
    entry("entry.restored", 5, { target: 1 }),
  );
  expect(street(hidden).rows).toMatchObject([{ kind: "blank", isBack: true }]);
  const back = apply(hidden, page([says(1, "one"), edits(2, 1, "two"), reacts(3, 1, "heart")], { head: 5 }));
  const [row] = street(back).rows as MessageRow[];
  expect(row?.reactions).toHaveLength(1);
  expect(row && wording(row)).toBe("two");
});

test("what was hidden once more meanwhile stays hidden, and is not asked for again", () => {
  const back = after(
    welcome(roomInfo()),
    says(1, "one"),
    entry("entry.hidden", 2, { target: 1, reason: "hidden" }),
    entry("entry.restored", 3, { target: 1 }),
  );
  const marker = page([entry("entry.blanked", 1, { reason: "hidden" })], { head: 3 });
  expect(street(apply(back, marker)).rows).toEqual([{ kind: "blank", seq: 1, at: 1_001, by: BEN, reason: "hidden" }]);
});
