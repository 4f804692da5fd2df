// PURE: how long a text is, as the server counts.

/** The server counts characters, JavaScript counts halves of some. */
export function lengthOf(text: string): number {
  return Array.from(text.trim()).length;
}
