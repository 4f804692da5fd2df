// The desk of a member of staff: on duty or not, and the open cases in four groups, those that end first on top.

import type { Client } from "../client";
import type { DutyView, Person } from "../protocol.gen";
import { isJudge } from "../moderation";
import { countWaiting, GROUPS, queueOf } from "../queue";
import type { Group } from "../queue";
import { town } from "../town";
import type { Case } from "../town";
import { laneOf } from "../waiting";
import { t } from "../words/words";
import { AlertCalls } from "./alert_calls";
import { Asking } from "./case_deeds";
import { functionOf } from "./case_words";
import { DeskCase } from "./desk_case";
import { Icon } from "./icons";
import { staffPlace } from "./staff_place";
import { allowSound } from "./sound";
import { SoundSwitch } from "./sound_switch";
import { AtModeration } from "./threshold";
import { ticking } from "./ticking";

interface Facts {
  me: Person;
  client: Client;
  choose: (room: string) => void;
}

export function Desk({ me, client, choose, toAlerts, toBoard }: Facts & { toAlerts: () => void; toBoard: () => void }) {
  const { duty } = town.value;
  if (!duty) return null;
  const queue = queueOf(town.value, me, ticking());
  const waiting = countWaiting(queue, me);
  const filled = GROUPS.filter((group) => queue.groups[group].length > 0);
  return (
    <section class="desk" aria-labelledby="desk-title">
      <header class="desk-head">
        <h2 id="desk-title" tabIndex={-1}>
          {t("desk.title")}
        </h2>
        <SoundSwitch testid="sound" />
      </header>
      <Duty duty={duty} client={client} />
      <AlertCalls me={me} client={client} open={toAlerts} />
      <ToBoard open={toBoard} />
      {isJudge(me) && <AtModeration>{({ ReportQueue }) => <ReportQueue me={me} client={client} choose={choose} />}</AtModeration>}
      <p class="unseen" role="status">
        {t(waiting === 1 ? "desk.waiting_one" : "desk.waiting", { count: waiting })}
      </p>
      <div class="queue" data-testid="queue">
        {filled.map((group) => (
          <QueueGroup key={group} group={group} cases={queue.groups[group]} me={me} client={client} choose={choose} />
        ))}
        {filled.length === 0 && <p class="desk-quiet">{t(duty.on ? "desk.quiet" : "desk.quiet_off")}</p>}
        {queue.elsewhere.length > 0 && <Elsewhere cases={queue.elsewhere} me={me} client={client} choose={choose} />}
      </div>
    </section>
  );
}

function ToBoard({ open }: { open: () => void }) {
  const isOpen = staffPlace.value === "board";
  return (
    <button
      type="button"
      class="to-alerts"
      data-testid="to-board"
      aria-current={isOpen ? "true" : undefined}
      onClick={open}
    >
      <Icon name="neighbourhood" />
      {t("desk.to_board")}
    </button>
  );
}

/** A switch, and in words what it means. */
function Duty({ duty, client }: { duty: DutyView; client: Client }) {
  const names = duty.colleagues.map(functionOf).join("; ");
  const isLost = town.value.connection === "lost";
  const toggle = (): void => {
    allowSound();
    void (duty.on ? client.calls.stopDuty() : client.calls.startDuty());
  };
  return (
    <div class={duty.on ? "duty on" : "duty"}>
      <button
        type="button"
        role="switch"
        class="duty-switch"
        data-testid="duty"
        aria-checked={duty.on}
        onClick={toggle}
      >
        <span class="duty-knob" aria-hidden="true" />
        {t(duty.on ? "desk.on_duty" : "desk.off_duty")}
      </button>
      <p>
        {t(!duty.on ? "desk.off_duty_hint" : isLost ? "desk.on_duty_lost" : "desk.on_duty_hint")}{" "}
        <span title={names}>{t("desk.colleagues_on", { count: duty.colleagues.length })}</span>
      </p>
      <Asking lane={laneOf({})} />
    </div>
  );
}

/** What others have, folded away. */
function Elsewhere({ cases, me, client, choose }: Facts & { cases: readonly Case[] }) {
  return (
    <details class="queue-group elsewhere" data-testid="elsewhere">
      <summary>{t("desk.elsewhere", { count: cases.length })}</summary>
      <ul>
        {cases.map((held) => (
          <li key={held.id}>
            <DeskCase view={held} me={me} client={client} choose={choose} isElsewhere />
          </li>
        ))}
      </ul>
    </details>
  );
}

interface GroupFacts extends Facts {
  group: Group;
  cases: readonly Case[];
}

function QueueGroup({ group, cases, me, client, choose }: GroupFacts) {
  return (
    <section class="queue-group" data-testid={`queue-${group}`}>
      <h3>
        {t(`desk.group_${group}`)} <span class="count">{cases.length}</span>
      </h3>
      <ul>
        {cases.map((held) => (
          <li key={held.id}>
            <DeskCase view={held} me={me} client={client} choose={choose} />
          </li>
        ))}
      </ul>
    </section>
  );
}
