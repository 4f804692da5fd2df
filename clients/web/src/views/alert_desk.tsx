// The alert desk, beside the desk of cases: what is in force and what waits, one alert, or one that is being made up.

import { effect } from "@preact/signals-core";
import { useEffect, useRef, useState } from "preact/hooks";

import { AlertDraft } from "../alert_draft";
import { Alerting } from "../alerting";
import { mayMake } from "../alert_queue";
import type { Client } from "../client";
import type { Person } from "../protocol.gen";
import { town } from "../town";
import { t } from "../words/words";
import { AlertDetail } from "./alert_detail";
import { AlertForm } from "./alert_form";
import { AlertList } from "./alert_list";
import { alertOpen, openList, openNew } from "./alert_open";
import { ALERT_DRAFT, tabStore } from "./drafts";
import { Icon } from "./icons";

interface Facts {
  me: Person;
  client: Client;
  /** Into a room. */
  choose: (room: string) => void;
  /** To the list of rooms, where a phone shows one of the two; null elsewhere. */
  back: (() => void) | null;
}

export function AlertDesk({ me, client, choose, back }: Facts) {
  const [alerting] = useState(() => new Alerting(client));
  const draft = draftOf(me);
  const open = alertOpen.value;
  const view = open.at === "alert" ? town.value.staffAlerts?.[open.id] : undefined;
  const isList = open.at === "list" || (open.at === "alert" && !view);
  const title = useFocus(open.at === "alert" ? open.id : open.at);
  return (
    <section class="alert-desk" aria-labelledby="alerts-title" data-testid="alert-desk">
      <header class={back ? "room-head with-back" : "room-head"}>
        {back && (
          <button type="button" class="tool" data-testid="back" title={t("room.back")} onClick={back}>
            <Icon name="back" />
            <span class="unseen">{t("room.back")}</span>
          </button>
        )}
        <h2 id="alerts-title" tabIndex={-1} ref={title}>
          {t(open.at === "new" ? "alerting.new_title" : "alerting.title")}
        </h2>
        <p>{t("alerting.explain")}</p>
        <div class="alerts-ways">
          {!isList && (
            <button type="button" class="button quiet small" data-testid="to-alert-list" onClick={openList}>
              {t("alerting.to_list")}
            </button>
          )}
          {isList && mayMake(me) && (
            <button type="button" class="button small" data-testid="new-alert" onClick={openNew}>
              {t(draft.isEmpty ? "alerting.new" : "alerting.go_on")}
            </button>
          )}
        </div>
      </header>
      <div class="alerts-inside">
        {isList && <AlertList me={me} />}
        {open.at === "new" && <AlertForm me={me} draft={draft} alerting={alerting} />}
        {view && <AlertDetail key={view.alert} view={view} me={me} alerting={alerting} client={client} choose={choose} />}
      </div>
    </section>
  );
}

/** Of whoever works at this desk; a look into a room takes the desk from the page, and not the words. */
let begun: { readonly owner: string; readonly draft: AlertDraft; readonly stop: () => void } | null = null;

/** Kept in this tab at every letter until it has gone: neither a lost connection nor a reload costs a word. */
function draftOf(me: Person): AlertDraft {
  if (begun?.owner === me.id) return begun.draft;
  begun?.stop();
  const draft = AlertDraft.restored(keptOf(me));
  begun = { owner: me.id, draft, stop: effect(() => keep(me, draft.kept)) };
  return draft;
}

function keep(me: Person, kept: string): void {
  try {
    tabStore()?.setItem(ALERT_DRAFT, JSON.stringify({ owner: me.id, kept }));
  } catch {
    // A full store costs the draft its survival of a reload, and nothing more.
  }
}

function keptOf(me: Person): string | null {
  try {
    const { owner, kept } = JSON.parse(tabStore()?.getItem(ALERT_DRAFT) ?? "{}");
    return owner === me.id && typeof kept === "string" ? kept : null;
  } catch {
    return null; // not ours, or cut off
  }
}

/** What was pressed has gone with what stood here: the title leads on. */
function useFocus(what: string) {
  const title = useRef<HTMLHeadingElement>(null);
  const drawn = useRef(what);
  useEffect(() => {
    if (drawn.current === what) return;
    drawn.current = what;
    title.current?.closest(".alert-desk")?.querySelector(".alerts-inside")?.scrollTo(0, 0);
    title.current?.focus();
  }, [what]);
  return title;
}
