// A moderator decides on a report, or takes a measure on an entry of the room: what, which rule, and what happened.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import type { Client } from "../client";
import type { Decision, EntryMeasure, Measure, ReportReason, Verdict } from "../protocol.gen";
import { t } from "../words/words";
import type { Word } from "../words/words";
import { DeedFoot } from "./deed_foot";
import { lackOf, MUTES, onAuthor } from "./judging";
import type { Judgement } from "./judging";
import { lengthOf } from "./length";
import type { Moderating, Standing } from "./moderating";
import { Options } from "./options";
import { Panel } from "./panel";
import { REASONS, Receipt } from "./report_form";
import { Notes, useNotes } from "./report_notes";
import { useDeed } from "./use_deed";
import { Writing } from "./writing";

const DECISIONS: readonly Decision[] = ["keep", "hide", "remove", "warn", "mute", "expel"];
const ON_AUTHOR: readonly Measure[] = ["warn", "mute", "unmute", "expel"];
const MEASURES: Readonly<Record<Standing, readonly Measure[]>> = {
  shown: ["hide", "remove", ...ON_AUTHOR],
  hidden: ["restore", "remove", ...ON_AUTHOR],
  fixed: ON_AUTHOR,
};
const ENTRY: readonly EntryMeasure[] = ["keep", "hide", "remove"];
const LEAST = 10;
const MOST = 500;

interface Facts {
  of: Moderating;
  client: Client;
  close: () => void;
}

export function JudgeForm({ of, client, close }: Facts) {
  const said = useSignal<Judgement>({ verdict: null, entry: "hide", rule: null, facts: "", minutes: 60 });
  const lack = useSignal<Word | null>(null);
  const decide = useDeed(client, "report.decide");
  const measure = useDeed(client, "measure.take");
  const notes = useNotes(of.sheet === "decide" ? of.report : null, client);
  const isReport = of.sheet === "decide";
  const state = isReport ? decide.state.value : measure.state.value;
  useEffect(() => {
    if (state === "done" && said.peek().verdict !== "expel") close();
  }, [state]);
  const change = (part: Partial<Judgement>): void => void (said.value = { ...said.value, ...part });
  const send = (): void => {
    lack.value = lackOf(said.value, isReport, lengthOf(said.value.facts));
    if (lack.value || state === "under_way") return;
    const { verdict, entry, rule, facts, minutes } = said.value;
    const why = rule === null ? {} : { rule, facts: facts.trim() };
    const length = verdict === "mute" ? { minutes } : {};
    if (of.sheet === "decide")
      decide.go({ report: of.report, decision: verdict as Decision, ...(onAuthor(verdict) ? { entry } : {}), ...why, ...length });
    else if (rule !== null)
      measure.go({ room: of.room, target: of.target, measure: verdict as Measure, rule, facts: facts.trim(), ...length });
  };
  if (notes === null) return null;
  const offered: readonly Verdict[] = of.sheet === "decide" ? DECISIONS : MEASURES[of.standing];
  const title = t(isReport ? "judge.title" : "judge.measure_title");
  const { verdict, entry, rule, facts, minutes } = said.value;
  if (state === "done" && verdict === "expel")
    return (
      <Panel title={title} testid="judge-form" close={close}>
        <Receipt title={t("judge.asked")} words={t("judge.asked_next")} testid="judge" close={close} />
      </Panel>
    );
  const needsWhy = verdict !== null && !(isReport && verdict === "keep");
  return (
    <Panel title={title} testid="judge-form" close={close}>
      <form class="call-form" noValidate onSubmit={(event) => (event.preventDefault(), send())}>
        <Notes notes={notes} />
        <Options
          legend={t("judge.what")}
          answers={offered.map((value) => ({
            value,
            label: t(`judge.${value}`),
            hint: t(`judge.hint_${value}`),
            testid: `verdict-${value}`,
          }))}
          chosen={verdict}
          choose={(value) => change({ verdict: value })}
        />
        {verdict === "mute" && (
          <Options
            legend={t("judge.how_long")}
            answers={MUTES.map((value) => ({ value: String(value), label: t(`judge.minutes_${value}`), testid: `mute-${value}` }))}
            chosen={String(minutes)}
            choose={(value) => change({ minutes: Number(value) })}
            isShort
          />
        )}
        {isReport && onAuthor(verdict) && (
          <Options
            legend={t("judge.entry")}
            answers={ENTRY.map((value) => ({ value, label: t(`judge.${value}`), testid: `entry-${value}` }))}
            chosen={entry}
            choose={(value) => change({ entry: value })}
            isShort
          />
        )}
        {needsWhy && <Why rule={rule} facts={facts} change={change} />}
        <DeedFoot state={state} lack={lack.value} word="judge.send" testid="judge-send" />
      </form>
    </Panel>
  );
}

interface WhyFacts {
  rule: ReportReason | null;
  facts: string;
  change: (part: Partial<Judgement>) => void;
}

/** The author is told both. */
function Why({ rule, facts, change }: WhyFacts) {
  return (
    <>
      <Options
        legend={t("judge.rule")}
        answers={REASONS.map((value) => ({ value, label: t(`report.reason_${value}`), testid: `rule-${value}` }))}
        chosen={rule}
        choose={(value) => change({ rule: value })}
      />
      <Writing
        label={t("judge.facts")}
        hint={t("judge.facts_hint")}
        value={facts}
        least={LEAST}
        most={MOST}
        testid="judge-facts"
        write={(words) => change({ facts: words })}
      />
    </>
  );
}
