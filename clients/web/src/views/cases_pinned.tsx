// The open cases of a room, above the talk; beside it where there is room for both.

import type { Calls } from "../calls";
import { isOwner, openIn } from "../case";
import type { Person } from "../protocol.gen";
import { town } from "../town";
import type { Room } from "../town";
import { t } from "../words/words";
import { PinnedCase } from "./case_card";

export function PinnedCases({ room, me, calls }: { room: Room; me: Person; calls: Calls }) {
  const open = openIn(town.value, room.id);
  if (open.length === 0) return null;
  return (
    <section class="cases" aria-label={t("case.open_here")}>
      {open.map((view) => (
        <PinnedCase key={`${view.id} ${isOwner(view, me.id)}`} view={view} me={me} calls={calls} />
      ))}
    </section>
  );
}
