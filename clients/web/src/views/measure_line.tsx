// A line in the timeline: the room was locked, slowed or opened, or staff may read along.

import type { MeasureRow } from "../town";
import { t } from "../words/words";
import { Icon } from "./icons";
import { When } from "./when";

export function MeasureLine({ row }: { row: MeasureRow }) {
  return (
    <div role="listitem" class="note case-line" data-testid="measure" data-seq={row.seq}>
      <Icon name={row.event.startsWith("room") ? "lock" : "staff"} />
      {wordsOf(row)} · <When at={row.at} as="clock" />
    </div>
  );
}

export function wordsOf(row: MeasureRow): string {
  if (row.event === "room.slowed")
    return row.data.seconds > 0 ? t("line.slowed", { seconds: row.data.seconds }) : t("line.not_slow");
  if (row.event === "arrangement.made")
    return t("line.arranged", { who: t(`organisation.${row.data.arrangement.organisation}`) });
  if (row.event === "arrangement.ended") return t("line.arrangement_ended");
  return t(row.event === "room.locked" ? "line.locked" : "line.unlocked");
}
