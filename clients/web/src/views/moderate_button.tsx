// Beside a warning, a call or the marker of what is hidden: to report it, or to take a measure on it.

import type { Person } from "../protocol.gen";
import type { Room } from "../town";
import { t } from "../words/words";
import { Icon } from "./icons";
import { moderating, sheetFor } from "./moderating";
import type { Standing, What } from "./moderating";

interface Facts {
  room: Room;
  me: Person;
  target: number;
  what: What;
  standing: Standing;
  /** null: not known any longer. */
  by: { readonly id: string; readonly name: string } | null;
}

export function ModerateButton({ room, me, target, what, standing, by }: Facts) {
  const sheet = sheetFor(room, me, by?.id ?? null);
  if (!sheet) return null;
  const about = { room: room.id, target, what, standing, name: by?.name ?? "" };
  const open = (): void => void (moderating.value = { sheet, ...about });
  return (
    <button
      type="button"
      class="button quiet small moderate"
      data-testid={`${sheet}-${what}`}
      aria-haspopup="dialog"
      title={t(`entry.${sheet}`)}
      onClick={open}
    >
      <Icon name="flag" />
      {t(`entry.${sheet}_brief`)}
    </button>
  );
}
