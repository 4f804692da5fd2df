// What is hidden from a room, and what comes back.

import { expect, test } from "vitest";

import { apply } from "./apply";
import { after, edits, entry, page, roomInfo, says, street, welcome } from "./cast";
import { wording } from "./town";
import type { MessageRow, Room } from "./town";

const texts = (room: Room): string[] =>
  room.rows.filter((row): row is MessageRow => row.kind === "message").map(wording);

test("a hidden entry leaves the same marker for who was there and for who reads later, and no words", () => {
  const hidden = entry("entry.hidden", 3, { target: 1, reason: "review" });
  const there = street(after(welcome(roomInfo()), says(1, "one"), edits(2, 1, "two"), hidden));
  const markers = [
    entry("entry.blanked", 1, { reason: "review" }),
    entry("entry.blanked", 2, { reason: "review", target: 1 }),
  ];
  const later = street(after(welcome(roomInfo()), ...markers, hidden));
  expect(there.rows).toEqual(later.rows);
  expect(JSON.stringify(there)).not.toContain("two");
});

test("an entry that came back has its words when its page is fetched", () => {
  const hidden = entry("entry.hidden", 2, { target: 1, reason: "hidden" });
  const restored = entry("entry.restored", 3, { target: 1 });
  const early = after(welcome(roomInfo({ head: 1 })), hidden, restored);
  expect(texts(street(apply(early, page([says(1, "one")], { head: 3 }))))).toEqual(["one"]);
});
