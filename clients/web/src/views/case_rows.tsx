// What cases and staff leave in the timeline.

import { isOpen } from "../case";
import type { Person } from "../protocol.gen";
import { town } from "../town";
import type { CaseRow, Room, StaffRow } from "../town";
import { t } from "../words/words";
import { CaseCard } from "./case_card";
import { functionOf, lineWords } from "./case_words";
import type { Hands } from "./hands";
import { Icon } from "./icons";
import { ModerateButton } from "./moderate_button";
import { Text } from "./text";
import { When } from "./when";

interface Facts {
  row: CaseRow;
  room: Room;
  me: Person;
}

export function CaseInTimeline({ row, room, me, hands }: Facts & { hands: Hands }) {
  const now = town.value.cases[row.case.id] ?? row.case;
  const isSameRun = (now.reopened ?? false) === (row.case.reopened ?? false);
  if (row.event === "escalation.raised") return <CaseAsked row={row} room={room} me={me} />;
  if (!isOpen(row.case) && !isOpen(now) && isSameRun)
    return (
      <div role="listitem" class="case-item" data-seq={row.seq} tabIndex={-1}>
        <CaseCard view={now} me={me} calls={hands.calls} />
      </div>
    );
  return (
    <div role="listitem" class="note case-line" data-testid="case-line" data-seq={row.seq} tabIndex={-1}>
      <Icon name="help" />
      {lineWords(row)} · <When at={row.at} as="clock" />
      {row.said && (
        <div dir="auto">
          <Text text={row.said} />
        </div>
      )}
    </div>
  );
}

/** Who asked whom for what; how it stands is pinned above, and told where it ended. */
function CaseAsked({ row, room, me }: Facts) {
  const { case: view, by } = row;
  return (
    <div role="listitem" class="case-item case-asked" data-testid="case-asked" data-seq={row.seq} tabIndex={-1}>
      <p class="case-asked-head">
        <Icon name="help" />
        <b>{t("case.asked", { name: by.name, to: t(`case.to_${view.to}`) })}</b>
        <span class="case-asked-when">
          <span class={`urgency ${view.urgency}`}>{t(`urgency.${view.urgency}`)}</span>
          <When at={row.at} as="clock" />
        </span>
      </p>
      {view.text && (
        <div dir="auto">
          <Text text={view.text} />
        </div>
      )}
      <ModerateButton room={room} me={me} target={row.seq} what="call" standing="fixed" by={by} />
    </div>
  );
}

export function StaffNote({ row }: { row: StaffRow }) {
  const word = row.kind === "staff_entered" ? "staff.entered" : "staff.left";
  return (
    <div role="listitem" class="note staff-note" data-testid={row.kind} data-seq={row.seq}>
      {t(word, { name: functionOf(row.person) })}
    </div>
  );
}

/** Above the words of a warning or a call of mine that is no entry yet. */
export function titleOfWaiting(command: string, to: "police" | "municipality" | undefined): string | null {
  if (command === "warning.raise") return t("warn.on_its_way");
  if (command === "escalation.raise") return t("case.title", { to: t(`case.to_${to ?? "police"}`) });
  return null;
}
