// Inside: who I am, whether it is live, my rooms, and the chosen one.

import type { Client } from "../client";
import type { Person } from "../protocol.gen";
import icon from "../styles/icon.svg";
import { town, unread } from "../town";
import type { Room } from "../town";
import { t } from "../words/words";
import { LanguageSwitch } from "./language_switch";
import { RoomView } from "./room_view";

export function TownView({ client, me }: { client: Client; me: Person }) {
  const { order, rooms, chosen, connection } = town.value;
  const room = chosen === null ? undefined : rooms[chosen];
  return (
    <div class="town">
      <a class="skip" href="#composer" onClick={toComposer}>
        {t("app.to_composer")}
      </a>
      <header class="head">
        <img src={icon} alt="" />
        <h1>{t("app.name")}</h1>
        <span class="head-name">{me.name}</span>
        <LanguageSwitch />
        <button type="button" class="button quiet small" data-testid="sign-out" onClick={() => client.signOut()}>
          {t("sign_out.do")}
        </button>
      </header>
      <NotLive />
      <nav class="rooms" aria-label={t("app.rooms")}>
        <h2>{t("app.rooms")}</h2>
        <ul>
          {order.map(
            (id) => rooms[id] && <RoomTab key={id} room={rooms[id]} isChosen={id === chosen} client={client} />,
          )}
        </ul>
      </nav>
      <main class="room">
        {room && <RoomView key={room.id} room={room} me={me} client={client} />}
        {!room && connection === "live" && <p class="no-room">{t("room.none")}</p>}
      </main>
    </div>
  );
}

/** Following the link would put a fragment into the address. */
function toComposer(event: Event): void {
  event.preventDefault();
  document.getElementById("composer")?.focus();
}

/** The region stays in the page, so that screen readers hear its words change. */
function NotLive() {
  const { connection } = town.value;
  return (
    <div class="bar" role="status">
      {connection === "lost" && <p data-testid="not-live">{t("live.lost")}</p>}
      {connection === "starting" && <p class="starting">{t("live.starting")}</p>}
    </div>
  );
}

function RoomTab({ room, isChosen, client }: { room: Room; isChosen: boolean; client: Client }) {
  const news = unread(room);
  return (
    <li>
      <button
        type="button"
        class="room-tab"
        data-testid={`room-${room.kind}`}
        aria-current={isChosen ? "true" : undefined}
        onClick={() => client.choose(room.id)}
      >
        <b>{room.name}</b>
        <small>{t(`room.kind.${room.kind}`)}</small>
        {news > 0 && !isChosen && <span class="unread">{t("room.unread", { count: news })}</span>}
      </button>
    </li>
  );
}
