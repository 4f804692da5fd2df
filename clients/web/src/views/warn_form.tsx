// Warning the room: what kind, what is happening, whether 112 was called, until when.

import { useSignal } from "@preact/signals";

import { isDanger } from "../case";
import type { Client } from "../client";
import type { Emergency, WarningKind } from "../protocol.gen";
import type { Room } from "../town";
import { t } from "../words/words";
import type { Word } from "../words/words";
import { begunText, forgetText, keepText } from "./calling";
import type { Calling } from "./calling";
import { Whether112 } from "./escalate_parts";
import { Call112 } from "./numbers";
import { lengthOf } from "./length";
import { Options } from "./options";
import { Panel } from "./panel";
import { Writing } from "./writing";

const SHORTEST = 10;
const LONGEST = 500;
const KINDS: readonly WarningKind[] = [
  "suspicious",
  "burglary",
  "vehicle_break_in",
  "theft",
  "violence",
  "doorstep_scam",
  "vandalism",
  "nuisance",
  "fire",
  "traffic",
  "missing_person",
  "public_space",
];
/** Minutes, as text: the values of radio buttons. */
const ENDS = ["30", "60", "180", "1440"] as const;

interface Facts {
  of: Calling;
  room: Room;
  client: Client;
  close: () => void;
}

export function WarnForm({ of, room, client, close }: Facts) {
  const kind = useSignal<WarningKind | null>(null);
  const emergency = useSignal<Emergency | null>(null);
  const text = useSignal(begunText(of));
  const end = useSignal<(typeof ENDS)[number]>("60");
  const lack = useSignal<Word | null>(null);
  const missing = (): Word | null => {
    const length = lengthOf(text.value);
    if (!kind.value) return "warn.lack_kind";
    if (isDanger(kind.value) && !emergency.value) return "call.lack_112";
    return length < SHORTEST ? "warn.lack_text" : length > LONGEST ? "refusal.too_large" : null;
  };
  const send = (): void => {
    lack.value = missing();
    if (lack.value || !kind.value) return;
    forgetText(of);
    void client.calls.raiseWarning({
      room: room.id,
      kind: kind.value,
      text: text.value.trim(),
      minutes: Number(end.value),
      ...(emergency.value ? { emergency: emergency.value } : {}),
    });
    close();
  };
  return (
    <Panel title={t("warn.title", { room: room.name })} testid="warn-form" close={close}>
      <form
        class="call-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <Call112 />
        <Whether112 answer={emergency} />
        <Options
          legend={t("warn.kind")}
          answers={KINDS.map((value) => ({ value, label: t(`kind.${value}`), testid: `kind-${value}` }))}
          chosen={kind.value}
          choose={(value) => (kind.value = value)}
          isShort
        />
        <Writing
          label={t("warn.text")}
          hint={t("warn.text_hint")}
          value={text.value}
          least={SHORTEST}
          most={LONGEST}
          testid="warn-text"
          write={(words) => {
            text.value = words;
            keepText(of, words);
          }}
        />
        <Options
          legend={t("warn.end")}
          answers={ENDS.map((value) => ({ value, label: t(`warn.end_${value}`), testid: `end-${value}` }))}
          chosen={end.value}
          choose={(value) => (end.value = value)}
          isShort
        />
        <div role="alert">{lack.value && <p class="failure">{t(lack.value)}</p>}</div>
        <button class="button" data-testid="warn-send">
          {t("warn.send")}
        </button>
      </form>
    </Panel>
  );
}
