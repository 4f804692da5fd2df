// A few answers of which one holds, each as large as a thumb, with a word about what it means.

import { useId } from "preact/hooks";

export interface Answer<V extends string> {
  readonly value: V;
  readonly label: string;
  readonly hint?: string;
  readonly testid: string;
}

interface Facts<V extends string> {
  legend: string;
  answers: readonly Answer<V>[];
  chosen: V | null;
  choose: (value: V) => void;
  /** Several beside each other. */
  isShort?: boolean;
}

export function Options<V extends string>({ legend, answers, chosen, choose, isShort = false }: Facts<V>) {
  const name = useId();
  return (
    <fieldset class="options">
      <legend>{legend}</legend>
      <div class={isShort ? "options-list short" : "options-list"}>
        {answers.map(({ value, label, hint, testid }) => (
          <label key={value} class="option">
            <input
              type="radio"
              name={name}
              value={value}
              checked={value === chosen}
              data-testid={testid}
              onChange={() => choose(value)}
            />
            <span>
              <b>{label}</b>
              {hint && <small>{hint}</small>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
