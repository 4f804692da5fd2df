// One room: what was said, what of mine is still on its way, and the composer.

import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

import type { Client } from "../client";
import type { Person } from "../protocol.gen";
import { hasEarlier, holdsNothing, wording } from "../town";
import type { MessageRow, Room } from "../town";
import { dayOf, t } from "../words/words";
import { Composer } from "./composer";
import { Blanks, Message, Note, OnItsWay } from "./entry";
import { itemsOf } from "./timeline";
import type { Item } from "./timeline";

interface Facts {
  room: Room;
  me: Person;
  client: Client;
}

export function RoomView({ room, me, client }: Facts) {
  const scroll = useRef<HTMLElement>(null);
  useEffect(() => {
    if (document.visibilityState === "visible") client.seen(room.id);
  }, [room.id, room.last]);
  return (
    <>
      <header class="room-head">
        <h2>{room.name}</h2>
        <p>{room.here === null ? t("room.here_few") : t("room.here", { count: room.here })}</p>
      </header>
      <Timeline room={room} me={me} client={client} scroll={scroll} />
      <Composer room={room} client={client} sent={() => scroll.current?.scrollTo({ top: 0 })} />
      <Announcer room={room} me={me} />
    </>
  );
}

function Timeline({ room, me, client, scroll }: Facts & { scroll: RefObject<HTMLElement | null> }) {
  const isLoading = holdsNothing(room) && hasEarlier(room);
  const isEmpty = !isLoading && room.rows.length === 0 && room.waiting.length === 0;
  const own = room.waiting.filter((waiting) => waiting.command === "message.post");
  return (
    <section ref={scroll} class="scroll" tabIndex={0} aria-label={t("room.timeline", { room: room.name })}>
      <div class="timeline">
        {hasEarlier(room) && !isLoading && (
          <button
            type="button"
            class="button quiet small earlier"
            data-testid="earlier"
            onClick={() => client.earlier(room.id)}
          >
            {t("room.earlier")}
          </button>
        )}
        {isLoading && <p class="hint">{t("room.loading")}</p>}
        {isEmpty && <p class="hint">{t("room.empty")}</p>}
        <ol>
          {itemsOf(room.rows, dayOf).map((item) => (
            <ItemView key={item.key} item={item} room={room} me={me} />
          ))}
          {own.map((waiting) => (
            <OnItsWay key={waiting.client_id} waiting={waiting} client={client} />
          ))}
        </ol>
      </div>
    </section>
  );
}

function ItemView({ item, room, me }: { item: Item; room: Room; me: Person }) {
  if (item.kind === "day") return <li class="day">{dayOf(item.at)}</li>;
  if (item.kind === "blanks") return <Blanks first={item.first} count={item.count} />;
  const { row } = item;
  if (row.kind !== "message") return <Note row={row} />;
  const target = room.rows.find((other) => other.seq === row.reply_to);
  return <Message row={row} me={me} target={target} isContinued={item.isContinued} />;
}

/** Says new entries of others aloud, politely; what was there when the room opened is not news. */
function Announcer({ room, me }: { room: Room; me: Person }) {
  const heard = useRef(room.last);
  const last = room.rows.findLast((row): row is MessageRow => row.kind === "message" && row.by.id !== me.id);
  const news = last && last.seq > heard.current ? t("entry.new", { name: last.by.name, text: wording(last) }) : "";
  return (
    <p class="unseen" aria-live="polite">
      {news}
    </p>
  );
}
