// The six reactions as drawings of our own: the same on every device, and "thanks" is a tulip.

import type { Reaction } from "../protocol.gen";

type Ink = "amber" | "red" | "green" | "blue" | "dark" | "line";

const ROUND = "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z";
const EYES = "M8.6 9.7v.6M15.4 9.7v.6";

const DRAWN: Record<Reaction, readonly (readonly [Ink, string])[]> = {
  thumbs_up: [
    [
      "amber",
      "M8 11.5 11.3 4.4c.3-.6.8-.9 1.4-.9 1.3 0 2.2 1.2 2 2.6l-.6 3.9h4.3c1.5 0 2.5 1.3 2.2 2.7l-1.3 6c-.2 1-1.1 1.8-2.2 1.8H8Z",
    ],
    ["blue", "M3.5 11.5H8v9H3.5Z"],
  ],
  heart: [["red", "M12 20.5 4.2 12.7a5 5 0 0 1 7-7.1l.8.8.8-.8a5 5 0 0 1 7 7.1Z"]],
  thanks: [
    ["line", "M12 14.5V21.5"],
    ["green", "M12 21c-3.4 0-5.3-1.8-5.8-4.9 3.3.2 5.5 1.8 5.8 4.9ZM12 21c3.4 0 5.3-1.8 5.8-4.9-3.3.2-5.5 1.8-5.8 4.9Z"],
    [
      "red",
      "M6.8 4c1.7.4 2.8 1.2 3.3 2.2.3-1.5 1-2.7 1.9-3.7 1 1 1.6 2.2 1.9 3.7.5-1 1.6-1.8 3.3-2.2v5.3a5.2 5.2 0 0 1-10.4 0Z",
    ],
  ],
  laugh: [
    ["amber", ROUND],
    ["line", "M7.3 10.2c.5-1 1.9-1 2.4 0M14.3 10.2c.5-1 1.9-1 2.4 0"],
    ["dark", "M7.3 13.3h9.4a4.7 4.7 0 0 1-9.4 0Z"],
  ],
  wow: [
    ["amber", ROUND],
    ["line", EYES],
    ["dark", "M12 13a2.4 2.6 0 1 0 0 5.2 2.4 2.6 0 0 0 0-5.2Z"],
  ],
  sad: [
    ["amber", ROUND],
    ["line", `${EYES}M8.5 16.5c1.5-2.3 5.5-2.3 7 0`],
    ["blue", "M17 12.5c1.3 1.7 1.3 3.5 0 3.5s-1.3-1.8 0-3.5Z"],
  ],
};

export const REACTIONS = Object.keys(DRAWN) as Reaction[];

/** Stands beside a count or has a label. */
export function ReactionFace({ reaction }: { reaction: Reaction }) {
  return (
    <svg class="reaction-face" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {DRAWN[reaction].map(([ink, line]) => (
        <path key={line} class={`ink-${ink}`} d={line} />
      ))}
    </svg>
  );
}
