// What warnings leave in the timeline: what was said, with what became of it, and a quiet line for each change.

import type { Person } from "../protocol.gen";
import type { Room, Row, WarningEvent, WarningLine, WarningRow } from "../town";
import { endsIt, mayRetract, viewOf } from "../warnings";
import { t } from "../words/words";
import { calling } from "./calling";
import { kindWord } from "./case_words";
import { passing } from "./clock";
import { officeOf } from "./entry_parts";
import { Icon } from "./icons";
import type { IconName } from "./icons";
import { ModerateButton } from "./moderate_button";
import { Text } from "./text";
import { timeOf } from "./times";
import { KindIcon } from "./warning_icons";
import { changeWords, countsWords, endWords } from "./warning_words";
import { When } from "./when";

const SIGNS: Record<WarningEvent, IconName> = {
  "warning.answered": "sent",
  "warning.cleared": "sent",
  "warning.expired": "waiting",
  "warning.retracted": "retract",
  "warning.corrected": "edit",
  "warning.routed": "desk",
};

export function Warning({ row, room, me }: { row: WarningRow; room: Room; me: Person }) {
  const view = viewOf(row, room.id);
  const end = row.changes.find(endsIt);
  const now_ms = passing();
  const isOver = end !== undefined || view.until <= now_ms;
  const office = officeOf(row.by);
  const counts = countsWords(view.counts);
  return (
    <div
      role="listitem"
      class={isOver ? "case-item warning over" : "case-item warning"}
      data-testid="warning"
      data-state={isOver ? stateOf(end) : "in_force"}
      data-seq={row.seq}
      tabIndex={-1}
    >
      <header class="warning-head">
        <KindIcon kind={view.kind} />
        <h3>{kindWord(view.kind)}</h3>
        <span class="warning-until">{endWords(end, view.until, now_ms)}</span>
      </header>
      {end?.event === "warning.retracted" && (
        <p class="taken-back">{t("warning.line_retracted", { kind: kindWord(view.kind), reason: end.data.reason })}</p>
      )}
      <div class={end?.event === "warning.retracted" ? "was-said" : undefined} dir="auto">
        <Text text={view.text} />
      </div>
      {view.place_note && <p class="explain">{view.place_note}</p>}
      {row.warning.emergency && <p class="badge-112">{t(`badge.${row.warning.emergency}`, { at: timeOf(row.at) })}</p>}
      {view.corrected && <Before row={row} />}
      <footer class="warning-foot">
        <span>
          <bdi>{row.by.name}</bdi>
          {office && <span class="office">{office}</span>} · <When at={row.at} as="clock" />
        </span>
        {counts && <span>{counts}</span>}
        {isOver && end?.event !== "warning.retracted" && mayRetract(row, me) && <TakeBack row={row} room={room} />}
        {isOver && <ModerateButton room={room} me={me} target={row.seq} what="warning" standing="shown" by={row.by} />}
      </footer>
    </div>
  );
}

/** It is over, and was not so: who was given it is still to hear that. */
function TakeBack({ row, room }: { row: WarningRow; room: Room }) {
  return (
    <button
      type="button"
      class="button quiet small"
      data-testid="retract-over"
      aria-haspopup="dialog"
      onClick={() => (calling.value = { form: "retract", room: room.id, warning: row.seq })}
    >
      {t("warning.retract")}
    </button>
  );
}

function stateOf(end: { event: string } | undefined): string {
  return end?.event.split(".")[1] ?? "expired";
}

/** That it was corrected, and what stood there first. */
function Before({ row }: { row: WarningRow }) {
  return (
    <details class="earlier-words">
      <summary>{t("warning.corrected")}</summary>
      <p>{t("entry.before")}</p>
      <p class="words" dir="auto">
        {row.warning.text}
      </p>
    </details>
  );
}

/** target: the warning, where it is loaded. */
export function WarningNote({ row, target }: { row: WarningLine; target: Row | undefined }) {
  const kind = target?.kind === "warning" ? viewOf(target, "").kind : undefined;
  return (
    <div role="listitem" class="note warning-line" data-testid={row.change.event} data-seq={row.seq} tabIndex={-1}>
      <Icon name={SIGNS[row.change.event]} />
      {changeWords(row.change, kind)} · <When at={row.at} as="clock" />
    </div>
  );
}
