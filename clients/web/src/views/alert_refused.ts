// PURE: where in the form of an alert a refusal belongs, and in which words.

import type { Field, Lack } from "../alert_draft";
import type { Failure } from "../session";
import { t } from "../words/words";
import type { Word } from "../words/words";
import type { Wrongs } from "./alert_fields";
import { reasonOf } from "./refused_field";

/** field: null where it is wrong as a whole. */
export interface RefusedAlert {
  readonly field: Field | null;
  readonly words: string;
}

/** By code, whatever field is named with it. */
const BY_CODE: Readonly<Record<string, readonly [Field | null, Word]>> = {
  nobody_there: ["places", "alerting.refused_nobody"],
  outside_jurisdiction: ["places", "alerting.refused_outside"],
  code_mismatch: ["code", "alerting.refused_code"],
  preview_gone: [null, "alerting.refused_gone"],
  second_officer: [null, "alerting.refused_second"],
  wrong_state: [null, "alerting.refused_state"],
};

/** By the field that the server names; its sentence is English, and for programs. */
const BY_FIELD: Readonly<Record<string, readonly [Field | null, Word]>> = {
  places: ["places", "alerting.refused_places"],
  severity: ["severity", "alerting.too_severe"],
  headline: ["nl.headline", "alerting.lack_headline"],
  text: ["nl.text", "alerting.lack_text"],
  instruction: ["nl.instruction", "alerting.refused_instruction"],
  expires_at: ["expires_at", "alerting.refused_end"],
  link: ["link", "alerting.refused_link"],
  languages: [null, "alerting.refused_languages"],
  reason: ["reason", "alerting.lack_reason"],
};

const NAMES_FIELD: readonly string[] = ["bad_request", "not_permitted", "too_large"];

export function refusedOf(failure: Failure): RefusedAlert {
  const named = NAMES_FIELD.includes(failure.code) ? BY_FIELD[failure.field ?? ""] : undefined;
  const [field, word] = BY_CODE[failure.code] ?? named ?? [null, null];
  return { field, words: word ? t(word) : reasonOf(failure) };
}

/** One sentence per field: the first that is lacking there. */
export function wrongsOf(lacks: readonly Lack[]): Wrongs {
  return Object.fromEntries([...lacks].reverse().map(({ field, word }) => [field, t(word)]));
}
