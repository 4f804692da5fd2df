// PURE: the notices to this person: what one was told is not so. Each stays until it was seen on one device.

import type { CorrectionView } from "./protocol.gen";
import type { Notice, Town } from "./town";

/** What the welcome tells is all there is; what came live before stays so. */
export function welcomed({ corrections }: Town, told: readonly CorrectionView[]): Town["corrections"] {
  const live = new Set(corrections.filter(({ isLive }) => isLive).map(({ id }) => id));
  return told.map((notice) => (live.has(notice.id) ? { ...notice, isLive: true } : notice));
}

/** While one is here. */
export function given(town: Town, notice: CorrectionView): Town {
  return { ...town, corrections: [...without(town, notice.id), { ...notice, isLive: true }] };
}

export function closed(town: Town, id: string): Town {
  const corrections = without(town, id);
  return corrections.length === town.corrections.length ? town : { ...town, corrections };
}

function without({ corrections }: Town, id: string): readonly Notice[] {
  return corrections.filter((notice) => notice.id !== id);
}

/** Those to be shown, the oldest first: what was seen here is gone at once, also while that is on its way. */
export function unseen({ corrections, asked }: Pick<Town, "corrections" | "asked">): Notice[] {
  const seen = new Set(asked.filter(({ command }) => command === "correction.seen").map(({ payload }) => payload.id));
  return corrections.filter(({ id }) => !seen.has(id)).sort((a, b) => a.seq - b.seq);
}
