// For screen readers: warnings, at once where there is danger, and what becomes of cases, politely. In private no words
// are said aloud.

import { useRef } from "preact/hooks";

import { isDanger, isPrivate } from "../case";
import type { Person } from "../protocol.gen";
import type { CaseRow, Room, StaffRow, WarningRow } from "../town";
import { t } from "../words/words";
import { functionOf, kindWord, lineWords } from "./case_words";

type Told = CaseRow | StaffRow | WarningRow;

export function CaseNews({ room, me }: { room: Room; me: Person }) {
  const heard = useRef(room.last);
  const last = room.rows.findLast((row): row is Told => isTold(row.kind) && row.by.id !== me.id);
  const news = last && last.seq > heard.current ? last : null;
  const isUrgent = news?.kind === "warning" && isDanger(news.warning.kind);
  const words = news ? (isPrivate(room) ? t("case.private_news") : wordsOf(news)) : "";
  return (
    <>
      <p class="unseen" aria-live="polite" data-testid="case-news">
        {isUrgent ? "" : words}
      </p>
      <p class="unseen" role="alert">
        {isUrgent ? words : ""}
      </p>
    </>
  );
}

function isTold(kind: string): boolean {
  return kind === "case" || kind === "warning" || kind.startsWith("staff_");
}

function wordsOf(row: Told): string {
  if (row.kind === "case") return lineWords(row);
  if (row.kind === "warning") return t("warn.news", { kind: kindWord(row.warning.kind), text: row.warning.text });
  return t(row.kind === "staff_entered" ? "staff.entered" : "staff.left", { name: functionOf(row.person) });
}
