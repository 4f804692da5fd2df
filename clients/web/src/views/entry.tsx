// One message of a timeline: who, what, when, and what can be done to it.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { pendingOn } from "../message";
import type { Pending } from "../message";
import type { Person } from "../protocol.gen";
import { wording } from "../town";
import type { MessageRow, Room, Row, Waiting } from "../town";
import { t } from "../words/words";
import { Avatar } from "./avatar";
import { Toolbar } from "./entry_toolbar";
import { Author, Earlier, Quote } from "./entry_parts";
import type { Hands } from "./hands";
import { longPress } from "./long_press";
import { Reactions } from "./reactions";
import { Sent, StillWaiting, Trouble } from "./state";
import { Text } from "./text";
import { When } from "./when";

const RESTS_MS = 60;

interface MessageFacts {
  row: MessageRow;
  room: Room;
  me: Person;
  /** What it replies to, when that is loaded. */
  target: Row | undefined;
  isContinued: boolean;
  hands: Hands;
}

export function Message({ row, room, me, target, isContinued, hands }: MessageFacts) {
  const { isPointed, listeners } = usePointed();
  const isOwn = row.by.id === me.id;
  const pending = pendingOn(room, row.seq);
  const text = inForce(row, pending);
  return (
    <div
      role="listitem"
      class={classOf(row, isOwn, isContinued)}
      data-testid="entry"
      data-state="sent"
      data-seq={row.seq}
      tabIndex={-1}
      {...listeners}
    >
      {!isOwn && !isContinued && <Avatar by={row.by} />}
      <div class="bubble" {...longPress((bubble) => hands.open(row, moreOf(bubble)))}>
        {isOwn ? <span class="unseen">{t("entry.own")}</span> : <Author by={row.by} isContinued={isContinued} />}
        {row.reply_to !== undefined && <Quote seq={row.reply_to} target={target} me={me} hands={hands} />}
        <div class="said" dir="auto">
          <Text text={text} />
          <Foot row={row} isOwn={isOwn} pending={pending} />
        </div>
      </div>
      <Toolbar row={row} text={text} hands={hands} isPointed={isPointed.value} />
      <Reactions row={row} room={room} me={me} hands={hands} />
      {refusedOf(pending).map((waiting) => (
        <Trouble key={waiting.client_id} waiting={waiting} hands={hands} />
      ))}
    </div>
  );
}

/** Whether a mouse rests on it. Entries that are flung past under a mouse are not: each would be drawn twice. */
function usePointed() {
  const isPointed = useSignal(false);
  const rest = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(rest.current), []);
  const onPointerEnter = ({ pointerType }: PointerEvent): void => {
    clearTimeout(rest.current);
    if (pointerType === "mouse") rest.current = setTimeout(() => (isPointed.value = true), RESTS_MS);
  };
  const onPointerLeave = (): void => {
    clearTimeout(rest.current);
    isPointed.value = false;
  };
  return { isPointed, listeners: { onPointerEnter, onPointerLeave } };
}

/** Never to be chosen by a resident: only the server gives an organisation. */
function classOf(row: MessageRow, isOwn: boolean, isContinued: boolean): string {
  const staff = row.by.organisation === undefined ? "" : " staff";
  return `entry${isOwn ? " own" : ""}${staff}${isContinued ? " continued" : ""}`;
}

/** My own new wording counts as soon as I gave it. */
function inForce(row: MessageRow, { edit }: Pending): string {
  return (edit && edit.state !== "refused" && edit.payload.text) || wording(row);
}

function refusedOf(pending: Pending): Waiting[] {
  return [pending.edit, pending.retract, pending.react].filter((waiting) => waiting?.state === "refused") as Waiting[];
}

function moreOf(bubble: HTMLElement): HTMLElement {
  return bubble.parentElement?.querySelector<HTMLElement>(".more") ?? bubble;
}

function Foot({ row, isOwn, pending }: { row: MessageRow; isOwn: boolean; pending: Pending }) {
  return (
    <div class="foot">
      {row.edits.length > 0 && <Earlier row={row} />}
      {pending.edit?.state === "waiting" && <StillWaiting word="entry.changing" />}
      {pending.retract?.state === "waiting" && <StillWaiting word="entry.retracting" />}
      <When at={row.at} as="clock" />
      {isOwn && <Sent />}
    </div>
  );
}
