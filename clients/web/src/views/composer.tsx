// Where one writes. Enter sends; Shift+Enter, and Enter on a phone, begins a new line.

import { useSignal } from "@preact/signals";

import type { Client } from "../client";
import type { Room } from "../town";
import { t } from "../words/words";

const LONGEST = 2_000;
const WARN_BELOW = 200;

/** What is written and not sent, by room, so that looking into another room loses nothing. */
const drafts = new Map<string, string>();

/** sent: what follows when something was written, since one wants to see one's own words. */
export function Composer({ room, client, sent }: { room: Room; client: Client; sent: () => void }) {
  const draft = useSignal(drafts.get(room.id) ?? "");
  // The server counts characters, JavaScript counts halves of some.
  const left = LONGEST - Array.from(draft.value.trim()).length;
  const canSend = draft.value.trim() !== "" && left >= 0;

  const write = (text: string): void => {
    draft.value = text;
    drafts.set(room.id, text);
  };
  const send = async (): Promise<void> => {
    if (!canSend) return;
    const text = draft.value.trim();
    write("");
    await client.post(room.id, text);
    sent();
  };
  const pressed = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || matchMedia("(pointer: coarse)").matches) return;
    event.preventDefault();
    void send();
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <label class="unseen" for="composer">
        {t("composer.label", { room: room.name })}
      </label>
      <textarea
        id="composer"
        data-testid="composer"
        rows={1}
        value={draft.value}
        placeholder={t("composer.placeholder")}
        aria-describedby="composer-left"
        onInput={(event) => write(event.currentTarget.value)}
        onKeyDown={pressed}
      />
      <button class="button" data-testid="send" disabled={!canSend}>
        {t("composer.send")}
      </button>
      <p id="composer-left" class={`left${left < 0 ? " over" : ""}`} hidden={left >= WARN_BELOW}>
        {left < 0 ? t("composer.too_long", { count: -left }) : t("composer.left", { count: left })}
      </p>
    </form>
  );
}
