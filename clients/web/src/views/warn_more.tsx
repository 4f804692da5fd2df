// What may be said beside a warning: a note about the place; how bad it is and how sure one is, which have a default that
// is right as a rule and are folded away.

import type { Signal } from "@preact/signals";
import { useId } from "preact/hooks";

import { isDanger } from "../case";
import type { Certainty, Severity, WarningKind } from "../protocol.gen";
import { t } from "../words/words";
import { namesHouse } from "./house_number";
import { lengthOf } from "./length";
import { Options } from "./options";

/** Of a note about the place, in characters. */
export const LONGEST_NOTE = 80;
const SEVERITIES = ["minor", "moderate", "severe", "extreme"] as const satisfies readonly Severity[];
const CERTAINTIES = ["observed", "likely", "possible"] as const satisfies readonly Certainty[];
const MINOR: readonly WarningKind[] = ["nuisance", "public_space", "traffic"];

export type Chosen = (typeof SEVERITIES)[number];

/** How bad it is as long as nobody says. */
export function usualSeverity(kind: WarningKind | null): Chosen {
  if (kind === null) return "moderate";
  if (isDanger(kind)) return "severe";
  return MINOR.includes(kind) ? "minor" : "moderate";
}

interface Facts {
  kind: WarningKind | null;
  severity: Signal<Chosen | null>;
  certainty: Signal<Certainty | null>;
}

export function WarnMore({ kind, severity, certainty }: Facts) {
  return (
    <details class="more">
      <summary data-testid="warn-more">{t("warn.more")}</summary>
      <div class="more-inside">
        <Options
          legend={t("warn.severity")}
          answers={SEVERITIES.map((value) => ({
            value,
            label: t(`severity.${value}`),
            testid: `severity-${value}`,
          }))}
          chosen={severity.value ?? usualSeverity(kind)}
          choose={(value) => (severity.value = value)}
          isShort
        />
        <Options
          legend={t("warn.certainty")}
          answers={CERTAINTIES.map((value) => ({
            value,
            label: t(`certainty.${value}`),
            testid: `certainty-${value}`,
          }))}
          chosen={certainty.value}
          choose={(value) => (certainty.value = value)}
          isShort
        />
      </div>
    </details>
  );
}

export function PlaceNote({ note }: { note: Signal<string> }) {
  const id = useId();
  const isLong = lengthOf(note.value) > LONGEST_NOTE;
  return (
    <div class="field">
      <label for={id}>{t("warn.place_note")}</label>
      <input
        id={id}
        type="text"
        dir="auto"
        autocomplete="off"
        value={note.value}
        data-testid="warn-place"
        aria-describedby={`${id}-hint`}
        aria-invalid={isLong}
        onInput={(event) => (note.value = event.currentTarget.value)}
      />
      <p id={`${id}-hint`} class={isLong ? "explain wrong" : "explain"}>
        {isLong ? t("composer.too_long", { count: lengthOf(note.value) - LONGEST_NOTE }) : t("warn.place_note_hint")}
      </p>
      <div role="status">
        {namesHouse(note.value) && (
          <p class="gentle" data-testid="house-hint">
            {t("warn.house_number")}
          </p>
        )}
      </div>
    </div>
  );
}
