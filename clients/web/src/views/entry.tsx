// Single entries of a timeline. What people wrote is shown as text, never as HTML.

import type { Client } from "../client";
import type { By, Person, Reaction } from "../protocol.gen";
import { wording } from "../town";
import type { BlankRow, MemberRow, MessageRow, Row, Waiting } from "../town";
import { t, timeOf } from "../words/words";
import { reasonOf } from "./door";

const FACES: Record<Reaction, string> = {
  thumbs_up: "👍",
  heart: "❤️",
  thanks: "🙏",
  laugh: "😄",
  wow: "😮",
  sad: "😢",
};

interface MessageFacts {
  row: MessageRow;
  me: Person;
  /** What it replies to, when that is loaded. */
  target: Row | undefined;
  isContinued: boolean;
}

export function Message({ row, me, target, isContinued }: MessageFacts) {
  const isOwn = row.by.id === me.id;
  return (
    <li
      class={`entry${isOwn ? " own" : ""}${isContinued ? " continued" : ""}`}
      data-testid="entry"
      data-state="sent"
      data-seq={row.seq}
    >
      <div class="bubble">
        {isOwn ? <span class="unseen">{t("entry.own")}</span> : !isContinued && <Author by={row.by} />}
        {row.reply_to !== undefined && <Quote target={target} />}
        <p class="words" dir="auto">
          {wording(row)}
        </p>
        <p class="foot">
          {row.edits.length > 0 && <History row={row} />}
          <time dateTime={new Date(row.at).toISOString()}>{timeOf(row.at)}</time>
          {isOwn && <Sent />}
        </p>
      </div>
      <Reactions row={row} me={me} />
    </li>
  );
}

/** Written here and not an entry yet. */
export function OnItsWay({ waiting, client }: { waiting: Waiting; client: Client }) {
  const { state, refusal, payload } = waiting;
  return (
    <li class="entry own" data-testid="entry" data-state={state}>
      <div class="bubble">
        <span class="unseen">{t("entry.own")}</span>
        <p class="words" dir="auto">
          {payload.text}
        </p>
        <p class="foot">
          <time dateTime={new Date(waiting.at).toISOString()}>{timeOf(waiting.at)}</time>
          {state === "sent" ? <Sent /> : <span>{t(`entry.${state}`)}</span>}
        </p>
      </div>
      {refusal && (
        <div class="trouble" role="alert">
          <span>{reasonOf(refusal)}</span>
          <button type="button" class="button quiet small" data-testid="again" onClick={() => client.again(waiting)}>
            {t("entry.again")}
          </button>
          <button
            type="button"
            class="button quiet small"
            data-testid="discard"
            onClick={() => client.discard(waiting)}
          >
            {t("entry.discard")}
          </button>
        </div>
      )}
    </li>
  );
}

export function Note({ row }: { row: MemberRow }) {
  return (
    <li class="note" data-testid="note" data-seq={row.seq}>
      {t(row.kind === "joined" ? "entry.joined" : "entry.left", { name: row.person.name })}
    </li>
  );
}

export function Blanks({ first, count }: { first: BlankRow; count: number }) {
  return (
    <li class="note" data-testid="blank" data-seq={first.seq}>
      {count > 1 && `${count} × `}
      {t(`blank.${first.reason}`)}
    </li>
  );
}

function Sent() {
  return (
    <>
      <span aria-hidden="true">✓</span>
      <span class="unseen">{t("entry.sent")}</span>
    </>
  );
}

/** Staff are named with function and organisation; residents by name alone. */
function Author({ by }: { by: By }) {
  return (
    <p class="author">
      {by.name}
      {by.organisation && <span> · {t(`organisation.${by.organisation}`)}</span>}
    </p>
  );
}

function Quote({ target }: { target: Row | undefined }) {
  if (target?.kind !== "message") return <p class="quote">{t("entry.reply_to_unknown")}</p>;
  return (
    <blockquote class="quote">
      {t("entry.reply_to", { name: target.by.name })}
      <p dir="auto">{wording(target)}</p>
    </blockquote>
  );
}

function History({ row }: { row: MessageRow }) {
  const before = [row.text, ...row.edits.slice(0, -1).map((edit) => edit.text)];
  return (
    <details>
      <summary>{t("entry.edited")}</summary>
      {t("entry.before")}
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

function Reactions({ row, me }: { row: MessageRow; me: Person }) {
  const given = row.reactions.filter((reacted) => reacted.reaction !== null);
  if (given.length === 0) return null;
  const kinds = [...new Set(given.map((reacted) => reacted.reaction as Reaction))];
  return (
    <ul class="reactions">
      {kinds.map((kind) => {
        const count = given.filter((reacted) => reacted.reaction === kind).length;
        const isMine = given.some((reacted) => reacted.reaction === kind && reacted.person === me.id);
        return (
          <li key={kind} class={isMine ? "mine" : ""} data-testid={`reaction-${kind}`}>
            <span class="unseen">{t("reaction.count", { reaction: t(`reaction.${kind}`), count })}</span>
            <span aria-hidden="true">
              {FACES[kind]} {count}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
