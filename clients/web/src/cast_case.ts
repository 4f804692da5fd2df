// The tests' cast of a case: who is called, and a case as it is told. Not part of the page.

import { STREET } from "./cast";
import type { By, CaseView, KeptEvents, Person } from "./protocol.gen";
import type { Case } from "./town";

export const CASE = "p07.k3m9x2w7q4v5";
export const OFFICER: Person = { id: "person-vega", name: "Wijkagent", role: "officer", organisation: "police" };
export const VEGA: By = OFFICER as By;
export const SERGEANT: By = { id: "person-sergeant", name: "Hoofdagent", role: "officer", organisation: "police" };

/** A warning as its entry tells it. */
export const BURGLARY: KeptEvents["warning.raised"] = {
  kind: "burglary",
  severity: "severe",
  urgency: "immediate",
  certainty: "observed",
  text: "Er wordt ingebroken.",
  until: 9_000,
  emergency: "called",
  proposed: { desk: "police", confidence: 1 },
  client_id: "x:1",
};

/** Ben calls the police; the first round is being called, for 60 s from second 1 on. */
export function view(facts: Partial<CaseView> = {}): CaseView {
  return {
    id: CASE,
    room: STREET,
    place: { id: STREET, name: "Betje Wolffstraat" },
    to: "police",
    urgency: "urgent",
    text: "Er wordt aan deuren gevoeld.",
    state: "paging",
    tier: 1,
    tiers: 3,
    since: 1_000,
    deadline: 61_000,
    reached: { paged: 2 },
    asker: { id: "person-ben", name: "Ben", role: "resident" },
    ...facts,
  };
}

export function taken(facts: Partial<CaseView> = {}): CaseView {
  return view({ state: "accepted", tier: 0, deadline: 901_000, owner: VEGA, ...facts });
}

export function held(facts: Partial<Case> = {}): Case {
  return { ...view(facts), seq: 1, ...facts };
}
