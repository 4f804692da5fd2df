// Which words a refusal gets on the screen, and beside which field they stand.

import type { Failure } from "../session";
import { isWord, language, t } from "../words/words";
import type { Word } from "../words/words";

export type FieldName = "code" | "name" | "password" | "old" | "new" | "recovery" | "proof";

/** What is wrong with a form. field: null where it is wrong as a whole. words: in the language of the moment. */
export interface Wrong {
  readonly field: FieldName | null;
  readonly words: () => string;
}

/** Where a refusal belongs, best first; one that is not here is nobody's field. */
const BESIDE: Readonly<Record<string, readonly FieldName[]>> = {
  wrong_code: ["code"],
  code_expired: ["code"],
  code_used_up: ["code"],
  name_taken: ["name"],
  name_not_allowed: ["name"],
  weak_password: ["new", "password"],
  wrong_credentials: ["old", "recovery"],
  wrong_second_factor: ["proof"],
};

/** More fitting words than the refusal has by itself. */
const ABOUT: Partial<Record<FieldName, Readonly<Record<string, Word>>>> = {
  old: { wrong_credentials: "me.wrong_old" },
  recovery: { wrong_credentials: "recover.wrong" },
};

const CODE_LENGTH = 10;
const SHORTEST_NAME = 2;
const LONGEST_NAME = 40;
const SHORTEST_PASSWORD = 8;
const LONGEST_PASSWORD = 200;
/** What people type between the letters of a code: spaces, and the dashes that keyboards make of a dash. */
const BETWEEN = /[\s\-‐‑‒–—−_.]/g;
const MINUTE_MS = 60_000;

/** A server's refusal, for a form that has these fields. */
export function wrongOf(failure: Failure, fields: readonly FieldName[]): Wrong {
  const named = [...(BESIDE[failure.code] ?? []), failure.field as FieldName];
  const field = named.find((name) => fields.includes(name)) ?? null;
  const about = field && ABOUT[field]?.[failure.code];
  return { field, words: () => (about ? t(about) : reasonOf(failure)) };
}

/** The first field that can't be right, before the server is asked; null when all may be. */
export function lacking(filled: Readonly<Partial<Record<FieldName, string>>>, isNew: boolean): Wrong | null {
  for (const [field, value] of Object.entries(filled) as [FieldName, string][]) {
    const word = CHECKS[field](value, isNew);
    if (word) return { field, words: () => t(word) };
  }
  return null;
}

/** isNew: what is being chosen follows the rules for names and passwords; what exists need only be filled in. */
const CHECKS: Record<FieldName, (value: string, isNew: boolean) => Word | null> = {
  code: (value) => (value.replace(BETWEEN, "").length === CODE_LENGTH ? null : "join.code_short"),
  recovery: (value) => (value.replace(BETWEEN, "").length === CODE_LENGTH ? null : "recover.short"),
  proof: (value) => (value.trim() ? null : "second.empty"),
  name: (value, isNew) => (!value.trim() ? "door.name_empty" : isNew ? nameLack(value.trim()) : null),
  password: (value, isNew) => (!value ? "door.password_empty" : isNew ? passwordLack(value) : null),
  old: (value) => (value ? null : "door.password_empty"),
  new: passwordLack,
};

function nameLack(name: string): Word | null {
  const length = Array.from(name).length;
  return length < SHORTEST_NAME || length > LONGEST_NAME ? "join.name_length" : null;
}

function passwordLack(password: string): Word | null {
  const length = Array.from(password).length;
  return length < SHORTEST_PASSWORD || length > LONGEST_PASSWORD ? "refusal.weak_password" : null;
}

interface Why {
  code: string;
  retry_after_ms?: number | undefined;
  owner?: string | undefined;
}

/** The refusal in the reader's language; a code that is newer than this page gets the words for a fault. */
export function reasonOf({ code, retry_after_ms, owner }: Why): string {
  if (code === "already_taken" && owner) return t("refusal.taken_by", { owner });
  if (code === "too_many_attempts" && retry_after_ms) return t("door.wait", { wait: waitOf(retry_after_ms) });
  const word = `refusal.${code}`;
  return t(isWord(word) ? word : "refusal.fault");
}

/** "40 seconden", "12 minuten": rounded up, so that who waits that long need not wait again. */
export function waitOf(wait_ms: number): string {
  const [unit, step_ms] = wait_ms < MINUTE_MS ? (["second", 1_000] as const) : (["minute", MINUTE_MS] as const);
  const words = new Intl.NumberFormat(language.value, { style: "unit", unit, unitDisplay: "long" });
  return words.format(Math.ceil(wait_ms / step_ms));
}
