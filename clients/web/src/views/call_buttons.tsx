// Beside where one writes: warning the room, and calling help in.

import type { Room } from "../town";
import { t } from "../words/words";
import { calling } from "./calling";
import { Icon } from "./icons";

/** A desk is staff's own, and in a private case help is there or on its way. */
export function CallButtons({ room }: { room: Room }) {
  if (room.kind !== "street" && room.kind !== "neighbourhood") return null;
  return (
    <div class="call-buttons">
      <button
        type="button"
        class="call-button"
        data-testid="warn"
        aria-haspopup="dialog"
        onClick={() => (calling.value = { form: "warn", room: room.id, warning: null })}
      >
        <Icon name="warning" />
        {t("warn.button")}
      </button>
      <EscalateButton room={room.id} warning={null} />
    </div>
  );
}

/** warning: the seq of the one from which help is called. */
export function EscalateButton({ room, warning }: { room: string; warning: number | null }) {
  return (
    <button
      type="button"
      class="call-button escalate"
      data-testid="escalate"
      aria-haspopup="dialog"
      onClick={() => (calling.value = { form: "escalate", room, warning })}
    >
      <Icon name="help" />
      {t("call.button")}
    </button>
  );
}
