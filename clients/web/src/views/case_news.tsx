// For screen readers: what becomes of cases, and staff who come and go, politely. In private no words are said aloud.

import { isPrivate } from "../case";
import type { Person } from "../protocol.gen";
import type { CaseRow, Room, StaffRow } from "../town";
import { t } from "../words/words";
import { functionOf, lineWords } from "./case_words";
import { useHeard } from "./heard";

type Told = CaseRow | StaffRow;

export function CaseNews({ room, me }: { room: Room; me: Person }) {
  const heard = useHeard(room);
  const last = room.rows.findLast((row): row is Told => isTold(row.kind) && row.by.id !== me.id);
  const news = last && last.seq > heard ? last : null;
  const words = news ? (isPrivate(room) ? t("case.private_news") : wordsOf(news)) : "";
  return (
    <p class="unseen" aria-live="polite" data-testid="case-news">
      {words}
    </p>
  );
}

function isTold(kind: string): boolean {
  return kind === "case" || kind.startsWith("staff_");
}

function wordsOf(row: Told): string {
  if (row.kind === "case") return lineWords(row);
  return t(row.kind === "staff_entered" ? "staff.entered" : "staff.left", { name: functionOf(row.person) });
}
