// Stands for a person beside their words. Those of staff are square: nobody else's can be.

import type { By } from "../protocol.gen";
import { initials, tintOf } from "./face";
import { Icon } from "./icons";

export function Avatar({ by }: { by: By }) {
  if (by.organisation !== undefined)
    return (
      <span class="avatar staff" aria-hidden="true">
        <Icon name="staff" />
      </span>
    );
  return (
    <span class={`avatar tint-${tintOf(by.id)}`} aria-hidden="true">
      {initials(by.name)}
    </span>
  );
}
