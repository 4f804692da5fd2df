// What is open at the alert desk: the list, an alert that is being made up, or one that was made.

import { signal } from "@preact/signals-core";

export type AlertOpen =
  | { readonly at: "list" }
  | { readonly at: "new" }
  | { readonly at: "alert"; readonly id: string };

export const alertOpen = signal<AlertOpen>({ at: "list" });

export function openAlert(id: string): void {
  alertOpen.value = { at: "alert", id };
}

export function openList(): void {
  alertOpen.value = { at: "list" };
}

export function openNew(): void {
  alertOpen.value = { at: "new" };
}
