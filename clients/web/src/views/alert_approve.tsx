// A colleague asks for a second officer: everything that one must have read, and yes or no while the clock runs.

import { useSignal } from "@preact/signals";

import type { Alerting } from "../alerting";
import { approvableUntil, askerOf } from "../alert_queue";
import type { AlertWords, StaffAlertView } from "../protocol.gen";
import { t } from "../words/words";
import { residentWords, untilWords } from "./alert_state";
import { functionOf } from "./case_words";
import { passing } from "./clock";
import { Icon } from "./icons";
import { leftOf } from "./span";
import { ticking } from "./ticking";

interface Facts {
  view: StaffAlertView;
  alerting: Alerting;
}

export function AlertApprove({ view, alerting }: Facts) {
  const isRead = useSignal(false);
  const isMissed = useSignal(false);
  const due = approvableUntil(view);
  const left_ms = (due ?? 0) - ticking();
  const asker = askerOf(view);
  const approve = (): void => {
    isMissed.value = !isRead.value;
    if (isRead.value) void alerting.approve(view.alert, due);
  };
  return (
    <section class="alert-second" data-testid="alert-approve">
      <h3>{t(view.pending ? "alerting.approve_update" : "alerting.approve_title")}</h3>
      <p>
        {asker && t("alerting.approve_who", { who: functionOf(asker) })}{" "}
        <b class="time-left" data-testid="alert-left" role="timer">
          {t("alerting.left_for_you", { left: leftOf(left_ms) })}
        </b>
      </p>
      <ToRead view={view} />
      <label class="tick">
        <input
          type="checkbox"
          data-testid="alert-was-read"
          checked={isRead.value}
          aria-invalid={isMissed.value && !isRead.value}
          onChange={(event) => (isRead.value = event.currentTarget.checked)}
        />
        <span>{t("alerting.was_read")}</span>
      </label>
      <div role="alert">
        {isMissed.value && !isRead.value && <p class="wrong">{t("alerting.lack_read")}</p>}
      </div>
      <div class="alert-buttons">
        <button type="button" class="button" data-testid="alert-yes" onClick={approve}>
          {t(view.pending ? "alerting.approve_update_do" : "alerting.approve")}
        </button>
        <button
          type="button"
          class="button quiet"
          data-testid="alert-no"
          onClick={() => void alerting.decline(view.alert)}
        >
          {t("alerting.decline")}
        </button>
      </div>
    </section>
  );
}

/** Whom it reaches, how grave, until when, and every word in every language. */
function ToRead({ view }: { view: StaffAlertView }) {
  const { severity, words, expires_at } = view.pending ?? view;
  const grave = severity === "unknown" ? "" : t(`severity.${severity}`);
  return (
    <div class="to-read" data-testid="alert-to-read">
      <ul>
        <li>
          <Icon name="warning" />
          <span>
            {t("alerting.severity")} <b>{grave}</b>
          </span>
        </li>
        <li>
          <Icon name="neighbourhood" />
          <span>
            {residentWords("approve_where", view.members)}{" "}
            <b>{view.areas.map(({ name }) => name).join(", ")}</b>
          </span>
        </li>
        <li>
          <Icon name="waiting" />
          <span>{untilWords({ expires_at }, passing())}</span>
        </li>
        {view.exercise && (
          <li>
            <Icon name="refused" />
            <b>{t("alert.exercise")}</b>
          </li>
        )}
      </ul>
      {view.pending && words.map((one) => <NewWords key={one.language} words={one} />)}
    </div>
  );
}

/** Of an update: what stands in force is beside it. */
function NewWords({ words }: { words: AlertWords }) {
  return (
    <blockquote lang={words.language} dir="auto">
      <b>{words.headline}</b>
      <p class="words">{words.text}</p>
      {words.instruction && <p class="words">{words.instruction}</p>}
    </blockquote>
  );
}
