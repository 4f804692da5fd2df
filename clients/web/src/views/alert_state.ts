// PURE: how an alert stands, in the words of staff.

import type { StaffAlertView } from "../protocol.gen";
import { t } from "../words/words";
import { untilTime } from "./alert_words";

/** "Geldt tot 23:00", "Wacht op een tweede collega", "Ingetrokken" */
export function stateWords({ state, expires_at, pending }: StaffAlertView, now_ms: number): string {
  if (state !== "in_force") return t(`alerting.state_${state}`);
  const until = untilWords({ expires_at }, now_ms);
  return pending ? `${until}. ${t("alerting.update_waits")}` : until;
}

export function untilWords({ expires_at }: Pick<StaffAlertView, "expires_at">, now_ms: number): string {
  return t("alert.until", { at: untilTime(expires_at, now_ms) });
}

/** "Verstuur aan 1 bewoner", "12 bewoners in" */
export function residentWords(name: "broadcast" | "approve_where", count: number): string {
  return t(count === 1 ? `alerting.${name}_one` : `alerting.${name}`, { count });
}
