// The steps of a warning, one each, and the hint that may stand before it goes.

import { isDanger } from "../case";
import type { WarningKind } from "../protocol.gen";
import { t } from "../words/words";
import { Whether112 } from "./escalate_parts";
import { Icon } from "./icons";
import { Call112 } from "./numbers";
import { Options } from "./options";
import { ENDS, LONGEST } from "./warn_draft";
import type { WarnDraft } from "./warn_draft";
import { PlaceNote, WarnMore } from "./warn_more";
import { KindIcon } from "./warning_icons";
import { Writing } from "./writing";

/** Danger first: who is in a hurry finds it where the thumb is. */
const KINDS: readonly WarningKind[] = [
  "burglary",
  "violence",
  "theft",
  "fire",
  "suspicious",
  "vehicle_break_in",
  "doorstep_scam",
  "vandalism",
  "nuisance",
  "traffic",
  "missing_person",
  "public_space",
];

/** A tap chooses and goes on. */
export function WhatStep({ draft, worry }: { draft: WarnDraft; worry: () => void }) {
  return (
    <>
      <Call112 />
      <h3 tabIndex={-1}>{t("warn.kind")}</h3>
      <div class="tiles">
        {KINDS.map((kind) => (
          <button
            key={kind}
            type="button"
            class={isDanger(kind) ? "tile danger" : "tile"}
            data-testid={`kind-${kind}`}
            aria-pressed={draft.kind.value === kind}
            onClick={() => draft.choose(kind)}
          >
            <KindIcon kind={kind} />
            <span>{t(`kind.${kind}`)}</span>
          </button>
        ))}
        <button type="button" class="tile worry" data-testid="kind-worry" onClick={worry}>
          <KindIcon kind="worry" />
          <span>
            {t("kind.worry")}
            <small>{t("warn.worry_hint")}</small>
          </span>
        </button>
      </div>
    </>
  );
}

export function WhereStep({ draft, keep }: { draft: WarnDraft; keep: (text: string) => void }) {
  const kind = draft.kind.value;
  const isBehaviour = kind === "suspicious";
  return (
    <>
      <h3 class="warn-kind">
        {kind && <KindIcon kind={kind} />}
        {kind && t(`kind.${kind}`)}
      </h3>
      <Writing
        label={t(isBehaviour ? "warn.text_suspicious" : "warn.text")}
        hint={t(isBehaviour ? "warn.text_suspicious_hint" : "warn.text_hint")}
        value={draft.text.value}
        least={draft.least}
        most={LONGEST}
        testid="warn-text"
        write={(text) => {
          draft.write(text);
          keep(text);
        }}
      />
      <PlaceNote note={draft.note} />
      <Options
        legend={t("warn.end")}
        answers={ENDS.map((value) => ({ value, label: t(`warn.end_${value}`), testid: `end-${value}` }))}
        chosen={draft.end.value}
        choose={(value) => (draft.end.value = value)}
        isShort
      />
      <WarnMore kind={kind} severity={draft.severity} certainty={draft.certainty} />
    </>
  );
}

/** The law of the neighbourhood watch: first 112, then the street. */
export function DangerStep({ draft }: { draft: WarnDraft }) {
  return (
    <>
      <h3 tabIndex={-1}>{t(isDanger(draft.kind.value ?? undefined) ? "warn.first_112" : "warn.sounds_dangerous")}</h3>
      <Call112 />
      <Whether112 answer={draft.emergency} />
    </>
  );
}

interface HintFacts {
  draft: WarnDraft;
  anyway: () => void;
  worry: () => void;
}

/** Kind and short. It may be sent as it is; the region stays, so that screen readers hear it come. */
export function HintWords({ draft, anyway, worry }: HintFacts) {
  const hint = draft.hint.value;
  const looks = draft.checked.value?.looks ?? [];
  return (
    <div role="status">
      {hint && (
        <div class="warn-hint" data-testid="warn-hint" data-hint={hint} tabIndex={-1}>
          <p>
            <Icon name={hint === "care" ? "lock" : "edit"} />
            <span>
              <b>{t(`warn.hint_${hint}_title`)}</b> {t(`warn.hint_${hint}`)}
              {hint === "looks" && looks.length > 0 && (
                <small>{t("warn.hint_words", { words: looks.join(", ") })}</small>
              )}
            </span>
          </p>
          <div class="deeds">
            {hint === "looks" ? (
              <button type="button" class="button small" data-testid="hint-change" onClick={toWords}>
                {t("warn.hint_change")}
              </button>
            ) : (
              <button type="button" class="button small" data-testid="hint-private" onClick={worry}>
                {t("warn.hint_private")}
              </button>
            )}
            <button type="button" class="button quiet small" data-testid="hint-anyway" onClick={anyway}>
              {t("warn.hint_anyway")}
            </button>
          </div>
        </div>
      )}
    </div>
  );
}

function toWords(): void {
  document.querySelector<HTMLElement>(".warn-steps textarea")?.focus();
}
