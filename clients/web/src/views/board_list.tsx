// The rooms as a grid of which only what is in sight is drawn, however many there are. Arrows lead through it, Enter
// shows a room; while somebody is busy in it, no row moves from under their hand.

import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";

import { inOrderOf } from "../board";
import type { BoardRoom } from "../board";
import { t } from "../words/words";
import { BoardLine } from "./board_row";
import { chosenRoom } from "./board_state";

/** Drawn beyond the edge, so that scrolling finds them there. */
const BEYOND = 6;
const COLUMNS = ["room", "why", "talk", "here", "clock", "staff"] as const;
/** So long after the last touch the order moves again. */
const CALM_MS = 4_000;

interface Facts {
  rooms: readonly BoardRoom[];
  minute: number;
}

export function BoardList({ rooms: sorted, minute }: Facts) {
  const box = useRef<HTMLDivElement>(null);
  const window = useWindow(box);
  const { rooms, isHeld, sort } = useCalm(box, sorted);
  const current = useSignal<string | null>(null);
  const at = Math.max(0, rooms.findIndex(({ room }) => room === current.value));
  const stop = rooms[at]?.room;
  const go = (to: number): void => {
    const next = rooms[Math.min(Math.max(to, 0), rooms.length - 1)];
    if (!next || !box.current) return;
    current.value = next.room;
    scrollTo(box.current, rooms.indexOf(next), window.row);
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-room="${CSS.escape(next.room)}"]`)?.focus());
  };
  const press = (event: KeyboardEvent): void => {
    const step = stepsOf(window.count)[event.key];
    if (event.key === "Enter" || event.key === " ") chosenRoom.value = stop ?? null;
    else if (step === undefined) return;
    else go(step === -Infinity ? 0 : step === Infinity ? rooms.length - 1 : at + step);
    event.preventDefault();
  };
  const seen = slice(rooms, window, at);
  return (
    <div class="board-list">
      {isHeld && (
        <p class="board-held" data-testid="board-held">
          {t("board.held")}{" "}
          <button type="button" class="button quiet small" data-testid="board-sort" onClick={sort}>
            {t("board.sort")}
          </button>
        </p>
      )}
      <div
        class="board-grid"
        role="grid"
        aria-label={t("board.rows")}
        aria-rowcount={rooms.length + 1}
        data-testid="board-grid"
        ref={box}
        onScroll={window.look}
        onKeyDown={press}
      >
        <div class="board-cols" role="row" aria-rowindex={1}>
          {COLUMNS.map((name) => (
            <span key={name} role="columnheader" class={`col-${name}`}>
              {t(`board.col_${name}`)}
            </span>
          ))}
        </div>
        <div class="board-rows" role="rowgroup" style={{ blockSize: `${rooms.length * window.row}px` }}>
          {seen.map(({ room, at: place }) => (
            <BoardLine
              key={room.room}
              room={room}
              place={place}
              top={place * window.row}
              minute={minute}
              isStop={room.room === stop}
              isChosen={room.room === chosenRoom.value}
              take={() => {
                current.value = chosenRoom.value = room.room;
              }}
            />
          ))}
        </div>
      </div>
      {rooms.length === 0 && <p class="board-none">{t("board.none")}</p>}
    </div>
  );
}

/** What is in sight, and the one where Tab stops wherever that is. */
function slice(rooms: readonly BoardRoom[], { first, count }: Pick<Sight, "first" | "count">, stop: number) {
  const from = Math.max(0, first - BEYOND);
  const inSight = rooms.slice(from, first + count + BEYOND).map((room, n) => ({ room, at: from + n }));
  const kept = rooms[stop];
  const isThere = !kept || inSight.some(({ at }) => at === stop);
  return isThere ? inSight : [...inSight, { room: kept, at: stop }];
}

function stepsOf(page: number): Readonly<Record<string, number>> {
  return { ArrowDown: 1, ArrowUp: -1, PageDown: page - 1, PageUp: 1 - page, Home: -Infinity, End: Infinity };
}

function scrollTo(box: HTMLElement, at: number, row: number): void {
  const [top, high] = [at * row, box.clientHeight - headOf(box)];
  if (top < box.scrollTop) box.scrollTop = top;
  else if (top + row > box.scrollTop + high) box.scrollTop = top + row - high;
}

function headOf(box: HTMLElement): number {
  return box.querySelector<HTMLElement>(".board-cols")?.offsetHeight ?? 0;
}

interface Sight {
  /** How high a row is, as the style sheet has it. */
  readonly row: number;
  readonly first: number;
  readonly count: number;
  look: () => void;
}

/** Which rows are in sight. */
function useWindow(box: { current: HTMLDivElement | null }): Sight {
  const sight = useSignal({ row: 56, first: 0, count: 20 });
  const look = (): void => {
    const grid = box.current;
    if (!grid) return;
    const row = Number.parseFloat(getComputedStyle(grid).getPropertyValue("--board-row-px")) || 56;
    const [first, count] = [Math.floor(grid.scrollTop / row), Math.ceil(grid.clientHeight / row) + 1];
    const { value } = sight;
    if (value.row !== row || value.first !== first || value.count !== count) sight.value = { row, first, count };
  };
  useLayoutEffect(() => {
    look();
    const watcher = new ResizeObserver(look);
    if (box.current) watcher.observe(box.current);
    return () => watcher.disconnect();
  }, []);
  return { ...sight.value, look };
}

/** The order as it was while somebody's hand is on the list, and for a moment after that. */
function useCalm(box: { current: HTMLDivElement | null }, sorted: readonly BoardRoom[]) {
  const held = useSignal<readonly string[] | null>(null);
  const order = useRef<readonly BoardRoom[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    const grid = box.current;
    if (!grid) return;
    const hold = (): void => {
      clearTimeout(timer.current);
      held.value ??= order.current.map(({ room }) => room);
      timer.current = setTimeout(() => (held.value = null), CALM_MS);
    };
    const touches = ["pointermove", "pointerdown", "wheel", "keydown", "scroll"] as const;
    for (const touch of touches) grid.addEventListener(touch, hold, { passive: true });
    return () => {
      clearTimeout(timer.current);
      for (const touch of touches) grid.removeEventListener(touch, hold);
    };
  }, []);
  const before = held.value;
  const rooms = useMemo(() => (before === null ? sorted : inOrderOf(before, sorted)), [before, sorted]);
  order.current = rooms;
  const isHeld = useMemo(() => rooms.some((room, at) => room !== sorted[at]), [rooms, sorted]);
  const sort = (): void => {
    clearTimeout(timer.current);
    held.value = null;
  };
  return { rooms, isHeld, sort };
}
