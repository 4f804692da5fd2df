// The warnings in force in a room, above the talk: one open, the others a line each, and of many only the first ones.

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";

import type { Calls } from "../calls";
import { isDanger } from "../case";
import type { Person, WarningView } from "../protocol.gen";
import { town } from "../town";
import type { Room } from "../town";
import { t } from "../words/words";
import { inForce } from "../warnings";
import { kindWord } from "./case_words";
import { passing } from "./clock";
import { WarningBody } from "./warning_body";
import { KindIcon } from "./warning_icons";
import { leftWords } from "./warning_words";

/** So many lines; the others come when they are asked for. */
const FEW = 3;

interface Facts {
  room: Room;
  me: Person;
  calls: Calls;
}

export function WarningLane({ room, me, calls }: Facts) {
  const now_ms = passing();
  const views = inForce(town.value, room.id, now_ms);
  // undefined: nobody has opened or folded one, so the first one is open where there is room for it.
  const opened = useSignal<number | null | undefined>(undefined);
  const isWhole = useSignal(false);
  const [isRoomy] = useState(() => !matchMedia("(height < 30rem)").matches);
  if (views.length === 0) return null;
  const open = opened.value === undefined ? (isRoomy ? views[0]?.seq : null) : opened.value;
  const shown = isWhole.value ? views : views.slice(0, FEW);
  return (
    <section class="warnings" aria-label={t("warning.lane")} data-testid="warnings">
      <ul>
        {shown.map((view) => (
          <Pinned
            key={view.seq}
            view={view}
            isOpen={view.seq === open}
            now_ms={now_ms}
            turn={() => (opened.value = view.seq === open ? null : view.seq)}
          >
            <WarningBody view={view} room={room} me={me} calls={calls} />
          </Pinned>
        ))}
      </ul>
      {views.length > FEW && (
        <button
          type="button"
          class="warnings-all"
          data-testid="warnings-all"
          aria-expanded={isWhole.value}
          onClick={() => (isWhole.value = !isWhole.value)}
        >
          {isWhole.value ? t("warning.fewer") : t("warning.all", { count: views.length })}
        </button>
      )}
    </section>
  );
}

interface PinnedFacts {
  view: WarningView;
  isOpen: boolean;
  now_ms: number;
  turn: () => void;
  children: ComponentChildren;
}

function Pinned({ view, isOpen, now_ms, turn, children }: PinnedFacts) {
  const id = useId();
  return (
    <li class={isDanger(view.kind) ? "pin danger" : "pin"} data-testid="pin" data-seq-of={view.seq}>
      <h3>
        <button
          type="button"
          class="pin-line"
          data-testid="pin-line"
          aria-expanded={isOpen}
          aria-controls={isOpen ? id : undefined}
          onClick={turn}
        >
          <KindIcon kind={view.kind} />
          <b>{kindWord(view.kind)}</b>
          <span class="pin-left" data-testid="pin-left">
            {leftWords(view.until - now_ms)}
          </span>
          {!isOpen && (
            <span class="pin-text" dir="auto">
              {view.text}
            </span>
          )}
        </button>
      </h3>
      {isOpen && (
        <div class="pin-body" id={id}>
          {children}
        </div>
      )}
    </li>
  );
}
