// Strips below a room's name: which staff are here and why, and that a room is private, with the way out of sight.

import { isPrivate, staffIn } from "../case";
import { town } from "../town";
import type { Room } from "../town";
import { t } from "../words/words";
import { functionOf, groundWords } from "./case_words";
import { Icon } from "./icons";
import { quickExit } from "./quick_exit";

/** Staff are always visible, with their ground. */
export function StaffHere({ room }: { room: Room }) {
  return (
    <div class="staff-here" role="status">
      {staffIn(town.value, room.id).map(({ by, cases }) => (
        <p key={by.id} data-testid="staff-here">
          <Icon name="staff" />
          <span>
            <b>{functionOf(by)}</b>
            {t("staff.is_here", { ground: cases.map(groundWords).join("; ") })}
          </span>
        </p>
      ))}
    </div>
  );
}

export function PrivateBar({ room }: { room: Room }) {
  if (!isPrivate(room)) return null;
  return (
    <div class="private-bar" data-testid="private-bar">
      <Icon name="lock" />
      <p>{t("case.private_here")}</p>
      {town.value.me?.organisation === undefined && (
        <button
          type="button"
          class="button small"
          data-testid="quick-exit"
          title={t("case.quick_exit_hint")}
          onClick={quickExit}
        >
          <Icon name="exit" />
          {t("case.quick_exit")}
        </button>
      )}
    </div>
  );
}
