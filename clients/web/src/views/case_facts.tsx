// What everybody in the room sees of a case: since when, which round, who was reached, who has it, what came of it.

import { clockOf, isOpen, isOwned, isWaiting } from "../case";
import type { CaseView } from "../protocol.gen";
import { town } from "../town";
import { t } from "../words/words";
import { functionOf, reachedWords, stateWords } from "./case_words";
import { Icon } from "./icons";
import { OtherNumbers } from "./numbers";
import { leftOf, spanOf } from "./span";
import { ticking } from "./ticking";

/** Since when, and it runs. A clock is not read out by itself. */
export function CaseClock({ view }: { view: CaseView }) {
  const { since_ms } = clockOf(view, ticking());
  return (
    <span class="case-clock" role="timer" data-testid="case-clock">
      <Icon name="waiting" />
      <span class="unseen">{t("case.waits")} </span>
      {spanOf(since_ms)}
    </span>
  );
}

/** How it stands, what comes next, who was reached, and honest words where nobody answers. */
export function CaseFacts({ view }: { view: CaseView }) {
  return (
    <div class="case-facts">
      <p class="case-state" data-testid={isOwned(view) ? "case-owner" : undefined}>
        {stateWords(view)}
      </p>
      {isOpen(view) && <Next view={view} />}
      {view.state === "paging" && view.skipped !== undefined && view.skipped.length > 0 && (
        <p>{t("case.skipped", { tiers: view.skipped.join(", ") })}</p>
      )}
      {isOpen(view) && view.state !== "listed" && <p data-testid="case-reached">{reachedWords(view)}</p>}
      {(view.joined ?? 0) > 0 && <p>{t("case.joined", { count: view.joined ?? 0 })}</p>}
      {view.withdrawn && isOwned(view) && <p>{t("case.withdrawn_owed")}</p>}
      {(view.state === "unanswered" || view.state === "lapsed") && <OtherNumbers to={view.to} />}
      {view.outcome && (
        <blockquote class="outcome" data-testid="outcome">
          <b>{t(`outcome.${view.outcome.code}`)}</b>
          <p dir="auto">{view.outcome.text}</p>
          <footer>{functionOf(view.outcome.by)}</footer>
        </blockquote>
      )}
    </div>
  );
}

/** When the next thing happens by itself. What is known may be old where there is no connection. */
function Next({ view }: { view: CaseView }) {
  const { tier, next_ms, isLate } = clockOf(view, ticking());
  if (isLate) return <p>{t(town.value.connection === "live" ? "case.any_moment" : "case.maybe_old")}</p>;
  if (tier && next_ms !== null) {
    const facts = { tier: tier.number, tiers: tier.of, left: leftOf(next_ms) };
    return <p data-testid="case-tier">{t(tier.number < tier.of ? "case.tier" : "case.tier_last", facts)}</p>;
  }
  if (next_ms === null || (!isWaiting(view) && view.state !== "handing_over")) return null;
  const word = isWaiting(view) ? "case.kept_until" : "case.hand_over_until";
  return <p>{t(word, { left: leftOf(next_ms) })}</p>;
}
