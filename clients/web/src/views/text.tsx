// What people wrote: text, never HTML. Addresses of the web become links that tell the other side nothing.

import { isEmojiOnly, piecesOf } from "./links";

export function Text({ text }: { text: string }) {
  return (
    <p class={isEmojiOnly(text) ? "words large" : "words"}>
      {text.includes("://") ? piecesOf(text).map(pieceView) : text}
    </p>
  );
}

function pieceView({ text, href }: { text: string; href?: string }, index: number) {
  if (!href) return text;
  return (
    <a key={index} href={href} tabIndex={-1} target="_blank" rel="noopener noreferrer nofollow">
      {text}
    </a>
  );
}
