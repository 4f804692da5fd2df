// PURE: how long something lasts, as a clock shows it.

import { t } from "../words/words";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** "0:42", "12:03", "2 u 05", "3 dagen". */
export function spanOf(ms: number): string {
  const whole = Math.max(0, ms);
  if (whole >= 2 * DAY_MS) return t("span.days", { count: Math.floor(whole / DAY_MS) });
  if (whole >= HOUR_MS)
    return t("span.hours", { hours: Math.floor(whole / HOUR_MS), minutes: two((whole % HOUR_MS) / MINUTE_MS) });
  return `${Math.floor(whole / MINUTE_MS)}:${two((whole % MINUTE_MS) / SECOND_MS)}`;
}

/** What is left, rounded up: it says 0:00 when it is over and not before. */
export function leftOf(ms: number): string {
  return spanOf(Math.ceil(Math.max(0, ms) / SECOND_MS) * SECOND_MS);
}

function two(number: number): string {
  return String(Math.floor(number)).padStart(2, "0");
}
