// Out of sight at once: the page is emptied, what was begun is forgotten, and the weather takes its place in the
// browser's history.

import { forgetText } from "./calling";

/** A page that anybody may have open. */
const NEUTRAL = "https://www.knmi.nl/nederland-nu/weer";

export function quickExit(): void {
  document.title = "";
  document.documentElement.hidden = true;
  forgetText();
  // Who comes back by the browser's own memory of the page finds BART begun anew.
  addEventListener("pageshow", () => location.reload());
  location.replace(NEUTRAL);
}
