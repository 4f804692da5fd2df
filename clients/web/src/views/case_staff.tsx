// What staff can do about a case: take it or not, say that they are at it, hand it over, let it go, give the outcome.

import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";

import type { Calls } from "../calls";
import { isOwner, isWaiting } from "../case";
import type { CaseView, Organisation, Person } from "../protocol.gen";
import { town } from "../town";
import type { Case } from "../town";
import { t } from "../words/words";
import type { Word } from "../words/words";
import { ResolveForm } from "./resolve_form";

interface Facts {
  view: CaseView;
  me: Person;
  calls: Calls;
}

type Offered = CaseView & Pick<Case, "declined">;

interface TakeFacts {
  view: Offered;
  calls: Calls;
}

export function StaffDeeds({ view, me, calls }: Facts) {
  if (isOwner(view, me.id)) return <OwnerDeeds view={view} me={me} calls={calls} />;
  return mayTake(view, me) ? <TakeDeeds view={view} calls={calls} /> : null;
}

/** Whether it is offered to this member of staff. */
function mayTake(view: CaseView, me: Person): boolean {
  if (view.state === "handing_over") return view.handing_to === me.organisation;
  return isWaiting(view) && view.to === me.organisation;
}

/** Without duty the server would say no: what to do first stands there instead. */
export function TakeDeeds({ view, calls }: TakeFacts) {
  if (!town.value.duty?.on) return <p class="explain">{t("desk.duty_first")}</p>;
  return (
    <div class="deeds">
      <button type="button" class="button small" data-testid="accept" onClick={() => calls.accept(view.id)}>
        {t("desk.accept")}
      </button>
      {isAsked(view) && (
        <button type="button" class="button soft small" data-testid="decline" onClick={() => calls.decline(view.id)}>
          {t("desk.decline")}
        </button>
      )}
    </div>
  );
}

/** Who is not called, or has said so before, need not say no. */
function isAsked({ state, paged, declined }: Offered): boolean {
  return !declined && (paged === true || state === "handing_over");
}

type Open = "resolve" | "hand-over" | null;

function OwnerDeeds({ view, me, calls }: Facts) {
  const open = useSignal<Open>(null);
  const toggle = (form: Open) => () => void (open.value = open.value === form ? null : form);
  return (
    <>
      <div class="deeds">
        <Deed word="desk.resolve" testid="resolve" isOpen={open.value === "resolve"} press={toggle("resolve")} isMain />
        {view.state === "accepted" && (
          <>
            <Deed
              word="desk.hand_over"
              testid="hand-over"
              isOpen={open.value === "hand-over"}
              press={toggle("hand-over")}
            />
            <Deed word="desk.alive" testid="alive" press={() => void calls.alive(view.id)} />
          </>
        )}
        <Deed word="desk.release" testid="release" press={() => void calls.release(view.id)} />
      </div>
      {open.value === "resolve" && (
        <ResolveForm send={(code, text) => (void calls.resolve(view.id, code, text), (open.value = null))} />
      )}
      {open.value === "hand-over" && (
        <HandOver me={me} choose={(to) => (void calls.handOver(view.id, to), (open.value = null))} />
      )}
    </>
  );
}

interface DeedFacts {
  word: Word;
  testid: string;
  press: () => void;
  isOpen?: boolean;
  isMain?: boolean;
}

function Deed({ word, testid, press, isOpen, isMain = false }: DeedFacts) {
  return (
    <button
      type="button"
      class={isMain ? "button small" : "button soft small"}
      data-testid={testid}
      aria-expanded={isOpen}
      onClick={press}
    >
      {t(word)}
    </button>
  );
}

/** The own organisation means the colleagues. */
function HandOver({ me, choose }: { me: Person; choose: (to: Organisation) => void }) {
  const part = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => part.current?.scrollIntoView({ block: "nearest" }), []);
  return (
    <div ref={part} class="hand-over" role="group" aria-label={t("desk.hand_over_whom")}>
      <p>{t("desk.hand_over_whom")}</p>
      {(["police", "municipality"] as const).map((to) => (
        <button
          key={to}
          type="button"
          class="button soft small"
          data-testid={`hand-over-${to}`}
          onClick={() => choose(to)}
        >
          {to === me.organisation ? t("desk.colleagues") : t(`case.to_${to}`)}
        </button>
      ))}
    </div>
  );
}
