// Where one writes. Enter sends; Shift+Enter, and Enter on a phone, begins a new line; Escape gives up a reply or edit.

import { useLayoutEffect, useRef } from "preact/hooks";

import type { Client } from "../client";
import type { Person } from "../protocol.gen";
import type { Room } from "../town";
import { t } from "../words/words";
import { CallButtons } from "./call_buttons";
import { Mode, Notices, Typing } from "./composer_parts";
import type { Draft, Drafts } from "./drafts";
import { Icon } from "./icons";
import { roomName } from "./room_name";
import { rowAt } from "./timeline";

const LONGEST = 2_000;
const WARN_BELOW = 200;
export const COMPOSER = "composer";

interface Facts {
  room: Room;
  me: Person;
  client: Client;
  drafts: Drafts;
  /** What follows when something was written, since one wants to see one's own words. */
  sent: () => void;
}

export function Composer({ room, me, client, drafts, sent }: Facts) {
  const draft = drafts.of(room.id);
  const left = leftOf(draft.text);
  const canSend = draft.text.trim() !== "" && left >= 0;
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => grow(field.current), [draft.text]);
  const send = (): void => {
    if (!canSend) return;
    drafts.sent(room.id);
    void deliver(client, room, draft);
    if (!draft.editing) sent();
    field.current?.focus();
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div class="composer-top">
        <Typing room={room} />
        <CallButtons room={room} />
      </div>
      <Notices room={room} me={me} />
      <Mode draft={draft} room={room} me={me} cancel={() => drafts.cancel(room.id)} />
      <label class="unseen" for={COMPOSER}>
        {t("composer.label", { room: roomName(room) })}
      </label>
      <textarea
        id={COMPOSER}
        ref={field}
        data-testid="composer"
        rows={1}
        dir="auto"
        value={draft.text}
        placeholder={t("composer.placeholder")}
        aria-describedby="composer-left"
        enterkeyhint={writesByTouch() ? "enter" : "send"}
        onInput={(event) => {
          drafts.write(room.id, event.currentTarget.value);
          client.typing(room.id);
        }}
        onKeyDown={(event) => pressed(event, send, () => drafts.cancel(room.id))}
      />
      <button class="send" data-testid="send" disabled={!canSend}>
        <Icon name={draft.editing ? "sent" : "send"} />
        <span class="unseen">{t(draft.editing ? "composer.save" : "composer.send")}</span>
      </button>
      <p id="composer-left" class={left < 0 ? "left over" : "left"} hidden={left >= WARN_BELOW}>
        {left < 0 ? t("composer.too_long", { count: -left }) : t("composer.left", { count: left })}
      </p>
    </form>
  );
}

/** The server counts characters, JavaScript counts halves of some. */
function leftOf(text: string): number {
  return LONGEST - Array.from(text.trim()).length;
}

function deliver(client: Client, room: Room, { text, replyTo, editing }: Draft): Promise<void> {
  const words = text.trim();
  if (!editing) return client.post(room.id, words, replyTo ?? undefined);
  const row = rowAt(room.rows, editing.seq);
  return row?.kind === "message" ? client.edit(room.id, row, words) : Promise.resolve();
}

function pressed(event: KeyboardEvent, send: () => void, cancel: () => void): void {
  if (event.isComposing) return;
  if (event.key === "Escape") cancel();
  if (event.key !== "Enter" || event.shiftKey || writesByTouch()) return;
  event.preventDefault();
  send();
}

function writesByTouch(): boolean {
  return matchMedia("(pointer: coarse)").matches;
}

/** For browsers in which a field can't size itself by its words. */
function grow(field: HTMLTextAreaElement | null): void {
  if (!field || CSS.supports("field-sizing", "content")) return;
  field.style.blockSize = "auto";
  field.style.blockSize = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
}

/** Puts the cursor behind the words. */
export function focusComposer(): void {
  const field = document.getElementById(COMPOSER) as HTMLTextAreaElement | null;
  field?.focus();
  field?.setSelectionRange(field.value.length, field.value.length);
}
