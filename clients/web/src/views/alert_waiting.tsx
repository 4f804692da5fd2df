// What waits for a second officer, as those see it who are none: the clock, what happens by itself, and the way back.

import type { Alerting } from "../alerting";
import { approvableUntil, mayMake } from "../alert_queue";
import type { Person, StaffAlertView } from "../protocol.gen";
import { t } from "../words/words";
import { spanOf } from "./span";
import { ticking } from "./ticking";

interface Facts {
  view: StaffAlertView;
  me: Person;
  alerting: Alerting;
}

export function AlertWaiting({ view, me, alerting }: Facts) {
  const left_ms = (approvableUntil(view) ?? 0) - ticking();
  return (
    <section class="alert-second" data-testid="alert-waits">
      <h3>{t(view.pending ? "alerting.waits_update" : "alerting.waits_title")}</h3>
      <p class="alert-clock" role="timer" data-testid="alert-left">
        {spanOf(left_ms)}
      </p>
      <p>{t(view.pending ? "alerting.waits_explain_update" : "alerting.waits_explain")}</p>
      {mayMake(me) && (
        <div class="alert-buttons">
          <button
            type="button"
            class="button soft"
            data-testid="alert-withdraw"
            onClick={() => void alerting.decline(view.alert)}
          >
            {t("alerting.withdraw")}
          </button>
        </div>
      )}
    </section>
  );
}
