// A field for some sentences, with what is left of its room.

import { useId } from "preact/hooks";

import { t } from "../words/words";
import { lengthOf } from "./length";

interface Facts {
  label: string;
  hint?: string;
  value: string;
  least?: number;
  most: number;
  testid: string;
  write: (text: string) => void;
}

export function Writing({ label, hint, value, least = 1, most, testid, write }: Facts) {
  const id = useId();
  const left = most - lengthOf(value);
  return (
    <div class="field writing">
      <label for={id}>{label}</label>
      <textarea
        id={id}
        rows={3}
        dir="auto"
        value={value}
        data-testid={testid}
        aria-describedby={`${id}-hint`}
        onInput={(event) => write(event.currentTarget.value)}
      />
      <p id={`${id}-hint`} class={left < 0 ? "explain wrong" : "explain"}>
        {hint} {left < 0 && t("composer.too_long", { count: -left })}
        {left >= 0 && left < most / 4 && t("composer.left", { count: left })}
        {least > 1 && lengthOf(value) > 0 && lengthOf(value) < least && t("call.too_short", { count: least })}
      </p>
    </div>
  );
}
