// The tests' cast of the alert desk: who sends, who approves, an alert as staff are told of it. Not part of the page.

import { OFFICER, SERGEANT, VEGA } from "./cast_case";
import type { Person, StaffAlertView } from "./protocol.gen";

export const ALERT = "k3m2x2w7q4v5";
export const SECOND: Person = { ...SERGEANT, role: "officer", organisation: "police" };
export const CIVIL: Person = {
  id: "person-smit",
  name: "Toezichthouder",
  role: "moderator",
  organisation: "municipality",
};
export { OFFICER };

/** Vega's, about smoke; in force since second 5. */
export function inForceView(facts: Partial<StaffAlertView> = {}): StaffAlertView {
  return {
    alert: ALERT,
    version: 2,
    state: "in_force",
    organisation: "police",
    by: VEGA,
    severity: "moderate",
    urgency: "immediate",
    certainty: "observed",
    category: "fire",
    words: [{ language: "nl", event: "Brand", headline: "Rook bij het park", text: "Houd ramen en deuren dicht." }],
    areas: [{ id: "B1", name: "Bouwlust" }],
    neighbourhoods: [{ id: "B1", name: "Bouwlust" }],
    made: 4_000,
    sent: 5_000,
    expires_at: 7_205_000,
    members: 40,
    n: 1,
    ...facts,
  };
}

/** Severe, and waiting for a second officer until second 304. */
export function waitingView(facts: Partial<StaffAlertView> = {}): StaffAlertView {
  const { sent: _notYet, ...view } = inForceView({ version: 1, state: "waiting", severity: "severe", n: 0 });
  return { ...view, needs_approval: true, due: 304_000, ...facts };
}
