import { expect, test } from "vitest";

import { apply } from "./apply";
import { ADA, after, roomInfo, STREET, welcome } from "./cast";
import { notice } from "./cast_warning";
import { unseen } from "./corrections";
import type { CorrectionView } from "./protocol.gen";
import type { Town, TownEvent, Waiting } from "./town";
import { laneOf } from "./waiting";

const back = (...corrections: CorrectionView[]): TownEvent =>
  ({ event: "welcome", person: ADA, rooms: [roomInfo()], now: 1_000, corrections }) as TownEvent;
const SEEN: Waiting = {
  client_id: "ada:1",
  command: "correction.seen",
  payload: { id: notice().id },
  at: 1_000,
  state: "waiting",
};
const shown = (town: Town): string[] => unseen(town).map(({ id }) => id);

test("who was away finds it first thing after return; who is here gets it at once", () => {
  const town = after(back(notice()), { event: "correction.given", correction: notice({ id: "later", seq: 9 }) });
  expect(shown(town)).toEqual([notice().id, "later"]);
  expect(unseen(town).map(({ isLive }) => isLive ?? false)).toEqual([false, true]);
});

test("a notice that comes twice stands once", () => {
  const given: TownEvent = { event: "correction.given", correction: notice() };
  expect(shown(after(welcome(roomInfo()), given, given))).toHaveLength(1);
});

test("one that another device has seen is gone", () => {
  expect(shown(after(back(notice()), { event: "correction.closed", id: notice().id }))).toEqual([]);
  expect(shown(after(back(notice()), back()))).toEqual([]);
});

test("one that was seen here is gone at once, and stays so while that is on its way", () => {
  const town = after(back(notice()), { event: "command.queued", waiting: SEEN });
  expect(shown(town)).toEqual([]);
  expect(shown(apply(town, back(notice())))).toEqual([]);
});

test("once the server knows, nothing of it is left", () => {
  const sent: TownEvent = { event: "command.sent", lane: notice().id, client_id: "ada:1" };
  const town = after(back(notice()), { event: "command.queued", waiting: SEEN }, sent);
  expect([town.asked, town.corrections]).toEqual([[], []]);
});

test("it waits in a lane of its own: neither a room nor a duty that is under way holds it up", () => {
  expect(laneOf(SEEN.payload)).not.toBe(laneOf({}));
  expect(laneOf(SEEN.payload)).not.toBe(laneOf({ room: STREET }));
});
