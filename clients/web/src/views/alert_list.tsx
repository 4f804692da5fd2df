// The alerts that concern me: those that wait, those in force, and those that ended lately.

import { approvableUntil, headlineOf, mayApprove, queueOf } from "../alert_queue";
import type { Person, StaffAlertView } from "../protocol.gen";
import { town } from "../town";
import { t } from "../words/words";
import type { Word } from "../words/words";
import { openAlert } from "./alert_open";
import { stateWords } from "./alert_state";
import { functionOf } from "./case_words";
import { passing } from "./clock";
import { leftOf } from "./span";
import { ticking } from "./ticking";
import { fullTime } from "./times";

export function AlertList({ me }: { me: Person }) {
  if (town.value.staffAlerts === null) return <p class="alerts-quiet">{t("alerting.loading")}</p>;
  const { toApprove, waiting, inForce, ended } = queueOf(town.value, me);
  const isQuiet = [toApprove, waiting, inForce, ended].every((group) => group.length === 0);
  return (
    <div class="alert-groups">
      <Group word="alerting.group_approve" testid="alerts-to-approve" views={toApprove} me={me} />
      <Group word="alerting.group_waiting" testid="alerts-waiting" views={waiting} me={me} />
      <Group word="alerting.group_in_force" testid="alerts-in-force" views={inForce} me={me} />
      <Group word="alerting.group_ended" testid="alerts-ended" views={ended} me={me} />
      {isQuiet && <p class="alerts-quiet">{t("alerting.quiet")}</p>}
    </div>
  );
}

interface GroupFacts {
  word: Word;
  testid: string;
  views: readonly StaffAlertView[];
  me: Person;
}

function Group({ word, testid, views, me }: GroupFacts) {
  if (views.length === 0) return null;
  return (
    <section class="alert-group" data-testid={testid}>
      <h3>
        {t(word)} <span class="count">{views.length}</span>
      </h3>
      <ul>
        {views.map((view) => (
          <li key={view.alert}>
            <Line view={view} me={me} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Line({ view, me }: { view: StaffAlertView; me: Person }) {
  const { severity, state, areas, exercise } = view;
  return (
    <button
      type="button"
      class={`alert-item ${state}`}
      data-testid="alert-item"
      data-state={state}
      data-severity={severity}
      onClick={() => openAlert(view.alert)}
    >
      <span class="alert-item-head">
        {severity !== "unknown" && <span class={`alert-severity ${severity}`}>{t(`severity.${severity}`)}</span>}
        {exercise && <span class="alert-severity">{t("alert.exercise")}</span>}
        <b>{headlineOf(view)}</b>
      </span>
      <span class="alert-item-where">{areas.map(({ name }) => name).join(", ")}</span>
      <span class="alert-item-how">
        {functionOf(view.by)} · {fullTime(view.sent ?? view.made, passing())} · {stateWords(view, passing())}
        {approvableUntil(view) !== null && <Left view={view} isMine={mayApprove(view, me)} />}
      </span>
    </button>
  );
}

function Left({ view, isMine }: { view: StaffAlertView; isMine: boolean }) {
  const left = leftOf((approvableUntil(view) ?? 0) - ticking());
  return <b class="time-left"> {t(isMine ? "alerting.left_for_you" : "alerting.left", { left })}</b>;
}
