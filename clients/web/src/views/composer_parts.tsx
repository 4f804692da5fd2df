// Around the field where one writes: who else is writing, what is replied to or edited, and why writing may not help.

import { silenceIn } from "../message";
import { isBound } from "../moderation";
import type { Person } from "../protocol.gen";
import { town, wording } from "../town";
import type { MessageRow, Room } from "../town";
import { t } from "../words/words";
import type { Draft } from "./drafts";
import { Icon } from "./icons";
import { reasonOf } from "./refused_field";
import { AtModeration } from "./threshold";
import { rowAt } from "./timeline";

/** Keeps its line when it is empty, so that nothing jumps. Not spoken: it would never be silent. */
export function Typing({ room }: { room: Room }) {
  return (
    <p class="typing" aria-hidden="true" data-testid="typing">
      {room.typing.length > 0 && (
        <>
          <span class="typing-dots">
            <i />
            <i />
            <i />
          </span>
          {typingWords(room)}
        </>
      )}
    </p>
  );
}

/** Only staff are named. */
function typingWords({ typing }: Room): string {
  const [first] = typing;
  if (typing.length > 1) return t("typing.many");
  return first ? t("typing.one", { name: first.name }) : t("typing.someone");
}

export function Notices({ room, me }: { room: Room; me: Person }) {
  const bound = isBound(town.value, room.id, me);
  const silence = bound ? null : silenceIn(room);
  const isForgetful = town.value.storage === "memory";
  return (
    <div class="notices" role="status">
      {silence && <Notice words={reasonOf({ code: silence })} testid="silence" />}
      {bound && <AtModeration>{({ ComposerStanding }) => <ComposerStanding room={room} me={me} />}</AtModeration>}
      {isForgetful && <Notice words={t("composer.nothing_kept")} testid="nothing-kept" />}
    </div>
  );
}

function Notice({ words, testid }: { words: string; testid: string }) {
  return (
    <p data-testid={testid}>
      <Icon name="refused" />
      <span>{words}</span>
    </p>
  );
}

interface ModeFacts {
  draft: Draft;
  room: Room;
  me: Person;
  cancel: () => void;
}

/** What is replied to, or that an earlier message is being worded anew. */
export function Mode({ draft, room, me, cancel }: ModeFacts) {
  const seq = draft.editing?.seq ?? draft.replyTo;
  if (seq === null) return null;
  const row = rowAt(room.rows, seq);
  const message = row?.kind === "message" ? row : undefined;
  return (
    <div class="mode" data-testid="mode">
      <Icon name={draft.editing ? "edit" : "reply"} />
      <p>
        <b>{draft.editing ? t("composer.editing") : replyWords(message, me)}</b>
        {message && (
          <span class="excerpt" dir="auto">
            {wording(message)}
          </span>
        )}
      </p>
      <button type="button" class="tool" data-testid="cancel" title={t("composer.cancel")} onClick={cancel}>
        <Icon name="close" />
        <span class="unseen">{t("composer.cancel")}</span>
      </button>
    </div>
  );
}

function replyWords(message: MessageRow | undefined, me: Person): string {
  if (!message) return t("entry.reply_to_unknown");
  return message.by.id === me.id ? t("composer.reply_to_own") : t("composer.reply_to", { name: message.by.name });
}
