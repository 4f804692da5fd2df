// One room: its name, its timeline, the way back to the end, the composer. It is made anew for each room.

import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useState } from "preact/hooks";

import { isAlerted } from "../alerts";
import { isPrivate } from "../case";
import type { Client } from "../client";
import type { Person } from "../protocol.gen";
import { isStanding } from "../moderation";
import { holdsNothing, isForeseen, town, unread } from "../town";
import type { Room } from "../town";
import { t } from "../words/words";
import type { Word } from "../words/words";
import { Announcer } from "./announcer";
import { bookOf } from "./audit_open";
import { CallForms } from "./call_forms";
import { CaseNews } from "./case_news";
import { PinnedCases } from "./cases_pinned";
import { Composer } from "./composer";
import type { Drafts } from "./drafts";
import { Drawing } from "./drawing";
import type { Opened } from "./entry_menu";
import { handsFor } from "./hands_for";
import { Icon } from "./icons";
import { Passing } from "./passing";
import { roomName } from "./room_name";
import { PrivateBar, StaffHere } from "./room_strips";
import { Scrolling } from "./scrolling";
import { AtMenu, AtModeration, AtOfficial, fetchMenu } from "./threshold";
import { Timeline } from "./timeline_view";
import { WarningLane } from "./warning_lane";
import { WarningNews } from "./warning_news";

interface Facts {
  room: Room;
  me: Person;
  client: Client;
  drafts: Drafts;
  /** Set where the list of rooms is not beside the room. */
  back: (() => void) | null;
}

export function RoomView({ room, me, client, drafts, back }: Facts) {
  const opened = useSignal<Opened | null>(null);
  const [drawing] = useState(() => new Drawing());
  const [scrolling] = useState(
    () => new Scrolling({ earlier: () => drawing.more() || void client.earlier(room.id) }),
  );
  const passing = useSignal<Word | null>(null);
  const hands = useMemo(() => handsFor({ room: room.id, client, drafts, drawing, scrolling, opened, passing }), []);
  useEffect(() => () => drawing.end(), []);
  // Before somebody opens it; where it can't be had now, opening it says so.
  useEffect(() => void fetchMenu().catch(() => null), []);
  useSeen(room, client, scrolling);
  return (
    <>
      <RoomHead room={room} back={back} />
      {isAlerted(town.value) && !isPrivate(room) && (
        <AtOfficial>{({ PinnedAlerts }) => <PinnedAlerts room={room} me={me} client={client} />}</AtOfficial>
      )}
      <PrivateBar room={room} />
      <StaffHere room={room} />
      {isStanding(town.value, room, me) && (
        <AtModeration>{({ RoomStanding }) => <RoomStanding room={room} me={me} client={client} />}</AtModeration>
      )}
      <WarningLane room={room} me={me} calls={client.calls} />
      <PinnedCases room={room} me={me} calls={client.calls} />
      <div class="reading">
        <Timeline
          room={room}
          me={me}
          hands={hands}
          drawing={drawing}
          scrolling={scrolling}
          earlier={() => drawing.more() || void client.earlier(room.id)}
        />
        {!scrolling.isAtEnd.value && <ToEnd count={unread(room, me.id).count} go={() => scrolling.toEnd()} />}
        <Passing word={passing} />
      </div>
      <Composer room={room} me={me} client={client} drafts={drafts} sent={() => scrolling.toEnd()} />
      <Announcer room={room} me={me} />
      <WarningNews room={room} me={me} />
      <CaseNews room={room} me={me} />
      <CallForms room={room} me={me} client={client} />
      {opened.value && (
        <AtMenu>
          {({ EntryMenu }) => opened.value && (
            <EntryMenu opened={opened.value} room={room} me={me} hands={hands} close={() => (opened.value = null)} />
          )}
        </AtMenu>
      )}
    </>
  );
}

/** What stands at the end is read when the page is looked at and the end is in view. */
function useSeen(room: Room, client: Client, scrolling: Scrolling): void {
  const isAtEnd = scrolling.isAtEnd.value;
  const isHeld = !holdsNothing(room);
  useEffect(() => {
    // Asked anew: by now the timeline may have begun at the line "new", above the end.
    const isSeen = isHeld && scrolling.isAtEnd.peek() && document.visibilityState === "visible";
    if (isSeen) client.seen(room.id);
  }, [room.last, isHeld, isAtEnd]);
}

export function RoomHead({ room, back }: { room: Room; back: (() => void) | null }) {
  return (
    <header class={back ? "room-head with-back" : "room-head"}>
      {back && (
        <button type="button" class="tool" data-testid="back" title={t("room.back")} onClick={back}>
          <Icon name="back" />
          <span class="unseen">{t("room.back")}</span>
        </button>
      )}
      <h2 tabIndex={-1}>{roomName(room)}</h2>
      <p>
        {t(`room.kind.${room.kind}`)}
        {!isForeseen(room) && ` · ${hereWords(room)}`}
      </p>
      {!isPrivate(room) && (
        <button
          type="button"
          class="button quiet book-door"
          data-testid="book"
          aria-haspopup="dialog"
          onClick={() => (bookOf.value = room.id)}
        >
          {t("room.book")}
        </button>
      )}
    </header>
  );
}

/** Below five it is "a few": nobody shall learn who is away. At a desk there are colleagues. */
export function hereWords({ here, kind }: Room): string {
  if (kind === "case") return t("case.private_mark");
  if (kind === "desk") return here === null ? t("room.staff_here_few") : t("room.staff_here", { count: here });
  return here === null ? t("room.here_few") : t("room.here", { count: here });
}

function ToEnd({ count, go }: { count: number; go: () => void }) {
  const words = count === 1 ? t("room.news_one") : t("room.news", { count });
  return (
    <button type="button" class={count > 0 ? "to-end news" : "to-end"} data-testid="to-end" onClick={go}>
      {count > 0 ? words : <span class="unseen">{t("room.to_end")}</span>}
      <Icon name="down" />
    </button>
  );
}
