// What may be done about an alert in force: say it anew, say that all is clear, take it back. One at a time is open.

import { useSignal } from "@preact/signals";
import type { Signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";

import { AlertDraft, LONGEST, SHORTEST_REASON } from "../alert_draft";
import type { Alerting } from "../alerting";
import type { Person, StaffAlertView } from "../protocol.gen";
import { t } from "../words/words";
import { FrameFields, SeverityField, WordsFields } from "./alert_facts";
import { focusWrong, TextField, WrongFields } from "./alert_fields";
import type { Wrongs } from "./alert_fields";
import { AlertPhone } from "./alert_phone";
import { wrongsOf } from "./alert_refused";
import { townNow } from "./clock";
import { lengthOf } from "./length";

type Way = "update" | "clear" | "cancel";
const WAYS: readonly Way[] = ["update", "clear", "cancel"];

interface Facts {
  view: StaffAlertView;
  me: Person;
  alerting: Alerting;
}

export function AlertTend({ view, me, alerting }: Facts) {
  const way = useSignal<Way | null>(null);
  const close = (): void => void (way.value = null);
  return (
    <section class="alert-tend" data-testid="alert-tend" tabIndex={-1}>
      <div class="alert-buttons">
        {WAYS.map((one) => (
          <button
            key={one}
            type="button"
            class="button soft"
            data-testid={`alert-${one}`}
            aria-expanded={way.value === one}
            disabled={one === "update" && view.pending !== undefined}
            onClick={() => (way.value = way.value === one ? null : one)}
          >
            {t(`alerting.${one}`)}
          </button>
        ))}
      </div>
      {way.value === "update" && <Update view={view} me={me} alerting={alerting} close={close} />}
      {way.value === "clear" && <End way="clear" view={view} alerting={alerting} close={close} />}
      {way.value === "cancel" && <End way="cancel" view={view} alerting={alerting} close={close} />}
    </section>
  );
}

interface FormFacts {
  view: StaffAlertView;
  alerting: Alerting;
  close: () => void;
}

/** Complete by itself: whoever reads it needs no earlier one. Where it holds never changes. */
function Update({ view, me, alerting, close }: FormFacts & { me: Person }) {
  const [draft] = useState(() => AlertDraft.of(view));
  const wrongs = useSignal<Wrongs>({});
  const nothing = useSignal(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>("input, textarea")?.focus(), []);
  useEffect(() => focusWrong(form.current), [wrongs.value]);
  const send = (): void => {
    const lacks = draft.lacks(me.organisation, view);
    const update = draft.update(view, townNow());
    wrongs.value = wrongsOf(lacks);
    nothing.value = lacks.length === 0 && update === null;
    if (lacks.length > 0 || !update) return;
    void alerting.update(update);
    close();
  };
  return (
    <form class="alert-form" data-testid="alert-update-form" noValidate ref={form} onSubmit={sent(send)}>
      <WrongFields.Provider value={wrongs.value}>
        <WordsFields draft={draft} />
        <SeverityField draft={draft} organisation={me.organisation} />
        <FrameFields draft={draft} isUpdate />
      </WrongFields.Provider>
      <AlertPhone draft={draft} me={me} tree={null} of={view} />
      <p class="explain">{t("alerting.update_explain")}</p>
      <div role="alert">{nothing.value && <p class="failure">{t("alerting.lack_change")}</p>}</div>
      <div class="alert-buttons">
        <button class="button" data-testid="alert-update-send">
          {t("alerting.update_send")}
        </button>
      </div>
    </form>
  );
}

/** All clear may say why; who takes an alert back must. */
function End({ way, view, alerting, close }: FormFacts & { way: "clear" | "cancel" }) {
  const reason = useSignal("");
  const wrongs = useSignal<Wrongs>({});
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>("textarea")?.focus(), []);
  useEffect(() => focusWrong(form.current), [wrongs.value]);
  const send = (): void => {
    wrongs.value = isReasonWrong(reason, way) ? { reason: t("alerting.lack_reason") } : {};
    if (wrongs.value.reason) return;
    void alerting[way](view.alert, reason.value.trim());
    close();
  };
  return (
    <form class="alert-form" data-testid={`alert-${way}-form`} noValidate ref={form} onSubmit={sent(send)}>
      <p>{t(`alerting.${way}_explain`)}</p>
      <WrongFields.Provider value={wrongs.value}>
        <TextField
          field="reason"
          label={t(`alerting.${way}_reason`)}
          value={reason.value}
          most={LONGEST.reason}
          rows={2}
          testid="alert-reason"
          write={(text) => (reason.value = text)}
        />
      </WrongFields.Provider>
      <div class="alert-buttons">
        <button class={way === "cancel" ? "button danger" : "button"} data-testid={`alert-${way}-send`}>
          {t(`alerting.${way}_send`)}
        </button>
      </div>
    </form>
  );
}

function isReasonWrong({ value }: Signal<string>, way: "clear" | "cancel"): boolean {
  const length = lengthOf(value);
  if (length === 0) return way === "cancel";
  return length < SHORTEST_REASON || length > LONGEST.reason;
}

function sent(send: () => void) {
  return (event: Event): void => {
    event.preventDefault();
    send();
  };
}
