// What neighbours answered with one tap. A tap adds one's own, a second one takes it back.

import { tallies } from "../message";
import type { Tally } from "../message";
import type { Person, Reaction } from "../protocol.gen";
import type { MessageRow, Room } from "../town";
import { t } from "../words/words";
import type { Hands } from "./hands";
import { ReactionFace } from "./reaction_face";
import { namesIn } from "./timeline";

const MOST_NAMES = 12;

interface Facts {
  row: MessageRow;
  room: Room;
  me: Person;
  hands: Hands;
}

export function Reactions({ row, room, me, hands }: Facts) {
  const shown = row.reactions.length > 0 || room.waiting.length > 0 ? tallies(room, row, me) : [];
  if (shown.length === 0) return null;
  return (
    <ul class="reactions">
      {shown.map((tally) => (
        <li key={tally.reaction}>
          <Chip
            tally={tally}
            names={givers(row, room, me, tally.reaction)}
            give={() => hands.react(row, tally.reaction)}
          />
        </li>
      ))}
    </ul>
  );
}

/** Those who reacted, as far as the loaded part of the room names them. */
function givers(row: MessageRow, room: Room, me: Person, reaction: Reaction): string[] {
  const names = namesIn(room.rows);
  return row.reactions
    .filter((given) => given.reaction === reaction && given.person !== me.id)
    .flatMap((given) => names.get(given.person) ?? []);
}

function Chip({ tally, names, give }: { tally: Tally; names: string[]; give: () => void }) {
  const { reaction, count, isMine, isPending } = tally;
  const label = labelOf(tally, isMine ? [t("entry.own"), ...names] : names);
  return (
    <button
      type="button"
      class={isPending ? "chip pending" : "chip"}
      data-testid={`reaction-${reaction}`}
      tabIndex={-1}
      aria-pressed={isMine}
      aria-label={label}
      title={label}
      onClick={give}
    >
      <span class="chip-face" aria-hidden="true">
        <ReactionFace reaction={reaction} />
        {count}
      </span>
    </button>
  );
}

function labelOf({ reaction, count }: Tally, names: string[]): string {
  const word = t(`reaction.${reaction}`);
  if (names.length === 0) return t("reaction.count", { reaction: word, count });
  const named = names.slice(0, MOST_NAMES).join(", ");
  const more = count - Math.min(names.length, MOST_NAMES);
  const by = more > 0 ? t("reaction.more_names", { names: named, count: more }) : named;
  return t("reaction.by", { reaction: word, names: by });
}
