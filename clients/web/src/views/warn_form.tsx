// Warning the room, in three short steps: what it is; what happens, and where; and 112, where there is danger.

import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

import type { Client } from "../client";
import type { Room } from "../town";
import { t } from "../words/words";
import type { Word } from "../words/words";
import { begunText, calling, forgetText, keepText } from "./calling";
import type { Calling } from "./calling";
import { Panel } from "./panel";
import { DangerStep, HintWords, WhatStep, WhereStep } from "./warn_steps";
import { WarnDraft } from "./warn_draft";
import type { Step } from "./warn_draft";

interface Facts {
  of: Calling;
  room: Room;
  client: Client;
  close: () => void;
}

export function WarnForm({ of, room, client, close }: Facts) {
  const [draft] = useState(() => new WarnDraft(begunText(of)));
  const lack = useSignal<Word | null>(null);
  const isChecking = useSignal(false);
  const form = useRef<HTMLFormElement>(null);
  const step = draft.step.value;
  useFocusOfStep(form, step);
  useFocusOfHint(form, draft);
  const send = (): void => {
    forgetText(of);
    void client.calls.raiseWarning(draft.warning(room.id));
    close();
  };
  const onward = (): void => {
    if (draft.needs112 && step !== "112") draft.step.value = "112";
    else send();
  };
  const next = async (): Promise<void> => {
    lack.value = draft.lack;
    if (lack.value || isChecking.value) return;
    if (step === "112") return send();
    isChecking.value = true;
    const kind = draft.kind.value ?? "suspicious";
    const told = await client.calls.checkWarning({ text: draft.text.value.trim(), kind });
    isChecking.value = false;
    if (calling.peek() === of && draft.check(told)) onward();
  };
  const anyway = (): void => {
    draft.readHint();
    onward();
  };
  return (
    <Panel title={t("warn.title", { room: room.name })} testid="warn-form" close={close}>
      <form
        class="call-form warn-steps"
        noValidate
        ref={form}
        onSubmit={(event) => {
          event.preventDefault();
          if (step !== "what") void next();
        }}
      >
        <Progress draft={draft} back={() => ((lack.value = null), (draft.step.value = before(step)))} />
        <HintWords draft={draft} anyway={anyway} worry={() => (calling.value = privately(of, draft))} />
        {step === "what" && <WhatStep draft={draft} worry={() => (calling.value = privately(of, draft))} />}
        {step === "where" && <WhereStep draft={draft} keep={(text) => keepText(of, text)} />}
        {step === "112" && <DangerStep draft={draft} />}
        <div role="alert">{lack.value && <p class="failure">{t(lack.value)}</p>}</div>
        {step !== "what" && draft.hint.value === null && (
          <button
            class="button"
            data-testid={step === "where" && draft.needs112 ? "warn-next" : "warn-send"}
            aria-disabled={isChecking.value}
          >
            {t(isChecking.value ? "warn.checking" : step === "where" && draft.needs112 ? "warn.next" : "warn.send")}
          </button>
        )}
      </form>
    </Panel>
  );
}

function before(step: Step): Step {
  return step === "112" ? "where" : "what";
}

/** Worry about a neighbour is a private case for the municipality; what was written goes along. */
function privately({ room }: Calling, draft: WarnDraft): Calling {
  const call: Calling = { form: "escalate", room, warning: null, help: "worry" };
  if (draft.text.value.trim()) keepText(call, draft.text.value);
  return call;
}

/** Where the words are written, or what is asked next. */
function useFocusOfStep(form: { current: HTMLFormElement | null }, step: Step): void {
  const drawn = useRef(step);
  useLayoutEffect(() => {
    if (drawn.current === step) return;
    drawn.current = step;
    form.current?.querySelector<HTMLElement>(step === "where" ? "textarea" : "h3")?.focus();
    form.current?.closest("dialog")?.scrollTo(0, 0);
  }, [step]);
}

/** The button that was pressed has gone, and the hint stands above what it is about. */
function useFocusOfHint(form: { current: HTMLFormElement | null }, { hint }: WarnDraft): void {
  const shown = hint.value;
  useLayoutEffect(() => {
    if (shown) form.current?.querySelector<HTMLElement>(".warn-hint")?.focus();
  }, [shown]);
}

function Progress({ draft, back }: { draft: WarnDraft; back: () => void }) {
  const { steps } = draft;
  const number = steps.indexOf(draft.step.value) + 1;
  return (
    <div class="warn-progress">
      {number > 1 && (
        <button type="button" class="button quiet small" data-testid="warn-back" onClick={back}>
          {t("warn.back")}
        </button>
      )}
      <p role="status" data-testid="warn-step" data-step={draft.step.value}>
        {t("warn.step", { step: number, of: steps.length })}
      </p>
    </div>
  );
}
