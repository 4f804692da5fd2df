// What staff have open in the large part of the page: a room, or one of their desks.

import { signal } from "@preact/signals-core";

export type StaffPlace = "room" | "alerts" | "board";

export const staffPlace = signal<StaffPlace>("room");
