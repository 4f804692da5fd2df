// Below a room's name: who of the staff is here and why, who may read along, and what writing is like here for now. For a
// moderator who is inside, the measures on the room and the way out.

import type { ComponentChildren } from "preact";

import type { Client } from "../client";
import { guestsIn, pauseLeft_s } from "../judged";
import { isJudge, standingIn } from "../moderation";
import type { Person } from "../protocol.gen";
import { town } from "../town";
import type { Room, Standing } from "../town";
import { t } from "../words/words";
import { functionOf } from "./case_words";
import { passing } from "./clock";
import { whyOf } from "./deed_foot";
import { Icon } from "./icons";
import type { IconName } from "./icons";
import { ticking } from "./ticking";
import { endOf } from "./time_to_come";
import { useDeed } from "./use_deed";

const SLOW_S = 30;

interface Facts {
  room: Room;
  me: Person;
  client: Client;
}

export function RoomStanding({ room, me, client }: Facts) {
  const standing = standingIn(town.value, room.id);
  const guests = guestsIn(room);
  const isInside = guests.some(({ by }) => by.id === me.id);
  return (
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
      {me.organisation === undefined && <OfResident room={room} me={me} standing={standing} />}
      {isInside && (
        <div class="deeds">
          {isJudge(me) && <Measures room={room} standing={standing} client={client} />}
          <Leave room={room} client={client} />
        </div>
      )}
    </div>
  );
}

function OfResident({ room, me, standing }: Omit<Facts, "client"> & { standing: Standing }) {
  const now = passing();
  const { locked, slow, muted_until } = standing;
  return (
    <>
      {locked && <Strip icon="lock" testid="locked">{t("standing.locked")}</Strip>}
      {muted_until > now && (
        <Strip icon="silent" testid="muted">
          {t("standing.muted", { time: endOf(muted_until, now) })}
        </Strip>
      )}
      {slow > 0 && !locked && (
        <Strip icon="waiting" testid="slow">
          {t("standing.slow", { seconds: slow })} <Pause room={room} me={me} standing={standing} />
        </Strip>
      )}
    </>
  );
}

/** Counts down, unheard. */
function Pause({ room, me, standing }: Omit<Facts, "client"> & { standing: Standing }) {
  const left = pauseLeft_s(standing, room, me.id, ticking());
  return <span aria-live="off">{left > 0 && t("standing.slow_left", { seconds: left })}</span>;
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
  const toggleSlow = (): void => slow.go({ room: room.id, seconds: standing.slow ? null : SLOW_S });
  return (
    <>
      <button type="button" class="button soft small" data-testid="measure-lock" onClick={toggleLock}>
        {t(standing.locked ? "standing.unlock" : "standing.lock")}
      </button>
      <button type="button" class="button soft small" data-testid="measure-slow" onClick={toggleSlow}>
        {t(standing.slow ? "standing.not_slow" : "standing.make_slow")}
      </button>
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
        {t("standing.leave")}
      </button>
      {typeof state === "object" && <p class="failure">{whyOf(state)}</p>}
    </>
  );
}
