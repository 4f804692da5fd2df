// PURE: times as people say them, in the town's zone and the reader's language.

import { language, LOCALES, t, TOWN_ZONE } from "../words/words";
import type { Language } from "../words/words";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const SHAPES = {
  time: { hour: "2-digit", minute: "2-digit" },
  short: { weekday: "short", day: "numeric", month: "short" },
  shortWithYear: { day: "numeric", month: "short", year: "numeric" },
  long: { weekday: "long", day: "numeric", month: "long" },
  longWithYear: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

type Shape = keyof typeof SHAPES;

// Making a formatter costs a hundred times what using it does, and a timeline uses thousands.
const formatters = new Map<string, Intl.DateTimeFormat>();
const isoDay = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeZone: TOWN_ZONE });
const days = new Map<number, string>();

/** The day of the town as "2026-11-03": what two moments of the same day have in common. */
export function dayKey(at: number): string {
  const hour = Math.floor(at / HOUR_MS);
  const known = days.get(hour);
  if (known !== undefined) return known;
  const day = isoDay.format(at);
  days.set(hour, day);
  return day;
}

/** "21:14" */
export function timeOf(at: number): string {
  return formatted("time", at);
}

/** Whether it is still called "just now". A clock that runs behind makes the newest come from the future. */
export function isJustNow(at: number, now_ms: number): boolean {
  return now_ms - at < MINUTE_MS;
}

/** "zojuist" or "21:14": beside an entry that stands under its day. */
export function clockTime(at: number, now_ms: number): string {
  return isJustNow(at, now_ms) ? t("time.now") : timeOf(at);
}

/** "zojuist", "21:14", "gisteren 21:14", "ma 3 nov 21:14": where no day stands above it. */
export function fullTime(at: number, now_ms: number): string {
  if (isJustNow(at, now_ms)) return t("time.now");
  const day = nearDay(at, now_ms);
  if (day === "today") return timeOf(at);
  return `${day ? t("time.yesterday") : shortDay(at, now_ms)} ${timeOf(at)}`;
}

/** "zojuist", "21:14", "gisteren", "ma 3 nov": where there is little room. */
export function briefTime(at: number, now_ms: number): string {
  if (isJustNow(at, now_ms)) return t("time.now");
  const day = nearDay(at, now_ms);
  if (day === "today") return timeOf(at);
  return day ? t("time.yesterday") : shortDay(at, now_ms);
}

/** "Vandaag", "Gisteren", "maandag 3 november": above the entries of a day. */
export function dayName(at: number, now_ms: number): string {
  const day = nearDay(at, now_ms);
  if (day) return t(day === "today" ? "time.day_today" : "time.day_yesterday");
  return formatted(isThisYear(at, now_ms) ? "long" : "longWithYear", at);
}

function shortDay(at: number, now_ms: number): string {
  return formatted(isThisYear(at, now_ms) ? "short" : "shortWithYear", at);
}

/** Days are compared by their names: a day on which the clock is set has 23 or 25 hours. */
function nearDay(at: number, now_ms: number): "today" | "yesterday" | null {
  const today = dayKey(now_ms);
  const day = dayKey(at);
  if (day >= today) return "today";
  return day === new Date(Date.parse(today) - DAY_MS).toISOString().slice(0, 10) ? "yesterday" : null;
}

function isThisYear(at: number, now_ms: number): boolean {
  return dayKey(at).slice(0, 4) === dayKey(now_ms).slice(0, 4);
}

function formatted(shape: Shape, at: number): string {
  const spoken: Language = language.value;
  const key = `${spoken} ${shape}`;
  let formatter = formatters.get(key);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat(LOCALES[spoken], { ...SHAPES[shape], timeZone: TOWN_ZONE });
    formatters.set(key, formatter);
  }
  return formatter.format(at);
}
