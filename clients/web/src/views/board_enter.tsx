// The way from the board into a room: a ground, and everybody there sees that one has come.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import type { BoardRoom } from "../board";
import type { Client } from "../client";
import type { Ground, Person, Refusal } from "../protocol.gen";
import { town } from "../town";
import { t } from "../words/words";
import { reasonOf } from "./refused_field";

interface Facts {
  room: BoardRoom;
  me: Person;
  client: Client;
  choose: (room: string) => void;
}

export function EnterRoom({ room: { room, ...held }, me, client, choose }: Facts) {
  const isEntering = useSignal(false);
  const refusal = useSignal<Refusal | null>(null);
  const isMine = room in town.value.rooms;
  useEffect(() => {
    if (isMine && isEntering.peek()) choose(room);
  }, [isMine]);
  useEffect(
    () =>
      client.listen((event) => {
        if (event.event !== "command.refused" || event.lane !== room || !isEntering.peek()) return;
        isEntering.value = false;
        refusal.value = event.refusal;
        const asked = town.peek().unplaced.find(({ client_id }) => client_id === event.client_id);
        if (asked) void client.discard(asked);
      }),
    [],
  );
  if (isMine)
    return (
      <button type="button" class="button small" data-testid="board-to-room" onClick={() => choose(room)}>
        {t("board.to_room")}
      </button>
    );
  const ground = groundOf(held, me);
  if (!ground) return <p class="explain">{t("board.no_ground")}</p>;
  const enter = (): void => {
    refusal.value = null;
    isEntering.value = true;
    void client.write("room.enter", { room, ground });
  };
  return (
    <div class="board-enter">
      <p class="explain">{t("board.enter_explain")}</p>
      <button type="button" class="button small" data-testid="board-enter" disabled={isEntering.value} onClick={enter}>
        {t(isEntering.value ? "board.entering" : "board.enter")}
      </button>
      {refusal.value && (
        <p class="error" role="alert">
          {reasonOf(refusal.value)}
        </p>
      )}
    </div>
  );
}

/** What lets one in: a call that somebody of one's own has, a report, an alert of one's own. */
function groundOf({ cases, reports, alerts }: Omit<BoardRoom, "room">, me: Person): Ground | null {
  const held = cases.find(({ state }) => state === "accepted" || state === "handing_over");
  if (held) return { kind: "case", id: held.id };
  const [report] = reports;
  if (report) return { kind: "report", id: report.id };
  const alert = alerts.find(({ organisation }) => organisation === me.organisation);
  return alert ? { kind: "alert", id: alert.id } : null;
}
