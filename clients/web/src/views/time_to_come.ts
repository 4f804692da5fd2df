// PURE: until when something holds, in the town's time.

import { language, LOCALES, TOWN_ZONE } from "../words/words";
import { dayKey, timeOf } from "./times";

/** "21:14", "woensdag 25 november 21:14". */
export function endOf(at: number, now_ms: number): string {
  return dayKey(at) === dayKey(now_ms) ? timeOf(at) : `${dayOf(at)} ${timeOf(at)}`;
}

function dayOf(at: number): string {
  const shape = { weekday: "long", day: "numeric", month: "long", timeZone: TOWN_ZONE } as const;
  return new Intl.DateTimeFormat(LOCALES[language.value], shape).format(at);
}
