// A form that says what is wrong beside the field it is about, takes the reader there, and keeps what was typed.

import { useSignal } from "@preact/signals";
import { createContext } from "preact";
import type { ComponentChildren } from "preact";
import { useContext, useEffect, useId, useRef } from "preact/hooks";

import type { Failure } from "../session";
import { t } from "../words/words";
import type { Word } from "../words/words";
import { lacking, wrongOf } from "./refused_field";
import type { FieldName, Wrong } from "./refused_field";

export type Filled = Partial<Record<FieldName, string>>;

interface FormFacts {
  title?: Word;
  action: Word;
  testid: string;
  /** Whether a name or password is chosen here, and must follow the rules for new ones. */
  isNew?: boolean;
  /** Returns why not, or null. */
  submit: (filled: Filled) => Promise<Failure | null>;
  children: ComponentChildren;
}

/** What is wrong with the form around a field. */
const Wrongness = createContext<Wrong | null>(null);

export function Form({ title, action, testid, isNew = false, submit, children }: FormFacts) {
  const wrong = useSignal<Wrong | null>(null);
  const isBusy = useSignal(false);
  const form = useRef<HTMLFormElement>(null);

  // Once what is wrong has been drawn: the field then already names it as its description.
  useEffect(() => focusWrong(form.current, wrong.value), [wrong.value]);
  const submitted = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (isBusy.value) return;
    const filled = filledIn(event.currentTarget as HTMLFormElement);
    wrong.value = lacking(filled, isNew);
    if (wrong.value) return;
    isBusy.value = true;
    try {
      const failure = await submit(filled);
      wrong.value = failure && wrongOf(failure, Object.keys(filled) as FieldName[]);
    } finally {
      isBusy.value = false;
    }
  };
  return (
    // The browser's own bubbles speak the browser's language.
    <form class="form" ref={form} onSubmit={submitted} aria-busy={isBusy.value} noValidate>
      {title && <h2>{t(title)}</h2>}
      <Wrongness.Provider value={wrong.value}>{children}</Wrongness.Provider>
      <div role="alert">
        {wrong.value?.field === null && (
          <p class="failure" data-testid="wrong">
            {wrong.value.words()}
          </p>
        )}
      </div>
      {/* Not disabled while busy: that would take the focus away. A second press does nothing. */}
      <button class="button" data-testid={testid} aria-disabled={isBusy.value}>
        {t(isBusy.value ? "busy" : action)}
      </button>
    </form>
  );
}

interface FieldFacts {
  name: FieldName;
  label: Word;
  hint?: Word;
  value?: string;
  autocomplete: "username" | "current-password" | "new-password" | "one-time-code" | "off";
  testid?: string;
}

const SECRET: readonly FieldName[] = ["password", "old", "new"];
const PRINTED: readonly FieldName[] = ["code", "recovery", "proof"];

export function Field({ name, label, hint, value, autocomplete, testid = name }: FieldFacts) {
  const isShown = useSignal(false);
  const wrong = useContext(Wrongness);
  const isWrong = wrong?.field === name;
  const id = useId();
  const described = [isWrong && `${id}-wrong`, hint && `${id}-hint`].filter(Boolean).join(" ");
  const isSecret = SECRET.includes(name);
  return (
    <div class="field">
      <label for={id}>{t(label)}</label>
      <div class="field-box">
        <input
          id={id}
          class={PRINTED.includes(name) ? "printed" : undefined}
          name={name}
          type={(isSecret && !isShown.value ? "password" : "text") as "text"} // the types know no "one of two"
          defaultValue={value ?? ""}
          required
          autocomplete={autocomplete}
          autocapitalize={PRINTED.includes(name) ? "characters" : "none"}
          autocorrect="off"
          spellcheck={false}
          aria-invalid={isWrong}
          aria-describedby={described || undefined}
          data-testid={testid}
        />
        {isSecret && (
          <button
            type="button"
            class="reveal"
            aria-pressed={isShown.value}
            aria-label={t("door.show_password")}
            onClick={() => (isShown.value = !isShown.value)}
          >
            {t(isShown.value ? "door.hide" : "door.show")}
          </button>
        )}
      </div>
      {isWrong && (
        <p id={`${id}-wrong`} class="wrong" data-testid="wrong">
          {wrong.words()}
        </p>
      )}
      {hint && (
        <p id={`${id}-hint`} class="explain">
          {t(hint)}
        </p>
      )}
    </div>
  );
}

function filledIn(form: HTMLFormElement): Filled {
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)])) as Filled;
}

function focusWrong(form: HTMLFormElement | null, wrong: Wrong | null): void {
  if (wrong?.field) form?.querySelector<HTMLInputElement>(`[name="${wrong.field}"]`)?.focus();
}
