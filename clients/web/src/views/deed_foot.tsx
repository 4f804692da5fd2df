// The button under a sheet, and what became of what it asked.

import { t } from "../words/words";
import type { Word } from "../words/words";
import { reasonOf } from "./refused_field";
import type { DeedState } from "./use_deed";

interface Facts {
  state: DeedState;
  lack: Word | null;
  word: Word;
  testid: string;
}

export function DeedFoot({ state, lack, word, testid }: Facts) {
  const isBusy = state === "under_way";
  const refused = typeof state === "object" ? whyOf(state) : null;
  return (
    <>
      <div role="alert">{(lack || refused) && <p class="failure">{lack ? t(lack) : refused}</p>}</div>
      {/* Not disabled while busy: that would take the focus away. */}
      <button class="button" data-testid={testid} aria-disabled={isBusy}>
        {t(isBusy ? "busy" : word)}
      </button>
    </>
  );
}

/** What is said of calls elsewhere is said of reports here. */
export function whyOf(refusal: Exclude<DeedState, string>): string {
  if (refusal.code === "wrong_state") return t("moderation.stands_differently");
  if (refusal.code === "already_taken") return t("moderation.taken_by", { owner: refusal.owner ?? "" });
  if (refusal.code === "conflict_of_interest") return t("moderation.conflict");
  return refusal.code === "no_ground" ? t("moderation.no_ground") : reasonOf(refusal);
}
