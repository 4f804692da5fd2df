// Where the focus goes when what had it is gone: a call that was taken, a form that was sent, a room that closed.
// Without this it falls to the top of the page, and who uses a keyboard or hears the page has to look for the place.

/** What may take it: a part that the lost one stood in, else the room's name, else the desk. */
const PLACES = ["main.room .room-head h2", "#desk-title"] as const;
/** Whoever means to set the focus by themselves, a menu or a composer, does so within a frame. */
const FRAMES = 2;

/** Returns what ends it. */
export function keepFocus(): () => void {
  let trail: Element[] = [];
  const remember = ({ target }: FocusEvent): void => {
    trail = target instanceof Element ? trailOf(target) : [];
  };
  const look = (): void => {
    if (trail[0] && isLost(trail[0])) later(FRAMES, () => trail[0] && isLost(trail[0]) && placeFor(trail)?.focus());
  };
  const watcher = new MutationObserver(look);
  watcher.observe(document.body, { childList: true, subtree: true, attributeFilter: ["class"] });
  addEventListener("focusin", remember);
  return () => {
    watcher.disconnect();
    removeEventListener("focusin", remember);
  };
}

/** The name of the room that has opened; where one has closed, the desk. Nothing is taken from who writes, or from a
 *  sheet. */
export function focusPlace(isGone: boolean): void {
  later(FRAMES, () => {
    if (document.activeElement?.closest("dialog, textarea, input, .rooms")) return;
    firstSeen(isGone ? PLACES.toReversed() : PLACES)?.focus();
  });
}

function trailOf(element: Element): Element[] {
  const above = element.parentElement;
  return above ? [element, ...trailOf(above)] : [element];
}

/** It is gone, or hidden, and nothing else has taken over. */
function isLost(had: Element): boolean {
  const now = document.activeElement;
  return (now === null || now === document.body) && !(had.isConnected && had.checkVisibility());
}

function placeFor(trail: readonly Element[]): HTMLElement | undefined {
  const near = trail.find((part) => part.isConnected && part.matches("[tabindex='-1']") && part.checkVisibility());
  if (near instanceof HTMLElement) return near;
  const isAtDesk = trail.some((part) => part.matches(".side, .page-alarm"));
  return firstSeen(isAtDesk ? PLACES.toReversed() : PLACES);
}

function firstSeen(places: readonly string[]): HTMLElement | undefined {
  const found = places.map((place) => document.querySelector<HTMLElement>(place));
  return found.find((part) => part?.checkVisibility()) ?? undefined;
}

function later(frames: number, act: () => void): void {
  requestAnimationFrame(() => (frames > 1 ? later(frames - 1, act) : act()));
}
