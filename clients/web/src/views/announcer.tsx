// For screen readers: new words of others, politely, and at once what of one's own was refused.

import { useRef } from "preact/hooks";

import { isPrivate } from "../case";
import type { Person } from "../protocol.gen";
import { wording } from "../town";
import type { MessageRow, Room } from "../town";
import { t } from "../words/words";
import { officeOf } from "./entry_parts";
import { useHeard } from "./heard";
import { reasonOf } from "./refused_field";

/** What was there when the room opened is not news. */
export function Announcer({ room, me }: { room: Room; me: Person }) {
  const heard = useHeard(room);
  const known = useRef(new Set(refusedIn(room).map((waiting) => waiting.client_id)));
  const last = room.rows.findLast((row): row is MessageRow => row.kind === "message" && row.by.id !== me.id);
  const news = last && last.seq > heard ? newsOf(last, room) : "";
  const trouble = refusedIn(room).findLast((waiting) => !known.current.has(waiting.client_id))?.refusal;
  return (
    <>
      <p class="unseen" aria-live="polite" data-testid="news">
        {news}
      </p>
      <p class="unseen" role="alert">
        {trouble && `${t("entry.refused")}: ${reasonOf(trouble)}`}
      </p>
    </>
  );
}

/** What is said in private is not read aloud by itself. */
function newsOf(row: MessageRow, room: Room): string {
  return isPrivate(room) ? t("case.private_news") : t("entry.new", { name: nameOf(row), text: wording(row) });
}

function refusedIn(room: Room) {
  return room.waiting.filter((waiting) => waiting.state === "refused");
}

function nameOf({ by }: MessageRow): string {
  const office = officeOf(by);
  return office ? `${by.name} (${office})` : by.name;
}
