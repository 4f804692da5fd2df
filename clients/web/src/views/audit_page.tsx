// Who looked at our room: the open book of a room of mine.

import type { Client } from "../client";
import type { Room } from "../town";
import { t } from "../words/words";
import { OpenBook } from "./open_book";
import { Panel } from "./panel";
import { roomName } from "./room_name";

export function AuditPage({ room, client, close }: { room: Room; client: Client; close: () => void }) {
  return (
    <Panel title={t("audit.title")} testid="audit" close={close}>
      <p class="audit-why">{t("audit.why", { room: roomName(room) })}</p>
      <OpenBook of={{ room: room.id }} client={client} />
    </Panel>
  );
}
