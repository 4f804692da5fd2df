// Parts of an entry, and the quiet lines between entries.

import { isHidden } from "../entries";
import { isJudge } from "../moderation";
import type { By, Person } from "../protocol.gen";
import { wording } from "../town";
import type { BlankRow, MemberRow, MessageRow, Room, Row } from "../town";
import { isWord, t } from "../words/words";
import type { Hands } from "./hands";
import { ModerateButton } from "./moderate_button";
import { blanksFrom } from "./timeline";
import { When } from "./when";

/** "agent, politie": authority is always visible, in words. Empty for residents. */
export function officeOf(by: By): string {
  if (by.organisation === undefined) return "";
  const role = `role.${by.role}`;
  const organisation = t(`organisation.${by.organisation}`);
  return isWord(role) ? t("entry.staff", { role: t(role), organisation }) : organisation;
}

/** A name stands above the first of several; screen readers are told it every time. */
export function Author({ by, isContinued }: { by: By; isContinued: boolean }) {
  const office = officeOf(by);
  return (
    <p class={isContinued ? "author unseen" : "author"}>
      <bdi>{by.name}</bdi>
      {office && <span class="office">{office}</span>}
    </p>
  );
}

interface QuoteFacts {
  seq: number;
  target: Row | undefined;
  me: Person;
  hands: Hands;
}

/** What a message replies to; a tap goes there. */
export function Quote({ seq, target, me, hands }: QuoteFacts) {
  if (target && target.kind !== "message") return <p class="quote gone">{t("entry.quoted_gone")}</p>;
  const name = !target ? "" : target.by.id === me.id ? t("entry.own") : target.by.name;
  return (
    <button
      type="button"
      class="quote"
      data-testid="quote"
      tabIndex={-1}
      aria-label={target && t("entry.to_quoted", { name: target.by.id === me.id ? t("entry.own_name") : name })}
      onClick={() => hands.jump(seq)}
    >
      {target ? <bdi class="quoted">{name}</bdi> : t("entry.reply_to_unknown")}
      {target && (
        <span class="excerpt" dir="auto">
          {wording(target)}
        </span>
      )}
    </button>
  );
}

/** That it was worded anew, and how it stood before. */
export function Earlier({ row }: { row: MessageRow }) {
  const before = [row.text, ...row.edits.slice(0, -1).map((edit) => edit.text)];
  return (
    <details class="earlier-words">
      <summary tabIndex={-1}>{t("entry.edited")}</summary>
      <p>{t("entry.before")}</p>
      <ol>
        {before.map((text, index) => (
          <li key={index} class="words" dir="auto">
            {text}
          </li>
        ))}
      </ol>
    </details>
  );
}

export function Note({ row }: { row: MemberRow }) {
  return (
    <div role="listitem" class="note" data-testid="note" data-seq={row.seq}>
      {t(row.kind === "joined" ? "entry.joined" : "entry.left", { name: row.person.name })}
    </div>
  );
}

interface BlanksFacts {
  first: BlankRow;
  count: number;
  room: Room;
  me: Person;
}

/** A moderator who is inside can put back what was hidden. */
export function Blanks({ first, count, room, me }: BlanksFacts) {
  const hidden = isJudge(me) && isHidden(first) ? blanksFrom(room.rows, first, count) : [];
  return (
    <div role="listitem" class="note" data-testid="blank" data-seq={first.seq}>
      {count > 1 && `${count} × `}
      {t(`blank.${first.reason}`)}
      {hidden.map(({ seq }) => (
        <ModerateButton key={seq} room={room} me={me} target={seq} what="message" standing="hidden" by={null} />
      ))}
    </div>
  );
}

export function Day({ at }: { at: number }) {
  return (
    <div role="listitem" class="day">
      <When at={at} as="day" />
    </div>
  );
}

export function NewLine() {
  return (
    <div role="listitem" class="new-line" data-testid="new-line">
      <span>{t("room.new_line")}</span>
    </div>
  );
}
