// PURE: what stands for a person where there is no picture: initials and a tint, the same on every device.

const TINTS = 8;

/** 0 ... 7: one of the tints in the style sheets. */
export function tintOf(id: string): number {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return hash % TINTS;
}

/** The first letter of the first and of the last word: "Ada van Dijk" is AD. */
export function initials(name: string): string {
  const words = name.split(/[\s._-]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const chosen = words.length > 1 ? [words[0], words.at(-1)] : words;
  return chosen.map((word) => firstLetter(word ?? "")).join("") || "?";
}

function firstLetter(word: string): string {
  return (word.match(/[\p{L}\p{N}]/u)?.[0] ?? "").toLocaleUpperCase();
}
