// Light, dark, or as the device has it. The choice stands on <html> as data-theme, which the tokens read;
// public/first.js sets it before the first paint.

import { effect, signal } from "@preact/signals-core";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const THEME = "bart.theme";

export const theme = signal<Theme>("system");

/** Takes up the choice that this device kept, and keeps page, browser and storage in step with it. */
export function startTheme(page: Document, store: Storage): void {
  const kept = THEMES.find((name) => name === store.getItem(THEME));
  if (kept) theme.value = kept;
  effect(() => {
    if (theme.value === "system") delete page.documentElement.dataset.theme;
    else page.documentElement.dataset.theme = theme.value;
    store.setItem(THEME, theme.value);
    colourBrowser(page, theme.value);
  });
}

/** The bars of the browser around the page: each scheme has its colour, and a chosen theme takes its one for both. */
function colourBrowser(page: Document, chosen: Theme): void {
  for (const meta of page.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    const scheme = meta.dataset.scheme ?? "light";
    meta.media = chosen === "system" ? `(prefers-color-scheme: ${scheme})` : scheme === chosen ? "all" : "not all";
  }
}
