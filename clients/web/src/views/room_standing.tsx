// Below a room's name: who of the staff is here and why, and who may read along. For staff who are inside, the measures
// on the room and the way out.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

import { isOwner, openIn } from "../case";
import type { Client } from "../client";
import { guestsIn } from "../judged";
import { isGuest, isJudge, standingIn } from "../moderation";
import type { Person } from "../protocol.gen";
import { town } from "../town";
import type { Room, Standing } from "../town";
import { t } from "../words/words";
import { functionOf } from "./case_words";
import { passing } from "./clock";
import { whyOf } from "./deed_foot";
import { Icon } from "./icons";
import type { IconName } from "./icons";
import { endOf } from "./time_to_come";
import { useDeed } from "./use_deed";

/** Between two messages of a resident; 0 for no pause. */
const PAUSES_S = [0, 10, 30, 60];

interface Facts {
  room: Room;
  me: Person;
  client: Client;
}

export function RoomStanding({ room, me, client }: Facts) {
  const standing = standingIn(town.value, room.id);
  const guests = guestsIn(town.value, room);
  return (
    <>
      <div class="standing" role="status" data-testid="standing">
        {guests.map(({ by, ground }) => (
          <Strip key={`${by.id} ${ground.id}`} icon="staff" testid="guest">
            <b>{functionOf(by)}</b> {t(`standing.guest_${ground.kind}`)}
          </Strip>
        ))}
        {standing.arrangements.map(({ id, organisation, reason, until }) => (
          <Strip key={id} icon="staff" testid="arrangement">
            <b>{t("standing.arrangement", { who: t(`organisation.${organisation}`), time: endOf(until, passing()) })}</b>{" "}
            <span dir="auto">{reason}</span>
          </Strip>
        ))}
      </div>
      {isGuest(room, me) && <Inside room={room} me={me} standing={standing} client={client} />}
    </>
  );
}

/** Whoever has a case here goes when it is resolved, released or handed over. */
function Inside({ room, me, standing, client }: Facts & { standing: Standing }) {
  const [isRoomy] = useState(() => matchMedia("(width >= 48rem) and (height >= 30rem)").matches);
  const isNeeded = openIn(town.value, room.id).some((held) => isOwner(held, me.id));
  if (isNeeded && !isJudge(me)) return null;
  return (
    <details class="inside" open={isRoomy}>
      <summary>{t(isJudge(me) ? "standing.inside_judge" : "standing.inside")}</summary>
      <div class="deeds">
        {isJudge(me) && <Measures room={room} standing={standing} client={client} />}
        {!isNeeded && <Leave room={room} client={client} />}
      </div>
      {!isNeeded && <p class="explain">{t("standing.leave_hint")}</p>}
    </details>
  );
}

interface StripFacts {
  icon: IconName;
  testid: string;
  children: ComponentChildren;
}

function Strip({ icon, testid, children }: StripFacts) {
  return (
    <p data-testid={testid}>
      <Icon name={icon} />
      <span>{children}</span>
    </p>
  );
}

function Measures({ room, standing, client }: { room: Room; standing: Standing; client: Client }) {
  const lock = useDeed(client, "measure.lock");
  const unlock = useDeed(client, "measure.unlock");
  const slow = useDeed(client, "measure.slow");
  const refused = [lock, unlock, slow].map(({ state }) => state.value).find((state) => typeof state === "object");
  const toggleLock = (): void => (standing.locked ? unlock : lock).go({ room: room.id });
  const pause = (seconds: number): void => slow.go({ room: room.id, seconds: seconds || null });
  const pauses = PAUSES_S.includes(standing.slow) ? PAUSES_S : [...PAUSES_S, standing.slow];
  return (
    <>
      <button type="button" class="button soft small" data-testid="measure-lock" onClick={toggleLock}>
        {t(standing.locked ? "standing.unlock" : "standing.lock")}
      </button>
      <label class="pause">
        {t("standing.pause")}
        <select
          data-testid="measure-slow"
          value={standing.slow}
          onChange={(event) => pause(Number(event.currentTarget.value))}
        >
          {pauses.map((seconds) => (
            <option key={seconds} value={seconds} selected={seconds === standing.slow}>
              {seconds === 0 ? t("standing.pause_none") : t("standing.pause_s", { seconds })}
            </option>
          ))}
        </select>
      </label>
      {refused && <p class="failure">{whyOf(refused)}</p>}
    </>
  );
}

function Leave({ room, client }: { room: Room; client: Client }) {
  const leave = useDeed(client, "room.leave");
  const state = leave.state.value;
  return (
    <>
      <button type="button" class="button quiet small" data-testid="leave-room" onClick={() => leave.go({ room: room.id })}>
        <Icon name="exit" />
        {t("standing.leave")}
      </button>
      {typeof state === "object" && <p class="failure">{whyOf(state)}</p>}
    </>
  );
}
