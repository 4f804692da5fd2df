// PURE: whether a short note about a place may name a house. A hint is all that follows from it.

/** A number of up to four digits, perhaps with a letter or an addition: "12", "12a", "12-3", "nr. 12". */
const NUMBER = /(?<![\d:.,/])\d{1,4}(?:\s?[a-z]|-\d{1,3})?(?![\w:])/giu;
/** What is counted or measured, a road, a tram, and a time of day: "10 meter", "A4", "lijn 9", "om 14 uur". */
const MEASURES = "m|km|meters?|metres?|kilometers?|min|minuten|minutes|uur|hours?|e|de|ste";
const COUNTED = new RegExp(`^\\s*(?:${MEASURES}|jongens|mannen|personen|people|auto'?s|cars)\\b`, "iu");
const NAMED = /(?:\b(?:lijn|tram|bus|line|halte|spoor|platform|perron|om|at|klokke)\s+|\b[a-z]-?)$/iu;

export function namesHouse(note: string): boolean {
  return [...note.matchAll(NUMBER)].some((found) => {
    const [before, after] = [note.slice(0, found.index), note.slice(found.index + digitsOf(found[0]).length)];
    return !NAMED.test(before) && !COUNTED.test(after);
  });
}

/** "10 m" was found as a number with an addition: what is measured begins behind its digits. */
function digitsOf(number: string): string {
  return /^\d+/.exec(number)?.[0] ?? number;
}
