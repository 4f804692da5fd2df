// PURE: a text in pieces, so that addresses in it become links without any HTML.

export interface Piece {
  readonly text: string;
  /** Set where the piece is an address of the web. */
  readonly href?: string;
}

const ADDRESS = /https?:\/\/[^\s<>"']+/giu;
/** Closes a sentence rather than an address. */
const TRAILING = /[.,;:!?…)\]}]+$/u;

/** Every character of the text is in exactly one piece, in order. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const found of text.matchAll(ADDRESS)) {
    const address = withoutTrailing(found[0]);
    if (!isAddress(address)) continue;
    if (found.index > end) pieces.push({ text: text.slice(end, found.index) });
    pieces.push({ text: address, href: address });
    end = found.index + address.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}

/** A bracket that was opened inside the address belongs to it. */
function withoutTrailing(address: string): string {
  const bare = address.replace(TRAILING, "");
  return bare.includes("(") && address[bare.length] === ")" ? `${bare})` : bare;
}

/** Addresses with a name and a password in them pretend to be another site. */
function isAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, username, hostname } = new URL(address);
  return (protocol === "https:" || protocol === "http:") && username === "" && hostname !== "";
}

const MOST_EMOJI = 3;
const EMOJI = /^[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\u200d\ufe0f\s]+$/u;

/** Nothing but one to three emoji: shown larger. */
export function isEmojiOnly(text: string): boolean {
  if (text.length > 40 || text.trim() === "" || !EMOJI.test(text)) return false;
  const graphemes = [...new Intl.Segmenter().segment(text.replace(/\s/g, ""))];
  return graphemes.length <= MOST_EMOJI;
}
