// The tests' cast of an official alert: as it is told at once, and as entries about one. Not part of the page.

import { entry, STREET } from "./cast";
import { SERGEANT, VEGA } from "./cast_case";
import type { AlertBody, AlertView } from "./protocol.gen";
import type { Kept } from "./town";

export const ALERT = "k3m9x2w7q4v5";

/** In force until an hour after second 0, in Dutch and English. */
export function body(facts: Partial<AlertBody> = {}): AlertBody {
  return {
    alert: ALERT,
    n: 1,
    type: "alert",
    organisation: "police",
    sender_name: "Wijkagent",
    sent: 1_001,
    expires_at: 3_600_000,
    severity: "moderate",
    urgency: "immediate",
    certainty: "likely",
    category: "security",
    words: [
      { language: "nl", event: "Orde en veiligheid", headline: "Auto-inbraken", text: "Laat niets in je auto liggen." },
      { language: "en", event: "Law enforcement", headline: "Car break-ins", text: "Leave nothing in your car." },
    ],
    areas: [{ id: "BU05183637", name: "Moerwijk-West" }],
    rooms: [STREET],
    ...facts,
  };
}

function signed(facts: Partial<AlertBody>) {
  const said = body(facts);
  return { alert: said.alert, n: said.n, body: JSON.stringify(said), signature: "c2ln", key: "key" };
}

export function alerted(facts: Partial<AlertView> = {}, said: Partial<AlertBody> = {}): AlertView {
  return { room: STREET, seq: 1, at: 1_001, by: VEGA, ...signed(said), ...facts };
}

export function broadcasts(seq: number, facts: Partial<AlertBody> = {}): Kept["alert.broadcast"] {
  return entry("alert.broadcast", seq, signed(facts), VEGA);
}

export function updates(seq: number, n: number, facts: Partial<AlertBody> = {}): Kept["alert.updated"] {
  return entry("alert.updated", seq, signed({ n, type: "update", ...facts }), SERGEANT);
}

export function allClear(seq: number, n: number): Kept["alert.cleared"] {
  return entry("alert.cleared", seq, signed({ n, type: "clear" }), VEGA);
}

export function cancels(seq: number, n: number): Kept["alert.cancelled"] {
  return entry("alert.cancelled", seq, signed({ n, type: "cancel", reason: "Het was een vergissing." }), VEGA);
}

export function expires(seq: number, n: number): Kept["alert.expired"] {
  return entry("alert.expired", seq, { alert: ALERT, n }, { id: "system", name: "BART", role: "system" });
}
