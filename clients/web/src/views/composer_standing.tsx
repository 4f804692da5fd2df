// Above the field where a resident writes: why words may not go now, and until when.

import { pauseLeft_s } from "../judged";
import { standingIn } from "../moderation";
import type { Person } from "../protocol.gen";
import { town } from "../town";
import type { Room, Standing } from "../town";
import { t } from "../words/words";
import { passing } from "./clock";
import { Icon } from "./icons";
import { ticking } from "./ticking";
import { endOf } from "./time_to_come";

interface Facts {
  room: Room;
  me: Person;
}

export function ComposerStanding({ room, me }: Facts) {
  const standing = standingIn(town.value, room.id);
  const { locked, slow, muted_until } = standing;
  const now = passing();
  return (
    <>
      {locked && (
        <p data-testid="locked">
          <Icon name="lock" />
          <span>{t("standing.locked")}</span>
        </p>
      )}
      {muted_until > now && (
        <p data-testid="muted">
          <Icon name="silent" />
          <span>{t("standing.muted", { time: endOf(muted_until, now) })}</span>
        </p>
      )}
      {slow > 0 && !locked && muted_until <= now && (
        <p data-testid="slow">
          <Icon name="waiting" />
          <span>
            {t("standing.slow", { seconds: slow })} <Pause room={room} me={me} standing={standing} />
          </span>
        </p>
      )}
    </>
  );
}

/** Counts down, unheard. What is sent before that waits, and goes by itself. */
function Pause({ room, me, standing }: Facts & { standing: Standing }) {
  const left = pauseLeft_s(standing, room, me.id, ticking());
  return (
    <b aria-live="off" data-testid="pause-left">
      {left > 0 && t("standing.slow_left", { seconds: left })}
    </b>
  );
}
