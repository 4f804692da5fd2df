// An alert that is being made up: what of it is lacking, what is sent, and how it is kept until it has gone. Knows no
// Preact, no clock and no storage.

import { signal } from "@preact/signals-core";

import { isModest } from "./alert_queue";
import type { PayloadOf } from "./outbox";
import type { Chosen } from "./places";
import type {
  AlertCategory,
  AlertVariant,
  Certainty,
  Commands,
  Organisation,
  Severity,
  StaffAlertView,
  WarningUrgency,
} from "./protocol.gen";
import { lengthOf } from "./views/length";
import type { Word } from "./words/words";

export const LONGEST = { headline: 80, text: 1_000, instruction: 500, reason: 280 } as const;
/** Of why an alert ends before its time. */
export const SHORTEST_REASON = 3;
/** Minutes, as text: the values of a list. */
export const ENDS = ["30", "60", "120", "240", "480", "1440", "4320"] as const;
export type End = (typeof ENDS)[number];
/** Beside Dutch, which every alert has. */
export const OTHER_LANGUAGES = ["en", "tr", "ar", "pl"] as const;

export type AlertSeverity = Exclude<Severity, "unknown">;
/** Instruction: empty where there is none. */
export type Variant = Required<AlertVariant>;
export type WordName = "headline" | "text" | "instruction";

/** Where something is wrong; a word of a language has the language with it. */
export type Field =
  | "places"
  | "severity"
  | "urgency"
  | "certainty"
  | "category"
  | "link"
  | "expires_at"
  | "code"
  | "reason"
  | `${string}.${WordName}`;
export interface Lack {
  readonly field: Field;
  readonly word: Word;
}

export type Previewing = Commands["alert.preview"]["payload"];
type Updating = PayloadOf<"alert.update">;

const MINUTE_MS = 60_000;
const WORDS: readonly string[] = ["headline", "text", "instruction"] satisfies WordName[];
const USUAL_END: End = "120";

/** What is kept of it. */
interface Kept {
  readonly places: readonly string[];
  readonly words: readonly Variant[];
  readonly severity: AlertSeverity | null;
  readonly urgency: WarningUrgency;
  readonly certainty: Certainty;
  readonly category: AlertCategory | null;
  readonly end: End | "same";
  readonly link: string;
  readonly exercise: boolean;
  /** The preview that was broadcast, until it is known what became of it. */
  readonly sentAs: string | null;
}

const NOTHING: Kept = {
  places: [],
  words: [variantOf("nl")],
  severity: null,
  urgency: "immediate",
  certainty: "observed",
  category: null,
  end: USUAL_END,
  link: "",
  exercise: false,
  sentAs: null,
};

export class AlertDraft {
  readonly places = signal<Chosen>(new Set());
  readonly words = signal<readonly Variant[]>(NOTHING.words);
  readonly severity = signal<AlertSeverity | null>(null);
  readonly urgency = signal<WarningUrgency>(NOTHING.urgency);
  readonly certainty = signal<Certainty>(NOTHING.certainty);
  readonly category = signal<AlertCategory | null>(null);
  /** "same": of an update, until when it holds already. */
  readonly end = signal<End | "same">(USUAL_END);
  readonly link = signal("");
  readonly exercise = signal(false);
  readonly sentAs = signal<string | null>(null);

  constructor(kept: Partial<Kept> = {}) {
    this.#take({ ...NOTHING, ...kept });
  }

  /** To be said anew: everything as it is in force. */
  static of({ words, severity, urgency, certainty, category, link, exercise, pending }: StaffAlertView): AlertDraft {
    const now = pending ?? { words, severity, urgency, certainty };
    return new AlertDraft({
      words: now.words.map(({ event: _event, instruction = "", ...said }) => ({ ...said, instruction })),
      severity: now.severity === "unknown" ? null : now.severity,
      urgency: now.urgency,
      certainty: now.certainty,
      category,
      end: "same",
      link: link ?? "",
      exercise: exercise ?? false,
    });
  }

  /** What another page, or this one before, kept as text; an empty draft where that can't be read. */
  static restored(text: string | null): AlertDraft {
    try {
      const kept = JSON.parse(text ?? "{}") as Partial<Kept>;
      return new AlertDraft(Array.isArray(kept.words) && Array.isArray(kept.places) ? kept : {});
    } catch {
      return new AlertDraft(); // cut off, or of an older page
    }
  }

  get kept(): string {
    const { places, words, severity, urgency, certainty, category, end, link, exercise, sentAs } = this;
    const kept: Kept = {
      places: [...places.value],
      words: words.value,
      severity: severity.value,
      urgency: urgency.value,
      certainty: certainty.value,
      category: category.value,
      end: end.value,
      link: link.value,
      exercise: exercise.value,
      sentAs: sentAs.value,
    };
    return JSON.stringify(kept);
  }

  get isEmpty(): boolean {
    return this.kept === new AlertDraft().kept;
  }

  clear(): void {
    this.#take(NOTHING);
  }

  write(language: string, name: WordName, text: string): void {
    this.words.value = this.words.value.map((one) => (one.language === language ? { ...one, [name]: text } : one));
  }

  addLanguage(language: string): void {
    const isThere = this.words.value.some((one) => one.language === language);
    if (!isThere) this.words.value = [...this.words.value, variantOf(language)];
  }

  dropLanguage(language: string): void {
    this.words.value = this.words.value.filter((one) => one.language !== language);
  }

  /** All that keeps it from going on, in the order of the form. of: what it is to update, which has its places. */
  lacks(organisation: Organisation | undefined, of?: StaffAlertView): Lack[] {
    const lacks: (Lack | false)[] = [
      !of && this.places.value.size === 0 && { field: "places", word: "alerting.lack_places" },
      this.category.value === null && { field: "category", word: "alerting.lack_category" },
      this.severity.value === null && { field: "severity", word: "alerting.lack_severity" },
      this.#isTooSevere(organisation) && { field: "severity", word: "alerting.too_severe" },
      ...this.words.value.flatMap(lacksOf),
      // What an update leaves out stays: of Dutch there is no way to say "no instruction any more".
      ...(of ? instructionGone(of, this.words.value) : []),
      !isLink(this.link.value) && { field: "link", word: "alerting.lack_link" },
    ];
    return lacks.filter((lack) => lack !== false);
  }

  /** Only when nothing is lacking. now_ms: the town's. */
  preview(now_ms: number): Previewing {
    const [first, ...others] = this.words.value.map(sent) as [AlertVariant, ...AlertVariant[]];
    const { language: _dutch, ...dutch } = first;
    return {
      places: [...this.places.value],
      ...dutch,
      severity: this.severity.value ?? "unknown",
      urgency: this.urgency.value,
      certainty: this.certainty.value,
      category: this.category.value ?? "other",
      expires_at: this.until(now_ms),
      ...(others.length > 0 ? { languages: others } : {}),
      ...(this.link.value.trim() ? { link: this.link.value.trim() } : {}),
      ...(this.exercise.value ? { exercise: true } : {}),
    };
  }

  /** What is different from what is in force; null where nothing is. */
  update(view: StaffAlertView, now_ms: number): Updating | null {
    const before = AlertDraft.of(view);
    const [now, was] = [this.#facts(), before.#facts()];
    const names = Object.keys(now) as (keyof typeof now)[];
    const changed = names.filter((name) => JSON.stringify(now[name]) !== JSON.stringify(was[name]));
    // The words of all languages change together.
    if (changed.some((name) => WORDS.includes(name)) && now.languages.length > 0) changed.push("languages");
    const different = Object.fromEntries(changed.map((name) => [name, now[name]]));
    const end = this.end.value === "same" ? {} : { expires_at: this.until(now_ms) };
    const update = { ...different, ...end };
    return Object.keys(update).length > 0 ? { alert: view.alert, ...update } : null;
  }

  /** When it ends by itself, seen from now. */
  until(now_ms: number): number {
    return now_ms + Number(this.end.value === "same" ? USUAL_END : this.end.value) * MINUTE_MS;
  }

  #facts() {
    const [dutch = variantOf("nl"), ...others] = this.words.value;
    return {
      headline: dutch.headline.trim(),
      text: dutch.text.trim(),
      instruction: dutch.instruction.trim(),
      severity: this.severity.value ?? "unknown",
      urgency: this.urgency.value,
      certainty: this.certainty.value,
      languages: others.map(sent),
    } as const;
  }

  #isTooSevere(organisation: Organisation | undefined): boolean {
    return organisation === "municipality" && !isModest(this.severity.value ?? "unknown");
  }

  #take(kept: Kept): void {
    this.places.value = new Set(kept.places);
    this.words.value = kept.words;
    this.severity.value = kept.severity;
    this.urgency.value = kept.urgency;
    this.certainty.value = kept.certainty;
    this.category.value = kept.category;
    this.end.value = kept.end;
    this.link.value = kept.link;
    this.exercise.value = kept.exercise;
    this.sentAs.value = kept.sentAs;
  }
}

function variantOf(language: string): Variant {
  return { language, headline: "", text: "", instruction: "" };
}

function lacksOf(variant: Variant): Lack[] {
  const field = (name: WordName): Field => `${variant.language}.${name}`;
  const empty = (["headline", "text"] as const).filter((name) => !variant[name].trim());
  const long = (["headline", "text", "instruction"] as const).filter((name) => lengthOf(variant[name]) > LONGEST[name]);
  return [
    ...empty.map((name): Lack => ({ field: field(name), word: `alerting.lack_${name}` })),
    ...long.map((name): Lack => ({ field: field(name), word: "refusal.too_large" })),
  ];
}

function instructionGone({ words }: StaffAlertView, now: readonly Variant[]): Lack[] {
  const isGone = Boolean(words[0]?.instruction) && !now[0]?.instruction.trim();
  return isGone ? [{ field: "nl.instruction", word: "alerting.lack_instruction" }] : [];
}

function sent({ language, headline, text, instruction }: Variant): AlertVariant {
  const what = { language, headline: headline.trim(), text: text.trim() };
  return instruction.trim() ? { ...what, instruction: instruction.trim() } : what;
}

/** Which hosts are allowed the server says. */
function isLink(link: string): boolean {
  return link.trim() === "" || (URL.canParse(link.trim()) && new URL(link.trim()).protocol === "https:");
}
