// A warning that is not so, or not quite so: taken back or corrected, with the reason that everybody gets who was given it.

import { useSignal } from "@preact/signals";
import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

import type { Client } from "../client";
import type { WarningView } from "../protocol.gen";
import type { Room } from "../town";
import { town } from "../town";
import { t } from "../words/words";
import type { Word } from "../words/words";
import { viewOf, warningAt } from "../warnings";
import type { Calling } from "./calling";
import { kindWord } from "./case_words";
import { townNow } from "./clock";
import { lengthOf } from "./length";
import { Options } from "./options";
import { Panel } from "./panel";
import { rowAt } from "./timeline";
import { LONGEST, SHORTEST } from "./warn_draft";
import { correctionOf, ENDS_ANEW } from "./warning_correction";
import type { Corrected, EndAnew } from "./warning_correction";
import { PlaceNote } from "./warn_more";
import { Writing } from "./writing";

const LEAST_REASON = 3;
const MOST_REASON = 280;

interface Facts {
  of: Calling;
  room: Room;
  client: Client;
  close: () => void;
}

export function RetractForm({ of, room, client, close }: Facts) {
  const view = useWarning(of, room);
  const reason = useSignal("");
  const lack = useSignal<Word | null>(null);
  if (!view) return null;
  const send = (): void => {
    lack.value = lackOf(reason.value);
    if (lack.value) return;
    void client.calls.retractWarning(room.id, view.seq, reason.value.trim());
    close();
  };
  return (
    <Change title="warning.retract_title" explain="warning.retract_explain" view={view} send={send} close={close}>
      <Reason label="warning.reason" hint="warning.reason_hint" reason={reason} />
      <Send lack={lack.value} word="warning.retract_send" testid="retract-send" />
    </Change>
  );
}

export function CorrectForm({ of, room, client, close }: Facts) {
  const view = useWarning(of, room);
  const reason = useSignal("");
  const text = useSignal(view?.text ?? "");
  const note = useSignal(view?.place_note ?? "");
  const end = useSignal<EndAnew>("same");
  const lack = useSignal<Word | null>(null);
  if (!view) return null;
  const send = (): void => {
    const said: Corrected = { text: text.value, note: note.value, end: end.value };
    const changes = correctionOf(view, said, townNow());
    lack.value = typeof changes === "string" ? changes : lackOf(reason.value);
    if (lack.value || typeof changes === "string") return;
    void client.calls.correctWarning({ room: room.id, target: view.seq, reason: reason.value.trim(), ...changes });
    close();
  };
  return (
    <Change title="warning.correct_title" explain="warning.correct_explain" view={view} send={send} close={close}>
      <Writing
        label={t("warn.text")}
        value={text.value}
        least={SHORTEST}
        most={LONGEST}
        testid="correct-text"
        write={(words) => (text.value = words)}
      />
      <PlaceNote note={note} />
      <Options
        legend={t("warning.correct_end")}
        answers={ENDS_ANEW.map((value) => ({ value, label: t(`warning.end_${value}`), testid: `anew-${value}` }))}
        chosen={end.value}
        choose={(value) => (end.value = value)}
        isShort
      />
      <Reason label="warning.correct_reason" hint="warning.correct_reason_hint" reason={reason} />
      <Send lack={lack.value} word="warning.correct_send" testid="correct-send" />
    </Change>
  );
}

/** As it was when the form was opened: what comes meanwhile does not change what is being written. */
function useWarning({ warning }: Calling, room: Room): WarningView | null {
  const [view] = useState(() => {
    const row = warning === null ? undefined : rowAt(room.rows, warning);
    const pinned = warning === null ? undefined : warningAt(town.peek(), room.id, warning);
    return pinned ?? (row?.kind === "warning" ? viewOf(row, room.id) : null);
  });
  return view;
}

function lackOf(reason: string): Word | null {
  const length = lengthOf(reason);
  return length < LEAST_REASON ? "warning.lack_reason" : length > MOST_REASON ? "refusal.too_large" : null;
}

interface ChangeFacts {
  title: Word;
  explain: Word;
  view: WarningView;
  send: () => void;
  close: () => void;
  children: ComponentChildren;
}

function Change({ title, explain, view, send, close, children }: ChangeFacts) {
  return (
    <Panel title={t(title)} testid="warning-change" close={close}>
      <form class="call-form" noValidate onSubmit={(event) => (event.preventDefault(), send())}>
        <blockquote class="change-of">
          <b>{kindWord(view.kind)}</b>
          <span dir="auto">{view.text}</span>
        </blockquote>
        <p>{t(explain)}</p>
        {children}
      </form>
    </Panel>
  );
}

function Reason({ label, hint, reason }: { label: Word; hint: Word; reason: Signal<string> }) {
  return (
    <Writing
      label={t(label)}
      hint={t(hint)}
      value={reason.value}
      most={MOST_REASON}
      testid="change-reason"
      write={(words) => (reason.value = words)}
    />
  );
}

function Send({ lack, word, testid }: { lack: Word | null; word: Word; testid: string }) {
  return (
    <>
      <div role="alert">{lack && <p class="failure">{t(lack)}</p>}</div>
      <button class="button" data-testid={testid}>
        {t(word)}
      </button>
    </>
  );
}
