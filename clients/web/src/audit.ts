// The open book as a reader sees it: comings and goings in pairs, and the seal compared with the one seen before. Pure,
// but for the seals, which the page's own storage keeps.

import type { AuditHead, AuditView } from "./protocol.gen";

/** Somebody's time in a room. came: not there where it stands on a page that was not fetched; went: null while inside. */
export interface Stay {
  readonly kind: "stay";
  readonly key: number;
  readonly at: number;
  readonly came: AuditView | null;
  readonly went: AuditView | null;
}

export interface Deed {
  readonly kind: "deed";
  readonly key: number;
  readonly at: number;
  readonly row: AuditView;
}

export type Told = Stay | Deed;

/** What the rows tell, the newest first; a stay stands where it began. rows: the newest first, as the server gives them. */
export function toldOf(rows: readonly AuditView[]): Told[] {
  const told: Told[] = [];
  const inside = new Map<string, Stay>();
  for (const row of [...rows].reverse()) {
    if (row.deed === "staff.entered") {
      const stay: Stay = { kind: "stay", key: row.n, at: row.at, came: row, went: null };
      inside.set(passageOf(row), stay);
      told.push(stay);
    } else if (row.deed === "staff.left") {
      const began = inside.get(passageOf(row));
      inside.delete(passageOf(row));
      if (began) told[told.indexOf(began)] = { ...began, went: row };
      else told.push({ kind: "stay", key: row.n, at: row.at, came: null, went: row });
    } else told.push({ kind: "deed", key: row.n, at: row.at, row });
  }
  return told.reverse();
}

/** Who, where and on what ground: what a coming and its going have in common. */
function passageOf({ by, room, ground }: AuditView): string {
  return JSON.stringify([by.id, room, ground?.kind, ground?.id]);
}

// the seal -----------------------------------------------------------------------------------------

/** A head that this device saw. */
export interface Seal {
  readonly n: number;
  readonly hash: string;
}

/** first: seen for the first time; whole: as it was, and maybe longer; ask: the server must show the seal at what was seen;
 *  changed: something that stood there is another, or gone. */
export type Verdict = "first" | "whole" | "ask" | "changed";

/** What the head says beside the one seen before. What was seen and is taken away for its age by now is a new beginning. */
export function judge(seen: Seal | null, head: AuditHead): Verdict {
  if (seen === null || seen.n < (head.first ?? 1) - 1) return "first";
  if (head.n < seen.n) return "changed";
  if (head.n > seen.n) return "ask";
  return head.hash === seen.hash ? "whole" : "changed";
}

/** The same, once the server has shown its seal at what was seen; null where it has none. */
export function judgeProof(seen: Seal, hash: string | null): Verdict {
  return hash === seen.hash ? "whole" : "changed";
}

type Store = Pick<Storage, "getItem" | "setItem">;

const SEALS = "bart.seals";

/** Seals outlive sessions: who could end mine could else make this device forget. They tell nothing of what is said. */
export function sealSeen(store: Store, book: string): Seal | null {
  const seal = read(store)[book];
  return typeof seal?.n === "number" && typeof seal.hash === "string" ? seal : null;
}

/** Keeps a head, for the next time. An empty book has none. */
export function keepSeal(store: Store, book: string, { n, hash }: Seal): void {
  if (n > 0) store.setItem(SEALS, JSON.stringify({ ...read(store), [book]: { n, hash } }));
}

function read(store: Store): Record<string, Seal | undefined> {
  try {
    const kept: unknown = JSON.parse(store.getItem(SEALS) ?? "{}");
    return typeof kept === "object" && kept !== null ? (kept as Record<string, Seal>) : {};
  } catch {
    return {};
  }
}
