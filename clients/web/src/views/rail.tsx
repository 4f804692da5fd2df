// My rooms: beside the room where there is room for both, as tabs above it on a phone.

import type { Person } from "../protocol.gen";
import { unread, wording } from "../town";
import type { MessageRow, Room } from "../town";
import { t } from "../words/words";
import { Icon } from "./icons";
import { hereWords } from "./room_view";
import { When } from "./when";

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
            <RoomTab room={room} me={me} isChosen={room.id === chosen} choose={choose} />
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
  const news = unread(room, me.id);
  const last = room.rows.findLast((row): row is MessageRow => row.kind === "message");
  return (
    <button
      type="button"
      class="room-tab"
      data-testid={`room-${room.kind}`}
      aria-current={isChosen ? "true" : undefined}
      onClick={() => choose(room.id)}
    >
      <span class="room-sign">
        <Icon name={room.kind} />
      </span>
      <b class="room-name">{room.name}</b>
      {last && (
        <span class="room-when">
          <When at={last.at} as="brief" />
        </span>
      )}
      <span class="room-here">
        <span class="unseen">{t(`room.kind.${room.kind}`)}, </span>
        {hereWords(room)}
      </span>
      <span class="room-words">{last ? lastWords(last, me) : t(`room.kind.${room.kind}`)}</span>
      {news > 0 && (
        <span class="unread" data-testid="unread">
          <span aria-hidden="true">{news > 99 ? "99+" : news}</span>
          <span class="unseen">{t("room.unread", { count: news })}</span>
        </span>
      )}
    </button>
  );
}

function lastWords(last: MessageRow, me: Person): string {
  const text = wording(last);
  return last.by.id === me.id ? t("room.last_own", { text }) : t("room.last_words", { name: last.by.name, text });
}
