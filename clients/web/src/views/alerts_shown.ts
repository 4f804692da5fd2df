// The alerts that hold now, judged by the keys that stand in the page.

import * as now from "../alerts_now";
import type { AlertView } from "../protocol.gen";
import { town } from "../town";
import { verdictOf } from "./alert_verdict";
import { passing } from "./clock";

export function inForce(room: string): AlertView[] {
  return now.inForce(town.value, room, passing(), verdictOf);
}

/** In all my rooms, room by room. */
export function everywhere(): AlertView[] {
  return now.everywhere(town.value, passing(), verdictOf);
}

/** One of those that hold, by what it is about; undefined once it is over. */
export function viewOf(room: string, alert: string): AlertView | undefined {
  return inForce(room).find((view) => view.alert === alert);
}
