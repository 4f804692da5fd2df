// A case, whole: pinned above the talk while it is open, and where it ended once it is over.

import { useState } from "preact/hooks";

import type { Calls } from "../calls";
import { isAsker, isOpen, isOwner } from "../case";
import type { CaseView, Person } from "../protocol.gen";
import { t } from "../words/words";
import { Asking, ResidentDeeds } from "./case_deeds";
import { CaseClock, CaseFacts } from "./case_facts";
import { AtDesk } from "./threshold";
import { kindWord, titleOf } from "./case_words";
import { Icon } from "./icons";
import { When } from "./when";

interface Facts {
  view: CaseView;
  me: Person;
  calls: Calls;
}

export function CaseCard({ view, me, calls }: Facts) {
  return (
    <article class={`case ${view.urgency}`} data-testid="case" data-state={view.state} aria-label={titleOf(view)}>
      <CaseHead view={view} />
      <CaseSaid view={view} />
      <CaseFacts view={view} />
      <Deeds view={view} me={me} calls={calls} />
    </article>
  );
}

/** Folds to one line, which tells the state and the time. */
export function PinnedCase({ view, me, calls }: Facts) {
  // Once: a keyboard that comes up must not fold what is being written in.
  const [isOpenFirst] = useState(() => isOpenAtFirst(view, me));
  return (
    <details
      class={`case pinned ${view.urgency}`}
      data-testid="case"
      data-state={view.state}
      open={isOpenFirst}
    >
      <summary>
        <CaseHead view={view} />
      </summary>
      <div class="case-inside">
        <CaseSaid view={view} />
        <CaseFacts view={view} />
        <Deeds view={view} me={me} calls={calls} />
      </div>
    </details>
  );
}

/** On a phone it is folded for who only reads along, and for everybody where little height is left for the talk. */
function isOpenAtFirst(view: CaseView, me: Person): boolean {
  if (matchMedia("(height < 30rem)").matches) return false;
  return isAsker(view, me.id) || isOwner(view, me.id) || matchMedia("(width >= 48rem)").matches;
}

function Deeds({ view, me, calls }: Facts) {
  return (
    <>
      {me.organisation === undefined ? (
        <ResidentDeeds view={view} me={me} calls={calls} />
      ) : (
        <>
          <AtDesk>{({ StaffDeeds }) => <StaffDeeds view={view} me={me} calls={calls} />}</AtDesk>
          {isAsker(view, me.id) && <ResidentDeeds view={view} me={me} calls={calls} />}
        </>
      )}
      <Asking lane={view.id} />
    </>
  );
}

export function CaseHead({ view }: { view: CaseView }) {
  return (
    <header class="case-head">
      <span class="case-sign">
        <Icon name={view.private ? "lock" : "help"} />
      </span>
      <h3>{titleOf(view)}</h3>
      <span class={`urgency ${view.urgency}`}>{t(`urgency.${view.urgency}`)}</span>
      {isOpen(view) && <CaseClock view={view} />}
      <span class="case-short">{t(`case.short_${view.state}`)}</span>
    </header>
  );
}

function CaseSaid({ view }: { view: CaseView }) {
  const who = view.asker?.name;
  return (
    <div class="case-said">
      {view.text && (
        <p class="words" dir="auto">
          {view.text}
        </p>
      )}
      <p class="case-by">
        {view.kind && <span>{kindWord(view.kind)} · </span>}
        {who && <bdi>{who}</bdi>}
        {who && " · "}
        <When at={view.since} as="clock" />
        {view.emergency && <span> · {t(`badge.${view.emergency}_short`)}</span>}
      </p>
    </div>
  );
}
