// A few options of which one holds: radio buttons that look like one strip.

import { useId } from "preact/hooks";

export interface Option<V extends string> {
  readonly value: V;
  readonly label: string;
  /** The language of the label, where it is not the page's. */
  readonly lang?: string;
}

interface ChoiceFacts<V extends string> {
  legend: string;
  options: readonly Option<V>[];
  chosen: V;
  choose: (value: V) => void;
}

export function Choice<V extends string>({ legend, options, chosen, choose }: ChoiceFacts<V>) {
  const name = useId();
  return (
    <fieldset class="choice">
      <legend>{legend}</legend>
      <div class="strip">
        {options.map(({ value, label, lang }) => (
          <label key={value} lang={lang}>
            <input
              type="radio"
              name={name}
              value={value}
              checked={value === chosen}
              data-testid={`choose-${value}`}
              onChange={() => choose(value)}
            />
            <span>{label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
