// Of which room the open book is shown; it stands beside the rooms, so that a room's head and one's own panel open it.

import { signal } from "@preact/signals-core";

export const bookOf = signal<string | null>(null);
