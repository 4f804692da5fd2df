// My rooms: beside the room where there is room for both, as tabs above it on a phone.

import { pinnedIn } from "../alerts";
import { isPrivate, selfIn } from "../case";
import type { Person } from "../protocol.gen";
import { isForeseen, town, unread, wording } from "../town";
import type { MessageRow, Room, Unread } from "../town";
import { inForce } from "../warnings";
import { t } from "../words/words";
import { passing } from "./clock";
import { Icon } from "./icons";
import { roomName } from "./room_name";
import { hereWords } from "./room_view";
import { AtOfficial } from "./threshold";
import { When } from "./when";

/** More than this is many. */
const MOST_NEWS = 99;

interface Facts {
  rooms: readonly Room[];
  chosen: string | null;
  me: Person;
  choose: (room: string) => void;
}

export function Rail({ rooms, chosen, me, choose }: Facts) {
  return (
    <nav class="rooms" aria-label={t("app.rooms")}>
      <h2>{t("app.rooms")}</h2>
      <ul>
        {rooms.map((room) => (
          <li key={room.id}>
            <RoomTab room={room} me={selfIn(town.value, room, me)} isChosen={room.id === chosen} choose={choose} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

interface TabFacts {
  room: Room;
  me: Person;
  isChosen: boolean;
  choose: (room: string) => void;
}

function RoomTab({ room, me, isChosen, choose }: TabFacts) {
  // Nothing of what was said in private stands beside it, where others may look.
  const last = isPrivate(room) ? undefined : room.rows.findLast((row): row is MessageRow => row.kind === "message");
  return (
    <button
      type="button"
      class="room-tab"
      data-testid={`room-${room.kind}`}
      aria-current={isChosen ? "true" : undefined}
      onClick={() => choose(room.id)}
    >
      <span class="room-sign">
        <Icon name={isPrivate(room) ? "lock" : room.kind} />
      </span>
      <b class="room-name">
        {roomName(room)}
        <Warned room={room.id} />
        {pinnedIn(town.value, room.id).length > 0 && (
          <AtOfficial>{({ AlertMark }) => <AlertMark room={room.id} />}</AtOfficial>
        )}
      </b>
      {last && (
        <span class="room-when">
          <When at={last.at} as="brief" />
        </span>
      )}
      <span class="room-here">
        <span class="unseen">{t(`room.kind.${room.kind}`)}, </span>
        {!isForeseen(room) && hereWords(room)}
      </span>
      <span class="room-words">{last ? lastWords(last, me) : t(`room.kind.${room.kind}`)}</span>
      <News {...unread(room, me.id)} />
    </button>
  );
}

/** So many warnings are in force there. */
function Warned({ room }: { room: string }) {
  const count = inForce(town.value, room, passing()).length;
  if (count === 0) return null;
  return (
    <span class="room-warned" data-testid="room-warned">
      <Icon name="warning" />
      <span aria-hidden="true">{count}</span>
      <span class="unseen">, {t("room.warnings", { count })}</span>
    </span>
  );
}

/** A number as far as it is known; where only more can be meant, a dot. */
function News({ count, hasMore }: Unread) {
  if (count === 0 && !hasMore) return null;
  const number = count > MOST_NEWS ? `${MOST_NEWS}+` : `${count}${hasMore ? "+" : ""}`;
  return (
    <span class={count > 0 ? "unread" : "unread dot"} data-testid="unread">
      {count > 0 && <span aria-hidden="true">{number}</span>}
      <span class="unseen">{count > 0 ? t("room.unread", { count: number }) : t("room.unread_some")}</span>
    </span>
  );
}

function lastWords(last: MessageRow, me: Person): string {
  const text = wording(last);
  return last.by.id === me.id ? t("room.last_own", { text }) : t("room.last_words", { name: last.by.name, text });
}
