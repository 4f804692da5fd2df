// Beside the desk of cases: the way to the alert desk, and whoever waits for a second officer.

import { useEffect } from "preact/hooks";

import { Alerting } from "../alerting";
import { approvableUntil, askerOf, headlineOf, mayMake, queueOf } from "../alert_queue";
import type { Client } from "../client";
import type { Person, StaffAlertView } from "../protocol.gen";
import { town } from "../town";
import { t } from "../words/words";
import { AlertIcon } from "./alert_icons";
import { openAlert, openList } from "./alert_open";
import { functionOf } from "./case_words";
import { ring } from "./sound";
import { leftOf } from "./span";
import { staffPlace } from "./staff_place";
import { ticking } from "./ticking";

/** A second officer has five minutes. */
const RING_EVERY_MS = 15_000;

interface Facts {
  me: Person;
  client: Client;
  open: () => void;
}

export function AlertCalls({ me, client, open }: Facts) {
  useList(client, mayMake(me));
  const { toApprove, inForce } = queueOf(town.value, me);
  useRinging(toApprove.map(({ alert }) => alert).join(" "));
  const show = (id: string): void => {
    openAlert(id);
    open();
  };
  if (!mayMake(me)) return null;
  return (
    <div class="alert-calls">
      <p class="unseen" role="alert">
        {toApprove[0] && t("alerting.asked_said", { headline: headlineOf(toApprove[0]) })}
      </p>
      {toApprove.map((view) => (
        <Asked key={view.alert} view={view} show={show} />
      ))}
      <button
        type="button"
        class="to-alerts"
        data-testid="to-alerts"
        aria-current={staffPlace.value === "alerts" ? "true" : undefined}
        onClick={() => {
          openList();
          open();
        }}
      >
        <AlertIcon name={me.organisation ?? "police"} />
        <span>{t("alerting.side")}</span>
        {inForce.length > 0 && (
          <span class="count" title={t("alerting.in_force")}>
            {inForce.length}
            <span class="unseen"> {t("alerting.in_force")}</span>
          </span>
        )}
      </button>
    </div>
  );
}

function Asked({ view, show }: { view: StaffAlertView; show: (id: string) => void }) {
  const left_ms = (approvableUntil(view) ?? 0) - ticking();
  const asker = askerOf(view);
  return (
    <article class="alert-asked" data-testid="alert-asked">
      <p>
        <b>{t(view.state === "waiting" ? "alerting.asked" : "alerting.asked_update")}</b>{" "}
        <span class="time-left">{t("alerting.left", { left: leftOf(left_ms) })}</span>
      </p>
      <p>{headlineOf(view)}</p>
      {asker && <p class="by">{functionOf(asker)}</p>}
      <button type="button" class="button small" data-testid="alert-asked-open" onClick={() => show(view.alert)}>
        {t("alerting.read_it")}
      </button>
    </article>
  );
}

/** Asked for whenever this page is live again: what was told meanwhile was told to nobody. */
function useList(client: Client, isMine: boolean): void {
  const isLive = town.value.connection === "live";
  useEffect(() => {
    if (isLive && isMine) void new Alerting(client).list();
  }, [isLive, isMine]);
}

/** asked: the alerts, by spaces. */
function useRinging(asked: string): void {
  useEffect(() => {
    if (asked === "") return;
    ring();
    const timer = setInterval(ring, RING_EVERY_MS);
    return () => clearInterval(timer);
  }, [asked]);
}
