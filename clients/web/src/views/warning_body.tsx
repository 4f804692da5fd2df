// A warning in force, whole: what is happening and where, whether 112 was called, who sees it too, and what can be done.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import type { Calls } from "../calls";
import type { Answer, Counts, Person, WarningView } from "../protocol.gen";
import { town } from "../town";
import type { Room } from "../town";
import { t } from "../words/words";
import { askedOf, countsWith, isAuthor, mayRetract, mayTend, ownAnswer, refusedOf } from "../warnings";
import { EscalateButton } from "./call_buttons";
import { calling } from "./calling";
import { officeOf } from "./entry_parts";
import { ModerateButton } from "./moderate_button";
import { reasonOf } from "./refused_field";
import { StillWaiting } from "./state";
import { Text } from "./text";
import { AtWarning } from "./threshold";
import { timeOf } from "./times";
import { countsWords } from "./warning_words";
import { When } from "./when";

const ANSWERS: readonly Answer[] = ["see", "not_here", "over"];
/** Counts are read aloud once they stand still: two hundred may answer in a second. */
const SETTLED_MS = 2_000;

interface Facts {
  view: WarningView;
  room: Room;
  me: Person;
  calls: Calls;
}

export function WarningBody(facts: Facts) {
  const { view, room, me, calls } = facts;
  const own = ownAnswer(room, view);
  const counts = countsWith(view, own);
  const isMine = isAuthor(view, me);
  return (
    <>
      <Said view={view} />
      {isMine ? <Counted counts={counts} /> : <Answers {...facts} own={own} counts={counts} />}
      <CountsAloud counts={counts} />
      <div class="deeds">
        <EscalateButton room={room.id} warning={view.seq} />
        {mayTend(view, me) && <Clear {...facts} />}
        {isMine && <ToForm form="correct" view={view} />}
        {mayRetract(view, me) && <ToForm form="retract" view={view} />}
        <ModerateButton room={room} me={me} target={view.seq} what="warning" standing="fixed" by={view.by} />
      </div>
      {mayTend(view, me) && <AtWarning>{({ WarningTend }) => <WarningTend view={view} calls={calls} />}</AtWarning>}
      <Asking view={view} room={room} />
    </>
  );
}

function Said({ view }: { view: WarningView }) {
  const office = officeOf(view.by);
  return (
    <>
      <div class="pin-said" dir="auto">
        <Text text={view.text} />
      </div>
      <div class="pin-by">
        {view.place_note && <span dir="auto">{view.place_note}</span>}
        <span>
          <bdi>{view.by.name}</bdi>
          {office && <span class="office">{office}</span>} · <When at={view.at} as="clock" />
          {view.corrected && ` · ${t("warning.corrected")}`}
        </span>
        {view.emergency && (
          <span class="badge-112">{t(`badge.${view.emergency}`, { at: timeOf(view.at) })}</span>
        )}
      </div>
    </>
  );
}

interface AnswerFacts extends Facts {
  own: Answer | null;
  counts: Counts;
}

/** One tap each; the same one again takes it back. Staff say that it is over by the all clear. */
function Answers({ view, room, me, calls, own, counts }: AnswerFacts) {
  const offered = me.organisation === undefined ? ANSWERS : ANSWERS.filter((answer) => answer !== "over");
  return (
    <div class="pin-answers" role="group" aria-label={t("warning.answers")}>
      {offered.map((answer) => (
        <button
          key={answer}
          type="button"
          class="pin-answer"
          data-testid={`answer-${answer}`}
          aria-pressed={own === answer}
          onClick={() => void calls.answerWarning(room.id, view.seq, own === answer ? null : answer)}
        >
          <span>{t(`warning.${answer}`)}</span>
          <span class="tally" data-testid={`count-${answer}`}>
            {counts[answer]}
          </span>
        </button>
      ))}
    </div>
  );
}

function Counted({ counts }: { counts: Counts }) {
  return (
    <p class="pin-counts" data-testid="counts">
      {countsWords(counts) || t("warning.no_answers")}
    </p>
  );
}

function CountsAloud({ counts }: { counts: Counts }) {
  const words = countsWords(counts);
  const first = useRef(words);
  const said = useSignal("");
  useEffect(() => {
    if (words === first.current && said.peek() === "") return;
    const timer = setTimeout(() => (said.value = words), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [words]);
  return (
    <p class="unseen" aria-live="polite" data-testid="counts-aloud">
      {said.value}
    </p>
  );
}

/** The second tap means it. */
function Clear({ view, room, calls }: Facts) {
  const isSure = useSignal(false);
  const press = (): void => {
    if (isSure.value) void calls.clearWarning(room.id, view.seq);
    isSure.value = !isSure.value;
  };
  return (
    <button
      type="button"
      class={isSure.value ? "button small" : "button soft small"}
      data-testid="clear"
      onBlur={() => (isSure.value = false)}
      onClick={press}
    >
      {t(isSure.value ? "warning.clear_sure" : "warning.clear")}
    </button>
  );
}

function ToForm({ form, view }: { form: "correct" | "retract"; view: WarningView }) {
  return (
    <button
      type="button"
      class="button quiet small"
      data-testid={`${form}-warning`}
      aria-haspopup="dialog"
      onClick={() => (calling.value = { form, room: view.room, warning: view.seq })}
    >
      {t(`warning.${form}`)}
    </button>
  );
}

/** What I asked about it and is not answered yet, or was refused. */
function Asking({ view, room }: { view: WarningView; room: Room }) {
  const refusal = refusedOf(room, view.seq).at(-1)?.refusal;
  const isUnderWay = town.value.connection !== "live" && askedOf(room, view.seq) !== undefined;
  return (
    <div class="asking" role="status">
      {refusal && (
        <p class="failure" data-testid="warning-refused">
          {reasonOf(refusal)}
        </p>
      )}
      {isUnderWay && <StillWaiting word="entry.waiting" />}
    </div>
  );
}
