// A neighbour reports what somebody said, warned of or asked for: one of six reasons, a word for the moderator, and a receipt.

import { useSignal } from "@preact/signals";

import type { Client } from "../client";
import type { ReportReason } from "../protocol.gen";
import { t } from "../words/words";
import type { Word } from "../words/words";
import { DeedFoot } from "./deed_foot";
import type { Moderating } from "./moderating";
import { Options } from "./options";
import { Panel } from "./panel";
import { useDeed } from "./use_deed";
import { Writing } from "./writing";

export const REASONS: readonly ReportReason[] = ["insult", "hate", "private_data", "spam", "false_alarm", "other"];
const MOST = 500;

interface Facts {
  of: Extract<Moderating, { target: number }>;
  client: Client;
  close: () => void;
}

export function ReportForm({ of: { room, target, what, standing, name }, client, close }: Facts) {
  const reason = useSignal<ReportReason | null>(null);
  const note = useSignal("");
  const lack = useSignal<Word | null>(null);
  const { state, go } = useDeed(client, "report.file");
  const send = (): void => {
    lack.value = reason.value === null ? "report.lack_reason" : null;
    if (reason.value === null || state.value === "under_way") return;
    const words = note.value.trim();
    go({ room, target, reason: reason.value, ...(words ? { note: words } : {}) });
  };
  return (
    <Panel title={t(`report.title_${what}`, { name })} testid="report-form" close={close}>
      {state.value === "done" ? (
        <Receipt title={t("report.received")} words={t("report.received_next")} testid="report" close={close} />
      ) : (
        <form class="call-form" noValidate onSubmit={(event) => (event.preventDefault(), send())}>
          <p>
            {t("report.explain")} {standing === "fixed" && t("report.stays")}
          </p>
          <Options
            legend={t("report.reason")}
            answers={REASONS.map((value) => ({
              value,
              label: t(`report.reason_${value}`),
              hint: t(`report.hint_${value}`),
              testid: `reason-${value}`,
            }))}
            chosen={reason.value}
            choose={(value) => (reason.value = value)}
          />
          <Writing
            label={t("report.note")}
            hint={t("report.note_hint")}
            value={note.value}
            most={MOST}
            testid="report-note"
            write={(words) => (note.value = words)}
          />
          <DeedFoot state={state.value} lack={lack.value} word={`report.send_${what}`} testid="report-send" />
        </form>
      )}
    </Panel>
  );
}

interface ReceiptFacts {
  title: string;
  words: string;
  testid: string;
  close: () => void;
}

/** It was received, and what comes of it. */
export function Receipt({ title, words, testid, close }: ReceiptFacts) {
  return (
    <div class="call-form" role="status" data-testid={`${testid}-receipt`}>
      <p>
        <b>{title}</b>
      </p>
      <p>{words}</p>
      <button type="button" class="button" data-testid={`${testid}-close`} ref={(button) => button?.focus()} onClick={close}>
        {t("me.close")}
      </button>
    </div>
  );
}
