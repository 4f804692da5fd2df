// What is new and urgent on the board: heard, said, and in the title of the page until somebody has been there.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { urgentIn } from "../board";
import { board } from "../board_watch";
import { pagesOf } from "../queue";
import { town } from "../town";
import { t } from "../words/words";
import { ring } from "./sound";

export function BoardAlarm() {
  const fresh = useFresh();
  const unseen = useSignal(0);
  useEffect(() => {
    if (fresh.length === 0) return;
    ring();
    unseen.value += fresh.length;
  }, [fresh]);
  useEffect(() => {
    const see = (): void => void (unseen.value = 0);
    const touches = ["pointerdown", "keydown"] as const;
    for (const touch of touches) addEventListener(touch, see);
    return () => touches.forEach((touch) => removeEventListener(touch, see));
  }, []);
  useTitle(unseen.value);
  return (
    <p class="unseen" role="alert" data-testid="board-news">
      {saidOf(fresh)}
    </p>
  );
}

/** What was not there before, since the board was whole for the first time. */
function useFresh(): readonly string[] {
  const { rooms, expected } = board.value;
  const known = useRef<ReadonlySet<string> | null>(null);
  const fresh = useRef<readonly string[]>([]);
  const isWhole = expected !== null && rooms.size >= expected;
  if (!isWhole) return fresh.current;
  const urgent = urgentIn(rooms.values());
  const before = known.current ?? new Set(urgent);
  const added = urgent.filter((one) => !before.has(one));
  known.current = new Set([...before, ...urgent]);
  if (added.length > 0) fresh.current = added;
  return fresh.current;
}

/** Where it is; of several places, how many. */
function saidOf(fresh: readonly string[]): string {
  const places = [...new Set(fresh.map((one) => one.slice(0, one.lastIndexOf(" "))))];
  const [first] = places.flatMap((id) => board.value.rooms.get(id) ?? []);
  if (!first) return "";
  if (places.length > 1) return t("board.news_more", { count: places.length });
  return t("board.news", { place: first.name, why: t(`board.why_${first.why}`) });
}

/** A page that calls has the title for itself. */
function useTitle(count: number): void {
  const isPaged = pagesOf(town.value).length > 0;
  useEffect(() => {
    if (count === 0 || isPaged) return;
    document.title = t("board.news_title", { count });
    return () => void (document.title = t("app.name"));
  }, [count, isPaged]);
}
