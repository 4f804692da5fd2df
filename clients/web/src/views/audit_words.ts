// PURE: what the open book tells, in plain words.

import type { Told } from "../audit";
import type { AuditView, By, Ground } from "../protocol.gen";
import { isWord, t } from "../words/words";
import { functionOf } from "./case_words";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Of the twelve characters by chance; as much as people can say to each other. */
const SAID = 4;

/** "Wijkagent, politie, kwam binnen voor melding K3M9 en bleef 14 minuten." */
export function sentenceOf(told: Told): string {
  if (told.kind === "deed") return deedWords(told.row);
  const { came, went } = told;
  const row = came ?? went;
  if (row === null) return "";
  const facts = { who: actor(row.by), ground: groundOf(row.ground) };
  if (came === null) return t("audit.went", facts);
  return went === null ? t("audit.stays", facts) : t("audit.stay", { ...facts, span: spanWords(went.at - came.at) });
}

function deedWords(row: AuditView): string {
  const word = `audit.${row.deed}`;
  return t(isWord(word) ? word : "audit.other", { who: actor(row.by), id: handleOf(row.target) });
}

/** "Wijkagent, politie,": between commas where there are two parts. */
function actor(by: By): string {
  return by.organisation === undefined ? by.name : `${functionOf(by)},`;
}

function groundOf(ground: Ground | undefined): string {
  const word = `audit.ground.${ground?.kind}`;
  return t(isWord(word) ? word : "audit.ground.none", { id: handleOf(ground?.id) });
}

/** "K3M9": the handle of a case. */
export function handleOf(id = ""): string {
  return id.slice(id.lastIndexOf(".") + 1, id.lastIndexOf(".") + 1 + SAID).toUpperCase();
}

export function spanWords(ms: number): string {
  const minutes = Math.round(ms / MINUTE_MS);
  if (ms < MINUTE_MS) return t("audit.span_moment");
  if (minutes === 1) return t("audit.span_minute");
  if (ms < HOUR_MS) return t("audit.span_minutes", { count: minutes });
  if (ms >= 2 * DAY_MS) return t("audit.span_days", { count: Math.floor(ms / DAY_MS) });
  return t("audit.span_hours", { hours: Math.floor(ms / HOUR_MS), minutes: Math.floor((ms % HOUR_MS) / MINUTE_MS) });
}
