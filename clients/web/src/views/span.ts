// PURE: how long something lasts, as a clock shows it.

import { t } from "../words/words";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
/** So near to the end, seconds count. */
const EXACT_MS = 5 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** "0:42", "12:03", "2 u 05", "3 dagen". */
export function spanOf(ms: number): string {
  const whole = Math.max(0, ms);
  if (whole >= 2 * DAY_MS) return t("span.days", { count: Math.floor(whole / DAY_MS) });
  if (whole >= HOUR_MS)
    return t("span.hours", { hours: Math.floor(whole / HOUR_MS), minutes: two((whole % HOUR_MS) / MINUTE_MS) });
  return `${Math.floor(whole / MINUTE_MS)}:${two((whole % MINUTE_MS) / SECOND_MS)}`;
}

/** What is left, rounded up, for a sentence, where "20:00" would be taken for a time of day: "20 min", "1 min 05 s". */
export function leftOf(ms: number): string {
  const whole = Math.ceil(Math.max(0, ms) / SECOND_MS) * SECOND_MS;
  if (whole >= HOUR_MS) return spanOf(whole);
  if (whole >= EXACT_MS) return t("span.minutes", { minutes: Math.ceil(whole / MINUTE_MS) });
  const [minutes, seconds] = [Math.floor(whole / MINUTE_MS), (whole % MINUTE_MS) / SECOND_MS];
  return minutes === 0 ? t("span.seconds", { seconds }) : t("span.exact", { minutes, seconds: two(seconds) });
}

function two(number: number): string {
  return String(Math.floor(number)).padStart(2, "0");
}
