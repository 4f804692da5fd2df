// Somebody calls: said at once and loud, in the title of the page too, until it is taken, declined or withdrawn.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { queueOf } from "../alert_queue";
import type { Client } from "../client";
import { pagesOf } from "../queue";
import { town } from "../town";
import type { Case } from "../town";
import { t } from "../words/words";
import { CaseClock } from "./case_facts";
import { TakeDeeds } from "./case_staff";
import { kindWord } from "./case_words";
import { Icon } from "./icons";
import { allowSound, ring } from "./sound";

/** Goes to the page from wherever one is, as notifications of other programs have it. */
const KEY = "F8";
/** Whoever does not answer is called again. */
const RING_EVERY_MS = 15_000;

export function PageAlarm({ client }: { client: Client }) {
  const later = useSignal<readonly string[]>([]);
  const pages = pagesOf(town.value);
  const first = pages.find((page) => !later.value.includes(callOf(page)));
  useEffect(listenForGestures, []);
  useEffect(listenForKey, []);
  useTitle(pages);
  useRinging(pages.map(callOf).join(" "));
  useEffect(() => gotPages(client, pages));
  return (
    <div class="page-alarm">
      {/* Beside the clock, which would be read out with it every second. */}
      <p class="unseen" role="alert">
        {first && saidOf(first)}
      </p>
      {first && (
        <div
          class={`page ${first.urgency}`}
          role="group"
          aria-label={nameOf(first)}
          aria-keyshortcuts={KEY}
          data-testid="page"
          key={first.id}
        >
          <p>
            <Icon name="bell" />
            <b>{nameOf(first)}</b>
            <span class={`urgency ${first.urgency}`}>{t(`urgency.${first.urgency}`)}</span>
            {first.private && <span class="urgency">{t("case.private_mark")}</span>}
          </p>
          <CaseClock view={first} />
          <TakeDeeds view={first} calls={client.calls} />
          <button
            type="button"
            class="tool"
            data-testid="page-later"
            title={t("desk.page_later")}
            onClick={() => (later.value = [...later.value, callOf(first)])}
          >
            <Icon name="close" />
            <span class="unseen">{t("desk.page_later")}</span>
          </button>
        </div>
      )}
    </div>
  );
}

/** What has become more urgent is a call anew, also to whoever put it off. */
function callOf({ id, urgency }: Case): string {
  return `${id}:${urgency}`;
}

function nameOf({ kind, place }: Case): string {
  return t("desk.page", { kind: kindWord(kind), place: place.name });
}

/** Who and what, and how one gets there. */
function saidOf(page: Case): string {
  const said = t("desk.page_said", { urgency: t(`urgency.${page.urgency}`) });
  return `${said}: ${nameOf(page)}. ${t("desk.page_key", { key: KEY })}`;
}

/** A page that nobody looks at has arrived, and has not been seen. */
function gotPages(client: Client, pages: readonly Case[]): void {
  for (const page of pages) {
    client.calls.gotPage("delivered", page);
    if (document.visibilityState === "visible") client.calls.gotPage("seen", page);
  }
}

function listenForGestures(): () => void {
  addEventListener("pointerdown", allowSound);
  addEventListener("keydown", allowSound);
  return () => {
    removeEventListener("pointerdown", allowSound);
    removeEventListener("keydown", allowSound);
  };
}

function listenForKey(): () => void {
  const go = (event: KeyboardEvent): void => {
    if (event.key === KEY) document.querySelector<HTMLElement>(".page button")?.focus();
  };
  addEventListener("keydown", go);
  return () => removeEventListener("keydown", go);
}

/** calls: of the pages, by spaces. */
function useRinging(calls: string): void {
  useEffect(() => {
    if (calls === "") return;
    ring();
    const timer = setInterval(ring, RING_EVERY_MS);
    return () => clearInterval(timer);
  }, [calls]);
}

/** A case first, then whoever asks for a second officer. */
function useTitle(pages: readonly Case[]): void {
  const [first] = pages;
  const { me } = town.value;
  const asked = me ? queueOf(town.value, me).toApprove.length : 0;
  const calm = asked > 0 ? t("alerting.asked_title", { count: asked }) : t("app.name");
  const title = first ? t("desk.page_title", { count: pages.length, kind: kindWord(first.kind) }) : calm;
  useEffect(() => {
    document.title = title;
    return () => void (document.title = t("app.name"));
  }, [title]);
}
