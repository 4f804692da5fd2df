// PURE: warnings in plain words: how long they last, who answered what, what became of them, and notices.

import type { Counts, WarningKind } from "../protocol.gen";
import type { Notice, WarningChange } from "../town";
import { t } from "../words/words";
import { functionOf, kindWord } from "./case_words";
import { fullTime, isJustNow, timeOf } from "./times";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** "nog 24 min", "nog 2 u 05": rounded up, since it lasts until then. */
export function leftWords(ms: number): string {
  const whole = Math.max(MINUTE_MS, Math.ceil(ms / MINUTE_MS) * MINUTE_MS);
  const minutes = Math.round((whole % HOUR_MS) / MINUTE_MS);
  if (whole < HOUR_MS) return t("warning.left", { span: t("span.minutes", { minutes }) });
  const hours = Math.floor(whole / HOUR_MS);
  return t("warning.left", { span: t("span.hours", { hours, minutes: String(minutes).padStart(2, "0") }) });
}

const ANSWERED = [
  ["see", "warning.see_count"],
  ["not_here", "warning.not_here_count"],
  ["over", "warning.over_count"],
] as const;

/** "2 zien het ook, 1 niet hier"; "" where nobody answered. */
export function countsWords(counts: Counts): string {
  const given = ANSWERED.filter(([answer]) => counts[answer] > 0);
  return given.map(([answer, word]) => t(word, { count: counts[answer] })).join(", ");
}

/** What happened to it, as a line of the timeline. */
export function changeWords(change: WarningChange, warned: WarningKind | undefined): string {
  const kind = warned ? kindWord(warned) : t("warning.one");
  if (change.event === "warning.cleared") {
    const who = functionOf(change.by);
    return t(`warning.line_cleared_${change.data.reason}`, { kind, who });
  }
  if (change.event === "warning.retracted") return t("warning.line_retracted", { kind, reason: change.data.reason });
  if (change.event === "warning.corrected") return t("warning.line_corrected", { kind, reason: change.data.reason });
  if (change.event === "warning.routed")
    return t("warning.line_routed", { kind, desk: t(`warning.desk_${change.data.desk}`) });
  return change.event === "warning.expired" ? t("warning.line_expired", { kind }) : "";
}

/** How it stands, beside its kind: "ingetrokken om 21:40". until: when it ends by itself. */
export function endWords(end: WarningChange | undefined, until: number, now_ms: number): string {
  if (end?.event === "warning.cleared") return t("warning.state_cleared", { at: timeOf(end.at) });
  if (end?.event === "warning.retracted") return t("warning.state_retracted", { at: timeOf(end.at) });
  return t(until <= now_ms || end ? "warn.was_until" : "warn.until", { at: timeOf(until) });
}

/** What the notice is about: "De waarschuwing van 21:14 in Jan Luykenlaan is ingetrokken." room: its name, if known. */
export function noticeWords({ what, at, alert }: Notice, room: string | undefined, now_ms: number): string {
  const when = isJustNow(at, now_ms) ? timeOf(at) : fullTime(at, now_ms);
  if (alert !== undefined || what === "cleared") return t("notice.alert_said", { at: when });
  return room === undefined
    ? t(`notice.${what}_said`, { at: when })
    : t(`notice.${what}_said_in`, { at: when, room });
}

/** What it is about: a kind of warning, or an official message by its headline. */
export function noticeTitle({ what, kind, headline }: Notice): string {
  if (headline !== undefined || what === "cleared") return t(`notice.alert_${what}`, { headline: headline ?? "" });
  return t(`notice.${what}`, { kind: kindWord(kind) });
}
