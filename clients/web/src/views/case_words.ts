// PURE: a case in plain words: what was asked, how it stands, what has just happened to it.

import { isPrivateId } from "../case";
import type { By, CaseKind, CaseView, WarningKind } from "../protocol.gen";
import type { CaseRow } from "../town";
import { t } from "../words/words";
import type { Word } from "../words/words";

/** "Wijkagent, politie": the function, and never a private person. */
export function functionOf(by: By): string {
  if (by.organisation === undefined) return by.name;
  return t("case.function", { name: by.name, organisation: t(`organisation.${by.organisation}`) });
}

export function kindWord(kind: WarningKind | CaseKind | undefined): string {
  return kind === undefined ? t("kind.none") : t(`kind.${kind}`);
}

const EXCERPT = 60;

/** What it is about, in few words: its kind, or the first of what was said. */
export function groundWords({ kind, text = "" }: CaseView): string {
  if (kind !== undefined || text === "") return kindWord(kind);
  const letters = Array.from(text);
  return letters.length > EXCERPT ? `${letters.slice(0, EXCERPT).join("")} …` : text;
}

/** "Melding aan de politie" */
export function titleOf({ to }: CaseView): string {
  return t("case.title", { to: t(`case.to_${to}`) });
}

/** How it stands, in one sentence. */
export function stateWords(view: CaseView): string {
  const to = t(`case.to_${view.to}`);
  const owner = view.owner ? functionOf(view.owner) : to;
  if (view.state === "listed" && view.quiet) return t("case.state_quiet", { to });
  if (view.state === "unanswered" && view.reached.paged === 0) return t("case.state_nobody", { to });
  if (view.state === "handing_over")
    return t("case.state_handing_over", { owner, to: t(`case.to_${view.handing_to ?? view.to}`) });
  return t(`case.state_${view.state}`, { to, owner });
}

/** "3 medewerkers opgeroepen, naar 2 verstuurd, bij 2 aangekomen, 1 zag het" */
export function reachedWords({ reached }: CaseView): string {
  const { paged, sent = 0, delivered = 0, seen = 0 } = reached;
  if (paged === 0) return t("case.reached_none");
  const called = paged === 1 ? t("case.reached_one") : t("case.reached", { count: paged });
  const came: readonly (readonly [Word, number])[] = [
    ["case.reached_sent", sent],
    ["case.reached_delivered", delivered],
    ["case.reached_seen", seen],
  ];
  return [called, ...came.flatMap(([word, count]) => (count === 0 ? [] : [t(word, { count })]))].join(", ");
}

const LINES: Partial<Record<CaseRow["event"], Word>> = {
  "escalation.joined": "case.line_joined",
  "escalation.widened": "case.line_widened",
  "escalation.accepted": "case.line_accepted",
  "escalation.released": "case.line_released",
  "escalation.handing_over": "case.line_handing_over",
  "escalation.handed_over": "case.line_handed_over",
  "escalation.returned": "case.line_returned",
  "escalation.withdrawn": "case.line_withdrawn",
  "escalation.resolved": "case.line_resolved",
  "escalation.reopened": "case.line_reopened",
  "escalation.lapsed": "case.line_lapsed",
};

/** What has just happened; "" where the room need not read it. */
export function lineWords({ event, case: view }: CaseRow): string {
  if (event === "escalation.unanswered") return stateWords(view);
  if (event === "escalation.raised") return titleOf(view);
  const word = LINES[event];
  if (!word) return "";
  const owner = view.owner ? functionOf(view.owner) : t(`case.to_${view.to}`);
  const to = t(`case.to_${view.handing_to ?? view.to}`);
  return t(word, { owner, to, tier: view.tier, tiers: view.tiers });
}

/** The rows that stand in the timeline: an opening, a closing, a line between; the rest shows in the case alone. */
export function isShownRow(row: CaseRow): boolean {
  return row.event === "escalation.raised" || lineWords(row) !== "";
}

/** Of a private case nothing is told beside it. */
export function isTold({ room }: CaseView): boolean {
  return !isPrivateId(room);
}
