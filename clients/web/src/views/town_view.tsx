// Inside: whether it is live, who I am, my rooms, and the chosen one.

import { useSignal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";

import { isAlerted } from "../alerts";
import type { Client } from "../client";
import { selfIn } from "../case";
import type { Person } from "../protocol.gen";
import icon from "../styles/icon.svg";
import { town } from "../town";
import { t } from "../words/words";
import { bookOf } from "./audit_open";
import { Avatar } from "./avatar";
import { calling, forgetText } from "./calling";
import { focusComposer } from "./composer";
import { Drafts, forgetDrafts, tabStore } from "./drafts";
import { Icon } from "./icons";
import { focusPlace, keepFocus } from "./keep_focus";
import { LiveBar } from "./live_bar";
import { moderating } from "./moderating";
import { openMe } from "./me_open";
import { Rail } from "./rail";
import { RoomView } from "./room_view";
import { staffPlace } from "./staff_place";
import type { StaffPlace } from "./staff_place";
import { AtAlerts, AtAudit, AtAuditor, AtBoard, AtDesk, AtModeration, AtOfficial } from "./threshold";
import { followViewport } from "./viewport";

/** More rooms than this are a list of their own on a phone; so many fit as tabs. */
const MOST_TABS = 2;

export function TownView({ client, me }: { client: Client; me: Person }) {
  const { order, rooms, chosen, connection } = town.value;
  const [drafts] = useState(() => new Drafts(me.id, tabStore()));
  const isListing = useSignal(me.organisation !== undefined);
  // What is said of the end of one comes when it is no longer there.
  const wasAlerted = useRef(false);
  wasAlerted.current ||= isAlerted(town.value);
  useEffect(followViewport, []);
  useEffect(keepFocus, []);
  useEffect(() => forgetWhenSignedOut, []);
  useMoved(chosen, (isGone) => {
    isListing.value = isGone && me.organisation !== undefined;
    if (!isGone) staffPlace.value = "room";
    focusPlace(isGone);
  });
  const mine = order.flatMap((id) => rooms[id] ?? []);
  const room = chosen === null ? undefined : rooms[chosen];
  const open = bookOf.value === null ? undefined : rooms[bookOf.value];
  const isStaff = me.organisation !== undefined;
  const isAuditor = me.role === "auditor";
  const isMany = isStaff || mine.length > MOST_TABS;
  const choose = (id: string): void => {
    client.choose(id);
    staffPlace.value = "room";
    isListing.value = false;
  };
  const toPlace = (place: StaffPlace) => (): void => {
    staffPlace.value = place;
    isListing.value = false;
  };
  const closeBoard = (): void => {
    staffPlace.value = "room";
    isListing.value = true;
    focusPlace(true);
  };
  const back = isMany ? () => (isListing.value = true) : null;
  const place = isStaff ? staffPlace.value : "room";
  return (
    <div class={classOf(isMany, isMany && isListing.value, place === "board" ? "with-board" : isAuditor ? "auditing" : "")}>
      <a class="skip" href="#composer" onClick={toComposer}>
        {t("app.to_composer")}
      </a>
      <LiveBar />
      {wasAlerted.current && <AtOfficial>{({ AlertWatch }) => <AlertWatch client={client} me={me} />}</AtOfficial>}
      <Head me={me} />
      {isStaff && <AtDesk>{({ PageAlarm }) => <PageAlarm client={client} />}</AtDesk>}
      {isStaff ? (
        <div class="side">
          <AtDesk>{({ Desk }) => <Desk me={me} client={client} choose={choose} toAlerts={toPlace("alerts")} toBoard={toPlace("board")} />}</AtDesk>
          <Rail rooms={mine} chosen={place === "room" ? chosen : null} me={me} choose={choose} />
        </div>
      ) : (
        !isAuditor && <Rail rooms={mine} chosen={chosen} me={me} choose={choose} />
      )}
      <main class="room">
        {isAuditor && <AtAuditor>{({ AuditorDesk }) => <AuditorDesk client={client} />}</AtAuditor>}
        {place === "alerts" && <AtAlerts>{({ AlertDesk }) => <AlertDesk me={me} client={client} choose={choose} back={back} />}</AtAlerts>}
        {place === "board" && (
          <AtBoard>{({ ActivityBoard }) => <ActivityBoard me={me} client={client} choose={choose} close={closeBoard} />}</AtBoard>
        )}
        {place === "room" && room && (
          <RoomView
            key={room.id}
            room={room}
            me={selfIn(town.value, room, me)}
            client={client}
            drafts={drafts}
            back={back}
          />
        )}
        {place === "room" && !room && !isAuditor && connection === "live" && <NoRoom />}
      </main>
      {moderating.value && <AtModeration>{({ ModerationSheet }) => <ModerationSheet client={client} />}</AtModeration>}
      {open && <AtAudit>{({ AuditPage }) => <AuditPage key={open.id} room={open} client={client} close={closeBook} />}</AtAudit>}
    </div>
  );
}

/** A room that opens by what was done here, a case that was taken, takes the place of the list; one that closed gives
 *  way to it. */
function useMoved(chosen: string | null, move: (isGone: boolean) => void): void {
  const before = useRef(chosen);
  useEffect(() => {
    if (before.current !== null && before.current !== chosen) move(!(before.current in town.peek().rooms));
    before.current = chosen;
  }, [chosen]);
}

/** It is called as the view goes, which it does for another language too. */
function forgetWhenSignedOut(): void {
  if (town.peek().me !== null) return;
  forgetDrafts(tabStore());
  forgetText();
  staffPlace.value = "room";
  calling.value = null;
  moderating.value = null;
  closeBook();
}

function closeBook(): void {
  bookOf.value = null;
}

function classOf(isMany: boolean, isListing: boolean, face: string): string {
  return `town${isMany ? " many" : ""}${isListing ? " listing" : ""} ${face}`;
}

function Head({ me }: { me: Person }) {
  return (
    <header class="head">
      <img src={icon} alt="" />
      <h1>{t("app.name")}</h1>
      <a class="emergency" href="tel:112">
        <Icon name="call" />
        {t("app.emergency_call")}
      </a>
      <button
        type="button"
        class="me-door"
        data-testid="me"
        aria-label={t("app.me", { name: me.name })}
        title={t("app.me", { name: me.name })}
        aria-haspopup="dialog"
        onClick={openMe}
      >
        <Avatar by={me} />
      </button>
    </header>
  );
}

function NoRoom() {
  return (
    <div class="empty">
      <span class="empty-sign">
        <Icon name="neighbourhood" />
      </span>
      <h2>{t("room.none_title")}</h2>
      <p>{t("room.none")}</p>
    </div>
  );
}

/** Following the link would put a fragment into the address. */
function toComposer(event: Event): void {
  event.preventDefault();
  focusComposer();
}
