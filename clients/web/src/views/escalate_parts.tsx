// The questions of the call for help, one each.

import type { Signal } from "@preact/signals";

import type { Emergency, Person, Urgency } from "../protocol.gen";
import type { Case } from "../town";
import { t } from "../words/words";
import type { Word } from "../words/words";
import type { Help } from "./call_draft";
import { kindWord, stateWords, titleOf } from "./case_words";
import { Icon } from "./icons";
import { Options } from "./options";
import { spanOf } from "./span";
import { ticking } from "./ticking";
import { timeOf } from "./times";

const ANSWERS: readonly { value: Emergency; testid: string }[] = [
  { value: "called", testid: "answer-112-called" },
  { value: "called_by_other", testid: "answer-112-other" },
  { value: "not_urgent", testid: "answer-112-not_urgent" },
];
const HELPS: readonly Help[] = ["police", "municipality", "worry"];
const URGENCIES: readonly Urgency[] = ["urgent", "soon", "information"];

export function Whether112({ answer }: { answer: Signal<Emergency | null> }) {
  return (
    <Options
      legend={t("call.whether_112")}
      answers={ANSWERS.map((one) => ({ ...one, label: t(`call.112_${one.value}`) }))}
      chosen={answer.value}
      choose={(value) => (answer.value = value)}
    />
  );
}

/** The warning says it already. */
export function Known112({ answer, at }: { answer: Emergency; at: number }) {
  return <p class="badge-112">{t(`badge.${answer}`, { at: timeOf(at) })}</p>;
}

interface RunningFacts {
  cases: readonly Case[];
  me: Person;
  join: (id: string) => void;
}

/** What runs already comes before a new one. */
export function RunningCases({ cases, me, join }: RunningFacts) {
  const others = cases.filter((held) => held.asker?.id !== me.id);
  if (others.length === 0) return null;
  const now_ms = ticking();
  return (
    <section class="running">
      <h3>{t("call.running")}</h3>
      <ul>
        {others.map((held) => (
          <li key={held.id}>
            <p>
              <b>{titleOf(held)}</b> · {t("case.since", { span: spanOf(now_ms - held.since) })}
              <span class="excerpt">{held.text ?? kindWord(held.kind)}</span>
              <small>{stateWords(held)}</small>
            </p>
            <button type="button" class="button small" data-testid="join-running" onClick={() => join(held.id)}>
              {t("case.join")}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function WhichHelp({ help, isResident }: { help: Signal<Help | null>; isResident: boolean }) {
  const offered = isResident ? HELPS : HELPS.filter((one) => one !== "worry");
  return (
    <Options
      legend={t("call.whom")}
      answers={offered.map((value) => ({
        value,
        testid: `to-${value}`,
        label: t(`call.to_${value}` as Word),
        hint: t(`call.to_${value}_hint` as Word),
      }))}
      chosen={help.value}
      choose={(value) => (help.value = value)}
    />
  );
}

export function HowUrgent({ urgency }: { urgency: Signal<Urgency | null> }) {
  return (
    <Options
      legend={t("call.how_urgent")}
      answers={URGENCIES.map((value) => ({
        value,
        testid: `urgency-${value}`,
        label: t(`urgency.${value}`),
        hint: t(`urgency.${value}_hint`),
      }))}
      chosen={urgency.value}
      choose={(value) => (urgency.value = value)}
    />
  );
}

interface OpennessFacts {
  isHidden: Signal<boolean>;
  isNamed: Signal<boolean>;
  /** It is private whatever is chosen. */
  isForced: boolean;
}

export function Openness({ isHidden, isNamed, isForced }: OpennessFacts) {
  const isPrivate = isForced || isHidden.value;
  return (
    <div class="openness">
      <label class="tick">
        <input
          type="checkbox"
          data-testid="private"
          checked={isPrivate}
          disabled={isForced}
          onChange={(event) => (isHidden.value = event.currentTarget.checked)}
        />
        <span>
          <b>{t("call.private")}</b>
          <small>{t("call.private_hint")}</small>
        </span>
      </label>
      {isPrivate && (
        <label class="tick">
          <input
            type="checkbox"
            data-testid="named"
            checked={isNamed.value}
            onChange={(event) => (isNamed.value = event.currentTarget.checked)}
          />
          <span>{t("call.named")}</span>
        </label>
      )}
    </div>
  );
}

/** What private means, and what it can't mean. */
export function PrivateWord() {
  return (
    <p class="private-word">
      <Icon name="lock" />
      <span>{t("call.private_limits")}</span>
    </p>
  );
}
