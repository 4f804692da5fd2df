// A room's last hour as bars, one for each minute.

import { barsOf, HOUR, minutesAt, recent } from "../board";
import type { BoardRoom } from "../board";
import { t } from "../words/words";

const HIGH = 20;

export function Sparkline({ room, minute }: { room: BoardRoom; minute: number }) {
  const minutes = minutesAt(room, minute);
  const hour = minutes.reduce((total, count) => total + count, 0);
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${HOUR} ${HIGH}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={t("board.talk_said", { count: recent(room, minute), hour })}
      focusable="false"
    >
      <path class="ground" d={`M0 ${HIGH}h${HOUR}`} />
      <path d={barsOf(minutes, HIGH)} />
    </svg>
  );
}
