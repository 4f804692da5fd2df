// For screen readers: official alerts, at once where they are grave, else politely; and politely that one is over.

import { useSignal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";

import { bodyOf, wordsIn } from "../alert_body";
import { isSeen } from "../alerts_now";
import type { AlertView } from "../protocol.gen";
import { town } from "../town";
import type { AlertRow, Room } from "../town";
import { language, t } from "../words/words";
import { endWords } from "./alert_rows";
import { verdictOf, verdictOfRow } from "./alert_verdict";
import { everywhere } from "./alerts_shown";

interface News {
  readonly words: string;
  readonly isUrgent: boolean;
}

interface Next extends News {
  readonly name: string;
}

/** How far each room had come when the first alert did. */
type Heard = Readonly<Record<string, number>>;

const SILENCE: News = { words: "", isUrgent: false };

/** Both regions are in the page before they have words, or nobody would hear these come. */
export function AlertNews() {
  const said = useRef(new Set<string>());
  const [heard] = useState(() => lastsOf(Object.values(town.peek().rooms)));
  const news = useSignal(SILENCE);
  const next = newsOf(said.current, heard) ?? endOf(said.current, heard);
  useEffect(() => {
    if (!next) return;
    said.current.add(next.name);
    news.value = next;
  }, [next?.name]);
  const { words, isUrgent } = news.value;
  return (
    <>
      <p class="unseen" aria-live="polite" data-testid="alert-news">
        {isUrgent ? "" : words}
      </p>
      <p class="unseen" role="alert" data-testid="alert-news-urgent">
        {isUrgent ? words : ""}
      </p>
    </>
  );
}

function lastsOf(rooms: readonly Room[]): Heard {
  return Object.fromEntries(rooms.map(({ id, last }) => [id, last]));
}

/** One in force that was neither seen nor said, or that came just now; what is still being checked waits for that. */
function newsOf(said: ReadonlySet<string>, heard: Heard): Next | null {
  const isNews = (view: AlertView): boolean =>
    !isSeen(town.value.rooms[view.room], view) || view.seq > (heard[view.room] ?? Infinity);
  const views = everywhere().filter((view) => isNews(view) && !said.has(nameOf(view)));
  const view = views.find((one) => verdictOf(one) !== "checking");
  return view ? { name: nameOf(view), ...wordsOf(view) } : null;
}

function nameOf({ alert, n }: { alert: string; n: number }): string {
  return `${alert} ${n}`;
}

function wordsOf(view: AlertView): News {
  const body = bodyOf(view.body);
  if (!body || verdictOf(view) !== "valid") return { words: t("alert.news_unverified"), isUrgent: false };
  const { headline, text } = wordsIn(body, language.value);
  const from = t(`alert.from_${body.organisation}`);
  const words = t(body.n === 1 ? "alert.news" : "alert.news_updated", { from, headline, text });
  const isUrgent = body.severity === "extreme" || body.severity === "severe";
  return { words: body.exercise ? t("alert.news_exercise", { news: words }) : words, isUrgent };
}

/** One that ended while somebody is here. */
function endOf(said: ReadonlySet<string>, heard: Heard): Next | null {
  for (const room of Object.values(town.value.rooms)) {
    const row = endsIn(room).findLast(({ seq }) => seq > (heard[room.id] ?? Infinity));
    if (row && !said.has(nameOf(row.data)) && verdictOfRow(row, room.id) !== "checking")
      return { name: nameOf(row.data), words: endWords(row, room), isUrgent: false };
  }
  return null;
}

function endsIn({ rows }: Room): AlertRow[] {
  return rows.filter((row): row is AlertRow => row.kind === "alert" && isEnd(row));
}

function isEnd({ event }: AlertRow): boolean {
  return event === "alert.cancelled" || event === "alert.cleared" || event === "alert.expired";
}
