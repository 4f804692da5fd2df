// An open book: what staff did, in plain words, and whether the book is as this device saw it before.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { judge, judgeProof, keepSeal, sealSeen, toldOf } from "../audit";
import type { Told, Verdict } from "../audit";
import type { Client } from "../client";
import type { AuditHead, AuditView } from "../protocol.gen";
import { t } from "../words/words";
import type { Word } from "../words/words";
import { sentenceOf } from "./audit_words";
import { Icon } from "./icons";
import { dayKey, dayName, timeOf } from "./times";

const PAGE = 50;

interface Book {
  readonly rows: readonly AuditView[];
  readonly head: AuditHead;
  /** Where to go on; 0 at the beginning of the book. */
  readonly next: number;
}

type Checked = Exclude<Verdict, "ask"> | "unknown";

export type WhichBook = { readonly room: string } | { readonly book: string };

interface Facts {
  of: WhichBook;
  client: Client;
  /** Of a room, where rows of more than one are shown. */
  roomNameOf?: (room: string) => string | undefined;
}

export function OpenBook({ of, client, roomNameOf }: Facts) {
  const book = useSignal<Book | null>(null);
  const checked = useSignal<Checked | null>(null);
  const isMissing = useSignal(false);
  const fetch = async (): Promise<void> => {
    const before = book.peek()?.next;
    const asked = { ...of, limit: PAGE, ...(before ? { before } : {}) };
    const reply = await client.inquire("audit.read", asked);
    isMissing.value = !reply?.ok;
    if (!reply?.ok) return;
    const held = book.peek()?.rows ?? [];
    book.value = { rows: [...held, ...reply.rows], head: reply.head, next: reply.next };
    checked.value ??= await check(client, of, reply.book, reply.head);
  };
  useEffect(() => void fetch(), []);
  return (
    <>
      <SealStrip checked={checked.value} />
      <div
        class="audit-list"
        role="region"
        aria-label={t("audit.list")}
        aria-busy={book.value === null && !isMissing.value}
      >
        {book.value && <Days told={toldOf(book.value.rows)} roomNameOf={roomNameOf} />}
        {book.value === null && !isMissing.value && <p class="audit-quiet">{t("audit.loading")}</p>}
      </div>
      <div role="status">{isMissing.value && <p class="audit-quiet">{t("audit.unknown")}</p>}</div>
      {isMissing.value && <More word="audit.again" go={fetch} />}
      {!isMissing.value && book.value && <Foot book={book.value} more={fetch} />}
    </>
  );
}

/** Compares with what this device saw, and remembers the head; but where something is wrong, what was seen is kept. */
async function check(client: Client, of: WhichBook, book: string, head: AuditHead): Promise<Checked> {
  const seen = sealSeen(localStorage, book);
  let verdict = judge(seen, head);
  if (verdict === "ask" && seen) {
    const reply = await client.inquire("audit.proof", { ...of, n: seen.n });
    if (reply === null || (!reply.ok && reply.error.code !== "wrong_target")) return "unknown";
    verdict = judgeProof(seen, reply.ok ? reply.hash : null);
  }
  if (verdict !== "changed") keepSeal(localStorage, book, head);
  return verdict === "ask" ? "unknown" : verdict;
}

function SealStrip({ checked }: { checked: Checked | null }) {
  const isWrong = checked === "changed";
  return (
    <div class={isWrong ? "audit-seal changed" : "audit-seal"} role={isWrong ? "alert" : "status"} data-testid="audit-seal">
      {isWrong && (
        <>
          <Icon name="warning" />
          <div>
            <h3>{t("audit.seal_changed_title")}</h3>
            <p>{t("audit.seal_changed")}</p>
          </div>
        </>
      )}
      {checked !== null && !isWrong && (
        <>
          <Icon name={checked === "unknown" ? "waiting" : "sent"} />
          <p>{t(`audit.seal_${checked}`)}</p>
        </>
      )}
    </div>
  );
}

type RoomNameOf = Facts["roomNameOf"];

function Days({ told, roomNameOf }: { told: readonly Told[]; roomNameOf: RoomNameOf }) {
  if (told.length === 0) return <p class="audit-quiet">{t("audit.empty")}</p>;
  const now = Date.now();
  const days = [...new Set(told.map(({ at }) => dayKey(at)))];
  return (
    <>
      {days.map((day) => (
        <Day key={day} told={told.filter(({ at }) => dayKey(at) === day)} now={now} roomNameOf={roomNameOf} />
      ))}
    </>
  );
}

function Day({ told, now, roomNameOf }: { told: readonly Told[]; now: number; roomNameOf: RoomNameOf }) {
  return (
    <section>
      <h3>{dayName(told[0]?.at ?? now, now)}</h3>
      <ol>
        {told.map((one) => (
          <Line key={one.key} told={one} where={roomNameOf?.(roomOf(one) ?? "")} />
        ))}
      </ol>
    </section>
  );
}

function roomOf(told: Told): string | undefined {
  return told.kind === "deed" ? told.row.room : (told.came ?? told.went)?.room;
}

function Line({ told, where }: { told: Told; where: string | undefined }) {
  const words = told.kind === "deed" ? told.row.words : undefined;
  return (
    <li class={told.kind === "deed" && told.row.deed === "staff.refused" ? "refused" : ""} data-testid="audit-row">
      <time dateTime={new Date(told.at).toISOString()}>{timeOf(told.at)}</time>
      <div>
        <p>
          {where && <b>{where}: </b>}
          {sentenceOf(told)}
        </p>
        {words && <blockquote>{words}</blockquote>}
      </div>
    </li>
  );
}

function Foot({ book, more }: { book: Book; more: () => Promise<void> }) {
  const { head, next, rows } = book;
  return (
    <>
      {next > 0 && <More word="audit.more" go={more} />}
      {next === 0 && rows.length > 0 && <p class="audit-quiet">{t("audit.end")}</p>}
      {head.n > 0 && <p class="audit-mark">{t("audit.seal", { n: head.n, hash: head.hash.slice(0, 16) })}</p>}
    </>
  );
}

function More({ word, go }: { word: Word; go: () => Promise<void> }) {
  return (
    <button type="button" class="button soft" data-testid="audit-more" onClick={() => void go()}>
      {t(word)}
    </button>
  );
}
