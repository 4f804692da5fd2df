// For who tends a warning, its author and staff: which desk fits, by which words, another one, and how many were given it.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import type { Calls } from "../calls";
import type { Commands, Desk, WarningView } from "../protocol.gen";
import { t } from "../words/words";
import { passing } from "./clock";

const DESKS: readonly Desk[] = ["police", "municipality", "care", "none"];
/** Asked again while one looks. */
const REACH_EVERY_MS = 10_000;

interface Facts {
  view: WarningView;
  calls: Calls;
}

export function WarningTend(facts: Facts) {
  return (
    <div class="tend">
      <WhichDesk {...facts} />
      <Reach {...facts} />
    </div>
  );
}

/** It proposes; people decide. */
function WhichDesk({ view, calls }: Facts) {
  const isChoosing = useSignal(false);
  const { proposed, desk, room, seq } = view;
  const isProposed = desk === proposed.desk;
  const words = isProposed ? (proposed.words ?? []) : [];
  const choose = (other: Desk): void => {
    isChoosing.value = false;
    if (other !== desk) void calls.routeWarning(room, seq, other);
  };
  return (
    <div class="tend-desk" data-testid="desk-proposed" data-desk={desk}>
      <p>
        {t(isProposed ? "warning.desk" : "warning.desk_chosen", {
          desk: t(`warning.desk_${desk}`),
          confidence: proposed.confidence,
        })}
        {words.length > 0 && <small>{t("warning.desk_words", { words: words.join(", ") })}</small>}
        {desk === "care" && <small>{t("warning.desk_care_hint")}</small>}
      </p>
      <button
        type="button"
        class="button quiet small"
        data-testid="desk-other"
        aria-expanded={isChoosing.value}
        onClick={() => (isChoosing.value = !isChoosing.value)}
      >
        {t("warning.desk_other")}
      </button>
      {isChoosing.value && (
        <div class="tend-desks" role="group" aria-label={t("warning.desk_which")}>
          {DESKS.map((other) => (
            <button
              key={other}
              type="button"
              class="button soft small"
              data-testid={`desk-${other}`}
              aria-pressed={other === desk}
              onClick={() => choose(other)}
            >
              {t(`warning.desk_${other}`)}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

function Reach({ view: { room, seq }, calls }: Facts) {
  const reach = useSignal<Commands["warning.reach"]["reply"] | null>(null);
  const turn = Math.floor(passing() / REACH_EVERY_MS);
  useEffect(() => {
    let isGone = false;
    void calls.reachOf(room, seq).then((told) => !isGone && told && (reach.value = told));
    return () => void (isGone = true);
  }, [room, seq, turn]);
  const told = reach.value;
  return (
    <p class="tend-reach" data-testid="reach">
      {told && t("warning.reach", { given: told.given, members: told.members })}
    </p>
  );
}
