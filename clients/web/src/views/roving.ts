// Among thousands of entries there is one where Tab stops, with all that can be done in it. Arrows on its actions go to
// the next entry.

const MORE = ".more";
/** What has a place in the order of Tab while its entry is the current one. */
const CONTROLS = ".more, .quote, .chip, .words a, summary";

const STEPS: Record<string, "previous" | "next" | "first" | "last"> = {
  ArrowUp: "previous",
  ArrowDown: "next",
  Home: "first",
  End: "last",
};

/** After every drawing: somebody must be the current one; the newest entry where nobody is. */
export function ensureStop(list: HTMLElement): void {
  if (list.querySelector(`${MORE}[tabindex="0"]`)) return;
  const all = list.querySelectorAll(MORE);
  stopAt(list, all[all.length - 1]?.closest(".entry") ?? null);
}

/** The focus came into an entry. */
export function stopHere(list: HTMLElement, target: EventTarget | null): void {
  if (!(target instanceof Element)) return;
  const more = target.closest(".entry")?.querySelector(MORE);
  if (more && more.getAttribute("tabindex") !== "0") stopAt(list, more.closest(".entry"));
}

/** An arrow on the actions of one entry leads to those of the next one; returns whether it did. */
export function rove(list: HTMLElement, { target, key }: KeyboardEvent): boolean {
  const step = STEPS[key];
  if (!step || !(target instanceof HTMLElement) || !target.matches(MORE)) return false;
  const all = [...list.querySelectorAll<HTMLElement>(MORE)];
  const at = all.indexOf(target);
  const to = { previous: at - 1, next: at + 1, first: 0, last: all.length - 1 }[step];
  const next = all[to];
  next?.focus({ preventScroll: true });
  next?.closest(".entry")?.scrollIntoView({ block: "nearest" });
  return next !== undefined;
}

function stopAt(list: HTMLElement, entry: Element | null): void {
  for (const other of list.querySelectorAll(`.entry [tabindex="0"]`)) other.setAttribute("tabindex", "-1");
  for (const control of entry?.querySelectorAll(CONTROLS) ?? []) control.setAttribute("tabindex", "0");
}
