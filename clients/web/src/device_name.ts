// What a device calls itself in the list of sessions: its browser and its system, no more than a person would say.

/** The sign and, after a colon, the name where it is another. In this order: most browsers name others as well. */
const BROWSERS = ["Edg:Edge", "OPR:Opera", "Samsung", "Firefox", "FxiOS:Firefox", "Chrome", "CriOS:Chrome", "Safari"];
const SYSTEMS = ["iPhone", "iPad", "Android", "Windows", "Mac OS X:Mac", "CrOS:ChromeOS", "Linux"];

/** "Firefox, Android"; "" for a browser that nobody knows. */
export function deviceName(agent: string): string {
  const nameIn = (signs: string[]): string[] =>
    signs.map((sign) => sign.split(":")).find(([sign = ""]) => agent.includes(sign)) ?? [];
  return [BROWSERS, SYSTEMS].flatMap((signs) => nameIn(signs).at(-1) ?? []).join(", ");
}
