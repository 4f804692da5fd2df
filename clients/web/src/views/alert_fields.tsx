// The fields of an alert. Each says beside itself what is wrong with it; the form takes its writer there.

import { createContext } from "preact";
import type { ComponentChildren } from "preact";
import { useContext, useId } from "preact/hooks";

import type { Field } from "../alert_draft";
import { t } from "../words/words";
import type { Word } from "../words/words";
import { lengthOf } from "./length";

/** What is wrong with which field of the form around, in words. */
export type Wrongs = Partial<Record<Field, string>>;
export const WrongFields = createContext<Wrongs>({});

export function useWrong(field: Field): string | undefined {
  return useContext(WrongFields)[field];
}

interface TextFacts {
  field: Field;
  label: string;
  hint?: string | undefined;
  value: string;
  /** In characters. */
  most: number;
  /** Of the words, where it is not the page's. */
  lang?: string;
  /** 1: a line, without line ends. */
  rows?: number;
  testid: string;
  write: (text: string) => void;
}

export function TextField({ field, label, hint, value, most, lang, rows = 1, testid, write }: TextFacts) {
  const id = useId();
  const wrong = useWrong(field);
  const left = most - lengthOf(value);
  const facts = {
    id,
    lang,
    dir: "auto" as const,
    value,
    "data-testid": testid,
    "aria-invalid": wrong !== undefined,
    "aria-describedby": `${id}-about`,
    onInput: (event: { currentTarget: { value: string } }) => write(event.currentTarget.value),
  };
  return (
    <div class={rows > 1 ? "field writing" : "field"}>
      <label for={id}>{label}</label>
      {rows > 1 ? <textarea rows={rows} {...facts} /> : <input type="text" autocomplete="off" {...facts} />}
      <About id={`${id}-about`} hint={hint} wrong={wrong} field={field}>
        {left < 0 && <span class="wrong">{t("composer.too_long", { count: -left })}</span>}
        {left >= 0 && left < most / 4 && t("composer.left", { count: left })}
      </About>
    </div>
  );
}

interface SelectFacts<V extends string> {
  field: Field;
  label: string;
  value: V | null;
  options: readonly { readonly value: V; readonly label: string }[];
  testid: string;
  choose: (value: V) => void;
}

export function SelectField<V extends string>({ field, label, value, options, testid, choose }: SelectFacts<V>) {
  const id = useId();
  const wrong = useWrong(field);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value ?? ""}
        data-testid={testid}
        aria-invalid={wrong !== undefined}
        aria-describedby={wrong === undefined ? undefined : `${id}-about`}
        onChange={(event) => choose(event.currentTarget.value as V)}
      >
        {value === null && <option value="">{t("alerting.choose")}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <About id={`${id}-about`} wrong={wrong} field={field} />
    </div>
  );
}

interface AboutFacts {
  id: string;
  hint?: string | undefined;
  wrong: string | undefined;
  field: Field;
  children?: ComponentChildren;
}

function About({ id, hint, wrong, field, children }: AboutFacts) {
  return (
    <div id={id}>
      {wrong !== undefined && <WrongWords field={field} words={wrong} />}
      {(hint || children) && (
        <p class="explain">
          {hint} {children}
        </p>
      )}
    </div>
  );
}

export function WrongWords({ field, words }: { field: Field; words: string }) {
  return (
    <p class="wrong" data-testid="wrong" data-field={field}>
      {words}
    </p>
  );
}

interface TickFacts {
  label: Word;
  hint: Word;
  isOn: boolean;
  testid: string;
  turn: (isOn: boolean) => void;
}

export function Tick({ label, hint, isOn, testid, turn }: TickFacts) {
  return (
    <label class="tick">
      <input
        type="checkbox"
        data-testid={testid}
        checked={isOn}
        onChange={(event) => turn(event.currentTarget.checked)}
      />
      <span>
        <b>{t(label)}</b>
        <small>{t(hint)}</small>
      </span>
    </label>
  );
}

/** To the first field that is wrong, once its words are drawn. */
export function focusWrong(form: HTMLElement | null): void {
  const first = form?.querySelector<HTMLElement>("[aria-invalid=true], [data-invalid=true]");
  first?.focus();
  first?.scrollIntoView({ block: "center" });
}
