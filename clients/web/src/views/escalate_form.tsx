// Calling police or municipality in: 112 first, then whom, how urgent, what is happening, and how openly.

import { useSignal } from "@preact/signals";
import { useState } from "preact/hooks";

import type { Client } from "../client";
import { openIn } from "../case";
import type { Person } from "../protocol.gen";
import { town } from "../town";
import type { Room, WarningRow } from "../town";
import { rowOf, warningAt } from "../warnings";
import { t } from "../words/words";
import type { Word } from "../words/words";
import { CallDraft } from "./call_draft";
import { begunText, forgetText, keepText } from "./calling";
import type { AlertAsked, Calling } from "./calling";
import { HowUrgent, Known112, Openness, PrivateWord, RunningCases, Whether112, WhichHelp } from "./escalate_parts";
import { Call112, CareNumbers } from "./numbers";
import { Panel } from "./panel";
import { rowAt } from "./timeline";
import { Writing } from "./writing";

const LONGEST = 500;

interface Facts {
  of: Calling;
  room: Room;
  me: Person;
  client: Client;
  close: () => void;
}

export function EscalateForm({ of, room, me, client, close }: Facts) {
  const warning = warningOf(room, of.warning);
  const [draft] = useState(() => new CallDraft(warning, begunText(of), of.help, of.alert));
  const lack = useSignal<Word | null>(null);
  const send = (): void => {
    lack.value = draft.lack;
    if (lack.value) return;
    forgetText(of);
    void client.calls.escalate(draft.call(room.id));
    close();
  };
  const isResident = me.role === "resident";
  const facts = { draft, of, room, me, client, close };
  return (
    <Panel title={t(of.alert ? "call.about_alert" : "call.title")} testid="escalate-form" close={close}>
      <form class="call-form" noValidate onSubmit={(event) => (event.preventDefault(), send())}>
        <Call112 />
        {of.alert ? <Telling {...facts} alert={of.alert} /> : <Asking {...facts} warning={warning} />}
        {isResident && <Openness isHidden={draft.isHidden} isNamed={draft.isNamed} isForced={draft.isForced} />}
        {draft.isPrivate && <PrivateWord />}
        <div role="alert">{lack.value && <p class="failure">{t(lack.value)}</p>}</div>
        <button class="button" data-testid="escalate-send">
          {t(sendWord(draft))}
        </button>
      </form>
    </Panel>
  );
}

interface PartFacts extends Facts {
  draft: CallDraft;
}

/** Help that is called in: 112 first. */
function Asking({ draft, of, room, me, client, close, warning }: PartFacts & { warning: WarningRow | undefined }) {
  const join = (id: string): void => {
    void client.calls.joinCase(id);
    close();
  };
  return (
    <>
      {warning && draft.known ? (
        <Known112 answer={draft.known} at={warning.at} />
      ) : (
        <Whether112 answer={draft.emergency} />
      )}
      <RunningCases cases={openIn(town.value, room.id)} me={me} join={join} />
      <WhichHelp help={draft.help} isResident={me.role === "resident"} />
      {draft.isWorry && <CareNumbers />}
      <HowUrgent urgency={draft.urgency} />
      <What draft={draft} of={of} label="call.text" hint="call.text_hint" />
    </>
  );
}

/** What somebody knows about an alert: they know best how urgent that is, and 112 comes with urgency. */
function Telling({ draft, of, alert }: PartFacts & { alert: AlertAsked }) {
  return (
    <>
      <p>{t("call.alert", { headline: alert.headline })}</p>
      <What draft={draft} of={of} label="call.alert_text" hint="call.alert_text_hint" />
      <HowUrgent urgency={draft.urgency} />
      {draft.urgency.value === "urgent" && <Whether112 answer={draft.emergency} />}
    </>
  );
}

interface WhatFacts {
  draft: CallDraft;
  of: Calling;
  label: Word;
  hint: Word;
}

function What({ draft, of, label, hint }: WhatFacts) {
  return (
    <Writing
      label={t(label)}
      hint={t(hint)}
      value={draft.text.value}
      most={LONGEST}
      testid="escalate-text"
      write={(words) => {
        draft.text.value = words;
        keepText(of, words);
      }}
    />
  );
}

/** What it says counts, whether its entry is loaded or it is only pinned above the talk. */
function warningOf({ id, rows }: Room, seq: number | null): WarningRow | undefined {
  if (seq === null) return undefined;
  const row = rowAt(rows, seq);
  const pinned = warningAt(town.peek(), id, seq);
  return row?.kind === "warning" ? row : pinned && rowOf(pinned);
}

function sendWord({ help, isPrivate }: CallDraft): Word {
  if (isPrivate) return "call.send_private";
  if (help.value === null) return "call.send";
  return help.value === "police" ? "call.send_police" : "call.send_municipality";
}
