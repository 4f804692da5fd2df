// The timeline of a room: its chunks, what of mine is on its way, and what to say when there is nothing.

import { Component } from "preact";
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

import { unsaid } from "../message";
import type { Person } from "../protocol.gen";
import { firstNew, hasEarlier, holdsNothing, isForeseen } from "../town";
import type { Room, Waiting } from "../town";
import { t } from "../words/words";
import { CaseInTimeline, StaffNote } from "./case_rows";
import type { Drawing } from "./drawing";
import { EmptyRoom } from "./empty_room";
import { Message } from "./entry";
import { EntryList } from "./entry_list";
import { Blanks, Day, NewLine, Note } from "./entry_parts";
import type { Hands } from "./hands";
import { OnItsWay } from "./on_its_way";
import { roomName } from "./room_name";
import { ensureStop, rove, stopHere } from "./roving";
import type { Scrolling } from "./scrolling";
import { AtModeration, AtOfficial } from "./threshold";
import { chunkOf, chunksOf, isSameChunk, itemsOf, rowAt } from "./timeline";
import type { Chunk, Item } from "./timeline";
import { dayKey } from "./times";
import { Warning, WarningNote } from "./warning_rows";

interface Facts {
  room: Room;
  me: Person;
  hands: Hands;
  drawing: Drawing;
  scrolling: Scrolling;
  earlier: () => void;
}

export function Timeline({ room, me, hands, drawing, scrolling, earlier }: Facts) {
  const scroller = useRef<HTMLElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const newFrom = firstNew(room, me.id);
  const chunks = chunksOf(itemsOf(room.rows, dayKey, newFrom));
  const isLoading = isForeseen(room) || (holdsNothing(room) && hasEarlier(room));
  const own = unsaid(room);
  useLayoutEffect(() => scrolling.attach(scroller.current as HTMLElement, list.current as HTMLElement), []);
  useLayoutEffect(() => drawing.holds(chunks[0]?.number ?? Infinity, chunks.at(-1)?.number ?? -Infinity), [room.rows]);
  useLayoutEffect(() => ensureStop(list.current as HTMLElement));
  useArrival(newFrom, list, drawing, scrolling);
  return (
    <section ref={scroller} class="scroll" tabIndex={0} aria-label={t("room.timeline", { room: roomName(room) })}>
      <div
        ref={list}
        class="timeline"
        onFocusCapture={(event) => stopHere(event.currentTarget, event.target)}
        onKeyDown={(event) => rove(event.currentTarget, event) && event.preventDefault()}
      >
        <Begin room={room} isLoading={isLoading} earlier={earlier} />
        {isLoading && <Loading />}
        {!isLoading && room.rows.length === 0 && own.length === 0 && <EmptyRoom kind={room.kind} />}
        <EntryList>
          {chunks.map(
            (chunk) =>
              chunk.number >= drawing.from.value && (
                <ChunkView key={chunk.number} chunk={chunk} room={room} me={me} hands={hands} />
              ),
          )}
          {own.map((waiting) => (
            <OnItsWay
              key={waiting.client_id}
              waiting={waiting}
              target={targetOf(room, waiting)}
              me={me}
              hands={hands}
            />
          ))}
        </EntryList>
      </div>
    </section>
  );
}

function targetOf({ rows }: Room, { payload }: Waiting) {
  return payload.reply_to === undefined ? undefined : rowAt(rows, payload.reply_to);
}

/** Once, when the first entries are drawn: begin at the line "new" when it lies above the view. */
function useArrival(
  newFrom: number | null,
  list: RefObject<HTMLElement | null>,
  drawing: Drawing,
  scrolling: Scrolling,
): void {
  const hasArrived = useRef(false);
  useLayoutEffect(() => {
    if (hasArrived.current || drawing.from.value === Infinity) return;
    if (newFrom !== null && drawing.to(chunkOf(newFrom))) return; // drawn with the next turn, and asked for again
    hasArrived.current = true;
    const line = list.current?.querySelector<HTMLElement>(".new-line");
    if (line) scrolling.begin(line);
  });
}

function Begin({ room, isLoading, earlier }: { room: Room; isLoading: boolean; earlier: () => void }) {
  if (isLoading) return null;
  if (hasEarlier(room))
    return (
      <button type="button" class="button quiet small earlier" data-testid="earlier" onClick={earlier}>
        {t("room.earlier")}
      </button>
    );
  return room.rows.length > 0 ? <p class="begin">{t("room.begin")}</p> : null;
}

/** Shapes of bubbles, so that nothing jumps when the words come. */
function Loading() {
  return (
    <div class="loading">
      <p class="unseen" role="status">
        {t("room.loading")}
      </p>
      {[60, 42, 75, 50].map((share) => (
        <span key={share} class={`ghost share-${share}`} aria-hidden="true" />
      ))}
    </div>
  );
}

interface ChunkFacts {
  chunk: Chunk;
  room: Room;
  me: Person;
  hands: Hands;
}

/** Drawn anew only when one of its rows changed, or what of mine waits at one: a room has thousands of rows. */
class ChunkView extends Component<ChunkFacts> {
  override shouldComponentUpdate({ chunk, room, me }: ChunkFacts): boolean {
    const { chunk: drawn, room: before, me: i } = this.props;
    return me !== i || !isSameChunk(chunk, drawn) || (room.waiting !== before.waiting && touches(chunk, room, before));
  }

  override render({ chunk, room, me, hands }: ChunkFacts) {
    return (
      <div class="chunk" role="presentation">
        {chunk.items.map((item) => (
          <ItemView key={`${item.kind} ${item.seq}`} item={item} room={room} me={me} hands={hands} />
        ))}
      </div>
    );
  }
}

function touches(chunk: Chunk, ...rooms: Room[]): boolean {
  const targets = rooms.flatMap((room) => room.waiting.map((waiting) => waiting.payload.target));
  return chunk.items.some((item) => targets.includes(item.seq));
}

function ItemView({ item, room, me, hands }: { item: Item; room: Room; me: Person; hands: Hands }) {
  if (item.kind === "day") return <Day at={item.at} />;
  if (item.kind === "new") return <NewLine />;
  if (item.kind === "blanks") return <Blanks first={item.first} count={item.count} room={room} me={me} />;
  const { row, isContinued, target } = item;
  if (row.kind === "alert") return <AtOfficial>{({ AlertInTimeline }) => <AlertInTimeline row={row} room={room} />}</AtOfficial>;
  if (row.kind === "case") return <CaseInTimeline row={row} room={room} me={me} hands={hands} />;
  if (row.kind === "warning") return <Warning row={row} room={room} me={me} />;
  if (row.kind === "warning_line") return <WarningNote row={row} target={target} />;
  if (row.kind === "measure") return <AtModeration>{({ MeasureLine }) => <MeasureLine row={row} />}</AtModeration>;
  if ("ground" in row) return <StaffNote row={row} />;
  if (row.kind !== "message") return <Note row={row} />;
  return <Message row={row} room={room} me={me} target={target} isContinued={isContinued} hands={hands} />;
}
