// Whether the panel about oneself is open; it stands beside the rooms, so that both may open and close it.

import { signal } from "@preact/signals-core";

export const isMeOpen = signal(false);

export function openMe(): void {
  isMeOpen.value = true;
}
