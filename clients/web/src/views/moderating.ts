// Which sheet about an entry is open: to report it, to take a measure, or to decide on a report.

import { signal } from "@preact/signals-core";

export type Moderating =
  | { readonly sheet: "report" | "measure"; readonly room: string; readonly target: number; readonly name: string }
  | { readonly sheet: "decide"; readonly report: string };

export const moderating = signal<Moderating | null>(null);
