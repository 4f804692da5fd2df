// PURE: the name of a place in the lines of a label.

/** A name in lines of at most so many characters and so many of them; what does not fit ends in "…". */
export function linesOf(name: string, longest: number, most: number): string[] {
  const lines: string[] = [];
  for (const word of name.split(" ").flatMap((one) => parted(one, longest))) {
    const last = lines.at(-1);
    const joined = last === undefined ? word : `${last}${last.endsWith("-") ? "" : " "}${word}`;
    if (last !== undefined && joined.length <= longest) lines[lines.length - 1] = joined;
    else lines.push(word);
  }
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), `${(lines[most - 1] ?? "").slice(0, longest - 1)}…`];
}

/** What the names of Dutch neighbourhoods end in, where they are made of two words. */
const TAIL = /.(buurt|wijk|veld|weide|kwartier|polder|park|dorp|hout|oord|laan|straat)$/;

/** At its own dashes, between the words that it is made of, or else anywhere. */
function parted(word: string, longest: number): string[] {
  if (word.length <= longest) return [word];
  const dash = word.lastIndexOf("-", longest - 1) + 1;
  if (dash > 0) return [word.slice(0, dash), ...parted(word.slice(dash), longest)];
  const tail = TAIL.exec(word)?.[1];
  if (tail && word.length - tail.length <= longest) return [`${word.slice(0, -tail.length)}-`, tail];
  return [`${word.slice(0, longest - 1)}-`, ...parted(word.slice(longest - 1), longest)];
}
