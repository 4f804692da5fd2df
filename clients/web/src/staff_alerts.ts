// PURE: how the town takes in what staff are told about alerts. Of two views of one the higher version is the newer.

import type { StaffAlertView } from "./protocol.gen";
import type { Town } from "./town";

/** Told by itself, at every change of state. */
export function changed(town: Town, view: StaffAlertView): Town {
  const held = town.staffAlerts?.[view.alert];
  if (held && held.version >= view.version) return town;
  return { ...town, staffAlerts: { ...town.staffAlerts, [view.alert]: view } };
}

/** Told on asking: whatever was known then and is not in it is over for good; what was told meanwhile stays. */
export function listed(town: Town, views: readonly StaffAlertView[], known: readonly string[]): Town {
  const listed = new Set(views.map(({ alert }) => alert));
  const held = Object.values(town.staffAlerts ?? {});
  const kept = held.filter(({ alert }) => listed.has(alert) || !known.includes(alert));
  return [...views, ...kept].reduce(changed, { ...town, staffAlerts: {} });
}

/** What was shown before, in this lane, has become this alert. */
export function broadcast(town: Town, lane: string, alert: string | undefined): Town {
  return alert === undefined ? town : { ...town, broadcasts: { ...town.broadcasts, [lane]: alert } };
}
