// Golden files, the client's half: what a real server told (tests/journeys/test_golden.py) leads to the rooms that a
// reader should see, whether it was told live or found afterwards. State + events = state.

import { expect, test } from "vitest";

import { bodyOf } from "./alert_body";
import { inForce as standing } from "./alerts_now";
import { apply } from "./apply";
import { unseen } from "./corrections";
import type { AlertView, WarningView } from "./protocol.gen";
import { NOBODY_HERE, wording } from "./town";
import type { Room, Row, Town, TownEvent, WarningRow } from "./town";
import { endsIt, inForce, viewOf } from "./warnings";

interface Golden {
  story: string;
  state: TownEvent[];
  events: TownEvent[];
  snapshot: TownEvent[];
  expected: Record<string, unknown>;
}

const FILES = import.meta.glob<Golden>("../../../tests/golden/*.json", { eager: true, import: "default" });
const STORIES = Object.values(FILES).map((golden) => [golden.story, golden] as const);

const fold = (town: Town, events: TownEvent[]): Town => events.reduce(apply, town);

/** The rooms as the golden files tell them: what one sees, and no more. */
function seen(town: Town): Record<string, unknown> {
  return Object.fromEntries(Object.values(town.rooms).map((room) => [room.id, seenRoom(room, town)]));
}

function seenRoom({ id, head, read, rows }: Room, town: Town): object {
  const pinned = inForce(town, id, 0)
    .map(seenPinned)
    .sort((a, b) => a.seq - b.seq);
  // In a story all that is said is signed, and the clock stands still: of its end by the clock there is an entry.
  const expired = new Set(rows.flatMap((row) => (row.kind === "alert" && row.event === "alert.expired" ? row.data.alert : [])));
  const alerts = standing(town, id, 0, () => "valid")
    .filter(({ alert }) => !expired.has(alert))
    .map(seenAlert)
    .sort((a, b) => a.seq - b.seq);
  return {
    head,
    read,
    rows: rows.map(seenRow),
    ...(pinned.length > 0 ? { pinned } : {}),
    ...(alerts.length > 0 ? { alerts } : {}),
  };
}

/** An official alert in force, as it stands on top of the room. */
function seenAlert({ seq, alert, n, body, seen }: AlertView) {
  return { seq, alert, n, says: headlineOf(body), ...(seen ? { seen } : {}) };
}

function headlineOf(body: string): string | undefined {
  return bodyOf(body)?.words[0]?.headline;
}

/** A warning in force, as it stands above the talk. */
function seenPinned({ seq, text, desk, counts, mine }: WarningView) {
  return { seq, warning: text, desk, counts, ...(mine ? { mine } : {}) };
}

function seenRow(row: Row): object {
  if (row.kind === "blank") return { seq: row.seq, blank: row.reason };
  if (row.kind === "warning") return seenWarning(row);
  if (row.kind === "warning_line") return { seq: row.seq, [row.change.event]: row.change.data.target };
  if (row.kind === "alert") {
    const says = "body" in row.data ? { says: headlineOf(row.data.body) } : {};
    return { seq: row.seq, [row.event]: row.data.alert, n: row.data.n, ...says };
  }
  if (row.kind === "measure") return { seq: row.seq, measure: row.event };
  if (row.kind === "case") return { seq: row.seq, case: row.event, state: row.case.state };
  if (row.kind !== "message") return { seq: row.seq, [row.kind]: row.person.name };
  const { seq, by, text, edits, reply_to } = row;
  const given = row.reactions.filter(({ reaction }) => reaction !== null);
  return {
    seq,
    by: by.name,
    words: wording(row),
    ...(reply_to === undefined ? {} : { reply_to }),
    ...(edits.length > 0 ? { before: [text, ...edits.slice(0, -1).map((edit) => edit.text)] } : {}),
    ...(given.length > 0
      ? { reactions: Object.fromEntries(given.map(({ person, reaction }) => [person, reaction])) }
      : {}),
  };
}

/** What it says now, what became of it, and how many answered what. */
function seenWarning(row: WarningRow): object {
  const { text, counts, desk } = viewOf(row, "");
  const end = row.changes.find(endsIt)?.event;
  return { seq: row.seq, by: row.by.name, warning: text, desk, counts, ...(end ? { end } : {}) };
}

test("there are stories", () => {
  expect(STORIES.length).toBeGreaterThanOrEqual(8);
});

test.each(STORIES)("%s: told live", (_, { state, events, expected }) => {
  const town = fold(fold(NOBODY_HERE, state), events);
  expect(seen(town)).toEqual(expected);
  expect(Object.values(town.rooms).filter((room) => room.gap)).toEqual([]);
});

test.each(STORIES)("%s: found afterwards", (_, { snapshot, expected }) => {
  expect(seen(fold(NOBODY_HERE, snapshot))).toEqual(expected);
});

test.each(STORIES)("%s: what was not so is told live as it is found", (_, { state, events, snapshot }) => {
  const noticed = (town: Town): string[] => unseen(town).map(({ id }) => id);
  expect(noticed(fold(fold(NOBODY_HERE, state), events))).toEqual(noticed(fold(NOBODY_HERE, snapshot)));
});

test.each(STORIES)("%s: told live and then found again, which changes nothing", (_, { state, events, snapshot, expected }) => {
  const town = fold(fold(fold(NOBODY_HERE, state), events), snapshot);
  expect(seen(town)).toEqual(expected);
});
