// The way from the board into a room, where there is a ground for it.

import type { BoardRoom } from "../board";
import type { Client } from "../client";
import type { Ground, Person } from "../protocol.gen";
import { town } from "../town";
import { t } from "../words/words";
import { EnterRoom } from "./enter_room";

interface Facts {
  room: BoardRoom;
  me: Person;
  client: Client;
  choose: (room: string) => void;
}

export function EnterFromBoard({ room: { room, ...held }, me, client, choose }: Facts) {
  const isMine = room in town.value.rooms;
  const ground = groundOf(held, me);
  if (!isMine && !ground) return <p class="explain">{t("board.no_ground")}</p>;
  return (
    <div class="board-enter">
      {!isMine && <p class="explain">{t("enter.explain")}</p>}
      <EnterRoom
        key={room}
        room={room}
        ground={ground ?? NONE}
        client={client}
        choose={choose}
        words={{ enter: t("enter.enter"), inside: t("enter.inside") }}
        testid="board-enter"
      />
    </div>
  );
}

/** Who is inside needs none. */
const NONE: Ground = { kind: "case", id: "" };

/** What lets one in: a call that somebody of one's own has, a report, an alert of one's own. */
function groundOf({ cases, reports, alerts }: Omit<BoardRoom, "room">, me: Person): Ground | null {
  const held = cases.find(({ state }) => state === "accepted" || state === "handing_over");
  if (held) return { kind: "case", id: held.id };
  const [report] = reports;
  if (report) return { kind: "report", id: report.id };
  const alert = alerts.find(({ organisation }) => organisation === me.organisation);
  return alert ? { kind: "alert", id: alert.id } : null;
}
