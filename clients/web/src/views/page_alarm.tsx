// Somebody calls: said at once and loud, in the title of the page too, until it is taken, declined or withdrawn.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

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

/** Whoever does not answer is called again. */
const RING_EVERY_MS = 15_000;

export function PageAlarm({ client }: { client: Client }) {
  const later = useSignal<readonly string[]>([]);
  const pages = pagesOf(town.value);
  const first = pages.find(({ id }) => !later.value.includes(id));
  useEffect(listenForGestures, []);
  useTitle(pages);
  useRinging(pages.map(({ id }) => id).join(" "));
  useEffect(() => gotPages(client, pages));
  return (
    <div class="page-alarm">
      {/* Beside the clock, which would be read out with it every second. */}
      <p class="unseen" role="alert">
        {first && `${t("desk.page_said", { urgency: t(`urgency.${first.urgency}`) })}: ${nameOf(first)}`}
      </p>
      {first && (
        <div class={`page ${first.urgency}`} data-testid="page" key={first.id}>
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
            onClick={() => (later.value = [...later.value, first.id])}
          >
            <Icon name="close" />
            <span class="unseen">{t("desk.page_later")}</span>
          </button>
        </div>
      )}
    </div>
  );
}

function nameOf({ kind, place }: Case): string {
  return t("desk.page", { kind: kindWord(kind), place: place.name });
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

/** ids: of the pages, by spaces. */
function useRinging(ids: string): void {
  useEffect(() => {
    if (ids === "") return;
    ring();
    const timer = setInterval(ring, RING_EVERY_MS);
    return () => clearInterval(timer);
  }, [ids]);
}

function useTitle(pages: readonly Case[]): void {
  const [first] = pages;
  const title = first ? t("desk.page_title", { count: pages.length, kind: kindWord(first.kind) }) : t("app.name");
  useEffect(() => {
    document.title = title;
    return () => void (document.title = t("app.name"));
  }, [title]);
}
