// How far a room had come when somebody opened it: what was there is not news.

import { useRef } from "preact/hooks";

import { isForeseen } from "../town";
import type { Room } from "../town";

/** The seq up to which nothing is said aloud; of a room of which the server has not told yet, nothing is. */
export function useHeard(room: Room): number {
  const heard = useRef<number | null>(null);
  if (heard.current === null && !isForeseen(room)) heard.current = room.last;
  return heard.current ?? Infinity;
}
