// For screen readers: warnings of others, at once where there is danger, and politely what becomes of them.

import { isDanger } from "../case";
import type { Person } from "../protocol.gen";
import type { Room, Row, WarningLine, WarningRow } from "../town";
import { t } from "../words/words";
import { kindWord } from "./case_words";
import { useHeard } from "./heard";
import { rowAt } from "./timeline";
import { changeWords } from "./warning_words";

type Told = WarningRow | WarningLine;

export function WarningNews({ room, me }: { room: Room; me: Person }) {
  const heard = useHeard(room);
  const last = room.rows.findLast((row): row is Told => isTold(row) && row.by.id !== me.id);
  const news = last && last.seq > heard ? last : null;
  const isUrgent = news?.kind === "warning" && isDanger(news.warning.kind);
  const words = news ? wordsOf(news, room) : "";
  return (
    <>
      <p class="unseen" aria-live="polite" data-testid="warning-news">
        {isUrgent ? "" : words}
      </p>
      <p class="unseen" role="alert">
        {isUrgent ? words : ""}
      </p>
    </>
  );
}

function isTold(row: Row): boolean {
  return row.kind === "warning" || (row.kind === "warning_line" && row.change.event !== "warning.routed");
}

function wordsOf(row: Told, { rows }: Room): string {
  if (row.kind === "warning") return t("warn.news", { kind: kindWord(row.warning.kind), text: row.warning.text });
  const target = rowAt(rows, row.change.data.target);
  return changeWords(row.change, target?.kind === "warning" ? target.warning.kind : undefined);
}
