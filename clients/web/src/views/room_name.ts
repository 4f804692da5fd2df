// PURE: what a room is called on the screen. Streets and neighbourhoods have their own names; the name of a desk and of
// a private case is made here, in the person's language.

import type { Room } from "../town";
import { isWord, t } from "../words/words";

/** "desk:GM0518.escamp:police", whose name the server gives as "Escamp, police". */
const DESK = /^desk:.+:(\w+)$/;

export function roomName({ id, kind, name }: Pick<Room, "id" | "kind" | "name">): string {
  // A handle, which both sides can say to each other.
  if (kind === "case") return t("case.room_name", { name });
  const owner = DESK.exec(id)?.[1] ?? "";
  const word = `room.desk_${owner}`;
  const place = name.endsWith(`, ${owner}`) ? name.slice(0, -owner.length - 2) : name;
  return isWord(word) ? t(word, { place }) : name;
}
