// PURE: official alerts in plain words: since when and until when they hold, and what became of them.

import type { AlertBody } from "../protocol.gen";
import { language, LOCALES, t, TOWN_ZONE } from "../words/words";
import { dayKey, fullTime, timeOf } from "./times";

/** over, replaced: a message of the past, because the alert has ended or says something new. */
export type Standing = "in_force" | "over" | "replaced";

/** "Verstuurd: 21:14 · Geldt tot 23:00" */
export function whenWords(body: AlertBody, state: Standing, now_ms: number): string {
  return `${sentWords(body, now_ms)} · ${lastsWords(body, state, now_ms)}`;
}

/** "Geldt tot 23:00" */
export function lastsWords({ expires_at }: Pick<AlertBody, "expires_at">, state: Standing, now_ms: number): string {
  return state === "in_force" ? t("alert.until", { at: untilTime(expires_at, now_ms) }) : t(`alert.${state}`);
}

/** "Bijgewerkt: 21:40, al 2 keer" */
function sentWords({ n, sent }: AlertBody, now_ms: number): string {
  const at = fullTime(sent, now_ms);
  if (n === 1) return t("alert.sent_at", { at });
  return n === 2 ? t("alert.updated_at", { at }) : t("alert.updated_again", { at, count: n - 1 });
}

/** "23:00", and with its day where that is not today's. */
export function untilTime(at: number, now_ms: number): string {
  if (dayKey(at) === dayKey(now_ms)) return timeOf(at);
  const shape = { weekday: "short", day: "numeric", month: "short", timeZone: TOWN_ZONE } as const;
  return `${new Intl.DateTimeFormat(LOCALES[language.value], shape).format(at)} ${timeOf(at)}`;
}
