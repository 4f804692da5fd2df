// Where a menu stands, and where its arrow keys lead.

const MARGIN_PX = 8;

const STEPS: Record<string, (at: number, count: number) => number> = {
  ArrowDown: (at, count) => (at + 1) % count,
  ArrowRight: (at, count) => (at + 1) % count,
  ArrowUp: (at, count) => (at - 1 + count) % count,
  ArrowLeft: (at, count) => (at - 1 + count) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** The item that a key leads to from the item *at*, or null when the key is not one of a menu's. */
export function nextIn(count: number, at: number, key: string): number | null {
  return count > 0 ? (STEPS[key]?.(at, count) ?? null) : null;
}

/** Gives the style sheet the place beside the opener that is wholly in view; on a phone it chooses its own. */
export function placeBeside(sheet: HTMLElement, opener: HTMLElement): void {
  const from = opener.getBoundingClientRect();
  const { width, height } = sheet.getBoundingClientRect();
  const left = clamped(from.left + from.width / 2 - width / 2, innerWidth - width);
  const below = from.bottom + MARGIN_PX;
  const top = below + height + MARGIN_PX <= innerHeight ? below : from.top - MARGIN_PX - height;
  sheet.style.setProperty("--sheet-left", `${left}px`);
  sheet.style.setProperty("--sheet-top", `${clamped(top, innerHeight - height)}px`);
}

function clamped(place: number, most: number): number {
  return Math.max(MARGIN_PX, Math.min(place, most - MARGIN_PX));
}
