// The places of which a member of staff chooses, fetched once while this page lives.

import { signal } from "@preact/signals-core";
import { useEffect } from "preact/hooks";

import type { Alerting } from "../alerting";
import { treeOf } from "../places";
import type { PlaceTree } from "../places";
import type { Person } from "../protocol.gen";
import type { Failure } from "../session";

export type TownPlaces = { readonly tree: PlaceTree } | { readonly failure: Failure } | null;

/** null while they are on their way. */
const places = signal<TownPlaces>(null);
let whose = "";

/** Fetches them when somebody needs them. */
export function usePlaces(alerting: Alerting, me: Person): TownPlaces {
  useEffect(() => {
    if (whose !== me.id || places.peek() === null || "failure" in (places.peek() ?? {})) void fetchPlaces(alerting, me);
  }, [me.id]);
  const held = places.value; // asked for first, so that it is drawn anew when they come
  return whose === me.id ? held : null;
}

export async function fetchPlaces(alerting: Alerting, me: Person): Promise<void> {
  whose = me.id;
  places.value = null;
  const told = await alerting.places();
  if (whose !== me.id) return;
  places.value = told.ok ? { tree: treeOf(told.places, me.jurisdiction) } : { failure: told.error };
}
