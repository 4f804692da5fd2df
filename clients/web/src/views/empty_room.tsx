// A room in which nothing was said yet.

import type { RoomKind } from "../protocol.gen";
import { t } from "../words/words";
import { Icon } from "./icons";

export function EmptyRoom({ kind }: { kind: RoomKind }) {
  return (
    <div class="empty">
      <span class="empty-sign">
        <Icon name={kind} />
      </span>
      <h3>{t(`room.empty_${kind}`)}</h3>
      <p>{t(`room.empty_${kind}_hint`)}</p>
    </div>
  );
}
