// One alert: what it says, how it stands, and what I may do about it.

import type { Alerting } from "../alerting";
import { askerOf, mayApprove, mayTend } from "../alert_queue";
import type { Client } from "../client";
import type { AlertBody, Person, StaffAlertView } from "../protocol.gen";
import { laneOf } from "../waiting";
import { isWord, t } from "../words/words";
import type { Word } from "../words/words";
import { AlertApprove } from "./alert_approve";
import { AlertCard } from "./alert_card";
import { AlertEnter } from "./alert_enter";
import { AlertLive } from "./alert_live";
import { stateWords } from "./alert_state";
import { AlertTend } from "./alert_tend";
import { AlertWaiting } from "./alert_waiting";
import { AlertAsking } from "./alert_asking";
import { functionOf } from "./case_words";
import { passing } from "./clock";
import { fullTime } from "./times";

interface Facts {
  view: StaffAlertView;
  me: Person;
  alerting: Alerting;
  client: Client;
  choose: (room: string) => void;
}

export function AlertDetail({ view, me, alerting, client, choose }: Facts) {
  const isAsking = askerOf(view) !== null;
  const wasSent = view.n > 0;
  return (
    <div class="alert-making" data-testid="alert-detail" data-alert={view.alert} data-state={view.state}>
      <div class="alert-form">
        {view.state !== "waiting" && (
          <p class={`alert-standing ${view.state}`} data-testid="alert-standing">
            <b>{stateWords(view, passing())}</b>
          </p>
        )}
        <AlertAsking lane={laneOf({ alert: view.alert })} />
        {isAsking && mayApprove(view, me) && <AlertApprove view={view} alerting={alerting} />}
        {isAsking && !mayApprove(view, me) && <AlertWaiting view={view} me={me} alerting={alerting} />}
        {wasSent && <AlertLive view={view} alerting={alerting} />}
        {mayTend(view, me) && <AlertTend view={view} me={me} alerting={alerting} />}
        <AlertEnter view={view} me={me} client={client} choose={choose} />
        <AlertRecord view={view} />
      </div>
      <AlertSaid view={view} />
    </div>
  );
}

/** Who did what, and when. */
function AlertRecord({ view }: { view: StaffAlertView }) {
  const { by, approver, made, sent, neighbourhoods, members, n, reason } = view;
  const now_ms = passing();
  return (
    <section class="alert-record">
      <h3>{t("alerting.record")}</h3>
      <dl>
        <Row word="alerting.record_by">{`${functionOf(by)}, ${fullTime(made, now_ms)}`}</Row>
        {approver && <Row word="alerting.record_approver">{functionOf(approver)}</Row>}
        {sent !== undefined && (
          <Row word={n > 1 ? "alerting.record_updated" : "alerting.record_sent"}>{fullTime(sent, now_ms)}</Row>
        )}
        <Row word="alerting.record_members">{members}</Row>
        <Row word="alerting.record_where">{neighbourhoods.map(({ name }) => name).join(", ")}</Row>
        <Row word="alerting.urgency">{frameWord("urgency", view.urgency)}</Row>
        <Row word="alerting.certainty">{frameWord("certainty", view.certainty)}</Row>
        {reason && <Row word="alerting.record_reason">{reason}</Row>}
      </dl>
    </section>
  );
}

function frameWord(
  name: "urgency" | "certainty",
  value: StaffAlertView["urgency"] | StaffAlertView["certainty"],
): string {
  const word = `alerting.${name}_${value}`;
  return isWord(word) ? t(word) : value;
}

function Row({ word, children }: { word: Word; children: string | number }) {
  return (
    <div>
      <dt>{t(word)}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** In every language, as residents have it or will have it. */
function AlertSaid({ view }: { view: StaffAlertView }) {
  const isOver = view.state !== "in_force" && view.state !== "waiting";
  const title = t(view.n > 0 ? "alerting.said" : "alerting.said_not_yet");
  return (
    <aside class="alert-phone" aria-label={title}>
      <h3>{title}</h3>
      {view.words.map((words) => (
        <div key={words.language} class="phone" data-testid="alert-said">
          <AlertCard body={bodyOf(view, words)} verdict="valid" state={isOver ? "over" : "in_force"} />
        </div>
      ))}
    </aside>
  );
}

function bodyOf(view: StaffAlertView, words: AlertBody["words"][0]): AlertBody {
  return {
    alert: view.alert,
    n: Math.max(1, view.n),
    type: view.n > 1 ? "update" : "alert",
    organisation: view.organisation,
    sender_name: view.by.name,
    sent: view.sent ?? view.made,
    expires_at: view.expires_at,
    severity: view.severity,
    urgency: view.urgency,
    certainty: view.certainty,
    category: view.category,
    words: [words],
    areas: view.areas,
    rooms: [],
    exercise: view.exercise ?? false,
    ...(view.link ? { link: view.link } : {}),
  };
}
