// The outcome that is owed: what it came to, and a sentence. Each code brings a sentence that may be worded anew.

import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";

import type { OutcomeCode } from "../protocol.gen";
import { t } from "../words/words";
import { lengthOf } from "./length";
import { Options } from "./options";
import { Writing } from "./writing";

const CODES: readonly OutcomeCode[] = [
  "on_site",
  "advice",
  "passed_on",
  "planned",
  "no_unit",
  "duplicate",
  "unfounded",
  "other",
];
const SHORTEST = 10;
const LONGEST = 280;

export function ResolveForm({ send }: { send: (code: OutcomeCode, text: string) => void }) {
  const form = useRef<HTMLFormElement>(null);
  const code = useSignal<OutcomeCode | null>(null);
  const text = useSignal("");
  const isOwn = useSignal(false);
  const length = lengthOf(text.value);
  const canSend = code.value !== null && length >= SHORTEST && length <= LONGEST;
  useLayoutEffect(() => form.current?.scrollIntoView({ block: "nearest" }), []);
  const choose = (chosen: OutcomeCode): void => {
    code.value = chosen;
    if (!isOwn.value) text.value = t(`outcome.${chosen}_sentence`);
  };
  return (
    <form
      ref={form}
      class="resolve"
      data-testid="resolve-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (canSend && code.value) send(code.value, text.value.trim());
      }}
    >
      <Options
        legend={t("desk.outcome")}
        answers={CODES.map((value) => ({ value, label: t(`outcome.${value}`), testid: `outcome-${value}` }))}
        chosen={code.value}
        choose={choose}
        isShort
      />
      <Writing
        label={t("desk.outcome_text")}
        value={text.value}
        least={SHORTEST}
        most={LONGEST}
        testid="outcome-text"
        write={(words) => {
          text.value = words;
          isOwn.value = words.trim() !== "";
        }}
      />
      <button class="button small" data-testid="outcome-send" disabled={!canSend}>
        {t("desk.outcome_send")}
      </button>
    </form>
  );
}
