// What the asker and the neighbours can do about a case: withdraw, join, say whether it helped, ask again.

import { useSignal } from "@preact/signals";

import type { Calls } from "../calls";
import { isAsker, isOpen, mayRate, mayReopen } from "../case";
import type { CaseView, Person } from "../protocol.gen";
import { town } from "../town";
import { laneOf } from "../waiting";
import { t } from "../words/words";
import { Icon } from "./icons";
import { reasonOf } from "./refused_field";
import { StillWaiting } from "./state";

interface Facts {
  view: CaseView;
  me: Person;
  calls: Calls;
}

export function ResidentDeeds({ view, me, calls }: Facts) {
  if (!isAsker(view, me.id)) return isOpen(view) && !view.private ? <Join view={view} calls={calls} /> : null;
  return (
    <div class="deeds">
      {isOpen(view) && !view.withdrawn && <Withdraw view={view} calls={calls} />}
      {mayRate(view) && <Rate view={view} calls={calls} />}
      {mayReopen(view) && (
        <button type="button" class="button quiet small" data-testid="reopen" onClick={() => calls.reopen(view.id)}>
          {t("case.reopen")}
        </button>
      )}
    </div>
  );
}

function Join({ view, calls }: { view: CaseView; calls: Calls }) {
  return (
    <div class="deeds">
      <button type="button" class="button soft small" data-testid="join" onClick={() => calls.joinCase(view.id)}>
        {t("case.join")}
      </button>
    </div>
  );
}

/** The second tap means it. */
function Withdraw({ view, calls }: { view: CaseView; calls: Calls }) {
  const isSure = useSignal(false);
  const press = (): void => {
    if (isSure.value) void calls.withdraw(view.id);
    isSure.value = !isSure.value;
  };
  return (
    <button
      type="button"
      class={isSure.value ? "button danger small" : "button quiet small"}
      data-testid="withdraw"
      onBlur={() => (isSure.value = false)}
      onClick={press}
    >
      {t(isSure.value ? "case.withdraw_sure" : "case.withdraw")}
    </button>
  );
}

function Rate({ view, calls }: { view: CaseView; calls: Calls }) {
  return (
    <div class="rate" role="group" aria-label={t("case.helped")}>
      <p>{t("case.helped")}</p>
      {([true, false] as const).map((helped) => (
        <button
          key={String(helped)}
          type="button"
          class="button soft small"
          data-testid={helped ? "rate-yes" : "rate-no"}
          aria-pressed={view.helped === helped}
          onClick={() => calls.rate(view.id, helped)}
        >
          {view.helped === helped && <Icon name="sent" />}
          {t(helped ? "case.helped_yes" : "case.helped_no")}
        </button>
      ))}
    </div>
  );
}

/** What was asked about it and is not answered yet, or was refused. */
export function Asking({ lane }: { lane: string }) {
  const asked = town.value.asked.findLast((waiting) => laneOf(waiting.payload) === lane);
  if (!asked) return null;
  return (
    <div class="asking" role="status">
      {asked.state === "refused" && asked.refusal ? (
        <p class="failure" data-testid="case-refused">
          {reasonOf(asked.refusal)}
        </p>
      ) : (
        <StillWaiting word="case.asking" />
      )}
    </div>
  );
}
