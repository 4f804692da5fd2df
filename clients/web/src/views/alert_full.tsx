// The whole screen, for extreme danger alone: what it is, 112, and a way on by one key. Calm: nothing flashes or sounds.

import { useSignal } from "@preact/signals";
import { useId, useLayoutEffect, useRef } from "preact/hooks";

import { bodyOf } from "../alert_body";
import { isSeen } from "../alerts_now";
import type { Client } from "../client";
import type { AlertBody, AlertView, Person } from "../protocol.gen";
import { town } from "../town";
import { t } from "../words/words";
import { AlertCard } from "./alert_card";
import { AlertDeeds } from "./alert_pinned";
import { verdictOf } from "./alert_verdict";
import { everywhere } from "./alerts_shown";
import { Icon } from "./icons";

interface Facts {
  me: Person;
  client: Client;
}

/** One at a time; what was seen at its first sight on this page is told anew only when it says something else. */
export function FullAlert({ me, client }: Facts) {
  const closed = useSignal<readonly string[]>([]);
  const seenFirst = useRef(new Map<string, number>());
  const views = everywhere();
  for (const view of views) {
    const wasSeen = isSeen(town.value.rooms[view.room], view);
    if (wasSeen && !seenFirst.current.has(view.alert)) seenFirst.current.set(view.alert, view.n);
  }
  const isNew = ({ alert, n }: AlertView): boolean => n > (seenFirst.current.get(alert) ?? 0);
  const due = views.find((view) => isExtreme(view) && isNew(view) && !closed.value.includes(nameOf(view)));
  const body = due && bodyOf(due.body);
  if (!due || !body) return null;
  const close = (): void => void (closed.value = [...closed.value, nameOf(due)]);
  return <Whole key={nameOf(due)} view={due} body={body} me={me} client={client} close={close} />;
}

function nameOf({ alert, n }: AlertView): string {
  return `${alert} ${n}`;
}

/** Nobody fills a screen with what could not be verified. */
function isExtreme(view: AlertView): boolean {
  return bodyOf(view.body)?.severity === "extreme" && verdictOf(view) === "valid";
}

interface WholeFacts extends Facts {
  view: AlertView;
  body: AlertBody;
  close: () => void;
}

function Whole({ view, body, me, client, close }: WholeFacts) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    title.current?.focus();
    return () => shown?.close();
  }, []);
  const room = town.value.rooms[view.room];
  return (
    <dialog
      class="alert-full"
      data-testid="alert-full"
      aria-labelledby={id}
      ref={dialog}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
    >
      <header>
        <h2 id={id} ref={title} tabIndex={-1}>
          {t("alert.full")}
        </h2>
        <button type="button" class="tool" data-testid="alert-close" title={t("alert.close")} onClick={close}>
          <Icon name="close" />
          <span class="unseen">{t("alert.close")}</span>
        </button>
      </header>
      <AlertCard body={body} verdict="valid">
        {room && me.role === "resident" && (
          <AlertDeeds view={view} body={body} room={room} me={me} client={client} done={close} />
        )}
      </AlertCard>
      <a class="alert-112" href="tel:112">
        <Icon name="call" />
        {t("alert.call_112")}
      </a>
    </dialog>
  );
}
